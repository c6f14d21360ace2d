"""The image table with its summary line, connected to the session."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.filtering import Filter
from inspector.image_columns import COLUMNS
from inspector.one_side import MISSING
from inspector.refs import Side
from inspector.selection import split_sizes
from widgets.filter_line import FilterLine, SavedFilters
from widgets.image_table.model import ImageTableModel
from widgets.image_table.summary import SummaryLine
from widgets.image_table.table import ImageTable
from widgets.image_table.thumbnails import ThumbnailLoader
from widgets.jobs import Jobs
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Theme

_SETTLED: Final = 150
"""Milliseconds without another operating point after which a drag has ended."""
_LAYOUT: Final = " ".join(column.key for column in COLUMNS)
"""Header states of other columns cannot be restored."""


class ImageTablePanel(QWidget):
    """Shows the images of the session, selects its current one, and knows what comes next and before.

    `filter_line` has no place in the panel: the main window puts it where it wants.
    """

    order_changed = Signal()
    """Other images are shown, or in another order."""

    def __init__(
        self,
        session: Session,
        reviewing: Reviewing,
        theme: Theme,
        thumbnails: ThumbnailLoader,
        saved: SavedFilters,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._reviewing, self._thumbnails = session, reviewing, thumbnails
        self._jobs = Jobs(threads=1, parent=self)
        self._model = ImageTableModel(reviewing, thumbnails, self._jobs, self)
        self.table = ImageTable(self._model, thumbnails, theme, self)
        self.filter_line = FilterLine(theme, saved, "images", self)
        self.filter_line.hide()  # until it is given a place
        self.filter_line.set_home(self.table)
        self.filter_line.set_said(lambda: reviewing.entries)
        self._summary = SummaryLine(theme, self)
        self._drag_end = QTimer(self, singleShot=True, interval=_SETTLED)
        self._drag_end.timeout.connect(self.settle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._summary)
        layout.addWidget(self.table)
        self.setFocusProxy(self.table)
        self._connect()
        self._on_dataset()
        self._on_image()

    def _connect(self) -> None:
        session = self._session
        session.dataset_changed.connect(self._on_dataset)
        session.results_changed.connect(self._on_results)
        session.operating_point_changed.connect(self._on_point)
        session.image_changed.connect(self._on_image)
        self._reviewing.changed.connect(self._on_verdicts)
        self.table.image_requested.connect(session.show_image)
        self.table.escape_pressed.connect(self.clear_filter)
        self.filter_line.filter_changed.connect(self._on_filter)
        self.filter_line.problem_changed.connect(self._summary.set_problem)
        self._model.order_changed.connect(self._on_order)

    def close_jobs(self) -> None:
        """Cancel what is being sorted, and wait for it. The thumbnails are closed by who made them."""
        self._drag_end.stop()
        self._jobs.close()

    # --- going through the images ---

    def step(self, steps: int) -> None:
        """Show the next (+1) or previous (-1) image in the table's order; stays at the ends.

        If the filter leaves the current image out, goes on from where it would stand.
        """
        image_row = self.image_after(steps)
        if image_row is not None:
            self._session.show_image(image_row)

    def image_after(self, steps: int) -> int | None:
        """Where `step` leads to; None where nothing is listed."""
        shown = self._model.shown
        if not len(shown) or not steps:
            return None
        row, is_shown = self._model.row_near(self._session.image_row)
        if not is_shown and steps > 0:
            row -= 1
        return self._model.image_at(min(max(row + steps, 0), len(shown) - 1))

    def first(self) -> None:
        """Show the first image of the table."""
        self._show_row(0)

    def last(self) -> None:
        """Show the last image of the table."""
        self._show_row(len(self._model.shown) - 1)

    def neighbours(self, count: int) -> list[int]:
        """Up to `count` image rows after the current one and as many before, the nearest first."""
        shown = self._model.shown
        row, is_shown = self._model.row_near(self._session.image_row)
        after = shown[row + is_shown : row + is_shown + count].tolist()
        before = shown[max(0, row - count) : row][::-1].tolist()
        pairs = zip_longest(after, before)
        return [image_row for pair in pairs for image_row in pair if image_row is not None]

    def image_rows(self) -> list[int]:
        """The image rows that the table shows, in its order."""
        rows: list[int] = self._model.shown.tolist()
        return rows

    def _show_row(self, row: int) -> None:
        if 0 <= row < len(self._model.shown):
            self._session.show_image(self._model.image_at(row))

    # --- filter and order ---

    def set_filter(self, text: str) -> None:
        """Put a filter into the line, at once."""
        self.filter_line.set_text(text)

    def clear_filter(self) -> None:
        self.set_filter("")

    def settle(self) -> None:
        """A drag has ended: sort and filter by what the columns show now."""
        self._drag_end.stop()
        if self._model.order_is_live:
            self._model.refresh_order()
            self._describe()

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text with a header."""
        self.table.copy_selection()

    # --- what is remembered ---

    def state(self) -> dict[str, QByteArray | str]:
        """Columns and sorting, for `restore_state`; a filter is for the images at hand and is not kept."""
        return {
            "columns": _LAYOUT,
            "header": self.table.titles.saveState(),
            "by_hand": " ".join(self.table.widths.by_hand()),
        }

    def restore_state(self, state: Mapping[str, object]) -> None:
        """What does not fit this version is left out."""
        header, by_hand = state.get("header"), state.get("by_hand")
        if isinstance(header, QByteArray) and state.get("columns") == _LAYOUT:
            self.table.titles.restoreState(header)
            self.table.widths.restore(by_hand.split() if isinstance(by_hand, str) else [])
        dataset = self._session.dataset
        self.table.widths.show_splits(dataset is not None and bool(split_sizes(dataset)))

    # --- what changed ---

    def _on_dataset(self) -> None:
        dataset = self._session.dataset
        self._drag_end.stop()
        self._thumbnails.open(dataset)
        self._model.set_dataset(dataset)
        self._model.set_results(self._session.results, self._session.point)
        self.filter_line.set_names(dataset)
        self.table.widths.show_splits(dataset is not None and bool(split_sizes(dataset)))
        if self._session.results is not None:
            self.settle()
        self._describe()

    def _on_results(self) -> None:
        first = not self._model.is_counted
        self._model.set_results(self._session.results, self._session.point)
        if first:
            self.settle()
        else:
            self._drag_end.start()
        self._describe()

    def _on_point(self) -> None:
        self._model.set_point(self._session.point)
        if self._model.order_is_live:
            self._drag_end.start()

    def _on_image(self) -> None:
        self.table.set_image_row(self._session.image_row)
        self._model.leave(self._session.image_row)

    def _on_verdicts(self) -> None:
        if self._model.dataset is self._session.dataset:  # else it will soon be told of another
            self._model.follow_verdicts(self._session.image_row)

    def _on_filter(self, new: Filter) -> None:
        self._model.set_filter(new)
        self._describe()

    def _on_order(self) -> None:
        self._describe()
        self.order_changed.emit()

    def _describe(self) -> None:
        dataset, chosen = self._session.dataset, self._model.filter
        total = len(dataset.images) if dataset else 0
        unknown = chosen.unknown(dataset) if dataset else ()
        self._summary.describe(len(self._model.shown), total, chosen, lacks=self._lacks(), unknown=unknown)
        if dataset is None:
            self.table.set_empty_text("No images yet: open ground truth, detections, or both.")
        elif total == 0:
            side = "detections" if dataset.missing is Side.OBJECT else "ground truth"
            self.table.set_empty_text(f"The {side} list{'' if side == 'detections' else 's'} no image.")
        else:
            why = f" ({self._lacks()})" if self._lacks() else ""
            said = f"No image matches the filter{why} - Esc clears it.{self._what_is_asked()}"
            self.table.set_empty_text(said)

    def _lacks(self) -> str:
        """What the filter asks for and nothing can tell; "" where that is not so."""
        dataset, chosen = self._session.dataset, self._model.filter
        if dataset is not None and dataset.missing is not None:
            beyond = chosen.asks_beyond(dataset.missing)
            return f"{MISSING[dataset.missing]}, so there are no such numbers" if beyond else ""
        waits = chosen.needs_evaluation and not self._model.is_counted
        return "waits for the evaluation" if waits else ""

    def _what_is_asked(self) -> str:
        """That hidden detections are not asked, where a filter may be about them."""
        confidence = self._session.point.confidence
        if not self._model.filter.asks_boxes or confidence <= 0:
            return ""
        return f"\n\nOf detections, only those that are shown are asked: the confidence is {confidence:.3f}."
