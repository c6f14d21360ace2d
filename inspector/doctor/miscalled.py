"""Classes that are called by the wrong ids: boxes fit, classes do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from inspector.dataset import FileId, Rows
from inspector.doctor.case import EXAMPLES, Case
from inspector.doctor.evidence import HIT, Sample, adding, hits, rows_of, shifted
from inspector.doctor.findings import Example, Finding, Remedy, Severity
from inspector.doctor.misread import CONVINCING, FEWEST, Best
from inspector.geometry import overlaps
from inspector.reading import COCO_CLASS_IDS, PIXELS, Reading
from inspector.refs import BoxRef, Side

_MOST: Final = 0.6
"""What a right reading of the classes reaches, of the detections that lie on an object of any class."""
_FEW: Final = 0.5
"""Below this part of what another reading reaches, or of what lies on any object, classes were misread."""
_SURE: Final = 0.6
"""The part of the detections of a class that must lie on one other class to say that it is meant."""


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """Another reading of class ids."""

    rows: Rows
    """int32 [sample]: the classes that it leads to."""
    code: str
    title: str
    remedy: Remedy


def miscalled(case: Case, sample: Sample, best: Best) -> Iterator[Finding]:
    """At most one finding: why detections lie on objects of other classes."""
    anywhere = best.hits.hits
    if anywhere < FEWEST or best.hits.share < CONVINCING:
        return

    def right(classes: Rows) -> int:
        seen = np.where(classes >= 0, best.images, np.int32(-1))
        return hits(case, best.boxes, PIXELS, seen, classes, best.objects).hits

    own = right(sample.classes)
    if own > _MOST * anywhere:
        return
    tried = [(right(told.rows), told) for told in _readings(case, sample)]
    reached, told = max(tried, key=lambda one: one[0], default=(0, None))
    if told is not None and reached >= _MOST * anywhere and own <= _FEW * reached:
        effect = (
            f"Read so, {reached:,} of the {anywhere:,} most confident detections that lie on an object lie on"
            f" one of their class; as they are read, {own:,}."
        )
        examples = _would_be(case, sample, told.rows)
        yield Finding(told.code, Severity.ERROR, told.title, 0, examples, effect, (told.remedy,))
    elif own <= _FEW * anywhere:
        yield _unexplained(case, sample, best, own)


def _readings(case: Case, sample: Sample) -> Iterator[_Told]:
    joined = case.dataset.joined
    if joined is not None and joined.classes_by != "id":
        return
    ids = case.dataset.classes.ids
    for shift in (1, -1):
        rows = rows_of(ids, [shifted(item, shift) for item in sample.class_ids])
        where = "low" if shift > 0 else "high"
        reading = replace(case.reading, class_id_shift=case.reading.class_id_shift + shift)
        yield _Told(
            rows,
            "class_ids_shifted",
            f"class ids of the detections are one too {where}",
            Remedy(adding(shift, "the class ids of the detections").capitalize(), reading),
        )
    if not case.reading.coco_classes:
        rows = rows_of(ids, [_coco(item, case.reading) for item in sample.class_ids])
        yield _Told(
            rows,
            "class_ids_of_coco",
            "class ids of the detections are 0-79, those of the ground truth COCO's 1-90",
            Remedy(
                "Read the class ids 0-79 as COCO's 1-90",
                replace(case.reading, coco_classes=True, class_id_shift=0),
            ),
        )


def _would_be(case: Case, sample: Sample, classes: Rows) -> tuple[Example, ...]:
    """Detections as they are called, and as they would be."""
    names = case.dataset.classes.names
    meant = dict(zip(sample.rows.tolist(), classes.tolist(), strict=True))
    rows = [row for row, there in meant.items() if row >= 0 and there >= 0]
    return case.detections(rows, lambda row: f"would be {names[meant[row]]}")


def _coco(item: FileId, reading: Reading) -> FileId:
    place = shifted(item, -reading.class_id_shift)
    return COCO_CLASS_IDS[place] if isinstance(place, int) and 0 <= place < len(COCO_CLASS_IDS) else -1


def _unexplained(case: Case, sample: Sample, best: Best, own: int) -> Finding:
    """No shift explains it: one class for all, or other names for the same ids."""
    names = case.dataset.classes.names
    pairs = list(_pairs(best))
    called = {sample.class_ids[place] for place, _ in pairs}
    evidence = (
        f"{len(pairs):,} of the {len(sample):,} most confident detections lie on an object, {own:,} of them"
        " on one of their class."
    )
    labelled = int(np.count_nonzero(np.bincount(case.dataset.objects.classes, minlength=len(names))))
    if labelled == 1 or len(called) == 1 < labelled:
        title = (
            "all objects are of one class, the detections of several"
            if labelled == 1
            else f"all detections are of one class ({_spoken(case, *called)}), the objects of {labelled:,}"
        )
        there = {int(sample.rows[place]): names[row] for place, row in pairs if sample.rows[place] >= 0}
        examples = case.detections(there, lambda row: f"lies on {there[row]}")
        effect = (
            f"{evidence} Class-agnostic evaluation shows how well they are placed (--class-agnostic, or"
            " Evaluate > Protocol)."
        )
        return Finding("one_class_for_all", Severity.ERROR, title, 0, examples, effect)
    return Finding(
        "classes_mixed_up",
        Severity.ERROR,
        "detections lie on objects of other classes: ids that mean others?",
        0,
        tuple(_mixed_up(case, sample, pairs)),
        f"{evidence} AP is near 0 although the boxes are right; class-agnostic evaluation shows how right.",
    )


def _mixed_up(case: Case, sample: Sample, pairs: Sequence[tuple[int, int]]) -> Iterator[Example]:
    """The classes that most detections are of, and what these lie on; each with one of them to look at."""
    names = case.dataset.classes.names
    lain_on: dict[FileId, Counter[int]] = {}
    for place, there in pairs:
        lain_on.setdefault(sample.class_ids[place], Counter())[there] += 1
    told = 0
    for item, counts in sorted(lain_on.items(), key=lambda entry: -sum(entry[1].values())):
        (meant, count), whole = counts.most_common(1)[0], sum(counts.values())
        if count < _SURE * whole or names[meant] == _spoken(case, item) or told == EXAMPLES:
            continue
        told += 1
        shown = next(place for place, row in pairs if sample.class_ids[place] == item and row == meant)
        row = int(sample.rows[shown])
        text = f"{count:,} of {whole:,} detections of {_spoken(case, item)} lie on {names[meant]}"
        yield Example(text, BoxRef(Side.DETECTION, row) if row >= 0 else None)


def _spoken(case: Case, item: FileId) -> str:
    classes = case.dataset.classes
    names = dict(zip(classes.ids, classes.names, strict=True))
    return names.get(item, f"id {item}")


def _pairs(best: Best) -> Iterator[tuple[int, int]]:
    """For each detection on an object: its place in the sample, and the class row of the object."""
    for place, image in enumerate(best.images.tolist()):
        first, end = (0, 0) if image < 0 else best.objects.offsets[image : image + 2].tolist()
        if end == first:
            continue
        ious = overlaps(best.boxes[place], best.objects.boxes[first:end])
        if ious.max() >= HIT:
            yield place, int(best.objects.classes[first + int(ious.argmax())])
