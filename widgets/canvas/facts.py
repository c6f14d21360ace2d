"""What can be said about one box at the operating point."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.dataset import Dataset
from inspector.evaluation.image_outcomes import explain_detection, explain_object
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.one_side import MISSING
from inspector.refs import BoxRef, Side
from inspector.review.verdicts import Entry
from widgets.canvas.boxes import Boxes, look_of
from widgets.strokes import Look

_WORDS = {
    Look.TP: "TP",
    Look.FP: "FP",
    Look.FN: "FN",
    Look.MATCHED: "matched object",
    Look.IGNORED: "ignored",
    Look.OBJECT: "object",
    Look.DETECTION: "detection",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """One box in words."""

    class_name: str
    score: float | None
    """None for an object."""
    look: Look | None
    """None where the operating point does not show the box."""
    outcome: str
    reason: str
    partner: BoxRef | None
    """The box that the reason speaks of."""
    partner_words: str
    iou: float | None
    """With the partner."""
    iou_name: str
    """Of what it is: "IoU", or "mask IoU"."""
    size: tuple[float, float]
    entry: Entry | None
    """What was said of it."""


def facts_about(
    ref: BoxRef,
    boxes: Boxes,
    dataset: Dataset,
    table: MatchTable | None,
    point: OperatingPoint,
    entry: Entry | None = None,
) -> Facts:
    """What the info card says; `table` is None until there are results."""
    is_detection = ref.kind is Side.DETECTION
    columns = dataset.detections if is_detection else dataset.objects
    class_row = int(columns.classes[ref.row])
    score = float(dataset.detections.scores[ref.row]) if is_detection else None
    look = look_of(boxes, ref)
    missing = dataset.missing
    partner, iou, reason = None, None, "not evaluated yet" if missing is None else MISSING[missing]
    if table is not None:
        if is_detection:
            explanation = explain_detection(dataset, table, ref.row)
        else:
            explanation = explain_object(dataset, table, point, ref.row)
        reason, iou = explanation.reason, explanation.iou
        if explanation.partner is not None:
            other = Side.OBJECT if is_detection else Side.DETECTION
            partner = BoxRef(other, explanation.partner)
    if look is not None:
        outcome = _WORDS[look]
    else:
        outcome, reason = _why_hidden(score, class_row, dataset, point)
    width, height = columns.boxes[ref.row, 2:].tolist()
    return Facts(
        class_name=dataset.detection_name(ref.row) if is_detection else dataset.object_name(ref.row),
        score=score,
        look=look,
        outcome=outcome,
        reason=reason,
        partner=partner,
        partner_words="" if partner is None else _partner_words(partner, dataset),
        iou=iou,
        iou_name="mask IoU" if table is not None and table.protocol.iou_type == "segm" else "IoU",
        size=(width, height),
        entry=entry,
    )


def _why_hidden(
    score: float | None, class_row: int, dataset: Dataset, point: OperatingPoint
) -> tuple[str, str]:
    """What to call a box that is not shown, and why it is not."""
    if not point.chosen(len(dataset.classes))[class_row]:
        return "not shown", "its class is not chosen"
    if score is None:
        return "not shown", ""
    return "below the threshold", f"scores below the threshold of {point.confidence:.3f}"


def _partner_words(partner: BoxRef, dataset: Dataset) -> str:
    if partner.kind is Side.OBJECT:
        return f"the object ({dataset.object_name(partner.row)})"
    name = dataset.detection_name(partner.row)
    return f"the detection ({name} {dataset.detections.scores[partner.row]:.3f})"
