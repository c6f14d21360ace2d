"""A small data set on disk, and the whole window with hands to use it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox, QPushButton, QToolBar, QWidget
from pytestqt.qtbot import QtBot

import inspector.kernels  # noqa: F401  # settles where compiled kernels lie, before a test moves the cache
from inspector.errors import CancelledError
from inspector.evaluation.operating_point import Counts, total_counts
from inspector.progress import Progress
from inspector.sources import Sources, demo_sources
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Mode, Theme
from widgets.window.class_table import ClassTable
from widgets.window.main_window import MainWindow
from widgets.window.settings import Settings
from widgets.window.status_bar import StatusBar
from widgets.window.welcome import WelcomePage
from widgets.window.workspace import Workspace

LONG = 10_000
"""Milliseconds that a wait may take before the test fails."""
CLASSES = ("apple", "bus", "cat", "dog", "kite", "zebra")
APPLE, BUS, CAT, DOG, KITE, ZEBRA = range(6)
"""Nothing is labelled kite; no zebra is ever detected."""
IMAGES = 12
Record = dict[str, Any]
Part = TypeVar("Part", bound=QWidget)
_LEFT = Qt.MouseButton.LeftButton
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


def records(images: int = IMAGES, seed: int = 7) -> tuple[Record, list[Record]]:
    """COCO ground truth and detections: hits of every IoU, misses and false alarms."""
    dice = np.random.default_rng(seed)
    annotations: list[Record] = []
    results: list[Record] = []
    for image_id in range(1, images + 1):
        for number in range(6):
            category = int(dice.choice([APPLE, BUS, CAT, DOG, ZEBRA], p=[0.4, 0.2, 0.2, 0.15, 0.05])) + 1
            box = [10 + 95 * number, 20 + 60 * (number % 3), 50, 40]
            place = {"image_id": image_id, "category_id": category}
            annotations.append({"id": len(annotations) + 1, **place, "bbox": box, "area": 2000, "iscrowd": 0})
            if category != ZEBRA + 1 and dice.random() < 0.8:
                moved = [box[0] + float(dice.uniform(0, 12)), *box[1:]]
                results.append({**place, "bbox": moved, "score": round(float(dice.uniform(0.2, 1)), 4)})
        for _ in range(2):
            wrong = {"image_id": image_id, "category_id": int(dice.choice([APPLE, CAT, KITE])) + 1}
            box = [float(dice.uniform(0, 500)), 300, 60, 60]
            results.append({**wrong, "bbox": box, "score": round(float(dice.uniform(0, 0.8)), 4)})
    truth = {
        "images": [
            {"id": image_id, "file_name": f"shot_{image_id:02}.png", "width": 640, "height": 480}
            for image_id in range(1, images + 1)
        ],
        "categories": [{"id": row + 1, "name": name} for row, name in enumerate(CLASSES)],
        "annotations": annotations,
    }
    return truth, results


def write_set(folder: Path, truth: Record, results: list[Record], *, pictures: bool = False) -> Sources:
    """Put a data set into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = Sources(folder / "labels.json", folder / "found.json")
    sources.ground_truth.write_text(json.dumps(truth), encoding="utf-8")
    sources.detections.write_text(json.dumps(results), encoding="utf-8")
    if pictures:
        for image in truth["images"]:
            Image.new("RGB", (64, 48), (40, 90, 160)).save(folder / image["file_name"])
    return sources


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """The data set of `records`, with pictures."""
    return write_set(tmp_path / "first", *records(), pictures=True)


@pytest.fixture
def other_sources(tmp_path: Path) -> Sources:
    """Another one, without pictures."""
    return write_set(tmp_path / "second", *records(images=4, seed=1))


@pytest.fixture
def seen() -> Callable[[Any], list[tuple[Any, ...]]]:
    """A list that grows with each emission of a signal."""

    def record(signal: Any) -> list[tuple[Any, ...]]:
        emissions: list[tuple[Any, ...]] = []
        signal.connect(lambda *values: emissions.append(values))
        return emissions

    return record


@dataclass
class Gate:
    """Work that waits until the test lets it go on, and that can be cancelled meanwhile."""

    entered: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)
    was_cancelled: threading.Event = field(default_factory=threading.Event)

    def hold(self, progress: Progress, stage: str = "Waiting", fraction: float = 0.4) -> None:
        self.entered.set()
        try:
            while not self.opened.wait(0.005):
                progress(stage, fraction)
        except CancelledError:
            self.was_cancelled.set()
            raise

    def find(self, sources: Sources) -> Callable[[Progress], Sources]:
        """Finds the sources once the gate is open."""

        def find(progress: Progress) -> Sources:
            self.hold(progress)
            return sources

        return find


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.opened.set()


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    del qtbot
    made = Session()
    yield made
    made.close()


def open_in(bot: QtBot, session: Session, sources: Sources) -> None:
    """Open in a session and wait for the results."""
    with bot.waitSignal(session.results_changed, timeout=LONG):
        session.open(lambda _progress: sources)


@dataclass
class Program:
    """The window, its session, and hands to use it with."""

    bot: QtBot
    window: MainWindow
    session: Session
    reviewing: Reviewing
    theme: Theme

    @property
    def workspace(self) -> Workspace:
        assert self.window.workspace is not None
        return self.window.workspace

    @property
    def class_table(self) -> ClassTable:
        return self.workspace.classes

    # --- opening ---

    def open(self, sources: Sources) -> None:
        """Open, and wait until it is evaluated and shown."""
        with self.bot.waitSignal(self.session.results_changed, timeout=LONG):
            self.window.open_sources(sources)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is left to load, to build or to lay out."""
        bar, line = self.part(QToolBar), self.workspace.images.filter_line
        QApplication.sendPostedEvents()
        self.bot.waitUntil(lambda: line.isVisible() or bar.isHidden(), timeout=LONG)
        self.bot.waitUntil(lambda: self.session.activity is None, timeout=LONG)
        self.bot.waitUntil(self.workspace.is_idle, timeout=LONG)
        self.keep()
        self.bot.waitUntil(lambda: self.session.wish == self.session.point, timeout=LONG)

    def drop(self, *paths: Path) -> bool:
        """Drag files over the window and let go; False where it does not take them."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        at = self.window.rect().center()
        copy, nothing = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(at, copy, data, _LEFT, nothing)
        QApplication.sendEvent(self.window, entering)
        if not entering.isAccepted():
            return False
        QApplication.sendEvent(self.window, QDropEvent(QPointF(at), copy, data, _LEFT, nothing))
        return True

    def keep(self) -> None:
        """Wait until what was judged is on disk, and shown."""
        self.bot.waitUntil(lambda: not self.reviewing.is_busy, timeout=LONG)

    # --- looking ---

    def part(self, kind: type[Part], number: int = 0) -> Part:
        """A part of the window by its kind."""
        return self.window.findChildren(kind)[number]

    @property
    def is_at_welcome(self) -> bool:
        return self.part(WelcomePage).isVisible()

    def buttons(self, parent: QWidget | None = None) -> dict[str, QPushButton]:
        """The visible buttons by their text."""
        found = (parent or self.window).findChildren(QPushButton)
        return {button.text(): button for button in found if button.isVisible()}

    def welcome_texts(self) -> list[str]:
        return [label.text() for label in self.part(WelcomePage).findChildren(QLabel) if label.isVisible()]

    def status_html(self) -> str:
        """What the status bar says."""
        labels = self.part(StatusBar).findChildren(QLabel)
        return " ".join(label.text() for label in labels if label.isVisible())

    def status(self) -> str:
        """What the status bar says, without marks."""
        return " ".join(re.sub("<[^>]*>", "", self.status_html()).replace("&nbsp;", " ").split())

    def messages(self) -> list[str]:
        """What the open message boxes say."""
        return [box.text() for box in self.window.findChildren(QMessageBox) if box.isVisible()]

    def counts(self) -> Counts:
        """What everything must show."""
        assert self.session.results is not None
        return total_counts(self.session.results.at, self.session.point.confidence)

    def class_texts(self, column: int) -> list[str]:
        model = self.class_table.model()
        return [str(model.index(row, column).data()) for row in range(model.rowCount())]

    # --- doing ---

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        self.bot.mouseClick(widget, _LEFT, pos=at or widget.rect().center())

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NO_MODIFIER) -> None:
        """Press a key where the focus is, and wait until what it judged is kept."""
        self.bot.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.keep()

    def choose(self, menu: str, text: str) -> None:
        """Choose an entry of a menu."""
        for top in self.window.menuBar().actions():
            if top.text().replace("&", "") == menu:
                entries = [action for action in top.menu().actions() if action.text() == text]
                entries[0].trigger()
                return
        raise AssertionError(menu)

    def choose_theme(self, text: str) -> None:
        """Light, dark or system."""
        menus = [menu for menu in self.window.findChildren(QMenu) if menu.title() == "Theme"]
        next(action for action in menus[0].actions() if action.text() == text).trigger()


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


@pytest.fixture
def start(
    qtbot: QtBot, settings_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Program]]:
    """Starts the program; what it remembers and what it makes stays in the test's folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    started: list[Program] = []

    def begin() -> Program:
        settings = Settings(QSettings(str(settings_file), QSettings.Format.IniFormat))
        theme = Theme(settings.theme if settings.theme is not Mode.SYSTEM else Mode.DARK)
        session = Session()
        reviewing = Reviewing(session, settings.reviewer or "Ada", settings)
        window = MainWindow(session, reviewing, theme, settings, demo_sources)
        program = Program(qtbot, window, session, reviewing, theme)
        started.append(program)
        window.show()
        window.activateWindow()
        with qtbot.waitActive(window):
            pass
        return program

    yield begin
    for program in started:
        program.window.close()
        program.window.deleteLater()
        program.session.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def program(start: Callable[[], Program]) -> Program:
    """The program as it starts."""
    return start()


@pytest.fixture
def opened(program: Program, sources: Sources) -> Program:
    """The program with the data set open and evaluated."""
    program.open(sources)
    return program
