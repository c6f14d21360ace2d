"""Boxes that cannot be right: outside their image, without size, there twice, of an impossible area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Detections, Flags, Floats, Objects, Rows
from inspector.doctor.case import Case, Positions, share, worded
from inspector.doctor.findings import Finding, Remedy, Severity
from inspector.evaluation.protocol import COCO_SIZES
from inspector.refs import Side

_OVERHANG: Final = 1.0
"""Pixels: what rounding, or counting pixels from 1, lets a box reach beyond its image."""
_AREA_SLACK: Final = 1.0
"""Pixels by which the box of a mask may be smaller than the mask: boxes are rounded."""

_FEW: Final = 0.01
"""Below this part of the detections, boxes that match nothing change no number that people look at."""

_MISSED: Final = {
    Side.OBJECT: "They can never be found: each counts as missed.",
    Side.DETECTION: "They match nothing: each is a FP.",
}


def box_checks(case: Case) -> Iterator[Finding]:
    """Both sides, one after the other."""
    for side in (Side.OBJECT, Side.DETECTION):
        yield from _empty(case, side)
        yield from _outside(case, side)
        yield from _duplicates(case, side)
    yield from _areas(case)


def _rows(case: Case, side: Side) -> Objects | Detections:
    return case.dataset.objects if side is Side.OBJECT else case.dataset.detections


def _empty(case: Case, side: Side) -> Iterator[Finding]:
    boxes = _rows(case, side).boxes
    rows = case.rows_where(len(boxes), lambda part: _any(boxes[part, 2:] <= 0))
    if len(rows):
        title = worded(f"{side}{{s}} of zero width or height", len(rows))
        examples = (case.objects if side is Side.OBJECT else case.detections)(rows.tolist())
        yield Finding(
            f"{side}s_empty", _severity(case, side, len(rows)), title, len(rows), examples, _MISSED[side]
        )


def _severity(case: Case, side: Side, count: int) -> Severity:
    few = side is Side.DETECTION and count < _FEW * len(case.dataset.detections)
    return Severity.NOTE if few else Severity.WARNING


def _outside(case: Case, side: Side) -> Iterator[Finding]:
    """Wholly outside: they cannot be meant. Partly: evaluation takes them as they are."""
    columns, sizes = _rows(case, side), case.dataset.images.sizes

    def known(rows: slice) -> Rows:
        return sizes[columns.images[rows]]

    def whole(rows: slice) -> Flags:
        boxes, size = columns.boxes[rows], known(rows)
        beyond: Flags = (boxes[:, :2] >= size) | (boxes[:, :2] + boxes[:, 2:] <= 0)
        return _any(beyond) & _all(size > 0) & _all(boxes[:, 2:] > 0)

    def partly(rows: slice) -> Flags:
        boxes, size = columns.boxes[rows], known(rows)
        ends = boxes[:, :2] + boxes[:, 2:]
        beyond: Flags = (boxes[:, :2] < -_OVERHANG) | (ends > size + _OVERHANG)
        inside: Flags = (boxes[:, :2] < size) & (ends > 0)
        return _any(beyond) & _all(inside) & _all(size > 0)

    there = case.objects if side is Side.OBJECT else case.detections

    def size_of(row: int) -> str:
        width, height = sizes[int(columns.images[row])].tolist()
        return f"image {width} x {height}"

    rows = case.rows_where(len(columns), whole)
    if len(rows):
        title = worded(f"{side}{{s}} wholly outside the image", len(rows))
        yield Finding(
            f"{side}s_outside_image",
            _severity(case, side, len(rows)),
            title,
            len(rows),
            there(rows.tolist(), size_of),
            _MISSED[side],
        )
    rows = case.rows_where(len(columns), partly)
    if len(rows):
        title = worded(f"{side}{{s}} {{reaches|reach}} beyond the image", len(rows))
        effect = (
            f"They are {share(len(rows), len(columns))} of all and are taken as they are: IoU counts"
            " what lies outside, too."
        )
        yield Finding(
            f"{side}s_beyond_image", Severity.NOTE, title, len(rows), there(rows.tolist(), size_of), effect
        )


def _duplicates(case: Case, side: Side) -> Iterator[Finding]:
    columns = _rows(case, side)
    scores = columns.scores if isinstance(columns, Detections) else None
    rows = repeated(case, columns, scores)
    if not len(rows):
        return
    if side is Side.OBJECT:
        what, there = "class and box", case.objects
        effect = "A detection finds one of them; the other one counts as missed."
    else:
        what, there = "class, box and score", case.detections
        effect = "One of them can be a TP; each repetition is a FP."
    title = worded(f"{side}{{s}} {{repeats|repeat}} {{another|others}} in image, {what}", len(rows))
    remedies = () if case.reading.drop_duplicates else (_without_duplicates(case),)
    effect = f"{effect} They are {share(len(rows), len(columns))} of all."
    yield Finding(
        f"{side}s_repeated", Severity.WARNING, title, len(rows), there(rows.tolist()), effect, remedies
    )


def _without_duplicates(case: Case) -> Remedy:
    return Remedy("Take each box once", replace(case.reading, drop_duplicates=True))


def repeated(case: Case, columns: Objects | Detections, scores: Floats | None) -> Positions:
    """int64: the rows that say the same as an earlier one of their image, ascending.

    Rows of one image and class lie together, of detections also by score: only neighbours that agree so far
    are looked at any closer, by a hash of their boxes, and then number by number.
    """
    images, classes, boxes = columns.images, columns.classes, columns.boxes

    def as_before(part: slice) -> Flags:
        first = max(part.start, 1)
        now, before = slice(first, part.stop), slice(first - 1, part.stop - 1)
        same: Flags = (images[now] == images[before]) & (classes[now] == classes[before])
        if scores is not None:
            same &= scores[now] == scores[before]
        return np.concatenate((np.zeros(first - part.start, np.bool_), same))

    later = case.rows_where(len(columns), as_before)
    if not len(later):
        return later
    begins = np.ones(len(later), np.bool_)
    begins[1:] = later[1:] != later[:-1] + 1
    groups = np.cumsum(begins)
    rows = np.concatenate((later[begins] - 1, later))
    keys = _hashes(boxes[rows], np.concatenate((groups[begins], groups)))
    order = np.lexsort((rows, keys)) if len(rows) < 1_000_000 else np.argsort(keys, kind="stable")
    case.step()
    one, other = order[:-1], order[1:]
    same = (keys[one] == keys[other]) & _all(boxes[rows[one]] == boxes[rows[other]])
    return np.sort(rows[other[same]])


def _hashes(boxes: Floats, groups: NDArray[np.int64]) -> NDArray[np.uint64]:
    """uint64 [rows]: equal for equal boxes of a group, else almost always different."""
    mixed = groups.astype(np.uint64)
    for column in range(4):
        bits = (boxes[:, column] + 0.0).view(np.uint64)  # -0.0 is 0.0
        mixed = (mixed ^ (bits ^ (bits >> np.uint64(32)))) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _areas(case: Case) -> Iterator[Finding]:
    """A mask lies within its box: a larger area is a contradiction, a smaller one may be a mask's."""
    objects = case.dataset.objects
    if case.reading.box_areas:
        return
    boxes, areas = objects.boxes, objects.areas

    def too_large(part: slice) -> Flags:
        larger: Flags = areas[part] > (boxes[part, 2] + _AREA_SLACK) * (boxes[part, 3] + _AREA_SLACK)
        return larger

    def too_small(part: slice) -> Flags:
        return (areas[part] <= 0) & _all(boxes[part, 2:] > 0)

    remedy = (Remedy("Take width x height as the area", replace(case.reading, box_areas=True)),)
    for code, odd, what in (
        ("areas_larger_than_box", too_large, "larger than the box"),
        ("areas_not_positive", too_small, "not above 0"),
    ):
        rows = case.rows_where(len(objects), odd)
        if len(rows):
            title = worded(f"object{{s}} with an area {what}", len(rows))
            examples = case.objects(rows.tolist(), lambda row: f"area {areas[row]:.6g}")
            yield Finding(
                code, Severity.WARNING, title, len(rows), examples, _other_sizes(case, rows), remedy
            )
    rows = case.rows_where(
        len(objects),
        lambda part: (
            (size_ranges(areas[part]) != size_ranges(box_areas(boxes[part])))
            & ~too_large(part)
            & ~too_small(part)
        ),
    )
    if len(rows):
        title = worded("object{s} in another size range than {its box|their boxes}", len(rows))
        effect = (
            "Their area is smaller than width x height, as that of a mask is. AP by size counts them by it;"
            " where other tools count by the box, these numbers differ."
        )
        examples = case.objects(rows.tolist(), lambda row: f"area {areas[row]:.6g}")
        yield Finding("areas_of_masks", Severity.NOTE, title, len(rows), examples, effect, remedy)


def _other_sizes(case: Case, rows: Positions) -> str:
    objects = case.dataset.objects
    ranges = size_ranges(objects.areas[rows]), size_ranges(box_areas(objects.boxes[rows]))
    moved = int(np.count_nonzero(ranges[0] != ranges[1]))
    if not moved:
        return "No object changes its size range by it."
    return f"{moved:,} of them count in another size range than by width x height, or in none."


def size_ranges(areas: Floats) -> NDArray[np.int8]:
    """int8 [areas]: 0 small, 1 medium, 2 large, -1 outside of COCO's ranges."""
    small, medium, large = COCO_SIZES
    ranges = np.full(len(areas), -1, np.int8)
    for number, size in ((2, large), (1, medium), (0, small)):
        ranges[(areas >= size.low) & (areas <= size.high)] = number
    return ranges


def box_areas(boxes: Floats) -> Floats:
    """float64 [boxes]: width x height."""
    areas: Floats = boxes[:, 2] * boxes[:, 3]
    return areas


def _any(flags: Flags) -> Flags:
    """bool [rows]: of flags bool [rows, numbers]."""
    return np.logical_or.reduce(flags, axis=1)  # type: ignore[no-any-return]


def _all(flags: Flags) -> Flags:
    return np.logical_and.reduce(flags, axis=1)  # type: ignore[no-any-return]
