"""How smooth the gallery is.

`python tests/benchmarks/gallery.py --items 1000000` makes COCO-like data with at least that many false
positives, shows them in the real gallery (offscreen, 1600 x 900), and prints one JSON document:

* fill_seconds: from another mode to the painted grid, and from another order;
* scroll_ms: from a moved scroll bar to the painted grid, by notches of the wheel, by pages, and by jumps
  to anywhere, while crops are decoded in the background; and an arrow key held down; of these, what the
  window's thread itself worked (other programs do not disturb that);
* crops_ms: from a jump until every visible crop has its final pixels;
* longest_gap_ms: the longest time in which the window could not have answered while filling;
* memory_mb: of the process before the gallery was shown, and its peak; crops_mb: kept in the end.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

STEPS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--side", type=int, default=128, help="of the crops, in pixels")
    parser.add_argument("--data", type=Path, help="keep the data in this folder and use it again")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.benchmarks.data import make_data

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary) / "data"
        truth, found = folder / "ground_truth.json", folder / "detections.json"
        if not found.exists():
            make_data(folder, max(100, options.items // 50), 80, options.items * 6 // 5)
        print(json.dumps(measure(truth, found, options.side), indent=2))


def measure(truth: Path, found: Path, side: int) -> dict[str, object]:
    """Open, show, scroll."""
    from inspector.sources import Sources
    from tests.benchmarks.window import _peak_megabytes
    from widgets.application import make_application
    from widgets.filter_line import SavedFilters
    from widgets.gallery import GalleryPanel
    from widgets.gallery.items import Mode, Order, Sorting
    from widgets.reviewing import Reviewing
    from widgets.session import Session
    from widgets.theme import Mode as Look
    from widgets.theme import Theme

    application = make_application()
    session = Session()
    evaluated: list[bool] = []
    session.results_changed.connect(lambda: evaluated.append(True))
    session.set_confidence(0.0)
    session.open(lambda _progress: Sources(truth, found))
    gap = [0.0]

    def until(done: Callable[[], bool]) -> None:
        last = time.perf_counter()
        while not done():
            application.processEvents()
            now = time.perf_counter()
            gap[0], last = max(gap[0], (now - last) * 1000), now
            time.sleep(0.0005)

    until(lambda: bool(evaluated))
    before = _resident_megabytes()
    panel = GalleryPanel(
        session, Reviewing(session, "benchmark"), Theme(Look.DARK), None, SavedFilters(), list
    )
    panel.resize(1600, 900)
    panel.set_side(side)
    panel.show()
    gap[0] = 0.0
    fill = {}
    for name, wish in (
        ("mode", lambda: panel.set_seen(True)),
        ("order", lambda: panel.set_sorting(Sorting(Order.SIZE, False))),
        ("worst_iou", lambda: panel.set_sorting(Sorting(Order.IOU, True))),
    ):
        started = time.perf_counter()
        wish()
        until(lambda: not panel.is_filling)
        application.processEvents()
        fill[name] = round(time.perf_counter() - started, 3)
    assert panel.choices.mode is Mode.FP
    report: dict[str, object] = {
        "items": len(panel.grid.items),
        "visible": len(panel.grid.visible()),
        "fill_seconds": fill,
        "longest_gap_ms": round(gap[0], 1),
        "scroll_ms": _scroll(application, panel),
        "crops_ms": _crops(application, panel),
        "memory_mb": {"before": before, "after": _resident_megabytes(), "peak": _peak_megabytes()},
        "crops_mb": round(panel.loader.nbytes / 2**20, 1),
    }
    panel.close_jobs()
    session.close()
    return report


def _scroll(application, panel) -> dict[str, dict[str, float]]:  # type: ignore[no-untyped-def]
    import numpy as np
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from tests.benchmarks.window import _Painted, _percentiles

    painted = _Painted([panel.grid.viewport()])
    bar = panel.grid.verticalScrollBar()
    dice = np.random.default_rng(1)
    places = dice.integers(0, bar.maximum(), STEPS).tolist()
    moves = {
        "notch": lambda _: bar.setValue(bar.value() + 3 * bar.singleStep()),
        "page": lambda _: bar.setValue(bar.value() + bar.pageStep()),
        "jump": lambda step: bar.setValue(places[step]),
        "arrow": lambda _: QTest.keyClick(panel.grid, Qt.Key.Key_Down),
    }
    report = {}
    for name, move in moves.items():
        bar.setValue(0)
        taken, worked = [], []
        for step in range(STEPS):
            painted.forget()
            begun, from_work = time.perf_counter(), time.thread_time()
            move(step)
            while not painted.all() and time.perf_counter() - begun < 1:
                application.processEvents()
            taken.append((time.perf_counter() - begun) * 1000)
            worked.append((time.thread_time() - from_work) * 1000)
            rest = time.perf_counter() + 0.004  # somebody scrolls, and nothing else is pressed
            while time.perf_counter() < rest:
                application.processEvents()
        report[name] = _percentiles(taken) | {"p95_of_work": _percentiles(worked)["p95"]}
    return report


def _crops(application, panel) -> dict[str, float]:  # type: ignore[no-untyped-def]
    import numpy as np

    from tests.benchmarks.window import _percentiles

    bar = panel.grid.verticalScrollBar()
    dice = np.random.default_rng(2)
    taken = []
    for place in dice.integers(0, bar.maximum(), 30).tolist():
        begun = time.perf_counter()
        bar.setValue(place)
        application.processEvents()
        form, cells, visible = panel.grid.form, panel.grid.cells, panel.grid.visible()

        def sharp(position: int, form=form, cells=cells) -> bool:  # type: ignore[no-untyped-def]
            picture = panel.loader.picture(cells[position].wanted)
            return picture is not None and picture.form == form

        while not all(map(sharp, visible)):
            application.processEvents()
            time.sleep(0.0005)
        taken.append((time.perf_counter() - begun) * 1000)
    return _percentiles(taken)


def _resident_megabytes() -> float:
    """Of this process now; nan where the system does not tell it in this way."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return round(int(lines["VmRSS"].split()[0]) / 1024)


if __name__ == "__main__":
    main()
