"""The program as a process: errors that nobody expected, and files that cannot be opened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from inspector.sources import Sources

ROOT = Path(__file__).parents[2]

_BROKEN_KEY = """
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from inspector.sources import Sources
from widgets import application
from widgets.window.main_window import MainWindow


def broken(window, step):
    raise RuntimeError("no way forward")


MainWindow.step = broken


def press():
    window = next(top for top in QApplication.topLevelWidgets() if isinstance(top, MainWindow))
    if window.session.results is None:
        return
    boxes = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    if boxes:
        print(*(box.text() for box in boxes), sep="\\n")
        timer.stop()
        window.close()
    else:
        QTest.keyClick(window, Qt.Key.Key_D)


def find(progress):
    return Sources(Path(sys.argv[1]), Path(sys.argv[2]))


timer = QTimer(interval=20)
timer.timeout.connect(press)
QTimer.singleShot(0, timer.start)
sys.exit(application.run(find, None))
"""


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A process whose settings and cache lie in a folder of the test."""
    own = {
        name: str(folder / name) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA")
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **own},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def test_an_error_that_nobody_expected_is_one_line_and_a_file(sources: Sources, tmp_path: Path) -> None:
    script = tmp_path / "press.py"
    script.write_text(_BROKEN_KEY, encoding="utf-8")
    done = run(str(script), str(sources.ground_truth), str(sources.detections), folder=tmp_path)
    log = next(tmp_path.rglob("last-error.txt"))
    line = f"Unexpected RuntimeError: no way forward (details are in {log})"
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [line]
    errors = [text for text in done.stderr.splitlines() if "This plugin does not support" not in text]
    assert errors == [line]
    assert "in broken" in log.read_text(encoding="utf-8")


def test_files_of_the_command_line_that_cannot_be_opened_end_the_program(
    sources: Sources, tmp_path: Path
) -> None:
    sources.detections.write_text("[{", encoding="utf-8")
    done = run(
        str(ROOT / "main.py"),
        "open",
        "--gt",
        str(sources.ground_truth),
        "--pred",
        str(sources.detections),
        folder=tmp_path,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    errors = [text for text in done.stderr.splitlines() if "This plugin does not support" not in text]
    assert len(errors) == 1
    assert errors[0].startswith(f"{sources.detections}: ")
