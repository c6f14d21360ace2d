"""The header of the image table: quiet titles, a small triangle for the sorting."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QBrush, QColor, QContextMenuEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from widgets.image_table.painter import PADDING
from widgets.theme import Theme

_ARROW = 7
_NO_PEN = Qt.PenStyle.NoPen


class TableHeader(QHeaderView):
    """Paints itself, because style sheets put the sort arrow on top of right-aligned titles."""

    reset_requested = Signal()
    """The person wants the columns as they were at first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.absent: frozenset[int] = frozenset()
        """Sections that there is nothing to show in: they stay hidden."""
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(True)
        self.setMinimumSectionSize(20)
        self.setStretchLastSection(False)
        theme.changed.connect(self.viewport().update)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + 12)

    def title_width(self, section: int) -> int:
        """What the title needs, with its triangle."""
        title = str(self.model().headerData(section, self.orientation()))
        return self.fontMetrics().horizontalAdvance(title) + _ARROW + 3 + PADDING

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours, end = self._theme.colours, self.length() - self.offset()
        beyond = self.viewport().rect().adjusted(end, 0, 0, 0)
        if beyond.isValid():
            painter = QPainter(self.viewport())
            painter.fillRect(beyond, QColor(colours.panel))
            painter.fillRect(end, beyond.bottom(), beyond.width(), 1, QColor(colours.border))
            painter.end()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        colours, model = self._theme.colours, self.model()
        painter.fillRect(rect, QColor(colours.panel))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colours.border))
        sorted_by = self.sortIndicatorSection() == section and section > 0
        title = str(model.headerData(section, self.orientation()))
        right = bool(
            model.headerData(section, self.orientation(), Qt.ItemDataRole.TextAlignmentRole)
            & Qt.AlignmentFlag.AlignRight
        )
        colour = QColor(colours.text if sorted_by else colours.muted)
        painter.setPen(colour)
        room = rect.adjusted(0 if sorted_by and right else PADDING, 0, -PADDING, 0)
        text_room = room.adjusted(0, 0, -_ARROW - 2, 0) if sorted_by else room
        shown = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, text_room.width() + 1)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(text_room, side | Qt.AlignmentFlag.AlignVCenter, shown)
        if sorted_by:
            width = self.fontMetrics().horizontalAdvance(shown)
            left = room.right() - _ARROW + 1 if right else room.left() + width + 3
            self._paint_triangle(painter, QPoint(left, rect.center().y()), colour)

    def _paint_triangle(self, painter: QPainter, at: QPoint, colour: QColor) -> None:
        down = self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        tip = 2.5 if down else -2.5
        middle = at.y() + 1.0
        corners = [
            QPointF(at.x(), middle - tip),
            QPointF(at.x() + _ARROW, middle - tip),
            QPointF(at.x() + _ARROW / 2, middle + tip),
        ]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_NO_PEN)
        painter.setBrush(QBrush(colour))
        painter.drawPolygon(QPolygonF(corners))
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.column_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def column_menu(self) -> QMenu:
        """Check marks that show and hide the columns; the name always stays."""
        menu = QMenu(self)
        for visual in range(self.count()):
            section = self.logicalIndex(visual)
            if section in self.absent:
                continue
            title = str(self.model().headerData(section, self.orientation())) or "Thumbnail"
            action = QAction(title, menu, checkable=True, checked=not self.isSectionHidden(section))
            action.setEnabled(section != 1)
            action.toggled.connect(lambda on, section=section: self.setSectionHidden(section, not on))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Reset columns").triggered.connect(self.reset_requested)
        return menu
