"""What the gallery says beside and in place of its crops."""

from __future__ import annotations

from typing import Final

from inspector.dataset import Dataset
from inspector.filtering import Filter
from inspector.refs import Side
from widgets.gallery.items import Mode, Wish

EXAMPLES: Final = {None: "iou<0.3", Side.DETECTION: "area<1024", Side.OBJECT: "score>0.8"}
"""What a filter may be, by the side that is missing."""


def why_nothing(wish: Wish, *, is_looking: bool) -> str:
    """Why there is no item; `is_looking`: suspect labels are being looked for."""
    if wish.mode is Mode.SUSPECTS and wish.suspects is None:
        return "Looking for suspect labels …" if is_looking else "Suspect labels are not known."
    reasons = (
        ("the filter leaves none", not wish.filter.is_empty),
        ("judged ones are hidden", bool(wish.hidden)),
        ("only listed images count", wish.images is not None),
        ("only some classes are chosen", wish.point.class_rows is not None),
    )
    alone = {Side.DETECTION: "objects", Side.OBJECT: "detections", None: ""}[wish.dataset.missing]
    what = {Mode.SUSPECTS: "suspect labels", Mode.ALONE: alone}.get(wish.mode, wish.mode.value)
    parts = [f"No {what} at this operating point", *(reason for reason, applies in reasons if applies)]
    return "; ".join(parts) + "."


def remarks(
    shown: int | None, selected: int, dataset: Dataset | None, chosen: Filter, *, elsewhere: bool
) -> str:
    """How many are left, where that is not told elsewhere, and what a person should know of them;
    `elsewhere`: the box that is looked at is not among them."""
    said = [f"{shown:,} left"] if shown else []
    if elsewhere:
        said.append("the selected box is not shown here")
    if selected > 1:
        said.append(f"{selected:,} selected")
    if dataset is not None:
        said += ["no image folder"] if dataset.image_folder is None else []
        said += chosen.unknown(dataset)
    return " · ".join(said)
