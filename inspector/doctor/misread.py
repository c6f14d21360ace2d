"""Files read in the wrong way: image ids, and what the numbers of a box mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, Literal

import numpy as np

from inspector.conventions import Fit, choose, fits, from_pixels, spoken, to_pixels
from inspector.dataset import Detections, Floats, Objects, Rows
from inspector.doctor.case import Case, numbers
from inspector.doctor.evidence import Boxes, Hits, Sample, adding, hits, rows_of, shifted
from inspector.doctor.findings import Example, Finding, Remedy, Severity
from inspector.readers.formats import truth_format
from inspector.reading import PIXELS, Convention, Corners, Reading

GOOD: Final = 0.5
"""Half of the most confident detections on an object: images and boxes were read rightly."""
_INSIDE: Final = 0.75
"""Fewer boxes in their image than this are worth a look at other conventions: right ones lie in it but for a
few, wrong ones to a half at most, or to three quarters for centres."""
FEWEST: Final = 8
"""Hits below this may be an accident."""
CONVINCING: Final = 0.25
"""What a right reading reaches at least, of the detections that have an image: by accident it is a tenth."""
_BETTER: Final = 1.5
"""How much better another reading must be than the one in force."""
_NOTHING: Final = 0.05
"""Fewer of the most confident detections than this on an object: they do not belong to these images."""
_ENOUGH: Final = 30
"""Detections that have to be there before it is said that they match nothing."""
_NATIVE: Final = {"coco": PIXELS, **dict.fromkeys(("voc", "cvat", "labelme"), Convention("xyxy"))}
"""By format, what the boxes of a ground truth are; of other formats that is no question."""
_CORNERS: Final[tuple[Corners, ...]] = ("xywh", "xyxy", "cxcywh")
_LARGEST_PART: Final = 2.0
"""Relative numbers are at most 1, but for what overhangs; of numbers in pixels hardly one is so small."""


Part = Literal["image_shift", "objects", "detections"]
"""The fields of a way."""
_PARTS: Final[tuple[Part, ...]] = ("image_shift", "objects", "detections")
_BOXES: Final[tuple[Part, ...]] = ("objects", "detections")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read the files: the one in force, or another."""

    image_shift: int
    """Beyond the shift in force."""
    objects: Convention
    detections: Convention
    asks: bool = True
    """Whether the reader of the ground truth obeys another convention."""


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The way that fits best, and the sample as it looks by it."""

    way: Way
    images: Rows
    boxes: Floats
    objects: Boxes
    hits: Hits


def in_force(case: Case) -> Way:
    """As what the boxes were read: as a person said, as the file showed, or as its format has it."""
    reading, joined, path = case.reading, case.dataset.joined, case.dataset.ground_truth_path
    labels = reading.ground_truth_boxes
    if labels is None and path is not None:
        labels = _NATIVE.get(truth_format(path, reading.ground_truth_format).name)
    found = joined.boxes if joined is not None else reading.detection_boxes or PIXELS
    return Way(0, labels or PIXELS, found, labels is not None)


def best_way(case: Case, sample: Sample) -> tuple[Best, Hits]:
    """The way that clearly fits better than the one in force, or that one; and the hits as it is."""
    now = in_force(case)
    objects = case.dataset.objects
    boxes = Boxes(objects.boxes, objects.classes, objects.offsets)
    own = hits(case, sample.boxes, PIXELS, sample.images, None, boxes)
    labels = _inside(case, now.objects)
    best, value = Best(now, sample.images, sample.boxes, boxes, own), _value(own, labels)
    if own.share >= GOOD and min(own.inside, labels) >= _INSIDE and own.placed >= GOOD * len(sample):
        return best, own
    least = max(_BETTER * value, FEWEST * CONVINCING)
    for shift, there in product(_shifts(case, sample), _conventions(case, now)):
        images = _shifted_images(case, sample, shift)
        other = boxes if there == now.objects else replace(boxes, boxes=_read_as(case, now, there))
        labels = _inside(case, there)
        numbers = from_pixels(sample.boxes, now.detections, case.dataset.images.sizes[sample.images])
        for meant in _conventions_of(numbers, now.detections):
            found = hits(case, numbers, meant, images, None, other)
            if found.hits >= FEWEST and found.share >= CONVINCING and _value(found, labels) > least:
                least = _value(found, labels)
                read = to_pixels(numbers, meant, case.dataset.images.sizes[images])
                best = Best(
                    replace(now, image_shift=shift, objects=there, detections=meant),
                    images,
                    read,
                    other,
                    found,
                )
    return best, own


def misread(case: Case, sample: Sample, best: Best, own: Hits) -> Iterator[Finding]:
    """A finding for everything in which the best way differs from the one in force."""
    now, way = in_force(case), best.way
    parts = [part for part in _PARTS if getattr(way, part) != getattr(now, part)]
    if not parts:
        yield from _pixel(case)
        yield from _nothing(case, own, sample)
        return
    evidence = (
        f"Read so, {best.hits.hits:,} of the {len(sample):,} most confident detections lie on an object"
        f" (IoU 0.5 or more); as they are read, {own.hits:,}."
    )
    remedies = [_remedy(case.reading, way, [part]) for part in parts]
    if len(parts) > 1:
        evidence += " That is together with the other findings of this kind."
        remedies = [_remedy(case.reading, way, parts)]
    for part in parts:
        code, title = _told(now, way, part)
        examples = _examples(case, sample, best, part)
        yield Finding(code, Severity.ERROR, title, 0, examples, evidence, tuple(remedies))


def _examples(case: Case, sample: Sample, best: Best, part: Part) -> tuple[Example, ...]:
    """Boxes as they are read, and as they would be."""
    if part == "objects":
        meant = best.objects.boxes
        return case.objects(range(len(meant)), lambda row: f"would be {numbers(meant[row])}")
    if part == "detections":
        places = {row: place for place, row in enumerate(sample.rows.tolist()) if row >= 0}
        return case.detections(places, lambda row: f"would be {numbers(best.boxes[places[row]])}")
    names = case.dataset.images.file_names
    places = {row: place for place, row in enumerate(sample.rows.tolist()) if row >= 0}
    moved = {row: int(best.images[place]) for row, place in places.items() if best.images[place] >= 0}
    return case.detections(moved, lambda row: f"would be on {names[moved[row]]}")


def alone(case: Case) -> Iterator[Finding]:
    """One side alone: its boxes lie in their images, or would by another convention."""
    now = in_force(case)
    for side in _BOXES:
        columns = getattr(case.dataset, side)
        if not len(columns) or (side == "objects" and not now.asks):
            continue
        found = _fits_alone(case, columns.boxes, columns.images, getattr(now, side))
        chosen = choose(found)
        if chosen is None:
            continue
        way = _with(now, side, chosen)
        first = next(fit for fit in found if fit.convention == chosen)
        code, title = _told(now, way, side)
        evidence = (
            f"Read so, {_percent(first.inside)} of the boxes lie in their image; as they are read,"
            f" {_percent(found[0].inside)}."
        )
        sizes = case.dataset.images.sizes
        beyond = columns.boxes[:, :2] + columns.boxes[:, 2:] > sizes[columns.images] + 2
        there = case.objects if side == "objects" else case.detections
        examples = there(np.flatnonzero(beyond[:, 0] | beyond[:, 1]).tolist())
        yield Finding(
            code, Severity.ERROR, title, 0, examples, evidence, (_remedy(case.reading, way, [side]),)
        )


def _fits_alone(case: Case, boxes: Floats, images: Rows, own: Convention) -> tuple[Fit, ...]:
    nobody = Boxes(np.empty((0, 4)), np.empty(0, np.int32), np.zeros(len(case.dataset.images) + 1, np.int64))
    sizes = case.dataset.images.sizes
    rows = np.arange(0, len(boxes), max(1, len(boxes) // 4096))
    numbers = from_pixels(boxes[rows], own, sizes[images[rows]])
    return fits(_conventions_of(numbers, own), numbers, images[rows], None, sizes, nobody)


def _pixel(case: Case) -> Iterator[Finding]:
    """A convention that differs by one pixel only: it needs many matches, and moves AP a little."""
    objects, found, sizes = case.dataset.objects, case.dataset.detections, case.dataset.images.sizes
    now = in_force(case)
    sides: tuple[tuple[Part, Objects | Detections, Objects | Detections, Floats | None], ...] = (
        ("detections", found, objects, found.scores),
        ("objects", objects, found, None),
    )
    for side, columns, others, scores in sides if now.asks else sides[:1]:
        own: Convention = getattr(now, side)
        twin = replace(own, one_based=not own.one_based)
        step = max(1, len(columns) // 50_000)
        rows = slice(None, None, step)
        images = columns.images[rows]
        numbers = from_pixels(columns.boxes[rows], own, sizes[images])
        one, two = fits(
            (own, twin),
            numbers,
            images,
            columns.classes[rows],
            sizes,
            others,
            None if scores is None else scores[rows],
        )
        case.step()
        if choose((one, two)) == twin:
            way = _with(now, side, twin)
            code, title = _told(now, way, side)
            matched = np.maximum(one.ious, two.ious) >= 0.5
            before, after = one.ious[matched].mean(), two.ious[matched].mean()
            effect = (
                f"Where detections lie on an object, their mean IoU is {before:.4f} as they are read, and"
                f" {after:.4f} if read so: a pixel counts most for small objects and at high IoU."
            )
            yield Finding(code, Severity.WARNING, title, 0, (), effect, (_remedy(case.reading, way, [side]),))
            return  # of the two sides, only one is told: the other one then fits as well


def _nothing(case: Case, own: Hits, sample: Sample) -> Iterator[Finding]:
    if own.placed < _ENOUGH or own.share >= _NOTHING:
        return
    effect = (
        f"{own.hits:,} of the {len(sample):,} most confident detections lie on an object (IoU 0.5 or more):"
        " AP is near 0. They may belong to other images whose ids are the same by accident, or to another"
        " data set."
    )
    joined = case.dataset.joined
    ways = (
        [] if joined is None else [way for way, count in joined.images if count and way != joined.images_by]
    )
    remedies = tuple(
        Remedy(f"Match images by {way}", replace(case.reading, images_by=way))  # type: ignore[arg-type]
        for way in ways
    )
    yield Finding(
        "detections_match_nothing",
        Severity.ERROR,
        f"of the {own.placed:,} most confident detections lie on no object: other images?",
        own.placed - own.hits,
        case.detections(sample.rows[sample.rows >= 0].tolist()),
        effect,
        remedies,
    )


def _value(found: Hits, labels_inside: float) -> float:
    return found.hits * found.inside * labels_inside


def _shifts(case: Case, sample: Sample) -> list[int]:
    """Numbers to be added to image ids: none, one, and what lets both sides begin with the same id."""
    joined = case.dataset.joined
    if joined is not None and joined.images_by != "id":
        return [0]
    ids = [item for item in case.dataset.images.ids if isinstance(item, int)]
    seen = [item for item in sample.image_ids if isinstance(item, int)]
    if not ids or not seen:
        return [0]
    return list(dict.fromkeys((0, 1, -1, min(ids) - min(seen))))


def _shifted_images(case: Case, sample: Sample, shift: int) -> Rows:
    if not shift:
        return sample.images
    return rows_of(case.dataset.images.ids, [shifted(item, shift) for item in sample.image_ids])


def _conventions(case: Case, now: Way) -> list[Convention]:
    """Of the objects."""
    if not now.asks:
        return [now.objects]
    objects, sizes = case.dataset.objects, case.dataset.images.sizes
    rows = slice(None, None, max(1, len(objects) // 4096))
    numbers = from_pixels(objects.boxes[rows], now.objects, sizes[objects.images[rows]])
    return _conventions_of(numbers, now.objects)


def _conventions_of(numbers: Floats, own: Convention) -> list[Convention]:
    """The one in force first, then what else numbers of this size may mean."""
    if not len(numbers):
        return [own]
    with np.errstate(invalid="ignore"):
        relative = (
            bool(np.nanquantile(np.abs(numbers), 0.95) <= _LARGEST_PART) if len(numbers) else own.relative
        )
    others = (Convention(corners, relative, own.one_based and not relative) for corners in _CORNERS)
    return list(dict.fromkeys((own, *others)))


def _read_as(case: Case, now: Way, there: Convention) -> Floats:
    """The boxes of the objects by another convention."""
    objects = case.dataset.objects
    sizes = case.dataset.images.sizes[objects.images]
    return to_pixels(from_pixels(objects.boxes, now.objects, sizes), there, sizes)


def _inside(case: Case, convention: Convention) -> float:
    """The part of the objects that lies in its image by a convention."""
    objects, own = case.dataset.objects, in_force(case).objects
    found = _fits_alone(case, objects.boxes, objects.images, own)
    return next((fit.inside for fit in found if fit.convention == convention), 0.0)


def _with(way: Way, side: Part, convention: Convention) -> Way:
    if side == "objects":
        return replace(way, objects=convention)
    return replace(way, detections=convention)


def _told(now: Way, way: Way, part: Part) -> tuple[str, str]:
    """The code and the title of a difference."""
    if part == "image_shift":
        by = "one" if abs(way.image_shift) == 1 else f"{abs(way.image_shift):,}"
        where = "low" if way.image_shift > 0 else "high"
        return "image_ids_shifted", f"image ids of the detections are {by} too {where}"
    meant, read = getattr(way, part), getattr(now, part)
    whose = "ground truth" if part == "objects" else "detections"
    code = f"{'ground_truth' if part == 'objects' else 'detection'}_boxes_misread"
    return code, f"boxes of the {whose} are {spoken(meant)}, but read as {spoken(read)}"


def _remedy(reading: Reading, way: Way, parts: Sequence[Part]) -> Remedy:
    wishes = []
    if "image_shift" in parts:
        reading = replace(reading, image_id_shift=reading.image_id_shift + way.image_shift)
        wishes.append(adding(way.image_shift, "the image ids of the detections"))
    if "objects" in parts:
        reading = replace(reading, ground_truth_boxes=way.objects)
        wishes.append(f"read the boxes of the ground truth as {spoken(way.objects)}")
    if "detections" in parts:
        reading = replace(reading, detection_boxes=way.detections)
        wishes.append(f"read the boxes of the detections as {spoken(way.detections)}")
    title = ", ".join(wishes)
    return Remedy(title[0].upper() + title[1:], reading)


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"
