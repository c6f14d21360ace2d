"""What is said of how detections found their images and classes."""

from __future__ import annotations

from inspector.dataset import Joined, Note
from inspector.export.joined_text import classes_text, images_text, unusual_lines

BY_NAME = Joined("name", "id", (("id", 12), ("name", 452)), (("id", 452), ("name", 0)), 452)


def test_a_way_is_told_with_what_it_finds_and_what_the_others_would() -> None:
    assert images_text(BY_NAME) == "by name: 452 of 452 detections find their image; by id: 12"
    assert images_text(BY_NAME, "id") == "by id: 12 of 452 detections find their image; by name: 452"
    assert classes_text(BY_NAME) == "by id: 452 of 452 detections find their class; by name: 0"


def test_plain_ids_that_are_all_there_are_not_spoken_of() -> None:
    assert unusual_lines(BY_NAME, ()) == [
        "images joined by name: 452 of 452 detections find their image; by id: 12"
    ]
    assert unusual_lines(Joined("id", "id", (("id", 7),), (("id", 7),), 7), ()) == []
    assert unusual_lines(Joined("id", "id", (("id", 0),), (("id", 0),), 0), ()) == []
    assert unusual_lines(None, ()) == []


def test_ids_that_do_not_find_everything_are_spoken_of() -> None:
    some = Joined("id", "id", (("id", 3), ("name", 1)), (("id", 7),), 7)
    assert unusual_lines(some, ()) == ["images joined by id: 3 of 7 detections find their image; by name: 1"]


def test_what_a_note_says_already_is_not_said_again() -> None:
    assert unusual_lines(BY_NAME, (Note("images joined by name: 452 of 452", 0, ()),)) == []
