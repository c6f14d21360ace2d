"""The findings, worst first, and the examples of one of them. Both are gone through by arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from inspector.doctor.findings import Example, Finding
from inspector.export.report import one_line
from widgets.severities import marked, severity_colour
from widgets.theme import Theme

_TITLES: Final = ("Severity", "Count", "Finding")
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NO_REF: Final = "This place cannot be shown in the window"


def _takes_enter(view: QAbstractItemView, event: QEvent) -> bool:
    """Enter is meant for the rows here, whatever it does elsewhere."""
    is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
    if is_key and isinstance(event, QKeyEvent) and event.key() in _ENTER and view.currentIndex().isValid():
        event.accept()
        return True
    return False


class FindingList(QTreeWidget):
    """One line for each finding. Enter goes on to its examples."""

    chosen = Signal()
    """Another finding is current, or none."""
    entered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._findings: tuple[Finding, ...] = ()
        self._items: list[QTreeWidgetItem] = []
        self._empty = self._code = ""
        self._only_former = False
        self.setHeaderLabels(_TITLES)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAccessibleName("Findings")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(True)
        for section in (0, 1):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        self.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.currentItemChanged.connect(self.chosen)
        theme.changed.connect(self._dress)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self._findings

    @property
    def current(self) -> Finding | None:
        row = self.currentIndex().row()
        return self._findings[row] if 0 <= row < len(self._findings) else None

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """The current one stays current, if it is among them, also if there were none meanwhile; else the
        first one is, unless it helped (`only_former`). So is the worst where nobody has chosen another."""
        former = self.current
        if former is not None:
            is_chosen = self.hasFocus() or self._only_former or former != self._findings[0]
            self._code = former.code if is_chosen else ""
        self._findings = findings
        self.clear()
        self._items = [_item(finding) for finding in findings]
        self.addTopLevelItems(self._items)
        self._dress()
        if findings:
            codes = [finding.code for finding in findings]
            if self._code in codes or not self._only_former:
                row = codes.index(self._code) if self._code in codes else 0
                self.setCurrentIndex(self.model().index(row, 0))
        self.chosen.emit()

    def set_only_former(self, only: bool) -> None:
        """Whether nothing becomes current in place of a finding that is gone."""
        self._only_former = only

    def take_focus(self) -> None:
        """Where nothing is current, nothing becomes so, as it would in other views."""
        nothing = not self.currentIndex().isValid()
        self.setFocus()
        if nothing:
            self.setCurrentIndex(QModelIndex())

    def choose(self, code: str) -> None:
        """Make a finding current by its code."""
        for row, finding in enumerate(self._findings):
            if finding.code == code:
                self.setCurrentIndex(self.model().index(row, 0))
                return

    def set_empty_text(self, text: str) -> None:
        """What is said where there is no finding."""
        self._empty = text
        self.viewport().update()

    @property
    def empty_text(self) -> str:
        return self._empty if not self._findings else ""

    def event(self, event: QEvent) -> bool:
        return _takes_enter(self, event) or super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the program's keys."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty_text:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(self._theme.colours.muted))
            room = self.viewport().rect().adjusted(20, 10, -20, -10)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty_text)

    def _dress(self) -> None:
        for item, finding in zip(self._items, self._findings, strict=True):
            item.setForeground(0, QColor(severity_colour(finding.severity, self._theme.colours)))


def _item(finding: Finding) -> QTreeWidgetItem:
    count = f"{finding.count:,}" if finding.count else ""
    item = QTreeWidgetItem([marked(finding.severity), count, one_line(finding.title)])
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(2, finding.title)
    return item


class ExampleList(QListWidget):
    """The places of a finding. A click or Enter shows one."""

    wished = Signal(object)
    """An example that a person wants to see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._examples: Sequence[Example] = ()
        self.setAccessibleName("Examples")
        self.setWordWrap(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda _item: self._wish())

    def show_examples(self, examples: Sequence[Example], more: bool) -> None:
        """`more`: whether there are others that are not told."""
        self._examples = examples
        self.clear()
        for example in examples:
            item = QListWidgetItem(one_line(example.text))
            item.setToolTip(_NO_REF if example.ref is None else "A click, or Enter, shows it")
            self.addItem(item)
        if more and examples:
            item = QListWidgetItem("…")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
        self.setVisible(bool(examples))

    @property
    def current(self) -> Example | None:
        row = self.currentRow()
        return self._examples[row] if 0 <= row < len(self._examples) else None

    def event(self, event: QEvent) -> bool:
        return _takes_enter(self, event) or super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the program's keys."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._wish()
        else:
            super().keyPressEvent(event)

    def _wish(self) -> None:
        example = self.current
        if example is not None and example.ref is not None:
            self.wished.emit(example)
