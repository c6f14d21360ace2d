"""What the flags would change, beside the numbers as they are; it follows the verdicts."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.evaluation.matching import Evaluation
from inspector.evaluation.operating_point import class_counts
from inspector.export.report import counted
from inspector.progress import Progress
from inspector.review.attaching import Attached
from inspector.review.corrections import masks_left_out
from inspector.review.what_if import Comparison, WhatIf, compared, what_if
from widgets.drop_down import DropDown
from widgets.jobs import Jobs
from widgets.missing_side import MissingSide
from widgets.results import Results
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Theme
from widgets.what_if.model import RowsModel
from widgets.what_if.rows import OVERALL, choices_of, rows_of
from widgets.what_if.view import RowsView

_REST: Final = 300
"""Milliseconds without another verdict or operating point after which everything is compared again."""
_PADDING: Final = 8
_FIRST: Final = "AP"
_NO_FLAGS: Final = (
    "No flags yet.\n\nPress 1 on a label that is wrong, or on a detection that has no label.\n"
    "Here stands what that changes: the metrics with flagged labels ignored, and with them corrected."
)
_NOTHING_TO_COMPARE: Final = (
    "there are no numbers that flags could change; verdicts on what is open are kept all the same"
)
_COMPARING: Final = "Comparing …"
_KIND: Final = "what if"


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """What was evaluated last."""

    evaluation: weakref.ref[Evaluation]
    """Of the labels as they are; not kept alive, as it may be gigabytes."""
    said: int
    """Of which verdicts."""
    what_if: WhatIf

    def is_of(self, results: Results, said: int) -> bool:
        return self.evaluation() is results.evaluation and self.said == said


class WhatIfPanel(QWidget):
    """Nothing is computed while nobody sees it, which whoever gives it a place has to tell (`set_seen`)."""

    def __init__(
        self, session: Session, reviewing: Reviewing, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._reviewing = session, reviewing
        self._jobs = Jobs(threads=1, parent=self)
        self._seen = False
        self._said = 0
        """Grows with each change of the verdicts."""
        self._made: _Made | None = None
        self._found: Comparison | None = None
        self._make_parts(theme)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._refresh)
        reviewing.changed.connect(self._on_said)
        session.results_changed.connect(self._rest.start)
        session.operating_point_changed.connect(self._rest.start)
        session.dataset_changed.connect(self._forget)
        theme.changed.connect(self._view.viewport().update)
        self._show()

    def _make_parts(self, theme: Theme) -> None:
        self._choice = DropDown([OVERALL])
        self._choice.setToolTip("All numbers overall, or one of them for each class")
        self._choice.activated.connect(lambda _index: self._show())
        self._flags, self._foot = QLabel(), QLabel(wordWrap=True)
        self._nothing = QLabel(_NO_FLAGS, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        for label in (self._flags, self._foot, self._nothing):
            label.setObjectName("muted")
            label.setContentsMargins(_PADDING, 3, _PADDING, 5)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._model = RowsModel(theme, self)
        self._view = RowsView(self._model, self)
        self._view.activated.connect(self._on_activated)
        self.setFocusProxy(self._view)
        head = QHBoxLayout()
        head.setContentsMargins(6, 5, 6, 3)
        head.addWidget(self._choice)
        head.addStretch()
        head.addWidget(self._flags)
        table = QWidget()
        column = QVBoxLayout(table)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._view)
        column.addWidget(self._foot)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(table)
        self._pages.addWidget(MissingSide(self._session, _NOTHING_TO_COMPARE, self))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    # --- what is shown ---

    @property
    def is_busy(self) -> bool:
        """Whether something is being compared, or will be as soon as the person rests."""
        return self._seen and (self._rest.isActive() or self._jobs.is_running(_KIND))

    def set_seen(self, seen: bool) -> None:
        """Whether the table can be looked at now."""
        self._seen = seen
        self._refresh()

    def close_jobs(self) -> None:
        """Cancel what is being compared, and wait for it."""
        self._rest.stop()
        self._jobs.close()

    def _forget(self) -> None:
        """Rows mean something else in another dataset."""
        self._jobs.cancel(_KIND)
        self._made = self._found = None
        self._show()
        self._rest.start()

    def _on_said(self) -> None:
        self._said += 1
        self._rest.start()

    def _refresh(self) -> None:
        dataset, results, point = self._session.dataset, self._session.results, self._session.point
        self._jobs.cancel(_KIND)
        if not self._seen or dataset is None or results is None:
            return
        if not self._flag_count():
            self._made = self._found = None
            self._show()
            return
        attached = Attached(self._reviewing.entries, self._reviewing.orphans)
        said, made = self._said, self._made

        def work(progress: Progress) -> tuple[_Made, Comparison]:
            new = made
            if new is None or not new.is_of(results, said):
                evaluated = what_if(dataset, results.evaluation, attached, progress)
                new = _Made(weakref.ref(results.evaluation), said, evaluated)
            return new, compared(new.what_if, class_counts(results.at, point.confidence), point)

        self._jobs.start(_KIND, work, self._on_done, self._on_error)
        self._tell()

    def _on_done(self, done: tuple[_Made, Comparison]) -> None:
        self._made, self._found = done
        self._fill_choices(self._found)
        self._show()

    def _on_error(self, error: Exception) -> None:
        self._made = self._found = None
        self._show()
        self._nothing.setText(f"{type(error).__name__}: {error}")

    def _flag_count(self) -> int:
        entries = (*self._reviewing.entries.values(), *self._reviewing.orphans)
        return sum(entry.verdict.is_flag for entry in entries)

    def _fill_choices(self, found: Comparison) -> None:
        """Keep what was chosen as far as the protocol still has it."""
        choices = [choice if choice == OVERALL else f"{choice} by class" for choice in choices_of(found)]
        current = [self._choice.itemText(place) for place in range(self._choice.count())]
        if choices != current:
            wanted = self._choice.currentText() if len(current) > 1 else f"{_FIRST} by class"
            self._choice.clear()
            self._choice.addItems(choices)
            self._choice.setCurrentIndex(choices.index(wanted) if wanted in choices else 1)

    def _show(self) -> None:
        found, dataset = self._found, self._session.dataset
        if found is None or dataset is None:
            self._model.show(None)
            self._pages.setCurrentIndex(0 if self._session.missing is None else 2)
            self._tell()
            return
        chosen = self._session.point.chosen(len(dataset.classes))
        choice = choices_of(found)[max(0, self._choice.currentIndex())]
        self._view.show_rows(rows_of(found, choice, dataset.classes, chosen))
        self._pages.setCurrentIndex(1)
        self._tell()

    def _tell(self) -> None:
        """How many flags count, and which of them cannot be corrected."""
        is_comparing = self._jobs.is_running(_KIND)
        if self._made is None:
            self._nothing.setText(_COMPARING if is_comparing else _NO_FLAGS)
            return
        made = self._made.what_if
        busy = " · comparing …" if is_comparing else ""
        self._flags.setText(f"{counted(made.flags, 'flag')}{busy}")
        missing = sum(made.left_out.values())
        reasons = "; ".join(f"{reason} ({count:,})" for reason, count in made.left_out.items())
        lines = [f"{counted(missing, 'flag')} not corrected: {reasons}"] if missing else []
        lines += [masks_left_out(made.masks)] if made.masks else []
        self._foot.setText("\n".join(lines))
        self._foot.setVisible(bool(lines))

    # --- what a person does with it ---

    def _on_activated(self, index: QModelIndex) -> None:
        """Enter, or a double click, on a class: only this class; once more: all."""
        rows = self._model.rows
        key = "" if rows is None else rows.keys[self._model.row_of(index.row())]
        if isinstance(key, int):
            alone = frozenset({key})
            self._session.set_class_rows(None if self._session.wish.class_rows == alone else alone)

    def copy(self) -> None:
        """Put the selected rows with their titles, or all, on the clipboard."""
        rows = self._model.rows
        if rows is None:
            return
        places = sorted({index.row() for index in self._view.selectedIndexes()}) or range(len(rows))
        QGuiApplication.clipboard().setText(rows.tab_separated([self._model.row_of(at) for at in places]))
