"""How many boxes each button of the gallery stands for."""

from __future__ import annotations

from inspector.dataset import Rows
from inspector.evaluation.operating_point import total_counts
from inspector.review.verdicts import Kind
from widgets.gallery.items import Made, Mode, suspected
from widgets.gallery.suspect_source import SuspectSource
from widgets.session import Session


class Counter:
    """Suspects are counted anew only when they, or the chosen classes, are others."""

    def __init__(self, session: Session, queue: SuspectSource | None) -> None:
        self._session, self._queue = session, queue
        self._rows: Rows | None = None
        self._class_rows: frozenset[int] | None = None
        self._suspects = 0

    def counts(self, made: Made | None, kind: Kind | None) -> dict[Mode, int | None]:
        """None where it is not known. Outcomes and suspects are live; what is ignored is as it was last
        looked for. What the filter and the boxes beside it leave out is counted, too."""
        results, alone, point = self._session.results, self._session.alone, self._session.point
        counts: dict[Mode, int | None] = dict.fromkeys(Mode)
        if results is not None:
            total = total_counts(results.at, self._session.point.confidence)
            counts |= {Mode.TP: total.tp, Mode.FP: total.fp, Mode.FN: total.fn}
        if alone is not None:
            shown = alone.class_counts(point.confidence)
            counts[Mode.ALONE] = int(shown[point.chosen(len(shown))].sum())
        if made is not None:
            counts[Mode.IGNORED] = made.ignored
        if self._queue is not None and self._queue.suspects is not None:
            counts[Mode.SUSPECTS] = self._count_suspects(self._queue, kind)
        return counts

    def _count_suspects(self, queue: SuspectSource, kind: Kind | None) -> int:
        dataset, point, rows = self._session.dataset, self._session.point, queue.rows(kind)
        if dataset is not None and (rows is not self._rows or point.class_rows != self._class_rows):
            self._rows, self._class_rows = rows, point.class_rows
            self._suspects = len(suspected(dataset, point, queue.suspects, rows))
        return self._suspects
