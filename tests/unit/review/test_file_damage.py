"""A review file with damage anywhere in it is refused, or holds all that was said."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from inspector.errors import InputError
from inspector.review.file import Position, ReviewFile
from inspector.review.verdicts import Entry, Judgement, Kind, Place, Verdict
from tests.unit.review.places import MODEL, WRONG, a_detection, an_image, an_object

FLIPS = 500


class Then(datetime):
    """The same bits at any time."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 1, 2, 3, 4, 5, 678901, tz)


@pytest.fixture
def content(review: ReviewFile, path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A file that holds something of everything."""
    monkeypatch.setattr("inspector.review.file.datetime", Then)
    moved = Verdict(Judgement.LABEL, Kind.BADLY_PLACED, right_box=(1.5, 2.5, 30.0, 40.0), note="too wide")
    kinds = (WRONG, MODEL, moved, Verdict(Judgement.LABEL, Kind.WRONG_CLASS, right_class="bus"))
    review.write([(an_object(number), kinds[number % 4]) for number in range(60)], "Ada")
    review.write([(an_object(number), Verdict()) for number in range(0, 60, 7)], "Ben")
    review.write([(a_detection(), MODEL), (an_image(), Verdict(reviewed=True))], "Ada")
    review.set_position("Ada", Position("a.png", an_object(3)))
    review.close()
    return path.read_bytes()


def test_flipped_bits_hide_no_verdict(content: bytes, path: Path) -> None:
    """Where nothing can know of it, a text, number or mark may differ, as on any bad disk."""
    with ReviewFile.read(path) as sound:
        said = sound.entries()
    dice, outcomes = random.Random(11), Counter[str]()
    for _ in range(FLIPS):
        bit = dice.randrange(8 * len(content))
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        found = read(path)
        assert path.read_bytes() == damaged, bit
        if isinstance(found, InputError):
            words = str(found)
            assert words.startswith(str(path)), bit
            assert "\n" not in words, bit
            assert "cannot be read" not in words, bit
            outcomes["refused"] += 1
        else:
            assert whats(found) == whats(said), bit
            outcomes["the same" if found == said else "another text"] += 1
    assert outcomes["refused"] > FLIPS / 10
    assert outcomes["the same"] > FLIPS / 10  # most of what is flipped is in no use


def read(path: Path) -> list[Entry] | InputError:
    """Everything that is read of a file when it is opened."""
    try:
        with ReviewFile.read(path) as review:
            assert review.sources is not None
            review.position("Ada")
            return review.entries()
    except InputError as error:
        return error


def whats(entries: Sequence[Entry]) -> list[tuple[Place, Judgement, Kind | None]]:
    """What was judged, and how."""
    said = ((entry.place, entry.verdict) for entry in entries)
    return [(place, verdict.judgement, verdict.kind) for place, verdict in said if verdict.judgement]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE verdict SET time = 5 WHERE id = 9",
        "UPDATE verdict SET time = '2026-01-02' WHERE id = 9",
        "UPDATE verdict SET time = 'noon' WHERE id = 9",
        "UPDATE verdict SET judgement = 'purple' WHERE id = 9",
        "UPDATE verdict SET note = x'00ff' WHERE id = 9",
        "UPDATE verdict SET right_x = 'left', right_y = 1, right_width = 1, right_height = 1 WHERE id = 9",
        "UPDATE verdict SET place = 9999 WHERE id = 9",
        "UPDATE place SET object_id = '[7]' WHERE id = 9",
        "UPDATE place SET object_id = 'seven' WHERE id = 9",
        "UPDATE place SET class_name = x'00' WHERE id = 9",
        "UPDATE place SET number = 'first' WHERE id = 9",
        "UPDATE source SET relative = x'00'",
        "UPDATE position SET image = x'00'",
        "UPDATE verdict SET author = CAST(x'ff' AS TEXT) WHERE id = 9",
    ],
)
def test_values_that_nobody_wrote_are_damage(content: bytes, path: Path, change: str) -> None:
    assert content
    with sqlite3.connect(path) as plain:
        plain.execute("DROP TRIGGER verdict_is_not_changed")
        plain.execute(change)
    plain.close()
    found = read(path)
    assert isinstance(found, InputError)
    assert f"{path}: is damaged" in str(found)


@pytest.mark.parametrize("size", [10, 50, 99, 100, 4096])
def test_a_file_of_which_only_the_beginning_is_left_is_damaged(content: bytes, path: Path, size: int) -> None:
    path.write_bytes(content[:size])
    assert str(read(path)) == f"{path}: is damaged: put back a copy of it"
    with pytest.raises(InputError, match="is damaged: put back a copy of it, or choose another place"):
        ReviewFile.open(path)
