"""What the columns of a table of detections mean, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inspector.reading import Convention, Corners

_IMAGE_IDS: Final = ("imageid", "imgid", "imageids")
_IMAGE_NAMES: Final = (
    *("filename", "imagefilename", "imagename", "imgname", "imagepath", "imgpath", "filepath", "path"),
    *("imagefile", "file", "image", "img"),
)
_CLASS_IDS: Final = ("categoryid", "classid", "labelid", "catid", "clsid", "classindex", "classidx")
_CLASS_NAMES: Final = (
    *("labelname", "classname", "categoryname", "label", "class", "category", "cls", "catname", "name"),
)
_SCORES: Final = ("score", "confidence", "conf", "detectionscore", "confidencescore", "probability", "prob")
_LEFT: Final = ("xmin", "x1", "left", "x", "minx", "xleft", "xtl", "topleftx", "xstart")
_TOP: Final = ("ymin", "y1", "top", "y", "miny", "ytop", "ytl", "toplefty", "ystart")
_RIGHT: Final = ("xmax", "x2", "right", "maxx", "xright", "xbr", "bottomrightx", "xend")
_BOTTOM: Final = ("ymax", "y2", "bottom", "maxy", "ybottom", "ybr", "bottomrighty", "yend")
_WIDTH: Final = ("w", "width", "boxwidth", "bboxwidth")
_HEIGHT: Final = ("h", "height", "boxheight", "bboxheight")
_CENTRE_X: Final = ("cx", "xc", "xcenter", "xcentre", "centerx", "centrex")
_CENTRE_Y: Final = ("cy", "yc", "ycenter", "ycentre", "centery", "centrey")
_LABELS_ONLY: Final = ("isgroupof", "isoccluded", "istruncated", "isdepiction", "isinside")
"""Columns that only ground truth has."""

_BOXES: Final[tuple[tuple[Corners, tuple[tuple[str, ...], ...]], ...]] = (
    ("xyxy", (_LEFT, _TOP, _RIGHT, _BOTTOM)),
    ("xyxy", (("x0",), ("y0",), ("x1",), ("y1",))),
    ("cxcywh", (_CENTRE_X, _CENTRE_Y, _WIDTH, _HEIGHT)),
    ("xywh", (_LEFT, _TOP, _WIDTH, _HEIGHT)),
)
_PREFIX: Final = re.compile("^(bbox|box|bb|bndbox)(?=.)")


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns that are used."""

    image_id: int | None
    image_name: int | None
    class_id: int | None
    class_name: int | None
    score: int
    box: tuple[int, int, int, int]
    corners: Corners
    named_plainly: bool
    """Two columns are just "x" and "y": left and top as well as the centre are called so."""
    listed: int | None
    """One column that holds four numbers, "[10, 20, 30, 40]"; those of the box are then behind all others."""
    image_size: tuple[int, int] | None
    unused: tuple[str, ...]

    @property
    def used(self) -> tuple[int, ...]:
        """All of them, ascending."""
        ids = (self.image_id, self.image_name, self.class_id, self.class_name)
        box = self.box if self.listed is None else (self.listed,)
        some = (*(one for one in ids if one is not None), self.score, *box, *(self.image_size or ()))
        return tuple(sorted(set(some)))

    @property
    def candidates(self) -> tuple[Convention, ...]:
        """What else the numbers may mean."""
        if self.listed is not None:
            return Convention("xyxy"), Convention("cxcywh")
        return (Convention("cxcywh"),) if self.named_plainly else ()


def columns_of(header: Sequence[str]) -> Columns | str:
    """What the columns mean; or what is missing, for an error."""
    there: dict[str, int] = {}
    for position, name in enumerate(header):
        plain = re.sub("[^a-z0-9]", "", name.casefold())
        there.setdefault(plain, position)
        there.setdefault(_PREFIX.sub("", plain), position)
    image = _first(there, _IMAGE_IDS), _first(there, _IMAGE_NAMES)
    classes = _classes(there)
    score = _first(there, _SCORES)
    listed = there.get("bbox", there.get("box"))
    box = _box(there)
    if box is None and listed is not None:
        end = len(header)
        box = "xywh", (end, end + 1, end + 2, end + 3)
    else:
        listed = None
    missing = [
        what
        for what, absent in (
            ("the image (image, image_id, filename, path)", image == (None, None)),
            ("the class (class, label, category, category_id, name)", classes == (None, None)),
            ("the score (score, confidence, conf)", score is None),
            ("the box (x, y, w, h; xmin, ymin, xmax, ymax; x1, y1, x2, y2; cx, cy, w, h; bbox)", box is None),
        )
        if absent
    ]
    if missing or score is None or box is None:
        return f"no column for {', '.join(missing)}"
    corners, positions = box
    used = {*image, *classes, score, *positions, listed}
    size = _image_size(there, used)
    used.update(size or ())
    unused = tuple(name for position, name in enumerate(header) if position not in used and name)
    plainly = corners == "xywh" and positions[:2] == (there.get("x"), there.get("y"))
    return Columns(*image, *classes, score, positions, corners, plainly, listed, size, unused)


def only_labels(header: Sequence[str]) -> bool:
    """Whether some column shows that this is ground truth."""
    return any(re.sub("[^a-z]", "", name.casefold()) in _LABELS_ONLY for name in header)


def _first(there: Mapping[str, int], names: Sequence[str]) -> int | None:
    return next((there[name] for name in names if name in there), None)


def _classes(there: Mapping[str, int]) -> tuple[int | None, int | None]:
    """The columns of the id and of the name."""
    item, name = _first(there, _CLASS_IDS), _first(there, _CLASS_NAMES)
    if item is None and name is not None and name != there.get("name", name):
        return name, there["name"]  # "class" is then a number, as in YOLO's tables
    return item, name


def _box(there: Mapping[str, int]) -> tuple[Corners, tuple[int, int, int, int]] | None:
    for corners, roles in _BOXES:
        left, top, right, bottom = (_first(there, names) for names in roles)
        if left is not None and top is not None and right is not None and bottom is not None:
            return corners, (left, top, right, bottom)
    return None


def _image_size(there: Mapping[str, int], used: set[int | None]) -> tuple[int, int] | None:
    """Width and height of the image, where they are not those of the box."""
    for names in (("imagewidth", "imageheight"), ("imgwidth", "imgheight"), ("width", "height")):
        width, height = (there.get(name) for name in names)
        if width is not None and height is not None and not {width, height} & used:
            return width, height
    return None
