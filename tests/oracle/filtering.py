"""The filter line's two readings, asked of one thing after the other: slow and readable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inspector.evaluation.image_outcomes import explain_detection, explain_object, outcomes_of
from inspector.filtering import Searched
from inspector.outcomes import FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_POSITIVE
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.verdicts import Entry, Judgement

_WORDS = {int(TRUE_POSITIVE): "tp", int(FALSE_POSITIVE): "fp", int(FALSE_NEGATIVE): "fn"}


@dataclass(frozen=True)
class Thing:
    """A box, or an image itself, and all that can be asked of it."""

    view: Searched
    ref: Ref

    @property
    def box(self) -> BoxRef | None:
        return self.ref if isinstance(self.ref, BoxRef) else None

    @property
    def image(self) -> int:
        if isinstance(self.ref, ImageRef):
            return self.ref.row
        dataset = self.view.dataset
        boxes = dataset.objects if self.ref.kind is Side.OBJECT else dataset.detections
        return int(boxes.images[self.ref.row])

    @property
    def class_name(self) -> str | None:
        if self.box is None:
            return None
        dataset = self.view.dataset
        named = dataset.object_name if self.box.kind is Side.OBJECT else dataset.detection_name
        return named(self.box.row)

    @property
    def score(self) -> float | None:
        if self.box is None or self.box.kind is Side.OBJECT:
            return None
        return float(self.view.dataset.detections.scores[self.box.row])

    @property
    def area(self) -> float | None:
        if self.box is None:
            return None
        if self.box.kind is Side.OBJECT:
            return float(self.view.dataset.objects.areas[self.box.row])
        width, height = self.view.dataset.detections.boxes[self.box.row, 2:].tolist()
        return float(width * height)

    @property
    def outcome(self) -> str | None:
        if self.box is None or self.view.table is None:
            return None
        outcomes = outcomes_of(self.view.dataset, self.view.table, self.view.point, self.image)
        if self.box.kind is Side.OBJECT:
            codes = zip(outcomes.objects.tolist(), outcomes.object_codes.tolist(), strict=True)
        else:
            codes = zip(outcomes.detections.tolist(), outcomes.detection_codes.tolist(), strict=True)
        found = dict(codes)
        return _WORDS.get(found[self.box.row], "ignored") if self.box.row in found else None

    @property
    def iou(self) -> float | None:
        if self.box is None or self.outcome != "tp":
            return None
        assert self.view.table is not None
        if self.box.kind is Side.OBJECT:
            return explain_object(self.view.dataset, self.view.table, self.view.point, self.box.row).iou
        return explain_detection(self.view.dataset, self.view.table, self.box.row).iou

    @property
    def entry(self) -> Entry | None:
        return self.view.entries.get(self.ref)

    @property
    def judgement(self) -> Judgement | None:
        return self.entry.verdict.judgement if self.entry else None


@dataclass(frozen=True)
class Leaf:
    """One term: what is typed, what it is about (image, box, said), and its test."""

    text: str
    about: str
    test: Callable[[Thing], bool]


@dataclass(frozen=True)
class And:
    one: Tree
    other: Tree

    @property
    def text(self) -> str:
        return f"({self.one.text} {self.other.text})"


@dataclass(frozen=True)
class Or:
    one: Tree
    other: Tree

    @property
    def text(self) -> str:
        return f"({self.one.text} or {self.other.text})"


@dataclass(frozen=True)
class Not:
    one: Tree

    @property
    def text(self) -> str:
        return f"not ({self.one.text})"


Tree = Leaf | And | Or | Not


def keeps(tree: Tree, thing: Thing) -> bool:
    """Whether a box is kept that is asked for itself."""
    match tree:
        case Leaf():
            return tree.test(thing)
        case And(one, other):
            return keeps(one, thing) and keeps(other, thing)
        case Or(one, other):
            return keeps(one, thing) or keeps(other, thing)
        case Not(one):
            return not keeps(one, thing)


def matches(tree: Tree, view: Searched, image: int) -> bool:
    """Whether an image is kept."""
    itself = Thing(view, ImageRef(image))
    match tree:
        case Leaf("verdict:none"):
            return not any(thing.judgement for thing in _things(view, image, only_judged=True))
        case Leaf(_, "image", test):
            return test(itself)
        case Leaf():
            return _some(tree, view, image)
        case Not(one):
            return not matches(one, view, image)
        case Or(one, other):
            return matches(one, view, image) or matches(other, view, image)
        case And():
            terms = list(_flat(tree))
            about_image = [term for term in terms if not _asks_boxes(term)]
            boxes: list[list[Tree]] = [[]]
            for term in terms:
                if not _asks_boxes(term):
                    continue
                if _asks_class(term) and any(map(_asks_class, boxes[-1])):
                    boxes.append([])
                boxes[-1].append(term)
            return all(matches(term, view, image) for term in about_image) and all(
                matches(box[0], view, image) if len(box) == 1 else _some(_joined(box), view, image)
                for box in boxes
                if box
            )


def _joined(terms: list[Tree]) -> Tree:
    whole = terms[0]
    for term in terms[1:]:
        whole = And(whole, term)
    return whole


def _some(tree: Tree, view: Searched, image: int) -> bool:
    things = _things(view, image, only_judged=_only_judged(tree))
    return any(_holds_there(tree, thing) for thing in things)


def _holds_there(tree: Tree, thing: Thing) -> bool:
    """As `keeps`, but "not" speaks of the whole image."""
    match tree:
        case Leaf():
            return tree.test(thing)
        case And(one, other):
            return _holds_there(one, thing) and _holds_there(other, thing)
        case Or(one, other):
            return _holds_there(one, thing) or _holds_there(other, thing)
        case Not():
            return matches(tree, thing.view, thing.image)


def _things(view: Searched, image: int, *, only_judged: bool) -> Iterator[Thing]:
    """The image, its objects and its shown detections; or all of it that something was said of."""
    dataset, point = view.dataset, view.point
    objects = dataset.objects_of(image)
    found = dataset.detections_of(image)
    refs: list[Ref] = [ImageRef(image)]
    refs += [BoxRef(Side.OBJECT, row) for row in range(objects.start, objects.stop)]
    refs += [BoxRef(Side.DETECTION, row) for row in range(found.start, found.stop)]
    chosen = point.chosen(len(dataset.classes))
    for ref in refs:
        hidden = (
            isinstance(ref, BoxRef)
            and ref.kind is Side.DETECTION
            and not (
                dataset.detections.scores[ref.row] >= point.confidence
                and chosen[dataset.detections.classes[ref.row]]
            )
        )
        if (ref in view.entries) if only_judged else not hidden:
            yield Thing(view, ref)


def _flat(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, And):
        yield from _flat(tree.one)
        yield from _flat(tree.other)
    else:
        yield tree


def _asks_boxes(tree: Tree) -> bool:
    match tree:
        case Leaf():
            return tree.about != "image"
        case Not():
            return False
        case And(one, other) | Or(one, other):
            return _asks_boxes(one) or _asks_boxes(other)


def _asks_class(tree: Tree) -> bool:
    match tree:
        case Leaf():
            return tree.text.startswith("class:")
        case Not():
            return False
        case And(one, other) | Or(one, other):
            return _asks_class(one) or _asks_class(other)


def _only_judged(tree: Tree) -> bool:
    match tree:
        case Leaf():
            return tree.about == "said" and "none" not in tree.text
        case Not():
            return False
        case And(one, other):
            return _only_judged(one) or _only_judged(other)
        case Or(one, other):
            return _only_judged(one) and _only_judged(other)
