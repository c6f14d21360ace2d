"""Detections as text, one file per image: YOLO and its relatives, in parts of the image or in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from inspector.conventions import looks_relative
from inspector.dataset import Floats, Rows
from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.found_keys import class_keys, listed_names
from inspector.readers.found_sizes import sizes_of
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, Found, GroundTruth, Keys
from inspector.readers.text.lines import TextLines, read_lines
from inspector.readers.text.sample import sampled, some_text_files, text_files
from inspector.reading import CORNERS, PIXELS, Convention

Kind = Literal["yolo", "relative", "xywh", "xyxy"]

STAGE: Final = "Reading detections"
_NUMBERS: Final = 5
_OTHER_COUNT: Final = "line{s} left out: not a class and 5 numbers"
_TRACKS: Final = "the last of six numbers in each line is not used (the number of a track?)"
_ORDER_UNKNOWN: Final = (
    "the confidence was taken to be the last number of each line: it may be the first as well"
)
_RELATIVE: Final = Convention("cxcywh", relative=True)
_CONVENTIONS: Final[dict[Kind, Convention]] = {
    "yolo": _RELATIVE,
    "relative": _RELATIVE,
    "xywh": PIXELS,
    "xyxy": Convention("xyxy"),
}
_LOOKED_AT: Final = 1 << 16
"""Lines, taken from all files, that show the layout."""
_SLACK: Final = 0.01
"""Of the image's size: how far a relative box may reach over its edge and still speak for an order."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the five numbers of a line are."""

    kind: Kind
    score_first: bool
    sure: bool = True
    """Whether the content allows only one place of the score."""


@dataclass(frozen=True, slots=True)
class TextReader:
    """Reads one of the layouts: "yolo" has the confidence behind the box or before it, as the content shows,
    "relative" before it; "xywh" and "xyxy" are pixels."""

    kind: Kind

    def looks_like_detections(self, path: Path) -> bool:
        """Most lines of some files have a class, a box of this kind and a confidence."""
        if path.is_file() and path.suffix.lower() != ".txt":
            return False
        fields = sampled(*some_text_files(path))
        numbers = [one.numbers[:_NUMBERS] for one in fields if _is_detection(one.numbers)]
        if 2 * len(numbers) <= len(fields):
            return False
        return _layout_of(np.array(numbers)).kind == self.kind

    def read_found(
        self, path: Path, truth: GroundTruth | None, context: Context, notes: NoteBook, progress: Progress
    ) -> Found:
        """Raises InputError, and what `progress` raises."""
        folder, names = text_files(path, progress)
        if not names:
            raise InputError(path, "", "holds no text files")
        lines = read_lines(folder, names, notes, part_of(progress, 0.0, 0.9), STAGE)
        lines.check_read(path)
        rows, numbers = _detections_of(path, lines, notes)
        layout = self._layout(numbers, context, notes)
        convention = context.reading.detection_boxes or _CONVENTIONS[layout.kind]
        stems = tuple(name[:-4] if name.lower().endswith(".txt") else name for name in names)
        images = Keys((None,) * len(stems), stems)
        words = class_keys(((None, word) for word in lines.words), listed_names(path, context, notes))
        return Found(
            images=images,
            classes=words,
            image_rows=lines.files[rows],
            class_rows=lines.word_rows[rows],
            boxes=np.ascontiguousarray(numbers[:, 1:] if layout.score_first else numbers[:, :-1]),
            scores=numbers[:, 0 if layout.score_first else -1].copy(),
            place=lambda row: lines.place(int(rows[row])),
            convention=convention,
            candidates=_others(convention, context),
            sizes=sizes_of(images, convention, truth, context, part_of(progress, 0.9, 1.0)),
        )

    def _layout(self, numbers: Floats, context: Context, notes: NoteBook) -> _Layout:
        """What all lines show; of what a person has said only the place of the score is left to them."""
        layout = _layout_of(numbers)
        if not layout.sure and self.kind != "relative":
            notes.add(_ORDER_UNKNOWN, count=0)
        if context.reading.detections_format is None:
            return layout
        return _Layout(self.kind, layout.score_first or self.kind == "relative")


def _others(convention: Convention, context: Context) -> tuple[Convention, ...]:
    """What else the numbers may mean, where nobody has said it."""
    if context.reading.detections_format is not None or context.reading.detection_boxes is not None:
        return ()
    others = (Convention(corners, convention.relative) for corners in CORNERS)
    return tuple(other for other in others if other != convention)


YOLO: Final = TextReader("yolo")
RELATIVE: Final = TextReader("relative")
XYWH: Final = TextReader("xywh")
XYXY: Final = TextReader("xyxy")


def _is_detection(numbers: list[float]) -> bool:
    """Whether a line has as many numbers as a detection; the sixth may be the number of a track."""
    return len(numbers) == _NUMBERS or (len(numbers) == _NUMBERS + 1 and numbers[-1].is_integer())


def _detections_of(path: Path, lines: TextLines, notes: NoteBook) -> tuple[Rows, Floats]:
    """The lines that are detections, and float64 [these, 5]. Raises InputError where there are none."""
    counts = lines.counts
    six = np.flatnonzero(counts == _NUMBERS + 1)
    width = _NUMBERS
    if 2 * len(six) > len(lines) and not (lines.table(_NUMBERS + 1, six)[:, -1] % 1).any():
        notes.add(_TRACKS, count=0)
        width = _NUMBERS + 1
    rows = np.flatnonzero(counts == width)
    others = np.flatnonzero(counts != width)
    if len(others) and not len(rows):
        count = int(counts[0])
        hint = ": this looks like ground truth, it has no confidence" if count == _NUMBERS - 1 else ""
        raise InputError(
            path, lines.place(0), f"expected a class and 5 numbers, found a class and {count}{hint}"
        )
    notes.add_rows(
        _OTHER_COUNT, others, len(others), lambda row: f"{lines.place(row)}: {counts[row]} numbers"
    )
    if not len(lines):
        notes.add("the detections folder holds no detections", count=0)
    return rows.astype(np.int32), lines.table(width, rows)[:, :_NUMBERS]


def _layout_of(numbers: Floats) -> _Layout:
    """What the numbers of many lines are."""
    numbers = numbers[:: len(numbers) // _LOOKED_AT + 1]
    numbers = numbers[np.isfinite(numbers).all(axis=1)]
    before, behind = numbers[:, 1:], numbers[:, :-1]
    relative = looks_relative(before), looks_relative(behind)
    if any(relative):
        if not all(relative):  # scores in percent
            return _Layout("relative", True) if relative[0] else _Layout("yolo", False)
        inside = _inside(before), _inside(behind)
        return _Layout(
            "relative" if inside[0] > inside[1] else "yolo", inside[0] > inside[1], inside[0] != inside[1]
        )
    score_first = _scores(numbers[:, 0]) >= 0.9 or _scores(numbers[:, -1]) < 0.9
    boxes = before if score_first else behind
    ordered = (boxes[:, 2:] >= boxes[:, :2]).all(axis=1)
    return _Layout("xyxy" if len(boxes) and ordered.mean() >= 0.95 else "xywh", score_first)


def _inside(boxes: Floats) -> int:
    """How many relative boxes lie in their image."""
    half = boxes[:, 2:] / 2
    inside = (half >= 0) & (boxes[:, :2] - half >= -_SLACK) & (boxes[:, :2] + half <= 1 + _SLACK)
    return int(np.count_nonzero(inside.all(axis=1)))


def _scores(numbers: Floats) -> float:
    """The part of the numbers that may be scores."""
    return float(((numbers >= 0) & (numbers <= 1)).mean()) if len(numbers) else 0.0
