"""A small data set, opened in a session and shown in the image table."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.sources import Sources
from widgets.filter_line import SavedFilters
from widgets.image_table import ImageTable, ImageTableModel, ImageTablePanel, Role, ThumbnailLoader
from widgets.image_table.model import section_of
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Mode, Theme

PERSON, CAR = 1, 2
# name: class, number of objects, scores of detections that hit one each, scores of detections that miss
IMAGES: dict[str, tuple[int, int, list[float], list[float]]] = {
    "img10.jpg": (PERSON, 3, [0.9, 0.6], [0.8]),
    "img9.jpg": (PERSON, 2, [0.9], [0.7, 0.55]),
    "img2.jpg": (CAR, 1, [0.9], [0.3]),
    "Zebra.jpg": (CAR, 0, [], [0.95]),
    "alpha.jpg": (PERSON, 4, [], []),
    "empty.jpg": (PERSON, 0, [], []),
}
IMG10, IMG9, IMG2, ZEBRA, ALPHA, EMPTY = range(6)


def records(images: dict[str, tuple[int, int, list[float], list[float]]]) -> tuple[dict[str, Any], list[Any]]:
    """COCO records: objects in a row at the top, misses below them."""
    annotations: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for image_id, (category, objects, hits, misses) in enumerate(images.values()):
        place = {"image_id": image_id, "category_id": category}
        for number in range(objects):
            box = [40 * number, 0, 20, 20]
            annotations.append({"id": len(annotations) + 1, **place, "bbox": box, "area": 400, "iscrowd": 0})
        for number, score in enumerate(hits):
            results.append({**place, "bbox": [40 * number, 0, 20, 20], "score": score})
        for number, score in enumerate(misses):
            results.append({**place, "bbox": [40 * number, 200, 20, 20], "score": score})
    ground_truth = {
        "images": [
            {"id": image_id, "file_name": name, "width": 640, "height": 480}
            for image_id, name in enumerate(images)
        ],
        "categories": [{"id": PERSON, "name": "person"}, {"id": CAR, "name": "car"}],
        "annotations": annotations,
    }
    return ground_truth, results


@dataclass
class Window:
    """The panel with its filter line above it, and hands to use it with."""

    bot: QtBot
    session: Session
    reviewing: Reviewing
    saved: SavedFilters
    panel: ImageTablePanel
    thumbnails: ThumbnailLoader
    theme: Theme
    folder: Path

    @property
    def table(self) -> ImageTable:
        return self.panel.table

    @property
    def model(self) -> ImageTableModel:
        model = self.table.model()
        assert isinstance(model, ImageTableModel)
        return model

    def open(self, ground_truth: dict[str, Any], results: list[Any], *, evaluated: bool = True) -> None:
        """Open other files and wait."""
        truth, detections = self.folder / "truth.json", self.folder / "detections.json"
        truth.write_text(json.dumps(ground_truth), encoding="utf-8")
        detections.write_text(json.dumps(results), encoding="utf-8")
        before = self.session.dataset
        signal = self.session.results_changed if evaluated else self.session.dataset_changed
        with self.bot.waitSignal(signal, timeout=60_000):
            self.session.open(lambda _progress: Sources(truth, detections, self.folder))
        assert self.session.dataset is not before

    def names(self) -> list[str]:
        """The file names in the table, from the top."""
        return self.texts("name")

    def texts(self, key: str) -> list[str]:
        section = section_of(key)
        return [str(self.model.index(row, section).data()) for row in range(self.model.rowCount())]

    def numbers(self, key: str, role: int = Role.SORT) -> list[Any]:
        section = section_of(key)
        return [self.model.index(row, section).data(role) for row in range(self.model.rowCount())]

    def selected_names(self) -> list[str]:
        names = self.names()
        return [names[row] for row in self.table.selected_rows()]

    def current_name(self) -> str:
        assert self.session.dataset is not None
        assert self.session.image_row is not None
        return self.session.dataset.images.file_names[self.session.image_row]

    def click_header(self, key: str) -> None:
        header = self.table.horizontalHeader()
        section = section_of(key)
        self.table.scrollTo(self.model.index(0, section))
        x = header.sectionViewportPosition(section) + header.sectionSize(section) // 2
        self.bot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2))

    def click_row(self, row: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        pos = self.table.visualRect(self.model.index(row, 1)).center()
        self.bot.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, modifier, pos)

    def type_filter(self, text: str) -> None:
        """Type over what stands in the filter line, and wait until it counts."""
        line = self.panel.filter_line
        line.setFocus()
        line.selectAll()
        self.bot.keyClicks(line, text)
        self.bot.keyClick(line, Qt.Key.Key_Return)

    def settle(self) -> None:
        """Wait until what was judged is kept, and shown."""
        self.bot.waitUntil(lambda: not self.reviewing.is_busy, timeout=60_000)

    def drag_to(self, *confidences: float) -> None:
        for confidence in confidences:
            self.session.set_confidence(confidence)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    """The images above, evaluated, at confidence 0.5 and in the data set's order."""
    for name in list(IMAGES)[:-1]:  # there is no file for the last one
        Image.new("RGB", (64, 48), (40, 90, 160)).save(tmp_path / name)
    theme, session, thumbnails = Theme(Mode.DARK), Session(), ThumbnailLoader()
    reviewing, saved = Reviewing(session, "Ada"), SavedFilters()
    panel = ImageTablePanel(session, reviewing, theme, thumbnails, saved)
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.addWidget(panel.filter_line)
    layout.addWidget(panel)
    panel.filter_line.show()
    qtbot.addWidget(whole)
    window = Window(qtbot, session, reviewing, saved, panel, thumbnails, theme, tmp_path)
    whole.resize(900, 500)
    with qtbot.waitExposed(whole):
        whole.show()
    window.open(*records(IMAGES))
    yield window
    panel.close_jobs()
    thumbnails.close()
    reviewing.close()
    session.close()


@pytest.fixture
def count_of(qtbot: QtBot) -> Callable[[Any], list[object]]:
    """A list that grows with each emission of a signal."""
    del qtbot

    def record(signal: Any) -> list[object]:
        seen: list[object] = []
        signal.connect(lambda *values: seen.append(values))
        return seen

    return record
