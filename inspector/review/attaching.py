"""Finds the boxes and images of a dataset that verdicts hang on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inspector.dataset import Dataset
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.verdicts import Box, Entry, Place, Target


@dataclass(frozen=True, slots=True)
class Attached:
    """Verdicts by what they hang on in one dataset."""

    entries: Mapping[Ref, Entry]
    orphans: tuple[Entry, ...]
    """Those whose image, object or detection is not in the dataset."""


def place_of(dataset: Dataset, ref: Ref) -> Place:
    """How a box or an image is told from all others, whatever its row."""
    if isinstance(ref, ImageRef):
        return Place(Target.IMAGE, dataset.images.file_names[ref.row])
    if ref.kind is Side.OBJECT:
        objects = dataset.objects
        return Place(
            Target.OBJECT,
            dataset.images.file_names[int(objects.images[ref.row])],
            objects.ids[ref.row : ref.row + 1].tolist()[0],
            dataset.object_name(ref.row),
            _box(objects.boxes[ref.row].tolist()),
        )
    detections = dataset.detections
    return Place(
        Target.DETECTION,
        dataset.images.file_names[int(detections.images[ref.row])],
        None,
        dataset.detection_name(ref.row),
        _box(detections.boxes[ref.row].tolist()),
    )


def attach(dataset: Dataset, entries: Iterable[Entry]) -> Attached:
    """Every entry hangs on what it was given for, or is an orphan."""
    rows = {name: row for row, name in enumerate(dataset.images.file_names)}
    attached: dict[Ref, Entry] = {}
    orphans = []
    for entry in entries:
        ref = _find(dataset, rows, entry.place)
        if ref is None or ref in attached:
            orphans.append(entry)
        else:
            attached[ref] = entry
    return Attached(attached, tuple(orphans))


def _find(dataset: Dataset, rows: Mapping[str, int], place: Place) -> Ref | None:
    image_row = rows.get(place.image)
    if image_row is None:
        return None
    if place.target is Target.IMAGE:
        return ImageRef(image_row)
    side = Side(place.target.value)
    within = dataset.objects_of(image_row) if side is Side.OBJECT else dataset.detections_of(image_row)
    for row in range(within.start, within.stop):
        ref = BoxRef(side, row)
        if place_of(dataset, ref) == place:
            return ref
    return None


def _box(values: list[float]) -> Box:
    x, y, width, height = values
    return x, y, width, height
