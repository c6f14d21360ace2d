"""Which images are decoded, in which order, and which results count."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from inspector.images import ImagePixels, ImageProblem
from tests.gui.canvas.conftest import FIRST, MISSING, SECOND, Desk
from widgets.canvas import CanvasPanel, ImageLoader, Layer
from widgets.theme import DARK


def _pixels(width: int, height: int, grey: int) -> ImagePixels:
    whole = np.full((height, width, 4), grey, dtype=np.uint8)
    whole[:, :, 3] = 255
    whole.setflags(write=False)
    return ImagePixels((whole,), "")


class SlowDecoder:
    """Decodes when it is told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.gates: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def gate(self, name: str) -> threading.Event:
        with self._lock:
            return self.gates.setdefault(name, threading.Event())

    def __call__(self, path: Path, declared: tuple[int, int] | None) -> ImagePixels:
        self.begun.append(path.name)
        assert self.gate(path.name).wait(10)
        width, height = declared or (10, 10)
        return _pixels(width, height, 10 if path.name == "first.png" else 200)


@pytest.fixture
def decoder() -> Iterator[SlowDecoder]:
    made = SlowDecoder()
    yield made
    for name in ("first.png", "second.png", "missing.png"):
        made.gate(name).set()


@pytest.fixture
def slow(opened: Desk, decoder: SlowDecoder) -> Iterator[ImageLoader]:
    """A loader with one worker beside the desk's own."""
    loader = ImageLoader(opened.session, decode=decoder, threads=1)
    yield loader
    for gate in list(decoder.gates.values()):
        gate.set()
    loader.close()


def _begun(bot: QtBot, decoder: SlowDecoder, *names: str) -> None:
    bot.waitUntil(lambda: decoder.begun == list(names))


def test_the_image_of_an_earlier_row_is_never_shown_under_the_boxes_of_another(
    opened: Desk, slow: ImageLoader, decoder: SlowDecoder, qtbot: QtBot
) -> None:
    panel = CanvasPanel(opened.session, opened.reviewing, opened.theme, slow)
    qtbot.addWidget(panel)
    panel.set_layer(Layer.LABELS, False)
    panel.resize(500, 500)
    panel.show()

    def middle() -> QColor:
        opened.settle()
        return panel.copy_image().pixelColor(panel.canvas.rect().center())

    _begun(qtbot, decoder, "first.png")
    opened.session.show_image(SECOND)
    assert middle() == QColor(DARK.blank)
    with qtbot.waitSignal(slow.loaded):
        decoder.gate("first.png").set()
    assert middle() == QColor(DARK.blank)
    _begun(qtbot, decoder, "first.png", "second.png")
    with qtbot.waitSignal(slow.loaded):
        decoder.gate("second.png").set()
    assert middle() == QColor(200, 200, 200)
    opened.session.show_image(FIRST)
    assert middle() == QColor(10, 10, 10)


def test_the_newest_wish_is_decoded_first_and_what_nobody_wants_any_more_never(
    opened: Desk, slow: ImageLoader, decoder: SlowDecoder
) -> None:
    slow.request(FIRST)
    _begun(opened.bot, decoder, "first.png")
    slow.request(MISSING)
    slow.request(SECOND)
    with opened.bot.waitSignals([slow.loaded, slow.loaded]):
        decoder.gate("first.png").set()
        decoder.gate("second.png").set()
    assert decoder.begun == ["first.png", "second.png"]
    assert slow.picture(MISSING) is None


def test_neighbours_are_decoded_after_the_image_itself(
    opened: Desk, slow: ImageLoader, decoder: SlowDecoder
) -> None:
    slow.prefetch([SECOND, 99, -1])
    assert decoder.begun == []
    slow.request(FIRST)
    decoder.gate("first.png").set()
    decoder.gate("second.png").set()
    opened.bot.waitUntil(lambda: slow.picture(SECOND) is not None)
    assert decoder.begun == ["first.png", "second.png"]


def test_a_result_for_another_data_set_is_dropped(
    opened: Desk, slow: ImageLoader, decoder: SlowDecoder
) -> None:
    slow.request(FIRST)
    _begun(opened.bot, decoder, "first.png")
    opened.open()
    loaded: list[int] = []
    slow.loaded.connect(loaded.append)
    decoder.gate("first.png").set()
    opened.bot.wait(100)
    assert loaded == []
    assert slow.picture(FIRST) is None


def test_what_was_decoded_is_kept_as_far_as_the_bytes_allow(
    opened: Desk, wait_for: Callable[[ImageLoader, int], None]
) -> None:
    begun: list[str] = []

    def decode(path: Path, declared: tuple[int, int] | None) -> ImagePixels:
        begun.append(path.name)
        assert declared is not None
        return _pixels(*declared, 50)

    loader = ImageLoader(opened.session, decode=decode, max_bytes=100_000)  # one image has 80,000
    for row in (FIRST, FIRST, SECOND, FIRST):
        wait_for(loader, row)
    assert begun == ["first.png", "second.png", "first.png"]
    loader.close()


def test_the_current_image_is_kept_even_if_it_alone_exceeds_the_bytes(
    opened: Desk, wait_for: Callable[[ImageLoader, int], None]
) -> None:
    loader = ImageLoader(opened.session, decode=lambda _path, _declared: _pixels(200, 100, 1), max_bytes=10)
    wait_for(loader, FIRST)
    assert isinstance(loader.picture(FIRST), ImagePixels)
    loader.close()


def test_a_decoder_that_fails_is_a_problem_of_that_image(
    opened: Desk, wait_for: Callable[[ImageLoader, int], None]
) -> None:
    def decode(_path: Path, _declared: tuple[int, int] | None) -> ImagePixels:
        raise ValueError("odd")

    loader = ImageLoader(opened.session, decode=decode)
    wait_for(loader, FIRST)
    problem = loader.picture(FIRST)
    assert isinstance(problem, ImageProblem)
    assert problem.reason == "ValueError: odd"
    loader.close()


def test_an_image_that_comes_back_is_shown_when_it_is_visited_again(opened: Desk) -> None:
    opened.show_image(MISSING)
    assert isinstance(opened.loader.picture(MISSING), ImageProblem)
    (opened.folder / "missing.png").write_bytes((opened.folder / "first.png").read_bytes())
    opened.show_image(FIRST)
    opened.session.show_image(MISSING)
    opened.bot.waitUntil(lambda: isinstance(opened.loader.picture(MISSING), ImagePixels))


def test_closing_waits_for_the_worker_and_drops_its_result(
    opened: Desk, slow: ImageLoader, decoder: SlowDecoder
) -> None:
    slow.request(FIRST)
    _begun(opened.bot, decoder, "first.png")
    loaded: list[int] = []
    slow.loaded.connect(loaded.append)
    threading.Timer(0.05, decoder.gate("first.png").set).start()
    slow.close()
    opened.settle()
    assert loaded == []
    slow.request(SECOND)
    opened.settle()
    assert decoder.begun == ["first.png"]


@pytest.fixture
def wait_for(qtbot: QtBot) -> Callable[[ImageLoader, int], None]:
    def wait(loader: ImageLoader, row: int) -> None:
        loader.request(row)
        qtbot.waitUntil(lambda: loader.picture(row) is not None)

    return wait
