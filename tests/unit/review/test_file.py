from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.reading import Reading
from inspector.review.file import Position, ReviewFile
from inspector.review.schema import STEPS, VERSION
from inspector.review.verdicts import Entry, Judgement, Kind, Place, Target, Verdict
from inspector.sources import Sources
from tests.unit.review.places import (
    MODEL,
    MOVED,
    NOTED,
    NOTHING,
    REVIEWED,
    WRONG,
    a_detection,
    an_image,
    an_object,
)

ROOT = Path(__file__).parents[3]


def said(review: ReviewFile) -> dict[Place, Verdict]:
    return {entry.place: entry.verdict for entry in review.entries()}


def test_what_was_written_is_read_again_word_for_word(review: ReviewFile, path: Path) -> None:
    changes = [
        (an_object(), WRONG),
        (an_object("7"), MOVED),
        (an_object(2**70), MODEL),
        (a_detection(), NOTED),
        (an_image(), REVIEWED),
    ]
    written = review.write(changes, "Ada")
    with ReviewFile.open(path) as again:
        assert again.entries() == list(written)
    assert [(entry.place, entry.verdict) for entry in written] == changes
    assert {entry.author for entry in written} == {"Ada"}
    assert abs((datetime.now(UTC) - written[0].time).total_seconds()) < 60


def test_the_last_verdict_of_a_place_stands_and_the_former_ones_are_kept(
    review: ReviewFile, path: Path
) -> None:
    for verdict, author in ((WRONG, "Ada"), (MODEL, "Ben"), (NOTHING, "Ada"), (MOVED, "Ben")):
        review.write([(an_object(), verdict)], author)
    assert said(review) == {an_object(): MOVED}
    with sqlite3.connect(path) as plain:
        log = plain.execute("SELECT judgement, kind, author FROM verdict ORDER BY id").fetchall()
    plain.close()
    assert log == [
        ("label", "wrong_class", "Ada"),
        ("model", None, "Ben"),
        (None, None, "Ada"),
        ("label", "badly_placed", "Ben"),
    ]


def test_what_is_withdrawn_is_not_said_any_more(review: ReviewFile) -> None:
    review.write([(an_object(), WRONG), (an_image(), REVIEWED)], "Ada")
    review.write([(an_object(), NOTHING)], "Ada")
    assert said(review) == {an_image(): REVIEWED}


def test_ids_that_are_text_and_boxes_that_differ_are_other_places(review: ReviewFile) -> None:
    places = [an_object(7), an_object("7"), an_object(7, number=1), a_detection(0.1), a_detection(0.2)]
    review.write([(place, MODEL) for place in places], "Ada")
    assert list(said(review)) == places


def test_the_log_cannot_be_changed_by_other_programs_either(review: ReviewFile, path: Path) -> None:
    review.write([(an_object(), WRONG)], "Ada")
    plain = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="only added"):
        plain.execute("DELETE FROM verdict")
    with pytest.raises(sqlite3.IntegrityError, match="only added"):
        plain.execute("UPDATE verdict SET judgement = 'fine'")
    plain.close()


def test_changes_of_one_wish_are_all_kept_or_none(
    review: ReviewFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review.write([(an_image(), REVIEWED)], "Ada")
    broken = Entry(an_object(), WRONG, "Ada", datetime.now(UTC))
    monkeypatch.setattr("inspector.review.file._verdict_row", lambda entry: _row_or_break(entry, broken))
    with pytest.raises(RuntimeError):
        review.write([(a_detection(), MODEL), (an_object(), WRONG)], "Ada")
    monkeypatch.undo()
    assert said(review) == {an_image(): REVIEWED}
    review.write([(an_object(), WRONG)], "Ada")
    with ReviewFile.open(path) as again:
        assert said(again) == {an_image(): REVIEWED, an_object(): WRONG}


def _row_or_break(entry: Entry, broken: Entry) -> tuple[object, ...]:
    if entry.place == broken.place:
        raise RuntimeError
    return (None, None, "", None, None, None, None, 0, "x", "Ada", entry.time.isoformat())


def test_two_windows_see_what_the_other_wrote_once(review: ReviewFile, path: Path) -> None:
    with ReviewFile.open(path) as other:
        assert other.newer() == []
        mine = review.write([(an_object(), WRONG)], "Ada")
        theirs = other.write([(a_detection(), MODEL)], "Ben")
        assert other.newer() == list(mine)
        assert review.newer() == list(theirs)
        assert review.newer() == other.newer() == []
        withdrawn = other.write([(an_object(), NOTHING)], "Ben")
        assert review.newer() == list(withdrawn)
        assert said(review) == said(other) == {a_detection(): MODEL}


def test_of_two_windows_the_one_that_wrote_last_is_right(review: ReviewFile, path: Path) -> None:
    with ReviewFile.open(path) as other:
        other.write([(an_object(), MODEL)], "Ben")
        review.write([(an_object(), WRONG)], "Ada")
        assert review.newer() == []
        assert [entry.verdict for entry in other.newer()] == [WRONG]


def test_two_processes_that_write_at_once_lose_nothing(review: ReviewFile, path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from inspector.review.file import ReviewFile\n"
        "from inspector.review.verdicts import *\n"
        "with ReviewFile.open(Path(sys.argv[1])) as file:\n"
        "    for number in range(60):\n"
        "        place = Place(Target.IMAGE, f'{sys.argv[2]} {number}')\n"
        "        file.write([(place, Verdict(reviewed=True))], 'x')\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], cwd=ROOT) for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    expected = {an_image(f"{name} {number}") for name in ("one", "two") for number in range(60)}
    assert {entry.place for entry in review.newer()} == expected
    assert set(said(review)) == expected


def test_the_sources_are_found_again_when_all_was_moved(tmp_path: Path) -> None:
    first = tmp_path / "first"
    (first / "pictures").mkdir(parents=True)
    for name in ("labels.json", "found.json"):
        (first / name).write_text("[]")
    sources = Sources(first / "labels.json", first / "found.json", first / "pictures")
    with ReviewFile.create(first / "labels.review.sqlite", sources) as review:
        assert review.sources == sources
    second = first.rename(tmp_path / "second")
    with ReviewFile.open(second / "labels.review.sqlite") as review:
        assert review.sources == Sources(second / "labels.json", second / "found.json", second / "pictures")


def test_only_the_review_file_may_be_moved_as_well(tmp_path: Path, sources: Sources, path: Path) -> None:
    for name in (sources.ground_truth, sources.detections):
        name.write_text("[]")
    ReviewFile.create(path, sources).close()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with ReviewFile.open(path.rename(elsewhere / path.name)) as review:
        assert review.sources == sources


def test_newer_detections_take_the_place_of_the_former_ones(review: ReviewFile, sources: Sources) -> None:
    newer = Sources(sources.ground_truth, sources.detections.with_name("newer.json"))
    review.set_sources(newer)
    assert review.sources == newer


def test_how_the_files_were_read_is_kept_and_class_names_are_found_again(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    (first / "names.txt").write_text("cat")
    reading = Reading("yolo", class_names=first / "names.txt", images_by="stem", image_id_shift=1)
    with ReviewFile.create(first / "r.sqlite", Sources(first / "labels", None, None, reading)) as review:
        assert review.sources == Sources(first / "labels", None, None, reading)
    second = first.rename(tmp_path / "second")
    with ReviewFile.open(second / "r.sqlite") as review:
        assert review.sources is not None
        assert review.sources.reading == replace(reading, class_names=second / "names.txt")


def test_a_file_of_before_formats_could_be_chosen_says_that_they_are_as_written(
    sources: Sources, path: Path
) -> None:
    ReviewFile.create(path, sources).close()
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        old.execute("DROP TABLE reading")
        old.execute("PRAGMA user_version = 3")
    with ReviewFile.open(path) as review:
        assert review.sources == sources


def test_everybody_comes_back_to_where_they_were(review: ReviewFile, path: Path) -> None:
    assert review.position("Ada") is None
    review.set_position("Ada", Position("a.png", an_object()))
    review.set_position("Ben", Position("b.png"))
    review.set_position("Ada", Position("c.png", a_detection()))
    with ReviewFile.open(path) as again:
        assert again.position("Ada") == Position("c.png", a_detection())
        assert again.position("Ben") == Position("b.png")
        assert again.entries() == []


def test_a_copy_holds_the_history_as_well(review: ReviewFile, tmp_path: Path) -> None:
    review.write([(an_object(), WRONG)], "Ada")
    review.write([(an_object(), MODEL)], "Ben")
    review.copy_to(tmp_path / "copy.sqlite")
    with ReviewFile.open(tmp_path / "copy.sqlite") as copy:
        assert copy.entries() == review.entries()
    plain = sqlite3.connect(tmp_path / "copy.sqlite")
    assert plain.execute("SELECT count(*) FROM verdict").fetchone() == (2,)
    plain.close()


def test_the_file_alone_holds_everything_while_it_is_open(review: ReviewFile, path: Path) -> None:
    """People copy and send files without asking which programs have them open."""
    for number in range(20):
        review.write([(an_object(number), WRONG)], "Ada")
        alone = path.with_name(f"copy {number}.sqlite")
        alone.write_bytes(path.read_bytes())
        with ReviewFile.open(alone) as copy:
            assert len(copy.entries()) == number + 1


def test_commits_are_written_through_to_the_disk(review: ReviewFile) -> None:
    assert review._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert review._connection.execute("PRAGMA synchronous").fetchone() == (2,)


def a_file_of_version_1(path: Path, place: Place) -> None:
    """As the first program wrote it: no positions."""
    plain = sqlite3.connect(path, isolation_level=None)
    for statement in STEPS[0]:
        plain.execute(statement)
    plain.execute(f"PRAGMA application_id = {0x44497276}")
    plain.execute("PRAGMA user_version = 1")
    plain.execute(
        "INSERT INTO place VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (place.target, place.image, json.dumps(place.object_id), place.class_name, *(place.box or ())),
    )
    plain.execute(
        "INSERT INTO verdict VALUES"
        " (1, 1, 'label', 'wrong_class', 'bus', NULL, NULL, NULL, NULL, 0, '', 'Ada',"
        " '2026-01-02T03:04:05+00:00')"
    )
    plain.close()


def test_a_file_of_version_1_is_brought_up_to_date_and_keeps_its_verdicts(path: Path) -> None:
    a_file_of_version_1(path, an_object())
    with ReviewFile.open(path) as review:
        entry = Entry(an_object(), WRONG, "Ada", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        assert review.entries() == [entry]
        review.set_position("Ada", Position("a.png", an_object()))
        assert review.position("Ada") == Position("a.png", an_object())
    plain = sqlite3.connect(path)
    assert plain.execute("PRAGMA user_version").fetchone() == (VERSION,)
    plain.close()


def test_a_file_made_in_steps_has_the_tables_of_a_new_one(review: ReviewFile, tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    a_file_of_version_1(old, an_object())
    tables = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    with ReviewFile.open(old) as migrated:
        assert (
            migrated._connection.execute(tables).fetchall() == review._connection.execute(tables).fetchall()
        )


places = st.builds(
    Place,
    st.sampled_from(Target),
    st.sampled_from(["a.png", "b/ü.png", ""]),
    st.none() | st.integers(0, 2**70) | st.sampled_from(["7", "x"]),
    st.sampled_from(["", "car"]),
    st.none() | st.tuples(*[st.floats(allow_nan=False)] * 4),
    st.integers(0, 1),
)
verdicts = st.builds(
    Verdict,
    st.none() | st.sampled_from(Judgement),
    st.none() | st.sampled_from(Kind),
    st.sampled_from(["", "bus"]),
    st.none() | st.tuples(*[st.floats(allow_nan=False)] * 4),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
wishes = st.lists(
    st.tuples(st.booleans(), st.lists(st.tuples(places, verdicts), min_size=1, max_size=3)), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(wishes)
def test_the_file_says_what_a_dictionary_would(
    wishes: list[tuple[bool, list[tuple[Place, Verdict]]]],
) -> None:
    """Two connections write in turns; each sees all of it."""
    model: dict[Place, Verdict] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite"
        with ReviewFile.create(path, Sources(Path("a"), Path("b"))) as one, ReviewFile.open(path) as two:
            views: tuple[dict[Place, Verdict], dict[Place, Verdict]] = ({}, {})
            for by_two, changes in wishes:
                writer = two if by_two else one
                for entry in writer.write(changes, "x"):
                    views[by_two][entry.place] = entry.verdict
                model |= dict(changes)
            for view, file in zip(views, (one, two), strict=True):
                for entry in file.newer():
                    view[entry.place] = entry.verdict
                standing = {place: verdict for place, verdict in model.items() if not verdict.is_empty}
                assert {place: verdict for place, verdict in view.items() if not verdict.is_empty} == standing
                assert said(file) == standing
