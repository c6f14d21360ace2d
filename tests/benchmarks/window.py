"""The measured side of responsiveness.py: a process with the real window."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import main  # the program's own imports are part of its start


def launch() -> dict[str, float]:
    """Seconds from the start of the process to the painted first page."""
    from PySide6.QtCore import QEvent, QObject

    application, window = _window()

    class Painted(QObject):
        at = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.at:
                self.at = time.time()
            return super().eventFilter(watched, event)

    painted = Painted()
    window.centralWidget().installEventFilter(painted)
    window.show()
    while not painted.at:
        application.processEvents()
    application.processEvents()
    seconds = time.time() - float(os.environ["STARTED_AT"])
    window.close()
    return {"seconds": round(seconds, 3)}


def measure(truth: Path, found: Path, moves: int) -> dict[str, object]:
    """Open, evaluate, drag, go on to the next image."""
    from inspector.sources import Sources

    application, window = _window()
    window.resize(1600, 1000)
    window.show()
    session = window.session
    gaps = _Gaps()
    times: dict[str, float] = {}

    def until(done: Callable[[], bool]) -> None:
        while not done():
            application.processEvents()
            gaps.tick()
            time.sleep(0.0005)

    until(lambda: True)
    session.dataset_changed.connect(lambda: times.setdefault("read", time.perf_counter()))
    session.results_changed.connect(lambda: times.setdefault("evaluated", time.perf_counter()))
    opened = time.perf_counter()
    gaps.start("reading")
    window.open_sources(Sources(truth, found))
    until(lambda: "read" in times)
    gaps.start("evaluating")
    until(lambda: "evaluated" in times)
    settled = time.perf_counter() + 1.0
    until(lambda: time.perf_counter() > settled and window.workspace.is_idle())
    gaps.start("keeping")
    at_the_latest = time.perf_counter() + 60
    until(lambda: _is_kept(session) or time.perf_counter() > at_the_latest)
    report: dict[str, object] = {
        "load_seconds": round(times["read"] - opened, 2),
        "evaluate_seconds": round(times["evaluated"] - times["read"], 2),
        "longest_gap_ms": gaps.longest,
        "peak_memory_mb_opened": _peak_megabytes(),
    }
    if moves:
        report["drag_ms"] = _drag(application, window, moves)
        report["next_image_ms"] = _next_images(application, window, min(moves, 100))
    report["peak_memory_mb"] = _peak_megabytes()
    window.close()
    return report


def _is_kept(session) -> bool:  # type: ignore[no-untyped-def]
    """Whether nothing more will be written to open the data again at once."""
    from inspector.cache import usage

    kept = usage()
    return session.dataset.content is None or kept.folder is None or kept.entries >= 2


class _Gaps:
    """The longest pause between two turns of the event loop, by phase."""

    def __init__(self) -> None:
        self.longest: dict[str, float] = {}
        self._phase, self._last = "", time.perf_counter()

    def start(self, phase: str) -> None:
        self._phase = phase

    def tick(self) -> None:
        now = time.perf_counter()
        gap = round((now - self._last) * 1000, 1)
        self._last = now
        if self._phase and gap > self.longest.get(self._phase, 0.0):
            self.longest[self._phase] = gap


def _drag(application, window, moves: int) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Milliseconds from a changed threshold to everything painted."""
    workspace = window.workspace
    views = [
        workspace.canvas.canvas,
        workspace.images.table.viewport(),
        workspace.curves.plot.viewport(),
        workspace.classes.viewport(),
    ]
    painted = _Painted(views)
    taken = []
    for move in range(moves):
        confidence = 0.1 + 0.8 * abs((2 * move / 100) % 2 - 1) + 0.0001 * (move % 7)
        painted.forget()
        begun = time.perf_counter()
        window.session.set_confidence(confidence)
        while not painted.all() and time.perf_counter() - begun < 1:
            application.processEvents()
        taken.append((time.perf_counter() - begun) * 1000)
    return _percentiles(taken)


def _next_images(application, window, moves: int) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Milliseconds from asking for the next image to its painted pixels, when it was decoded ahead."""
    workspace = window.workspace
    painted = _Painted([workspace.canvas.canvas])
    taken = []
    for _ in range(moves):
        rest = time.perf_counter() + 0.05
        while not workspace.is_idle() or time.perf_counter() < rest:
            application.processEvents()
            time.sleep(0.001)
        painted.forget()
        begun = time.perf_counter()
        workspace.images.step(1)
        while not painted.all() or workspace.loader.picture(window.session.image_row) is None:
            application.processEvents()
        taken.append((time.perf_counter() - begun) * 1000)
    return _percentiles(taken)


def _percentiles(taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    at = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {
        name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)
        for name, share in at.items()
    }


def _window():  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QSettings, QTemporaryDir

    from inspector.sources import demo_sources
    from widgets.application import make_application
    from widgets.reviewing import Reviewing
    from widgets.session import Session
    from widgets.theme import Mode, Theme
    from widgets.window.main_window import MainWindow
    from widgets.window.settings import Settings

    application = make_application()
    folder = QTemporaryDir()
    settings = Settings(QSettings(folder.filePath("settings.ini"), QSettings.Format.IniFormat))
    session = Session()
    window = MainWindow(session, Reviewing(session, "benchmark"), Theme(Mode.DARK), settings, demo_sources)
    window.temporary_folder = folder
    return application, window


def _Painted(views):  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QEvent, QObject

    class Painted(QObject):
        """Which of the views have been painted since `forget`."""

        def __init__(self) -> None:
            super().__init__()
            self._seen: set[int] = set()
            for view in views:
                view.installEventFilter(self)

        def forget(self) -> None:
            self._seen.clear()

        def all(self) -> bool:
            return len(self._seen) == len(views)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self._seen.add(id(watched))
            return super().eventFilter(watched, event)

    return Painted()


def _peak_megabytes() -> float:
    if sys.platform == "win32":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))


if __name__ == "__main__":
    assert main
    command, *rest = sys.argv[1:]
    result = launch() if command == "launch" else measure(Path(rest[0]), Path(rest[1]), int(rest[2]))
    print(json.dumps(result))
