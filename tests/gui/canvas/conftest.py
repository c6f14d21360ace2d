"""A small data set with every outcome, shown in a canvas, and hands to use it with."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from inspector.refs import BoxRef, Side
from inspector.sources import Sources
from widgets.canvas import CanvasPanel, ImageLoader
from widgets.canvas.image_canvas import ImageCanvas
from widgets.canvas.viewport import Viewport
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Mode, Theme

FIRST, SECOND, MISSING = range(3)
PAPER = "#404850"
"""The colour of the first image."""

# x, y, width, height
HIT, MISS, CROWD = [20.0, 20, 40, 30], [120.0, 20, 40, 30], [150.0, 65, 40, 30]
FOUND, WRONG, FAINT = [22.0, 20, 40, 30], [70.0, 60, 40, 30], [120.0, 22, 40, 30]
FOUND_REF, WRONG_REF, FAINT_REF = (BoxRef(Side.DETECTION, row) for row in range(3))
HIT_REF, MISS_REF, CROWD_REF = (BoxRef(Side.OBJECT, row) for row in range(3))


def records() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """COCO ground truth and results; the third detection is below the threshold of 0.5."""
    annotations = [
        {"id": at, "image_id": 1, "category_id": 1, "bbox": box, "area": 1200, "iscrowd": int(box is CROWD)}
        for at, box in enumerate((HIT, MISS, CROWD))
    ]
    annotations.append(
        {"id": 9, "image_id": 3, "category_id": 1, "bbox": [10, 10, 60, 60], "area": 3600, "iscrowd": 0}
    )
    ground_truth = {
        "images": [
            {"id": 1, "file_name": "first.png", "width": 200, "height": 100},
            {"id": 2, "file_name": "second.png", "width": 100, "height": 200},
            {"id": 3, "file_name": "missing.png", "width": 300, "height": 300},
        ],
        "categories": [{"id": 1, "name": "cat"}],
        "annotations": annotations,
    }
    results = [
        {"image_id": 1, "category_id": 1, "bbox": box, "score": score}
        for box, score in ((FOUND, 0.9), (WRONG, 0.8), (FAINT, 0.3))
    ]
    return ground_truth, results


@dataclass
class Desk:
    """The panel with its session, and what a person does with it."""

    bot: QtBot
    session: Session
    reviewing: Reviewing
    loader: ImageLoader
    theme: Theme
    panel: CanvasPanel
    folder: Path

    @property
    def canvas(self) -> ImageCanvas:
        return self.panel.canvas

    @property
    def viewport(self) -> Viewport:
        return self.canvas.viewport

    @property
    def card(self) -> QLabel:
        found = self.canvas.findChild(QLabel)
        assert isinstance(found, QLabel)
        return found

    @property
    def header_text(self) -> str:
        """The line above the image, as a screen reader gets it."""
        self.settle()
        return next(child.accessibleName() for child in self.panel.findChildren(QWidget))

    def open(self, *, evaluated: bool = True) -> None:
        """Open the folder's data set and wait for its results and its first image."""
        signal = self.session.results_changed if evaluated else self.session.dataset_changed
        with self.bot.waitSignal(signal, timeout=60_000):
            sources = Sources(self.folder / "truth.json", self.folder / "found.json", self.folder)
            self.session.open(lambda _progress: sources)
        self.show_image(0)

    def show_image(self, image_row: int) -> None:
        """Show an image and wait until it is decoded, or known to be broken."""
        self.session.show_image(image_row)
        self.bot.waitUntil(lambda: self.loader.picture(image_row) is not None)
        self.settle()

    def settle(self) -> None:
        """Let everything that is due be done."""
        for _ in range(5):
            QTest.qWait(1)
            QApplication.processEvents()

    def at(self, x: float, y: float) -> QPoint:
        """Where a pixel of the page lies in the canvas."""
        left, top = self.viewport.to_widget((x, y))
        return QPoint(round(left), round(top))

    def point_at(self, x: float, y: float) -> None:
        """Move the mouse to a pixel of the page."""
        QTest.mouseMove(self.canvas, self.at(x, y) + QPoint(1, 1))
        QTest.mouseMove(self.canvas, self.at(x, y))
        self.settle()

    def click(self, x: float, y: float) -> None:
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, pos=self.at(x, y))
        self.settle()

    def drag(self, start: QPoint, by: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mousePress(self.canvas, button, pos=start)
        for step in range(1, 11):
            QTest.mouseMove(self.canvas, start + by * step / 10)
        QTest.mouseRelease(self.canvas, button, pos=start + by)
        self.settle()

    def turn_wheel(
        self,
        at: QPoint,
        notches: float,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        event = QWheelEvent(
            QPointF(at),
            QPointF(self.canvas.mapToGlobal(at)),
            QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.canvas, key, modifiers)
        self.settle()

    def image(self) -> QImage:
        """What the canvas shows."""
        self.settle()
        return self.panel.copy_image()

    def share(self, box: list[float], colour: str) -> float:
        """How much of a box's upper edge and of its left edge has this colour, leaving out the corners."""
        image, wanted = self.image(), QColor(colour).rgb()
        start, end = self.at(box[0], box[1]), self.at(box[0] + box[2], box[1] + box[3])
        upper = [image.pixel(x, start.y()) == wanted for x in range(start.x() + 6, end.x() - 6)]
        left = [image.pixel(start.x(), y) == wanted for y in range(start.y() + 20, end.y() - 6)]
        return min(sum(upper) / len(upper), sum(left) / len(left))

    def runs(self, box: list[float], colour: str) -> int:
        """How many separate pieces of this colour the left edge of a box has."""
        image, wanted = self.image(), QColor(colour).rgb()
        start, end = self.at(box[0], box[1]), self.at(box[0] + box[2], box[1] + box[3])
        hits = [image.pixel(start.x(), y) == wanted for y in range(start.y() + 4, end.y() - 4)]
        return sum(now and not before for before, now in zip([False, *hits], hits, strict=False))

    def holds(self, colour: str) -> bool:
        """Whether any pixel of the canvas has this colour."""
        image, wanted = self.image(), QColor(colour).rgb()
        return any(image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width()))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A canvas of 608 x 400 or so, nothing opened."""
    ground_truth, results = records()
    (tmp_path / "truth.json").write_text(json.dumps(ground_truth), encoding="utf-8")
    (tmp_path / "found.json").write_text(json.dumps(results), encoding="utf-8")
    Image.new("RGB", (200, 100), PAPER).save(tmp_path / "first.png")
    Image.new("RGB", (100, 200), "#602020").save(tmp_path / "second.png")
    theme, session = Theme(Mode.DARK), Session()
    loader = ImageLoader(session)
    reviewing = Reviewing(session, "Ada")
    panel = CanvasPanel(session, reviewing, theme, loader)
    qtbot.addWidget(panel)
    panel.resize(608, 460)
    with qtbot.waitExposed(panel):
        panel.show()
    yield Desk(qtbot, session, reviewing, loader, theme, panel, tmp_path)
    panel.close_jobs()
    loader.close()
    reviewing.close()
    session.close()


@pytest.fixture
def opened(desk: Desk) -> Desk:
    """The same with the data set open and evaluated, at confidence 0.5."""
    desk.open()
    return desk
