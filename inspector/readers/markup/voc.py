"""Pascal VOC's XML files, one per image: alone, in a folder, or in a development kit with its image sets.

Boxes are xmin, ymin, xmax, ymax, and width is xmax - xmin, as in the COCO files that tools make of them;
`Reading.ground_truth_boxes` knows it where pixels count from 1. Difficult objects are marked as such: VOC's
rules ignore them, COCO's take no notice, so that the same labels give the same numbers in every format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lxml.etree import _Element as Element

from inspector.dataset import Objects
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.folders import some_files
from inspector.readers.image_places import ImagePlaces
from inspector.readers.many_files import each_of, files_of, folder_of
from inspector.readers.markup.image_sets import ImageSets
from inspector.readers.markup.xml_files import read_xml, root_name
from inspector.readers.notes import NoteBook
from inspector.readers.numbers import is_true, number
from inspector.readers.parts import Context, GroundTruth
from inspector.readers.truth_boxes import Four, ToBox, are_swapped, box_reader, put_right
from inspector.readers.truth_rows import STAGE, TruthRows

_ROOT: Final = "annotation"
_CORNERS: Final = ("xmin", "ymin", "xmax", "ymax")
_NO_NAME: Final = "object{s} ignored: no name"
_NO_BOX: Final = "object{s} ignored: no box"
_NO_NUMBER: Final = "object{s} ignored: a number of the box is missing or cannot be read"
_SWAPPED: Final = "box{s} with left and right, or top and bottom, swapped: put right"
_PARTS: Final = "part{s} of objects left out: they are no objects of their own"
_POLYGONS: Final = "polygon{s} beside boxes left out: the boxes are used"
_ASIDE: Final = {"part": _PARTS, "polygon": _POLYGONS, "segm": _POLYGONS, "segmentation": _POLYGONS}
_DIFFICULT: Final = "difficult object{s}: ignored by VOC's rules, counted by COCO's"


def looks_like_truth(path: Path) -> bool:
    """A file with VOC's root element, or a folder with such files."""
    if path.is_dir():
        return any(root_name(path / name) == _ROOT for name in some_files(path, (".xml",)))
    return path.suffix.lower() == ".xml" and root_name(path) == _ROOT


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Raises InputError, and what `progress` raises."""
    notes.declare(_NO_NAME, _NO_BOX, _NO_NUMBER, _SWAPPED, _PARTS, _POLYGONS)
    root, names = files_of(path, ".xml", progress)
    folders = list(dict.fromkeys(map(folder_of, names)))
    reader = _Reader(ImagePlaces(root, folders, context.sizes), ImageSets(root, folders), context, notes)
    step = part_of(progress, 0.0, 0.95)
    for name, annotation in each_of(root, names, _annotation, notes, step, STAGE):
        reader.add(name, annotation)
    return reader.ground_truth(part_of(progress, 0.95, 1.0))


def _annotation(path: str) -> Element | None:
    root = read_xml(path)
    return root if root.tag == _ROOT else None


class _Reader:
    """Adds one XML file after the other."""

    def __init__(self, places: ImagePlaces, sets: ImageSets, context: Context, notes: NoteBook) -> None:
        self._places, self._sets, self._notes = places, sets, notes
        self._rows = TruthRows(notes)
        self._box: ToBox = box_reader(context.reading)

    def add(self, name: str, annotation: Element) -> None:
        """All objects of a file, and its image."""
        declared, objects, sides = "", [], {}
        for child in annotation:
            tag = child.tag
            if tag == "object":
                objects.append(child)
            elif tag == "filename":
                declared = child.text or ""
            elif tag == "size":
                sides = {side.tag: number(side.text) for side in child}
        image_name = self._places.named(name, declared, self._notes)
        declared_size = sides.get("width"), sides.get("height")
        size = self._places.size(image_name, declared_size, name, self._notes)
        stem = name.rpartition("/")[2][:-4]
        image = self._rows.image(image_name, size, self._sets.split(folder_of(name), stem))
        for item in objects:
            self._add_object(item, image, size, f"{name}, line {item.sourceline}")

    def ground_truth(self, progress: Progress) -> GroundTruth:
        """Everything in the dataset's order."""
        truth = self._rows.ground_truth(progress, self._places.image_folder)
        _note_difficult(truth.objects, self._notes)
        return truth

    def _add_object(self, item: Element, image: int, size: tuple[int, int], place: str) -> None:
        class_name, box, difficult = "", None, None
        for child in item:
            tag = child.tag
            if tag == "bndbox":
                box = box if box is not None else child
            elif tag == "name":
                class_name = class_name or _name(child.text)
            elif tag == "difficult":
                difficult = child.text
            elif tag in _ASIDE:
                self._notes.add(_ASIDE[tag], place)
        if not class_name:
            self._notes.add(_NO_NAME, place)
        elif box is None:
            self._notes.add(_NO_BOX, place)
        else:
            corners = _corners(box)
            if corners is None:
                self._notes.add(_NO_NUMBER, place)
                return
            if are_swapped(corners):
                self._notes.add(_SWAPPED, f"{place}: {list(corners)}")
                corners = put_right(corners)
            marked = difficult is not None and is_true(difficult)
            class_number = self._rows.class_of(class_name)
            self._rows.add(image, class_number, self._box(corners, size), place, difficult=marked)


def _name(text: str | None) -> str:
    """As it is written, blanks and all; line breaks around it come from tools that lay XML out."""
    if text is None or text.isspace():
        return ""
    return text.strip() if "\n" in text else text


def _corners(element: Element) -> Four | None:
    found = {child.tag: child.text or "" for child in element}
    texts = [found.get(corner, "") for corner in _CORNERS]
    try:
        left, top, right, bottom = map(float, texts)
    except ValueError:
        return None
    return None if "_" in "".join(texts) else (left, top, right, bottom)  # Python takes "1_0" for 10


def _note_difficult(objects: Objects, notes: NoteBook) -> None:
    count = int(objects.difficult.sum())
    if count:
        notes.add(_DIFFICULT, count=count)
