"""The view of the items: only what is visible exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from inspector.refs import BoxRef
from inspector.review.verdicts import Verdict
from inspector.review.words import judgement_words
from widgets.gallery.cells import Cells
from widgets.gallery.crop_loader import CropLoader, Form
from widgets.gallery.items import NOTHING, Items, Wish
from widgets.gallery.layout import Layout
from widgets.gallery.painter import CellPainter, Shown
from widgets.gallery.selection import Selection
from widgets.theme import Theme

_REQUEST_DELAY: Final = 30
"""Milliseconds: what is scrolled past faster is not decoded."""
_TRIES: Final = 200
"""Items at most that are looked for one by one."""
_FRAME: Final = 16
"""Milliseconds."""


class ItemView(QAbstractScrollArea):
    """Paints the items, scrolls, and holds what is selected."""

    current_changed = Signal()
    """The person moved to another box."""
    selection_changed = Signal()

    def __init__(
        self,
        loader: CropLoader,
        verdict: Callable[[BoxRef], Verdict],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._loader, self._verdict, self._theme = loader, verdict, theme
        self._painter = CellPainter(loader)
        self._wish: Wish | None = None
        self._items = NOTHING
        self._cells: Cells | None = None
        self._selection = Selection()
        self._side, self._context = 128, 0.2
        self._text = ""
        self._asked: tuple[object, ...] = ()
        self._request_timer = QTimer(self, singleShot=True, interval=_REQUEST_DELAY)
        self._request_timer.timeout.connect(self._request)
        self._arrived: set[int] = set()
        self._arrival = QTimer(self, singleShot=True, interval=_FRAME)
        self._arrival.timeout.connect(self._paint_arrived)
        self.setAccessibleName("Gallery")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(False)
        loader.ready.connect(self._on_ready)
        theme.changed.connect(self.viewport().update)
        self._painter.set_font(self.font())

    # --- what it shows ---

    @property
    def items(self) -> Items:
        return self._items

    @property
    def cells(self) -> Cells | None:
        return self._cells

    @property
    def selection(self) -> Selection:
        """To be read; what changes it goes through the view."""
        return self._selection

    @property
    def is_busy(self) -> bool:
        """Whether crops will be asked for, or painted, in a moment."""
        return self._request_timer.isActive() or self._arrival.isActive()

    @property
    def form(self) -> Form:
        """How crops have to be made for it now."""
        return Form(max(1, round(self._side * self.devicePixelRatioF())), self._context)

    def show_items(self, wish: Wish | None, items: Items, *, from_top: bool, goes_on: bool = False) -> None:
        """Other boxes, or in another order. What is selected stays so where it is still there.

        With `goes_on`, the next one that is still there takes the place of a current one that is not.
        """
        chosen, before = self._items.taken(self._selection.positions()), self._items
        current = self._selection.current
        was_seen = current in self.visible()
        self._wish, self._items = wish, items
        self._cells = None if wish is None else Cells(wish, items)
        place = None if current is None else items.place_of(before.ref(current))
        self._selection = Selection(len(items))
        self._selection.restore(items.among(chosen), place)
        self._fit_scroll_bar()
        if from_top:
            self.verticalScrollBar().setValue(0)
        elif was_seen and place is not None:
            self._bring_into_view(place)
        if goes_on and current is not None and place is None:
            self._go_on(before, current)
        self._refresh()
        self.selection_changed.emit()

    def go_on(self, is_wanted: Callable[[BoxRef], bool]) -> None:
        """To the next wanted one after the current one; nowhere where there is none near."""
        current = self._selection.current
        after = range(0 if current is None else current + 1, len(self._items))
        place = next((place for place in after[:_TRIES] if is_wanted(self._items.ref(place))), None)
        if place is not None:
            self._selection.choose(place)
            self._bring_into_view(place)
            self._tell_selection()
            self.current_changed.emit()

    def _go_on(self, before: Items, current: int) -> None:
        after = range(current + 1, min(current + _TRIES, len(before)))
        for position in (*after, *range(current - 1, max(-1, current - _TRIES), -1)):
            place = self._items.place_of(before.ref(position))
            if place is not None:
                self._selection.choose(place)
                self._bring_into_view(place)
                self.current_changed.emit()
                return

    def take_out(self, wish: Wish, items: Items, current: int | None) -> None:
        """Some items are gone; what takes the place of the current one is current and selected."""
        self._wish, self._items, self._cells = wish, items, Cells(wish, items)
        self._selection = Selection(len(items))
        self._fit_scroll_bar()
        if current is not None:
            self._selection.choose(current)
            self._bring_into_view(current)
            self.current_changed.emit()
        self._refresh()
        self.selection_changed.emit()

    @property
    def text(self) -> str:
        """What is said where there is nothing to show."""
        return self._text

    def set_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.viewport().update()

    def set_form(self, side: int, context: float) -> None:
        """The size of the crops in widget pixels, and what is shown around the boxes."""
        if (side, context) == (self._side, self._context):
            return
        kept = self._selection.current if self._selection.current in self.visible() else None
        first = self.visible().start if kept is None else kept
        self._side, self._context = side, context
        self._fit_scroll_bar()
        if first < len(self._items):
            self._bring_into_view(first, to_top=kept is None)
        self._refresh()

    def selected_refs(self) -> tuple[BoxRef, ...]:
        """The selected boxes, in the order of the grid."""
        return tuple(self._items.ref(position) for position in self._selection.positions().tolist())

    def go_to(self, ref: BoxRef | None) -> None:
        """What is selected elsewhere is selected here; what is not shown here leaves nothing selected."""
        current = self._selection.current
        if ref is not None and current is not None and self._items.ref(current) == ref:
            place: int | None = current  # a box may be shown several times, for several suspicions
        else:
            place = None if ref is None else self._items.place_of(ref)
        if place is None:
            if self._selection.count or self._selection.cursor is not None:
                self._selection.clear()
                self._tell_selection()
        elif place != current or place not in self._selection:
            self._selection.choose(place)
            self._bring_into_view(place)
            self._tell_selection()

    def refresh_marks(self) -> None:
        """Something else was said of the boxes."""
        self.viewport().update()

    # --- where things are ---

    @property
    def _layout(self) -> Layout:
        return Layout(len(self._items), self.viewport().width(), self._side, self._painter.caption)

    @property
    def _top(self) -> int:
        return self.verticalScrollBar().value() * self._layout.unit

    def visible(self) -> range:
        """The positions of what can be seen."""
        top = self._top
        return self._layout.between(top, top + self.viewport().height())

    def rect_of(self, position: int) -> QRect:
        """Where a cell lies in the viewport."""
        layout = self._layout
        x, y = layout.corner(position)
        return QRect(x, y - self._top, layout.cell_width, layout.cell_height)

    def _at(self, point: QPoint) -> int | None:
        return self._layout.at(point.x(), point.y() + self._top)

    def _fit_scroll_bar(self) -> None:
        layout, bar = self._layout, self.verticalScrollBar()
        hidden = max(0, layout.height - self.viewport().height())
        bar.setRange(0, -(-hidden // layout.unit))
        bar.setSingleStep(max(1, layout.cell_height // 3 // layout.unit))  # a notch of a wheel is three
        bar.setPageStep(max(1, self.viewport().height() // layout.unit))

    def _bring_into_view(self, position: int, *, to_top: bool = False) -> None:
        layout, bar, top = self._layout, self.verticalScrollBar(), self._top
        _, y = layout.corner(position)
        if to_top or y < top:
            bar.setValue(y // layout.unit)
        elif y + layout.cell_height > top + self.viewport().height():
            least = y + layout.cell_height - self.viewport().height()
            # the beginning of a cell that is higher than the view counts
            bar.setValue(min(y, least) // layout.unit + (layout.unit > 1))

    def _refresh(self) -> None:
        self._asked = ()
        if len(self._items):
            self._request_timer.start()
        self.viewport().update()

    def _tell_selection(self) -> None:
        self.viewport().update()
        self.selection_changed.emit()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        colours, rect = self._theme.colours, event.rect()
        painter.fillRect(rect, QColor(colours.panel))
        if self._wish is not None and self._cells is not None and len(self._items):
            layout, top = self._layout, self._top
            shown = Shown(
                dataset=self._wish.dataset,
                cells=self._cells,
                positions=layout.between(top + rect.top(), top + rect.bottom() + 1),
                layout=layout,
                top=top,
                selection=self._selection,
                form=self.form,
                verdict=self._verdict,
                is_focused=self.hasFocus(),
                colours=colours,
                ratio=self.devicePixelRatioF(),
            )
            self._painter.paint(painter, shown)
            self._ask_for_crops()
        elif self._text:
            painter.setPen(QColor(colours.muted))
            room = self.viewport().rect().adjusted(24, 12, -24, -12)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._text)
        painter.end()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        """What stays visible is moved, and only the rest painted."""
        self.viewport().scroll(0, dy * self._layout.unit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stood at the top stays there."""
        before = event.oldSize()
        first = 0
        if before.width() > 0:
            old = Layout(len(self._items), before.width(), self._side, self._painter.caption)
            first = old.between(self.verticalScrollBar().value() * old.unit, 1 << 62).start
        super().resizeEvent(event)
        self._fit_scroll_bar()
        if before.width() > 0 and before.width() != event.size().width() and first < len(self._items):
            self._bring_into_view(first, to_top=True)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_painter"):
            self._painter.set_font(self.font())
            self._fit_scroll_bar()
            self._refresh()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refresh()
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = self._at(event.pos())
            text = "" if position is None else self.tip(position)
            area = QRect() if position is None else self.rect_of(position)
            QToolTip.showText(event.globalPos(), text, self.viewport(), area)
            return True
        return super().viewportEvent(event)

    def tip(self, position: int) -> str:
        """All there is to say about a box."""
        if self._cells is None:
            return ""
        lines = self._cells.tip(position)
        cell = self._cells[position]
        if problem := self._loader.problem(cell.wanted.image_row):
            lines.append(f"No picture: {problem}")
        verdict = self._verdict(cell.ref)
        lines += [text for text in (judgement_words(verdict), verdict.note) if text]
        return "\n".join(lines)

    # --- crops ---

    def _ask_for_crops(self) -> None:
        asked = (self.visible(), self.form)
        if asked != self._asked and not self._request_timer.isActive():
            self._request_timer.start()

    def _request(self) -> None:
        """What is visible first, then a page further on, then a page back."""
        if self._cells is None:
            return
        visible = self.visible()
        self._asked = (visible, self.form)
        page = len(visible)
        after = range(visible.stop, min(visible.stop + page, len(self._items)))
        before = range(visible.start - 1, max(-1, visible.start - 1 - page), -1)
        positions = [*visible, *after, *before]
        self._cells.prepare(positions)
        self._loader.request([self._cells[position].wanted for position in positions], self.form)

    def _on_ready(self, image_row: int) -> None:
        """Several images that arrive within a frame are painted at once."""
        self._arrived.add(image_row)
        if not self._arrival.isActive():
            self._arrival.start()

    def _paint_arrived(self) -> None:
        arrived, self._arrived = self._arrived, set()
        if self._cells is not None:
            for position in self.visible():
                if self._cells[position].wanted.image_row in arrived:
                    self.viewport().update(self.rect_of(position))
