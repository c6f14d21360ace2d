"""Ctrl+C and a polite kill end a command without a word, at any moment, and leave nothing half done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.review.attaching import place_of
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Kind
from inspector.sources import Sources
from tests.unit.export.handoff.conftest import write_street
from tests.unit.review.street import LEFT_CAR, flag, truth

ROOT = Path(__file__).parents[2]
_WHILE_IMPORTING = """
import signal, sys

module, number = sys.argv[1], getattr(signal, sys.argv[2])
sys.argv[1:] = ["evaluate", "--gt", "none", "--pred", "none"]

class Signal:
    def find_spec(self, name, *_):
        if name == module:
            sys.meta_path.remove(self)
            signal.raise_signal(number)

sys.meta_path.insert(0, Signal())
from main import entry_point
entry_point()
"""
_WHILE_WRITING = """
import signal
import inspector.export.handoff.crops as crops
crops.write_flags = lambda *_: signal.raise_signal(signal.SIGTERM)
from main import entry_point
entry_point()
"""

_IN_A_CALLBACK = """
import ctypes, signal, sys, time
import main

@ctypes.CFUNCTYPE(None)
def callback():
    signal.raise_signal(getattr(signal, sys.argv[1]))

def work(_arguments):
    callback()
    for _ in range(1000):
        time.sleep(0.01)
    return 0

main.main = work
main.entry_point()
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


SIGNALS = pytest.mark.parametrize(("signal", "status"), [("SIGINT", 130), ("SIGTERM", 143)])


@pytest.mark.parametrize("module", ["numpy", "inspector.commands", "inspector.sources"])
@SIGNALS
def test_a_signal_while_the_program_is_loaded_is_no_traceback(module: str, signal: str, status: int) -> None:
    done = run(_WHILE_IMPORTING, module, signal)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")


@SIGNALS
def test_a_signal_in_a_callback_of_a_library_is_not_lost(signal: str, status: int) -> None:
    done = run(_IN_A_CALLBACK, signal)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")


def test_a_polite_kill_leaves_no_half_written_folder(tmp_path: Path) -> None:
    dataset = write_street(tmp_path, truth()).dataset
    review = tmp_path / "r.sqlite"
    with ReviewFile.create(review, Sources(dataset.ground_truth_path, dataset.detections_path)) as made:
        made.write([(place_of(dataset, LEFT_CAR), flag(Kind.SPURIOUS))], "Ada")
    out = tmp_path / "out"
    done = run(_WHILE_WRITING, "export", "--review", str(review), "--to", "crops", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (143, "", "")
    assert list(out.iterdir()) == []
