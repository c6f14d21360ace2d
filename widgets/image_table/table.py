"""The view of the image table: paints its rows itself, and says which image the person picked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtCore import QPersistentModelIndex as PersistentIndex
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from widgets.image_table.columns import ColumnWidths
from widgets.image_table.copying import as_tab_separated
from widgets.image_table.header import TableHeader
from widgets.image_table.model import SECTIONS, THUMBNAIL, ImageTableModel
from widgets.image_table.painter import PADDING, RowPainter, Visible
from widgets.image_table.thumbnails import ThumbnailLoader
from widgets.theme import Theme

_THUMBNAIL_DELAY: Final = 40
"""Milliseconds: rows that are scrolled past faster are not decoded."""


class ImageTable(QTableView):
    """Rows are images. The current row is the image on the canvas; to copy, more rows can be selected."""

    image_requested = Signal(int)
    """The person picked this image (a row of the dataset)."""
    escape_pressed = Signal()

    def __init__(
        self, model: ImageTableModel, thumbnails: ThumbnailLoader, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._images, self._thumbnails, self._theme = model, thumbnails, theme
        self._rows = RowPainter(model, thumbnails)
        self._image_row: int | None = None
        self._empty_text = ""
        self._asked: tuple[int, int] | None = None
        self._was_in_view = False
        self._sorted_by = model.sorts_by
        self.titles = TableHeader(theme, self)
        self.setHorizontalHeader(self.titles)
        self.setModel(model)
        self.widths = ColumnWidths(self, self.titles, model)
        self._set_behaviour()
        self._take_font()
        self._request_timer = QTimer(self, singleShot=True, interval=_THUMBNAIL_DELAY)
        self._request_timer.timeout.connect(self._request_thumbnails)
        model.layoutAboutToBeChanged.connect(self._look_where_current_is)
        model.order_changed.connect(self._follow_order)
        thumbnails.ready.connect(self._on_thumbnail)
        theme.changed.connect(self.viewport().update)
        # A click moves the current row first and selects it then; Ctrl+Up goes through selected rows.
        self.selectionModel().currentRowChanged.connect(self._on_selection)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        # Rows are painted over the whole width; Qt would only update it as far as the columns reach.
        self.selectionModel().selectionChanged.connect(self.viewport().update)
        # What the edge cut before is whole now, and the other way round: Qt would only move the pixels.
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        self.titles.sectionClicked.connect(self.setFocus)
        self.setSortingEnabled(True)

    def _set_behaviour(self) -> None:
        self.setAccessibleName("Images")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget(self))  # the style would paint a white square between the scroll bars
        self.titles.setSortIndicator(THUMBNAIL, Qt.SortOrder.AscendingOrder)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    # --- what it shows ---

    @property
    def row_height(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    def set_image_row(self, image_row: int | None) -> None:
        """Select an image and bring it into view."""
        self._image_row = image_row
        self._select_current()

    @property
    def empty_text(self) -> str:
        """What is said where there is no row."""
        return self._empty_text

    def set_empty_text(self, text: str) -> None:
        if text != self._empty_text:
            self._empty_text = text
            self.viewport().update()

    def selected_rows(self) -> list[int]:
        """Table rows, ascending."""
        ranges = self.selectionModel().selection().toList()
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard: the visible columns as tab-separated text with a header."""
        columns = [column for section in self._visible_sections() if (column := SECTIONS[section])]
        rows = self.selected_rows()
        if rows:
            text = as_tab_separated(self._images, columns, self._images.shown[rows])
            QGuiApplication.clipboard().setText(text)

    def _visible_sections(self) -> list[int]:
        """In the order in which they stand."""
        sections = (self.titles.logicalIndex(visual) for visual in range(self.titles.count()))
        return [section for section in sections if not self.titles.isSectionHidden(section)]

    # --- selecting ---

    def _select_current(self) -> None:
        row = self._images.row_of(self._image_row)
        if row is None:
            self.selectionModel().clear()
        elif row != self.currentIndex().row() or not self.selectionModel().isRowSelected(row):
            index = self._images.index(row, 1)
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    def _on_selection(self) -> None:
        current = self.currentIndex()
        # A row can become current without being selected, when the table merely gets the focus.
        if not current.isValid() or not self.selectionModel().isRowSelected(current.row()):
            return
        image_row = self._images.image_at(current.row())
        if image_row != self._image_row:
            self._image_row = image_row
            self.image_requested.emit(image_row)

    def _follow_order(self) -> None:
        """Keep the current image selected; and in view, if it was, unless the person sorts.

        Who sorts wants to see what comes first, not where the current image went.
        """
        self._asked = None
        sorts_by = self._images.sorts_by
        stays = self._was_in_view and sorts_by == self._sorted_by
        self._sorted_by = sorts_by
        self._select_current()
        if stays and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self.viewport().update()

    def _look_where_current_is(self) -> None:
        row = self._images.row_of(self._image_row)
        first, last = self._rows_between(0, self.viewport().height() - 1)
        self._was_in_view = row is not None and first <= row <= last

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._images.shown) - 1
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0 and not event.modifiers():
            row = 0 if event.key() == Qt.Key.Key_Home else last
            self.setCurrentIndex(self._images.index(row, 1))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the program's keys; searching 100,000 rows for each would also take long."""

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        rect, rows = event.rect(), len(self._images.shown)
        colours = self._theme.colours
        painter.fillRect(rect, QColor(colours.panel))
        if rows:
            self._rows.paint(painter, self._visible(rect), colours)
            self._ask_for_thumbnails()
        elif self._empty_text:
            painter.setPen(QColor(colours.muted))
            room = self.viewport().rect().adjusted(24, 24, -24, -24)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
        painter.end()

    def _visible(self, rect: QRect) -> Visible:
        first, last = self._rows_between(rect.top(), rect.bottom())
        columns = []
        for section in range(len(SECTIONS)):
            left, width = self.columnViewportPosition(section), self.columnWidth(section)
            if width > 0 and left <= rect.right() and left + width > rect.left():
                columns.append((section, left, width))
        return Visible(
            first=first,
            last=last,
            top=first * self.row_height - self.verticalOffset(),
            row_height=self.row_height,
            width=self.viewport().width(),
            sections=columns,
            selected=self._selected_between(first, last),
            current=self._images.row_of(self._image_row),
        )

    def _rows_between(self, top: int, bottom: int) -> tuple[int, int]:
        height, offset, rows = self.row_height, self.verticalOffset(), len(self._images.shown)
        return max(0, (top + offset) // height), min(rows - 1, (bottom + offset) // height)

    def _selected_between(self, first: int, last: int) -> frozenset[int]:
        selected: set[int] = set()
        for part in self.selectionModel().selection().toList():
            selected.update(range(max(first, part.top()), min(last, part.bottom()) + 1))
        return frozenset(selected)

    def dataChanged(
        self,
        top_left: QModelIndex | PersistentIndex,
        bottom_right: QModelIndex | PersistentIndex,
        roles: Sequence[int] = (),
    ) -> None:
        """Repaint the columns that changed; the pictures and names beside them stay as they are."""
        del roles
        area = QRect()
        for section in range(top_left.column(), bottom_right.column() + 1):
            width = self.columnWidth(section)
            if width > 0:
                left = self.columnViewportPosition(section)
                area = area.united(QRect(left, 0, width, self.viewport().height()))
        self.viewport().update(area)

    # --- thumbnails ---

    def _ask_for_thumbnails(self) -> None:
        if self._asked != self._rows_between(0, self.viewport().height() - 1) and (
            not self._request_timer.isActive()
        ):
            self._request_timer.start()

    def _request_thumbnails(self) -> None:
        shown = self._images.shown
        if self.isColumnHidden(THUMBNAIL) or not len(shown):
            return
        self._asked = first, last = self._rows_between(0, self.viewport().height() - 1)
        page = last - first + 1
        after, before = shown[last + 1 : last + 1 + page], shown[max(0, first - page) : first]
        wanted = [*shown[first : last + 1].tolist(), *after.tolist(), *before[::-1].tolist()]
        self._thumbnails.request(wanted)

    def _on_thumbnail(self, image_row: int) -> None:
        row = self._images.row_of(image_row)
        if row is not None:
            top = row * self.row_height - self.verticalOffset()
            left, width = self.columnViewportPosition(THUMBNAIL), self.columnWidth(THUMBNAIL)
            self.viewport().update(left, top, width, self.row_height)

    # --- sizes ---

    def _take_font(self) -> None:
        self._rows.set_font(self.font())
        self._asked = None
        height = max(31, self.fontMetrics().height() + 14)
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        picture = QSize(round((height - 6) * 1.36), height - 6)
        self._thumbnails.set_size(picture * self.devicePixelRatio())
        self.widths.set_thumbnail(picture.width() + 2 * PADDING + 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        built = hasattr(self, "widths")  # the first of these events come from the base class's constructor
        if built and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._take_font()
            self.widths.fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._take_font()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.widths.fit_name()
