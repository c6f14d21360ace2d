"""What tests ask of a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from widgets.session import Session

Seen = Callable[[Any], list[tuple[Any, ...]]]


def state(session: Session) -> tuple[object, ...]:
    """Everything that a failure must leave alone."""
    return (
        session.sources,
        session.dataset,
        session.results,
        session.point,
        session.wish,
        session.image_row,
    )


def fits(session: Session) -> bool:
    """Whether results and operating point belong together."""
    results, point = session.results, session.point
    if results is None:
        return True
    assert session.dataset is not None
    same_classes = (results.at.chosen == point.chosen(len(session.dataset.classes))).all()
    return bool(results.at.table.iou_index == point.iou_index and same_classes)


def idle(session: Session) -> bool:
    return session.activity is None and session.wish == session.point
