"""One table at a time, made anew when the operating point rests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.dataset import Floats
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.tables import Table
from inspector.export.table_csv import write_csv
from inspector.progress import Progress
from inspector.review.location import folder_beside
from inspector.selection import split_sizes
from inspector.user_folders import user_cache_folder
from widgets.drop_down import DropDown
from widgets.jobs import Jobs
from widgets.missing_side import MissingSide
from widgets.results import Results
from widgets.session import Session
from widgets.tables.choices import CHOICES, SPLITS, Choice, Given
from widgets.tables.each_split import EachSplit
from widgets.tables.grid import Grid, grid_of, measures_of
from widgets.tables.model import GridModel
from widgets.tables.view import GridView
from widgets.theme import Theme

_REST: Final = 150
"""Milliseconds without another operating point after which the table is made again."""


class TablesPanel(QWidget):
    """Nothing is computed while nobody sees it, which whoever gives it a place has to tell (`set_seen`)."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._jobs = Jobs(threads=1, parent=self)
        self._seen = False
        self._made_of: tuple[str, bool, Results, OperatingPoint] | None = None
        self._alone: tuple[Results | None, dict[int | None, Floats]] = (None, {})
        self._each: EachSplit | None = None
        self._make_parts()
        self._lay_out()
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._refresh)
        session.results_changed.connect(self._on_results)
        session.operating_point_changed.connect(self._rest.start)
        session.dataset_changed.connect(self._forget)
        theme.changed.connect(self._view.viewport().update)
        self._tell()

    def _make_parts(self) -> None:
        self._choice, self._measure = DropDown([choice.title for choice in CHOICES]), DropDown()
        self._choice.setToolTip("Which table")
        self._by_split = QCheckBox("By split")
        self._by_split.setChecked(True)
        self._by_split.setToolTip("Columns for each split, evaluated by its own, or the table of all images")
        self._by_split.hide()
        self._by_split.toggled.connect(self._on_choice)
        self._measure.setToolTip("What stands in the cells")
        self._measure.hide()
        self._choice.currentIndexChanged.connect(self._on_choice)
        self._measure.activated.connect(self._on_measure)
        self._copy, self._export = QPushButton("Copy"), QPushButton("CSV…")
        self._copy.setToolTip("Copy what is selected, or the whole table, as text (Ctrl+C)")
        self._export.setToolTip("Write the whole table, with all of its numbers, into a file")
        self._copy.clicked.connect(self.copy)
        self._export.clicked.connect(self._ask_for_file)
        self._title, self._foot = QLabel(wordWrap=True), QLabel(wordWrap=True)
        for label in (self._title, self._foot):
            label.setObjectName("muted")
            label.setContentsMargins(8, 2, 8, 2)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._model = GridModel(self._theme, self)
        self._view = GridView(self._model, self)
        self._view.clicked.connect(self._on_clicked)
        self._view.stepped.connect(self._on_clicked)
        self._view.activated.connect(self._on_activated)
        self.setFocusProxy(self._view)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(6, 5, 6, 3)
        head.setSpacing(6)
        for part in (self._choice, self._measure, self._by_split):
            head.addWidget(part)
        head.addStretch()
        buttons = QHBoxLayout()
        buttons.setContentsMargins(6, 3, 6, 5)
        buttons.setSpacing(6)
        buttons.addStretch()
        for button in (self._copy, self._export):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        for widget in (
            self._title,
            self._view,
            MissingSide(self._session, "there are no tables", self),
            self._foot,
        ):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    # --- what is shown ---

    @property
    def _table(self) -> Table | None:
        grid = self._model.grid
        return None if grid is None else grid.table

    @property
    def is_busy(self) -> bool:
        """Whether a table is being made, or will be as soon as the operating point rests."""
        return self._seen and (self._rest.isActive() or self._jobs.is_running("table"))

    def set_seen(self, seen: bool) -> None:
        """Whether the table can be looked at now."""
        self._seen = seen
        self._refresh()

    def close_jobs(self) -> None:
        """Cancel what is being made, and wait for it."""
        self._rest.stop()
        self._jobs.close()

    def _forget(self) -> None:
        """Rows mean something else in another dataset."""
        self._jobs.cancel("table")
        self._made_of = self._each = None
        self._alone = (None, {})
        self._offer_splits()
        self._show_grid(None)
        self._rest.start()

    def _offer_splits(self) -> None:
        """The table of the splits is the last one, where there are some."""
        dataset = self._session.dataset
        there = dataset is not None and bool(split_sizes(dataset))
        offered = self._choice.count() > len(CHOICES)
        if there and not offered:
            self._choice.addItem(SPLITS.title)
        elif offered and not there:
            self._choice.removeItem(len(CHOICES))
        self._by_split.setVisible(there)

    @property
    def _chosen(self) -> Choice:
        return (*CHOICES, SPLITS)[self._choice.currentIndex()]

    def _on_results(self) -> None:
        """The former ones are not kept alive: they may be gigabytes."""
        self._made_of = None
        self._alone = (None, {})
        results = self._session.results
        if self._each is not None and (results is None or self._each.evaluation is not results.evaluation):
            self._each = None
        self._rest.start()

    def _on_choice(self) -> None:
        self._jobs.cancel("table")
        self._view.unsort()
        self._refresh()

    def _refresh(self) -> None:
        """Make the table, if it is looked at and not there already."""
        self._rest.stop()
        dataset, results, point = self._session.dataset, self._session.results, self._session.point
        if not self._seen or dataset is None or results is None:
            self._tell()
            return
        choice = self._chosen
        by_split = choice is SPLITS or self._by_split.isChecked()
        made_of = choice.title, by_split, results, point
        if self._made_of == made_of:
            return
        if self._alone[0] is not results:
            self._alone = (results, {})
        if self._each is None:
            self._each = EachSplit(dataset, results.evaluation, self._session.options)
        given, each = Given(dataset, results, point, self._alone[1]), self._each
        wanted = self._measure.currentText()

        def work(progress: Progress) -> Grid:
            splits = each.given(point, progress) if by_split else {}
            return grid_of(choice.table(replace(given, splits=splits)), wanted)

        def done(grid: Grid) -> None:
            self._made_of = made_of
            self._show_measures(grid)
            self._show_grid(grid)

        self._jobs.start("table", work, done, self._on_error)
        if by_split and not each.is_ready:
            self._say("Evaluating each split by its own …")

    def _show_measures(self, grid: Grid) -> None:
        measures = measures_of(grid.table)
        if measures != tuple(self._measure.itemText(place) for place in range(self._measure.count())):
            self._measure.clear()
            self._measure.addItems(list(measures))
            self._measure.setMinimumWidth(self._measure.sizeHint().width())
        self._measure.setCurrentText(grid.measure)
        self._measure.setVisible(len(measures) > 1)

    def _on_measure(self) -> None:
        if self._table is not None:
            self._show_grid(grid_of(self._table, self._measure.currentText()))

    def _show_grid(self, grid: Grid | None) -> None:
        self._view.show_grid(grid)
        self._tell()

    def _tell(self) -> None:
        """Say what the table is, and what there is to know about it."""
        is_missing = self._session.missing is not None
        waiting = "Not evaluated yet." if self._session.results is None and not is_missing else ""
        self._view.setVisible(not is_missing)
        self._title.setText(waiting if self._table is None else self._table.title)
        self._title.setVisible(bool(self._title.text()))
        self._say("" if is_missing else self._chosen.remark)
        for button in (self._copy, self._export):
            button.setEnabled(self._table is not None)

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        self._foot.setText(text)
        self._foot.setVisible(bool(text))
        self._foot.setObjectName("problem" if is_problem else "muted")
        self._foot.style().unpolish(self._foot)
        self._foot.style().polish(self._foot)

    def _on_error(self, error: Exception) -> None:
        self._say(f"{type(error).__name__}: {error}", is_problem=True)

    # --- what a person does with it ---

    def _on_clicked(self, index: QModelIndex) -> None:
        if self._is_of("images"):
            self._session.show_image(self._model.row_of(index))

    def _on_activated(self, index: QModelIndex) -> None:
        """Enter, or a double click."""
        self._on_clicked(index)
        results = self._session.results
        if results is None or not self._is_of("classes"):
            return
        rows = results.at.chosen.nonzero()[0]
        alone = frozenset({int(rows[self._model.row_of(index)])})
        self._session.set_class_rows(None if self._session.wish.class_rows == alone else alone)

    def _is_of(self, name: str) -> bool:
        """Whether this table is shown, of the results that are shown."""
        made_of = self._made_of
        return (
            self._table is not None
            and self._table.name == name
            and made_of is not None
            and made_of[2] is self._session.results
        )

    def copy(self) -> None:
        """Put the selected cells with their titles and the names of their rows, or all, on the clipboard."""
        grid = self._model.grid
        if grid is None:
            return
        chosen = self._view.selectedIndexes()
        shown = sorted({index.row() for index in chosen}) or range(self._model.rowCount())
        columns = {index.column() for index in chosen} or set(range(grid.columns))
        rows = [self._model.row_of(self._model.index(row, 0)) for row in shown]
        text = grid.tab_separated(rows, sorted(columns | set(range(len(grid.names)))))
        QGuiApplication.clipboard().setText(text)
        self._say(f"Copied: {len(rows):,} row{'' if len(rows) == 1 else 's'}")

    def _ask_for_file(self) -> None:
        if self._table is None:
            return
        proposed = str(self._folder() / f"{self._table.name}.csv")
        dialog = QFileDialog(self, "Export the table", proposed, "CSV files (*.csv)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")  # before it asks whether to overwrite
        dialog.selectFile(proposed)
        dialog.fileSelected.connect(lambda chosen: self.export(Path(chosen)))
        dialog.open()

    def _folder(self) -> Path:
        """Beside the detections; but nobody looks for a file of theirs in the cache, where the demo lies."""
        sources = self._session.sources
        if sources is not None and not sources.paths[-1].is_relative_to(user_cache_folder()):
            return folder_beside(sources.paths[-1], sources)
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))

    def export(self, path: Path) -> None:
        """Write the whole table; what went wrong stands below it."""
        table, sources = self._table, self._session.sources
        if table is None:
            return
        known = () if sources is None else sources.paths
        if any(path.exists() and other.exists() and path.samefile(other) for other in known):
            self._say(f"{path}: not overwritten: it is open here", is_problem=True)
            return

        def work(_progress: Progress) -> None:
            write_csv(table, path)

        def failed(error: Exception) -> None:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._say(f"{path}: cannot be written: {reason}", is_problem=True)

        self._jobs.start("export", work, lambda _done: self._say(f"Written: {path}"), failed)
