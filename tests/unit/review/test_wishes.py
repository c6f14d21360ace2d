"""Wishes build on each other before they are kept; undo is without limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import place_of
from inspector.review.standing import Standing
from inspector.review.verdicts import Entry, Judgement, Place, Verdict
from inspector.review.wishes import Wish, Wishes
from tests.builders import dataset_from

TRUTH: dict[str, list[dict[str, Any]]] = {
    "images": [{"id": 1, "file_name": "a"}],
    "categories": [{"id": 1, "name": "car"}],
    "annotations": [
        {"id": row, "image_id": 1, "category_id": 1, "bbox": [9 * row, 0, 9, 9], "area": 81, "iscrowd": 0}
        for row in range(2)
    ],
}
DATASET: Dataset = dataset_from(TRUTH, [])
REFS: list[Ref] = [ImageRef(0), BoxRef(Side.OBJECT, 0), BoxRef(Side.OBJECT, 1)]
SAID = [Verdict(), Verdict(Judgement.MODEL), Verdict(Judgement.LABEL), Verdict(note="x")]


class Desk:
    """Wishes, what stands of them, and a disk that answers late."""

    def __init__(self) -> None:
        self.wishes, self.standing = Wishes(), Standing(DATASET, DATASET, [])
        self.on_the_way: list[Wish] = []

    def say(self, refs: list[Ref], verdict: Verdict) -> bool:
        step = self.wishes.step("verdict", DATASET, self.standing.entries, refs, lambda *_: verdict)
        if step is not None:
            self.on_the_way.append(self.wishes.do(step))
        return step is not None

    def undo(self) -> None:
        if step := self.wishes.last_done:
            self.on_the_way.append(self.wishes.undo(step))

    def redo(self) -> None:
        if step := self.wishes.last_undone:
            self.on_the_way.append(self.wishes.redo(step))

    def keep(self, count: int) -> None:
        """The disk answers the first few."""
        for wish in self.on_the_way[:count]:
            now = datetime(2026, 1, 1, tzinfo=UTC)
            entries = [Entry(place, verdict, "Ada", now) for place, verdict in wish.changes]
            self.wishes.is_kept(wish)
            self.wishes.put(entries)
            self.standing.put(entries)
        del self.on_the_way[:count]

    def now(self) -> dict[Ref, Verdict]:
        """What will be said when everything is kept."""
        return {ref: self.wishes.said(place_of(DATASET, ref)) for ref in REFS}


actions = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.lists(st.sampled_from(REFS), min_size=1), st.sampled_from(SAID)),
        st.sampled_from([("undo",), ("redo",)]),
        st.tuples(st.just("keep"), st.integers(0, 3)),
    ),
    max_size=20,
)


@given(actions)
def test_undo_and_redo_go_through_the_same_states_whenever_the_disk_answers(
    actions: list[tuple[Any, ...]],
) -> None:
    desk = Desk()
    states, at = [desk.now()], 0
    for name, *given_ in actions:
        if name == "say":
            if desk.say(*given_):
                states, at = [*states[: at + 1], states[at] | dict.fromkeys(given_[0], given_[1])], at + 1
        elif name == "keep":
            desk.keep(*given_)
        elif name == "undo":
            desk.undo()
            at = max(0, at - 1)
        else:
            desk.redo()
            at = min(len(states) - 1, at + 1)
        assert desk.now() == states[at]
    desk.keep(len(actions))
    shown = {ref: entry.verdict for ref, entry in desk.standing.entries.items()}
    assert shown == {ref: verdict for ref, verdict in states[at].items() if not verdict.is_empty}


def test_what_is_lost_takes_along_what_was_built_on_it() -> None:
    desk = Desk()
    desk.say(REFS[:1], SAID[1])
    desk.keep(1)
    desk.say(REFS[:1], SAID[2])
    desk.say(REFS[1:2], SAID[2])
    desk.undo()
    desk.wishes.is_lost(desk.on_the_way[0])
    assert desk.now() == {REFS[0]: SAID[1], REFS[1]: Verdict(), REFS[2]: Verdict()}
    assert not desk.wishes.are_pending
    step = desk.wishes.last_done
    assert step is not None
    assert desk.wishes.last_undone is None
    assert step.after == ((place_of(DATASET, REFS[0]), SAID[1]),)


def test_a_verdict_that_hung_on_by_another_place_moves_and_moves_back() -> None:
    desk = Desk()
    own = place_of(DATASET, REFS[1])
    former = Place(own.target, own.image, 99, own.class_name, own.box)
    entry = Entry(former, SAID[1], "Ben", datetime(2026, 1, 1, tzinfo=UTC))
    desk.wishes.begin({former: entry}, same_file=False)
    desk.standing.put([entry])
    assert desk.standing.entries == {REFS[1]: entry}
    desk.say(REFS[1:2], SAID[2])
    desk.keep(1)
    assert {kept: said.verdict for kept, said in desk.wishes.kept.items()} == {own: SAID[2]}
    desk.undo()
    desk.keep(1)
    assert {kept: said.verdict for kept, said in desk.wishes.kept.items()} == {former: SAID[1]}


def test_another_file_has_a_history_of_its_own_and_the_same_one_keeps_it() -> None:
    desk = Desk()
    desk.say(REFS, SAID[1])
    desk.wishes.begin({}, same_file=True)
    assert desk.wishes.last_done is not None
    desk.wishes.begin({}, same_file=False)
    assert desk.wishes.last_done is None


def test_nothing_new_is_no_step() -> None:
    assert not Desk().say(REFS, Verdict())
    assert Desk().say(REFS, SAID[1])
