"""The gallery in the window, with hands to use it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QToolButton

from inspector.refs import BoxRef
from tests.gui.conftest import LONG, Program
from widgets.gallery import GalleryPanel
from widgets.gallery.grid import GridView
from widgets.gallery.items import Mode

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Gallery:
    """What a person sees of the gallery and does with it."""

    program: Program

    @property
    def panel(self) -> GalleryPanel:
        return self.program.workspace.gallery

    @property
    def grid(self) -> GridView:
        return self.panel.grid

    def settle(self) -> None:
        self.program.keep()
        self.program.bot.waitUntil(lambda: not self.panel.is_busy, timeout=LONG)
        QApplication.processEvents()

    def refs(self) -> list[BoxRef]:
        return [self.grid.items.ref(place) for place in range(len(self.grid.items))]

    def captions(self) -> list[tuple[str, str]]:
        cells = self.grid.cells
        assert cells is not None
        return [(cells[place].name, cells[place].figures) for place in range(len(self.grid.items))]

    def chosen(self) -> list[int]:
        found: list[int] = self.grid.selection.positions().tolist()
        return found

    def button(self, mode: Mode) -> QToolButton:
        found = [
            button
            for button in self.panel.findChildren(QToolButton)
            if button.text().split(" ")[0] == mode.value
        ]
        return found[0]

    def show(self, mode: Mode) -> None:
        self.program.click(self.button(mode))
        self.settle()

    def click(self, place: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        at = self.grid.rect_of(place).center()
        self.program.bot.mouseClick(self.grid.viewport(), LEFT, held, at)
        QApplication.processEvents()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.program.key(key, held)
        QApplication.processEvents()

    def check(self, text: str) -> None:
        box = next(box for box in self.panel.findChildren(QCheckBox) if box.text() == text)
        box.click()
        self.settle()
        self.grid.setFocus()

    def words(self) -> str:
        """What the gallery says beside its controls."""
        return " ".join(label.text() for label in self.panel.findChildren(QLabel))

    @property
    def columns(self) -> int:
        first = self.grid.rect_of(0).top()
        return sum(self.grid.rect_of(place).top() == first for place in range(len(self.grid.items)))

    def is_in_view(self, place: int) -> bool:
        cell, view = self.grid.rect_of(place), self.grid.viewport().rect()
        return view.top() <= cell.top() and (cell.bottom() <= view.bottom() or cell.top() == view.top())

    def colours_of(self, area: QRect) -> set[str]:
        """Every colour in a part of the grid."""
        image = self.grid.viewport().grab(area).toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    def colour(self, at: QPoint) -> str:
        """What is painted at a place of the grid."""
        return self.grid.viewport().grab().toImage().pixelColor(at).name()


@pytest.fixture
def gallery(opened: Program) -> Gallery:
    """Opened by its key, with a lot to show."""
    opened.window.resize(1200, 900)
    opened.session.set_confidence(0.1)
    made = Gallery(opened)
    opened.key(Qt.Key.Key_V)
    made.settle()
    return made
