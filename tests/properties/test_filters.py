"""A filter line says of images and of boxes what asking one after the other says."""

from __future__ import annotations

import fnmatch
import math
import operator
import re
from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.filtering import BOX_FIELDS, IMAGE_FIELDS, FilterError, Searched, parse_filter
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import place_of
from inspector.review.verdicts import Entry, Judgement, Kind, Verdict
from tests.builders import dataset_from
from tests.oracle.filtering import And, Leaf, Not, Or, Thing, Tree, keeps, matches
from tests.properties.cases import Case, cases
from tests.unit.filtering.views import searched

COMPARISONS = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}


def number_leaf(field: str, comparison: str, number: str, gap: str) -> Leaf:
    def test(thing: Thing) -> bool:
        if field in BOX_FIELDS:
            value = getattr(thing, field)
            if thing.box is None:
                return False
        else:
            value = float(thing.view.values[field][thing.image])
        missing = value is None or math.isnan(value)
        if number == "n/a":
            return missing == (comparison != "!=")
        return not missing and bool(COMPARISONS[comparison](value, float(number)))

    about = "box" if field in BOX_FIELDS else "image"
    return Leaf(f"{field}{gap}{comparison}{gap}{number}", about, test)


def name_leaf(text: str, prefix: str) -> Leaf:
    def test(thing: Thing) -> bool:
        name = thing.view.dataset.images.file_names[thing.image].casefold()
        return bool(re.match(fnmatch.translate(f"*{text.casefold()}*"), name))

    return Leaf(prefix + text, "image", test)


def class_leaf(wanted: str) -> Leaf:
    def test(thing: Thing) -> bool:
        names = [name.casefold() for name in thing.view.dataset.classes.names]
        exact = [name for name in names if name == wanted.casefold()]
        asked = exact or [name for name in names if wanted.casefold() in name]
        return thing.class_name is not None and thing.class_name.casefold() in asked

    return Leaf(f'class:"{wanted}"', "box", test)


def outcome_leaf(wanted: list[str]) -> Leaf:
    return Leaf(f"outcome:{','.join(wanted)}", "box", lambda thing: thing.outcome in wanted)


def verdict_leaf(wanted: list[str]) -> Leaf:
    def test(thing: Thing) -> bool:
        if thing.judgement is None:
            return "none" in wanted
        return "any" in wanted or thing.judgement.value in wanted

    return Leaf(f"verdict:{','.join(wanted)}", "said", test)


def kind_leaf(wanted: str, separator: str) -> Leaf:
    text = wanted.replace("_", separator)
    quoted = f'"{text}"' if " " in text else text
    return Leaf(
        f"kind:{quoted}", "said", lambda thing: bool(thing.entry) and thing.entry.verdict.kind == wanted
    )


NOTE = Leaf("note:LAMP", "said", lambda thing: bool(thing.entry) and "lamp" in thing.entry.verdict.note)
AUTHOR = Leaf("author:ad", "said", lambda thing: bool(thing.entry) and "ad" in thing.entry.author.lower())
REVIEWED = Leaf("reviewed:yes", "image", lambda thing: bool(thing.view.reviewed[thing.image]))
UNREVIEWED = Leaf("reviewed:no", "image", lambda thing: not thing.view.reviewed[thing.image])

fields = st.sampled_from([*IMAGE_FIELDS, *BOX_FIELDS * 3])
leaves: st.SearchStrategy[Tree] = st.one_of(
    st.builds(
        number_leaf,
        fields,
        st.sampled_from(list(COMPARISONS)),
        st.sampled_from(["0", "1", "2", "0.5", ".7313", "2.5e3", "-1"]),
        st.sampled_from(["", " "]),
    ),
    st.builds(number_leaf, fields, st.sampled_from(["=", "!="]), st.just("n/a"), st.just("")),
    st.builds(
        name_leaf, st.sampled_from(["1", "12", "JPG", "1*.j", "?2", "*"]), st.sampled_from(["", "name:"])
    ),
    st.builds(class_leaf, st.sampled_from(["class 1", "CLASS", "2", "class 7", "nothing"])),
    st.builds(class_leaf, st.sampled_from(["1", "2", "3", "4"])),
    st.builds(outcome_leaf, st.lists(st.sampled_from(["tp", "fp", "fn", "ignored"]), min_size=1, max_size=2)),
    st.builds(
        verdict_leaf,
        st.lists(
            st.sampled_from(["label", "model", "ambiguous", "fine", "any", "none"]),
            min_size=1,
            max_size=2,
            unique=True,
        ),
    ),
    st.builds(kind_leaf, st.sampled_from([kind.value for kind in Kind]), st.sampled_from([" ", "-", "_"])),
    st.sampled_from([NOTE, AUTHOR, REVIEWED, UNREVIEWED]),
)
trees: st.SearchStrategy[Tree] = st.recursive(
    leaves,
    lambda inner: st.builds(And, inner, inner) | st.builds(Or, inner, inner) | st.builds(Not, inner),
    max_leaves=6,
)


def random_entries(dataset: Dataset, seed: int) -> dict[Ref, Entry]:
    """Something is said of about a third of all images and boxes."""
    rng = np.random.default_rng(seed)
    refs: list[Ref] = [ImageRef(row) for row in range(len(dataset.images))]
    refs += [BoxRef(Side.OBJECT, row) for row in range(len(dataset.objects))]
    refs += [BoxRef(Side.DETECTION, row) for row in range(len(dataset.detections))]
    entries: dict[Ref, Entry] = {}
    for ref in refs:
        if rng.random() < 0.35:
            judgement = rng.choice([None, *Judgement])
            verdict = Verdict(
                judgement=judgement,
                kind=rng.choice([None, *Kind]) if judgement is Judgement.LABEL else None,
                reviewed=isinstance(ref, ImageRef) and bool(rng.random() < 0.5),
                note=str(rng.choice(["", "a lamp"])),
            )
            author = str(rng.choice(["Ada", "Bo"]))
            entries[ref] = Entry(place_of(dataset, ref), verdict, author, datetime.now(UTC))
    return entries


def random_view(case: Case, seed: int, confidence: float) -> Searched:
    dataset = dataset_from(*case)
    rng = np.random.default_rng(seed)
    rows = range(len(dataset.classes))
    chosen = None if rng.random() < 0.5 else frozenset(row for row in rows if rng.random() < 0.7)
    return searched(dataset, confidence, random_entries(dataset, seed), chosen)


@settings(max_examples=120, deadline=None)
@given(cases, st.integers(0, 2**32 - 1), trees, st.floats(0, 1))
def test_a_filter_keeps_the_images_that_looking_at_one_after_the_other_keeps(
    case: Case, seed: int, tree: Tree, confidence: float
) -> None:
    view = random_view(case, seed, confidence)
    expected = [matches(tree, view, row) for row in range(len(view.dataset.images))]
    assert parse_filter(tree.text).matches(view).tolist() == expected, tree.text


@settings(max_examples=120, deadline=None)
@given(cases, st.integers(0, 2**32 - 1), trees, st.floats(0, 1))
def test_a_filter_keeps_the_boxes_that_looking_at_one_after_the_other_keeps(
    case: Case, seed: int, tree: Tree, confidence: float
) -> None:
    view = random_view(case, seed, confidence)
    rng = np.random.default_rng(seed)
    for side, count in (
        (Side.OBJECT, len(view.dataset.objects)),
        (Side.DETECTION, len(view.dataset.detections)),
    ):
        rows = rng.permutation(count)[:20]
        expected = [keeps(tree, Thing(view, BoxRef(side, int(row)))) for row in rows]
        assert parse_filter(tree.text).keeps(view, side, rows).tolist() == expected, tree.text


@given(st.text(alphabet='fpn>=<!0. ()"-:,*?aorclassndverdictkeyou', max_size=24))
def test_any_text_is_either_a_filter_or_an_error_inside_the_line(text: str) -> None:
    try:
        said: FilterError | None = None
        parsed = parse_filter(text)
    except FilterError as error:
        said = error
    if said is None:
        assert parsed.text == text.strip()
    else:
        assert 0 <= said.position <= len(text)
        assert said.message
