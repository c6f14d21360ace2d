"""One frame of the canvas: picture, boxes, highlights, labels, and the reason where there is no picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor, QFont, QPainter

from inspector.dataset import Dataset, Flags
from inspector.images import ImagePixels, ImageProblem
from inspector.refs import BoxRef, Side
from inspector.review.verdicts import Entry, Place
from widgets.canvas.boxes import Boxes, Layer
from widgets.canvas.facts import Facts
from widgets.canvas.labels import Label, LabelMaker, NamedBox, Placement, Rect
from widgets.canvas.mark_placing import place_mark
from widgets.canvas.mask_painting import MaskPainter, paint_shape, shown_masks
from widgets.canvas.mask_shapes import ImageMasks, MaskStyle
from widgets.canvas.picture import Backdrop
from widgets.canvas.reason import paint_reason
from widgets.canvas.viewport import DeviceView, Viewport, device_edges, in_view
from widgets.strokes import (
    Edges,
    Look,
    Stroke,
    corrected_stroke,
    fill,
    ghost_stroke,
    orphan_stroke,
    paint_frames,
    strokes,
)
from widgets.theme import Colours
from widgets.verdict_marks import MarkMaker

_LIT_EDGE = 3.0
"""Widget pixels: the edge of the mask that is spoken of."""
_MOST_MARKED = 200
"""Marks at most on one frame; more would cost one."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Everything that one frame shows."""

    dataset: Dataset
    boxes: Boxes
    picture: ImagePixels | ImageProblem | None
    """None while the image is being decoded."""
    slow: bool
    """Decoding takes so long that the page should say so."""
    viewport: Viewport
    layers: frozenset[Layer]
    masks: ImageMasks | None
    """None where there are none, or none are wanted."""
    mask_style: MaskStyle
    hovered: BoxRef | None
    selected: BoxRef | None
    facts: Facts | None
    """About the hovered box, or else the selected one."""
    judged: Mapping[BoxRef, Entry]
    """What was said of boxes of the image."""
    orphan: Place | None
    """A box of the image that was judged and is not there any more, while somebody asks about it."""
    colours: Colours
    font: QFont
    ratio: float
    """Device pixels per widget pixel."""

    @property
    def view(self) -> DeviceView:
        return self.viewport.on_device(self.ratio)


@dataclass(frozen=True, slots=True, eq=False)
class _Lit:
    """A highlighted box."""

    index: int
    """Its position in the boxes; -1 where the operating point does not show it."""
    edges: Edges
    stroke: Stroke
    name: str
    score: float | None

    @property
    def named(self) -> NamedBox:
        return NamedBox(self.index, self.name, self.score, self.stroke.colour, _rect(self.edges))


class CanvasPainter:
    """Paints frames and remembers what costs time to make again."""

    def __init__(self) -> None:
        self._backdrop = Backdrop()
        self._labels = LabelMaker()
        self._masks = MaskPainter()
        self._marks = MarkMaker()

    def paint(self, painter: QPainter, frame: Frame) -> list[Label]:
        """Returns the labels, in device pixels, as they can be pointed at."""
        view, ratio = frame.view, frame.ratio
        pixels = frame.picture if isinstance(frame.picture, ImagePixels) else None
        self._labels.use(frame.font, ratio)
        edges = device_edges(frame.boxes.rects, view)
        shown = frame.boxes.on(frame.layers) & in_view(edges, view)
        painter.save()
        # From here on a unit is a device pixel: crisp lines on every screen, and Qt's quickest paths.
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, self._backdrop.image(pixels, frame.viewport.page, view, frame.colours))
        if frame.masks is not None:
            on = frame.boxes.on(frame.layers)
            masks = shown_masks(frame.masks, frame.boxes, on, frame.mask_style, frame.viewport.page)
            self._masks.paint(painter, masks, view, frame.colours, ratio)
        for look, stroke in strokes(frame.colours).items():
            paint_frames(painter, edges[shown & (frame.boxes.looks == look)], stroke, view.corner, ratio)
        painter.restore()

        placement = Placement(self._labels, (view.width, view.height), round(view.y))
        placement.keep_small_boxes_free(frame.boxes, edges, shown)
        if words := _words_instead(frame):
            plate = paint_reason(painter, words, frame.viewport, frame.font, frame.colours)
            left, top, right, bottom = plate.left(), plate.top(), plate.right() + 1, plate.bottom() + 1
            corners = (round(left * ratio), round(top * ratio), round(right * ratio), round(bottom * ratio))
            placement.keep_free(corners)

        painter.scale(1 / ratio, 1 / ratio)
        _paint_orphan(painter, frame, placement)
        _paint_highlights(painter, frame, edges, placement)
        marked = self._paint_marks(painter, frame, edges, shown, placement)
        if Layer.LABELS in frame.layers:
            _place_labels(frame, edges, shown, placement)
        for label in reversed(placement.placed):  # the most important ones on top
            self._labels.paint(painter, label)
        return [*marked, *placement.placed]

    def _paint_marks(
        self, painter: QPainter, frame: Frame, edges: Edges, shown: Flags, placement: Placement
    ) -> list[Label]:
        """Returns where the marks lie: they are pointed at as labels are."""
        self._marks.use(frame.font, frame.ratio, frame.colours)
        view = frame.view
        placed: list[Label] = []
        dashed = corrected_stroke(frame.colours)
        spared = [_rect(_edges_of(frame, ref, edges)) for ref in _lit_refs(frame)]
        for ref in sorted(frame.judged, key=lambda ref: ref != frame.selected):  # that goes first
            entry = frame.judged[ref]
            index = frame.boxes.find(ref)
            if len(placed) >= _MOST_MARKED:
                break
            if ref != frame.selected and (index is None or not shown[index]):
                continue
            own = _edges_of(frame, ref, edges)
            if (box := entry.verdict.right_box) is not None:
                corrected = device_edges(np.array([box], dtype=np.float64), view)
                paint_frames(painter, corrected, dashed, view.corner, frame.ratio)
            if not in_view(own, view)[0]:
                continue
            mark = place_mark(
                placement,
                self._marks,
                entry.verdict,
                _rect(own),
                (view.width, view.height),
                told=ref == frame.selected,
                spared=spared,
            )
            if mark is None:
                continue
            picture, rect = mark
            painter.drawImage(rect[0], rect[1], picture)
            placed.append(Label(-1 if index is None else index, "", frame.colours.verdict, rect))
        return placed


def _paint_orphan(painter: QPainter, frame: Frame, placement: Placement) -> None:
    """Where a judged box was, with its class."""
    place = frame.orphan
    if place is None or place.box is None:
        return
    edges, stroke = (
        device_edges(np.array([place.box], dtype=np.float64), frame.view),
        orphan_stroke(frame.colours),
    )
    paint_frames(painter, edges, stroke, frame.view.corner, frame.ratio)
    named = NamedBox(-1, f"{place.class_name}, orphan", None, stroke.colour, _rect(edges))
    placement.put(named, True, [named.edges])


def _words_instead(frame: Frame) -> str:
    """What to say in place of the picture; "" where there is one, or will be in a moment."""
    if isinstance(frame.picture, ImageProblem):
        return f"No picture\n{frame.picture.reason}"
    return "Loading the image …" if frame.picture is None and frame.slow else ""


def _place_labels(frame: Frame, edges: Edges, shown: Flags, placement: Placement) -> None:
    wanted = shown.copy()
    if Layer.PREDICTIONS in frame.layers:
        wanted &= frame.boxes.looks != Look.MATCHED  # the detection says the same
    for label in placement.placed:
        if label.index >= 0:
            wanted[label.index] = False
    colours = {look: stroke.colour for look, stroke in strokes(frame.colours).items()}
    placement.put_where_free(frame.boxes, edges, wanted, colours)


def _paint_highlights(painter: QPainter, frame: Frame, edges: Edges, placement: Placement) -> None:
    """The box that is spoken of lies on top of its partner and the others, and its label goes first."""
    spoken_of, refs = frame.hovered or frame.selected, _lit_refs(frame)
    lit = {ref: _lit(frame, ref, edges) for ref in refs}
    for ref in reversed(refs):
        _highlight(painter, frame, ref, lit[ref], 56 if ref == spoken_of else 28)
    spare = [box.named.edges for box in lit.values()]
    for ref, box in lit.items():
        if in_view(box.edges, frame.view)[0]:
            placement.put(box.named, ref == spoken_of, spare)


def _lit_refs(frame: Frame) -> list[BoxRef]:
    """What is pointed at or selected, and its partner; the most important first."""
    partner = None if frame.facts is None else frame.facts.partner
    refs = (frame.hovered or frame.selected, frame.selected, partner)
    return [ref for ref in dict.fromkeys(refs) if ref is not None]


def _rect(edges: Edges) -> Rect:
    """Of one box."""
    left, top, right, bottom = edges[0].tolist()
    return left, top, right, bottom


def _lit(frame: Frame, ref: BoxRef, edges: Edges) -> _Lit:
    found = ref.kind is Side.DETECTION
    name = frame.dataset.detection_name(ref.row) if found else frame.dataset.object_name(ref.row)
    score = float(frame.dataset.detections.scores[ref.row]) if found else None
    index, own = frame.boxes.find(ref), _edges_of(frame, ref, edges)
    if index is None:
        return _Lit(-1, own, ghost_stroke(frame.colours), name, score)
    stroke = strokes(frame.colours)[Look(int(frame.boxes.looks[index]))]
    return _Lit(index, own, stroke.thicker(1), name, score)


def _edges_of(frame: Frame, ref: BoxRef, edges: Edges) -> Edges:
    """int32 [1, 4]: of a box, even if the operating point does not show it."""
    index = frame.boxes.find(ref)
    if index is not None:
        return edges[index : index + 1]
    columns = frame.dataset.detections if ref.kind is Side.DETECTION else frame.dataset.objects
    return device_edges(columns.boxes[ref.row : ref.row + 1], frame.view)


def _highlight(painter: QPainter, frame: Frame, ref: BoxRef, box: _Lit, opacity: int) -> None:
    shape = None if frame.masks is None else frame.masks.of(ref)
    if shape is not None:
        edge = max(1, round(_LIT_EDGE * frame.ratio))
        paint_shape(painter, shape, box.stroke.colour, opacity, edge, frame.view)
    else:
        # Nothing tints the object that is being judged: the selected box has its white line.
        tint = QColor(box.stroke.colour)
        tint.setAlpha(0 if ref == frame.selected else opacity)
        fill(painter, box.edges - np.array([0, 0, 1, 1], dtype=np.int32), tint)
    if ref == frame.selected:
        # White within black, around the line: seen on every picture and page.
        out = np.array([-1, -1, 1, 1], dtype=np.int32) * round(box.stroke.width / 2 * frame.ratio)
        for colour, width in (("#000000", 5.0), ("#ffffff", 3.0)):
            paint_frames(painter, box.edges + out, Stroke(colour, width), frame.view.corner, frame.ratio)
    paint_frames(painter, box.edges, box.stroke, frame.view.corner, frame.ratio)
