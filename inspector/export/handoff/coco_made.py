"""A COCO document made from a dataset, where the ground truth is no COCO file, or not read as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO, Final

import numpy as np

from inspector.dataset import Dataset, FileId
from inspector.export.handoff.ours import MARK
from inspector.export.handoff.source_json import WRITING, Ids, Part, encoded, write_list
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.formats import truth_format
from inspector.reading import PIXELS, Reading
from inspector.selection import split_names

_BLOCK: Final = 2_000
"""Records that are written in one step: some milliseconds."""


def why_made(dataset: Dataset, reading: Reading) -> str:
    """Why the source's own text cannot be copied; "" where it can. Raises InputError."""
    path = dataset.ground_truth_path
    if path is None:
        return "there is no ground truth"
    if not path.exists():
        return ""  # whoever copies it says so
    name = reading.ground_truth_format
    if path.is_dir() or (name or truth_format(path).name) != "coco":
        return "the ground truth is no COCO file"
    changed = reading.drop_duplicates or reading.box_areas
    if changed or reading.ground_truth_boxes not in (None, PIXELS):
        return "the ground truth is not read as it is written"
    return ""


def numbered(dataset: Dataset) -> Dataset:
    """The same with whole numbers for ids where names or positions are the ids, as other tools expect it.

    They begin with 1: the COCO API takes the object 0 for no match.
    """
    images, classes, objects = dataset.images, dataset.classes, dataset.objects
    if images.ids == images.file_names:
        images = replace(images, ids=tuple(range(1, len(images) + 1)))
    if classes.ids == classes.names:
        classes = replace(classes, ids=tuple(range(1, len(classes) + 1)))
    if np.array_equal(objects.ids, objects.positions):
        objects = replace(objects, ids=objects.positions + 1)
    return replace(dataset, images=images, classes=classes, objects=objects)


class MadeSource:
    """Takes the place of a COCO file that is mostly copied: `source_json.SourceFile`."""

    def __init__(self, dataset: Dataset, why: str, progress: Progress) -> None:
        """`why` there is no file to copy; it stands in the document's `info`."""
        self.path = dataset.paths[0]
        self._dataset, self._progress = dataset, progress
        self._info = f"{why[:1].upper()}{why[1:]}: made from what was read of {self.path.name}"

    def free_key(self, key: str) -> str:
        """No other key of the document is called so."""
        return key

    def position(self, row: int) -> int:
        """Where an object stands among the annotations: in the dataset's order."""
        return row

    def write(
        self,
        stream: BinaryIO,
        lists: Mapping[str, Callable[[Iterator[Part]], Iterator[bytes]]],
        more: Mapping[str, Callable[[], object]],
    ) -> None:
        """As `SourceFile.write`."""
        stream.write(b"{\n%b: %b" % (encoded(MARK[0]), encoded(MARK[1])))
        stream.write(b',\n"info": %b' % encoded({"description": self._info}))
        every = {"images": self._images, "categories": self._categories, "annotations": self._annotations}
        for key, parts in every.items():
            stream.write(b",\n%b: " % encoded(key))
            write_list(stream, lists[key](parts()) if key in lists else _elements(parts()))
        for key, make in more.items():
            stream.write(b",\n%b: %b" % (encoded(key), encoded(make())))
        stream.write(b"\n}\n")

    def _images(self) -> Iterator[Part]:
        images, splits = self._dataset.images, split_names(self._dataset)

        def record(row: int) -> dict[str, object]:
            width, height = images.sizes[row].tolist()
            made: dict[str, object] = {"id": images.ids[row], "file_name": images.file_names[row]}
            if width and height:
                made |= {"width": width, "height": height}
            return made | ({"split": splits[row]} if splits else {})

        return self._parts(len(images), record)

    def _categories(self) -> Iterator[Part]:
        classes = self._dataset.classes
        return self._parts(len(classes), lambda row: {"id": classes.ids[row], "name": classes.names[row]})

    def _annotations(self) -> Iterator[Part]:
        dataset, objects = self._dataset, self._dataset.objects
        marked = bool(objects.difficult.any())

        def record(row: int) -> dict[str, object]:
            made: dict[str, object] = {
                "id": objects.ids[row : row + 1].tolist()[0],
                "image_id": dataset.images.ids[int(objects.images[row])],
                "category_id": dataset.classes.ids[int(objects.classes[row])],
                "bbox": objects.boxes[row].tolist(),
                "area": float(objects.areas[row]),
                "iscrowd": int(objects.crowd[row]),
            }
            if marked:
                made["difficult"] = int(objects.difficult[row])
            return made | _mask(dataset, row)

        return self._parts(len(objects), record)

    def _parts(self, count: int, record: Callable[[int], dict[str, object]]) -> Iterator[Part]:
        pause = Pauses()
        for first in range(0, count, _BLOCK):
            records = [record(row) for row in range(first, min(first + _BLOCK, count))]
            ids = [Ids(_id(made["id"]), _id(made.get("image_id"))) for made in records]
            yield Part(first, [encoded(made) for made in records], ids)
            self._progress(WRITING, (first + len(records)) / count)
            pause()


def _mask(dataset: Dataset, row: int) -> dict[str, object]:
    masks = dataset.objects.masks
    if masks is None or not masks.sizes[row, 0]:
        return {}
    code = masks.codes[int(masks.offsets[row]) : int(masks.offsets[row + 1])]
    return {"segmentation": {"size": masks.sizes[row].tolist(), "counts": code.tobytes().decode("ascii")}}


def _elements(parts: Iterator[Part]) -> Iterator[bytes]:
    for part in parts:
        elements: Sequence[bytes] = [bytes(element) for element in part.elements]
        yield from elements


def _id(value: object) -> FileId | None:
    assert value is None or isinstance(value, int | str)
    return value
