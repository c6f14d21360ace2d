"""Verdicts as a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inspector.errors import CancelledError
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import place_of
from inspector.review.listing import Column, Listing, Scope, Wanted, cell_text, list_verdicts, tab_separated
from inspector.review.verdicts import Entry, Judgement, Kind, Place, Target, Verdict
from tests.unit.review.street import detection_ref, flag, object_ref, street

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SAID: tuple[tuple[Ref, Verdict, str], ...] = (
    (object_ref(0), flag(Kind.SPURIOUS), "Ada"),
    (object_ref(1), flag(Kind.WRONG_CLASS, right_class="van", note="a\tvan"), "Bob"),
    (detection_ref(2), Verdict(Judgement.MODEL), "Ada"),
    (ImageRef(1), Verdict(reviewed=True), "Ada"),
    (detection_ref(0), Verdict(note="blurred"), "Bob"),
)
LOST = Entry(
    Place(Target.OBJECT, "gone.jpg", 9, "bus", (1, 2, 30, 40)), Verdict(Judgement.FINE), "Ada", START
)


def listing(wanted: Wanted) -> Listing:
    data = street()
    entries = {
        ref: Entry(place_of(data, ref), verdict, author, START + timedelta(minutes=number))
        for number, (ref, verdict, author) in enumerate(SAID, start=1)
    }
    return list_verdicts(entries, [LOST], wanted)


def refs(wanted: Wanted) -> list[Ref | None]:
    return [row.ref for row in listing(wanted).rows]


def test_the_newest_is_first_and_mere_marks_of_images_are_left_out() -> None:
    assert refs(Wanted()) == [detection_ref(0), detection_ref(2), object_ref(1), object_ref(0), None]


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        (Scope.LABEL, [object_ref(1), object_ref(0)]),
        (Scope.MODEL, [detection_ref(2)]),
        (Scope.AMBIGUOUS, []),
        (Scope.FINE, [None]),
        (Scope.NOTES, [detection_ref(0), object_ref(1)]),
        (Scope.REVIEWED, [ImageRef(1)]),
        (Scope.ORPHANS, [None]),
    ],
)
def test_a_scope_lists_its_own_and_the_counts_say_how_many(scope: Scope, wanted: list[Ref | None]) -> None:
    assert refs(Wanted(scope)) == wanted
    assert listing(Wanted()).counts[scope] == len(wanted)


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        ("VAN", [object_ref(1)]),
        ("ada car", [detection_ref(2), object_ref(0)]),
        ("gone bus", [None]),
        ("nothing such", []),
    ],
)
def test_every_word_has_to_be_found_in_some_column(search: str, wanted: list[Ref | None]) -> None:
    assert refs(Wanted(search=search)) == wanted


@pytest.mark.parametrize("column", list(Column))
def test_any_column_sorts_both_ways(column: Column) -> None:
    for descending in (False, True):
        rows = listing(Wanted(column=column, descending=descending)).rows
        texts = [cell_text(row.entry, column).casefold() for row in rows]
        assert texts == sorted(texts, reverse=descending)


def test_rows_are_text_with_a_header() -> None:
    rows = listing(Wanted(Scope.LABEL)).rows
    columns = [Column.IMAGE, Column.WHAT, Column.VERDICT, Column.KIND, Column.NOTE]
    assert tab_separated(rows, columns).splitlines() == [
        "Image\tWhat\tVerdict\tHow\tNote",
        "1.jpg\tcar, object\tlabel wrong\twrong class: van\ta van",
        "1.jpg\tcar, object\tlabel wrong\tspurious\t",
    ]


def test_listing_many_can_be_cancelled() -> None:
    def progress(_stage: str, _fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        list_verdicts({BoxRef(Side.OBJECT, 0): LOST}, [], Wanted(), progress)


def test_what_hangs_on_nothing_is_listed_also_alone() -> None:
    found = list_verdicts({}, [LOST], Wanted(place=LOST.place))
    assert [row.ref for row in found.rows] == [None]
    assert (found.at, found.rows.find(LOST)) == (0, 0)
    assert list_verdicts({}, [], Wanted()).at is None


def test_what_was_listed_keeps_its_order_behind_what_is_new() -> None:
    by_name = listing(Wanted(column=Column.WHAT, descending=False)).rows
    former = [row.ref for row in by_name]
    assert refs(Wanted(former=by_name)) == former
    assert (
        refs(Wanted(former=by_name[2:])) == [ref for ref in refs(Wanted()) if ref in former[:2]] + former[2:]
    )
