"""What single cells of the gallery say and draw, worked out when they come into view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.image_outcomes import explain_detection, explain_object
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.outcome_rows import Measure, measured
from inspector.images import Box
from inspector.one_side import MISSING
from inspector.outcomes import FALSE_POSITIVE, NO_MATCH, TRUE_POSITIVE
from inspector.refs import BoxRef, Side
from inspector.review.reasons import reason
from inspector.review.suspects import NO_ROW
from inspector.review.verdicts import Kind
from inspector.review.words import KINDS
from widgets.gallery.crop_loader import Wanted
from widgets.gallery.items import Items, Mode, Order, Wish
from widgets.strokes import Look

_MOST: Final = 4096


@dataclass(frozen=True, slots=True)
class Cell:
    """One box."""

    ref: BoxRef
    wanted: Wanted
    """Its image, and what has to be seen of it."""
    box: Box
    look: Look
    other: Box | None
    """The detection that speaks against a label."""
    name: str
    figures: str


class Cells:
    """Of one list of items; its kernels have to be loaded, as they are once the items were made."""

    def __init__(self, wish: Wish, items: Items) -> None:
        self._wish, self._items = wish, items
        self._made: dict[int, Cell] = {}
        self._measured: dict[int, tuple[float | None, float | None]] = {}

    def prepare(self, positions: Sequence[int]) -> None:
        """Work out what is not known of these cells."""
        if len(self._made) > _MOST:
            self._made.clear()
            self._measured.clear()
        missing = [position for position in positions if position not in self._made]
        if missing:
            self._measure(missing)

    def __getitem__(self, position: int) -> Cell:
        found = self._made.get(position)
        if found is None:
            found = self._made[position] = self._make(position)
        return found

    def again(self) -> Cells:
        """The same for another thread."""
        return Cells(self._wish, self._items)

    def tip(self, position: int) -> list[str]:
        """All there is to say about a box, in lines."""
        cell, dataset = self[position], self._wish.dataset
        score, iou = self._numbers(position)
        lines = [cell.name if score is None else f"{cell.name} {score:.3f}"]
        if (suspicion := self._suspicion(position)) is not None and self._wish.suspects is not None:
            lines.append(f"{self._suspected(position)}: {reason(dataset, self._wish.suspects, suspicion)}")
        lines.append(self._explained(cell.ref))
        if iou is not None:
            lines.append(f"IoU {iou:.3f}")
        width, height = cell.box[2:]
        lines.append(f"{width:,.0f} × {height:,.0f} pixels")
        lines.append(dataset.images.file_names[cell.wanted.image_row])
        return lines

    def texts(self, position: int) -> list[str]:
        """For other programs: image, class, score, IoU, x, y, width, height, suspicion."""
        ref, dataset = self._items.ref(position), self._wish.dataset
        columns = dataset.objects if ref.kind is Side.OBJECT else dataset.detections
        numbers = ("" if number is None else f"{number:.4f}" for number in self._numbers(position))
        box = (f"{number:.2f}" for number in columns.boxes[ref.row].tolist())
        suspected = "" if self._suspicion(position) is None else self._suspected(position)
        image = dataset.images.file_names[int(columns.images[ref.row])]
        return [image, self._name(position, ref), *numbers, *box, suspected]

    def _make(self, position: int) -> Cell:
        dataset, ref = self._wish.dataset, self._items.ref(position)
        columns = dataset.objects if ref.kind is Side.OBJECT else dataset.detections
        box, other = _box(columns.boxes[ref.row].tolist()), self._other(position, ref)
        return Cell(
            ref=ref,
            wanted=Wanted(int(columns.images[ref.row]), box if other is None else _around(box, other)),
            box=box,
            look=_look(dataset, self._wish.table, self._wish.point.confidence, ref),
            other=other,
            name=self._name(position, ref),
            figures=self._figures(position, box),
        )

    def _explained(self, ref: BoxRef) -> str:
        """Why it has its outcome."""
        dataset, table = self._wish.dataset, self._wish.table
        if table is None:
            return "" if dataset.missing is None else MISSING[dataset.missing]
        if ref.kind is Side.OBJECT:
            return explain_object(dataset, table, self._wish.point, ref.row).reason
        return explain_detection(dataset, table, ref.row).reason

    def _suspicion(self, position: int) -> int | None:
        """The row of the suspects."""
        return None if self._items.suspicions is None else int(self._items.suspicions[position])

    def _suspected(self, position: int) -> str:
        """The kind and the score of a suspicion."""
        suspicion, suspects = self._suspicion(position), self._wish.suspects
        assert suspicion is not None
        assert suspects is not None
        return f"{KINDS[suspects.kind(suspicion)]} {suspects.scores[suspicion]:.2f}"

    def _other(self, position: int, ref: BoxRef) -> Box | None:
        suspicion, suspects = self._suspicion(position), self._wish.suspects
        if suspicion is None or suspects is None or ref.kind is Side.DETECTION:
            return None
        row = int(suspects.detections[suspicion])
        return None if row == NO_ROW else _box(self._wish.dataset.detections.boxes[row].tolist())

    def _name(self, position: int, ref: BoxRef) -> str:
        dataset, suspicion, suspects = self._wish.dataset, self._suspicion(position), self._wish.suspects
        if ref.kind is Side.DETECTION:
            return dataset.detection_name(ref.row)
        name = dataset.object_name(ref.row)
        if suspicion is None or suspects is None or suspects.kind(suspicion) is not Kind.WRONG_CLASS:
            return name
        row = int(suspects.detections[suspicion])
        return name if row == NO_ROW else f"{name} → {dataset.detection_name(row)}"

    def _figures(self, position: int, box: Box) -> str:
        """What the gallery is sorted by, and what else there is room for."""
        wish = self._wish
        size = f"{box[2]:,.0f} × {box[3]:,.0f}"
        if wish.sorting.order is Order.SIZE:
            return size
        if wish.mode is Mode.SUSPECTS:
            return self._suspected(position)
        score, iou = self._numbers(position)
        scored = "" if score is None else f"{score:.2f}"
        return " · ".join(filter(None, (scored, "" if iou is None else f"IoU {iou:.2f}"))) or size

    def _numbers(self, position: int) -> tuple[float | None, float | None]:
        """Score and IoU as they are sorted by; None where there is none."""
        found = self._measured.get(position)
        if found is None:
            self._measure([position])
            found = self._measured[position]
        return found

    def _measure(self, positions: Sequence[int]) -> None:
        """Many at once: each alone takes as long as a hundred together."""
        dataset, table = self._wish.dataset, self._wish.table
        of_objects = self._items.of_objects[positions]
        for side in Side:
            here = np.asarray(positions)[of_objects == (side is Side.OBJECT)]
            if not len(here):
                continue
            scores, ious = (
                measured(dataset, table, side, self._items.rows[here], measure).tolist()
                for measure in (Measure.SCORE, Measure.IOU)
            )
            for position, score, iou in zip(here.tolist(), scores, ious, strict=True):
                self._measured[position] = _known(score), _known(iou)


def _look(dataset: Dataset, table: MatchTable | None, confidence: float, ref: BoxRef) -> Look:
    """As the canvas draws the box."""
    scores = dataset.detections.scores
    if table is None:
        return Look.OBJECT if ref.kind is Side.OBJECT else Look.DETECTION
    if ref.kind is Side.OBJECT:
        if table.object_ignored[ref.row]:
            return Look.IGNORED
        match = table.object_matches[ref.row]
        return Look.MATCHED if match != NO_MATCH and scores[match] >= confidence else Look.FN
    if scores[ref.row] < confidence:
        return Look.DETECTION
    code = table.outcomes[ref.row]
    return Look.TP if code == TRUE_POSITIVE else Look.FP if code == FALSE_POSITIVE else Look.IGNORED


def _known(value: float) -> float | None:
    return None if value != value else value


def _box(values: list[float]) -> Box:
    x, y, width, height = values
    return x, y, width, height


def _around(one: Box, other: Box) -> Box:
    """The smallest box around both."""
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right = max(one[0] + one[2], other[0] + other[2])
    bottom = max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
