"""Compiling the kernels in another process, once, and what happens when that does not go well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import inspector.kernels
from inspector.errors import CancelledError
from inspector.kernels.ready import EVALUATING, MODULES, READING, load, make_ready

ROOT = Path(__file__).parents[3]
_ANY = "inspector.kernels.json_scan"

_TWICE = """
import sys

from inspector.kernels.ready import make_ready

stages = []
make_ready(lambda stage, fraction: stages.append(stage.split(",")[0]))
print(sorted(set(stages)))
from inspector.kernels import counting, json_scan, matching
compiled = {
    name: sum(kernel.stats.cache_misses.values())
    for name, kernel in vars(counting).items()
    if hasattr(kernel, "stats")
}
assert compiled and not any(compiled.values()), compiled
stages.clear()
make_ready(lambda stage, fraction: stages.append(stage))
assert stages == []
"""


class Started:
    """What was started in place of the compiler."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self.commands: list[list[str]] = []
        popen = subprocess.Popen

        def start(command: list[str], *positional: Any, **options: Any) -> subprocess.Popen[bytes]:
            if "inspector.kernels.compile" not in command:
                return popen(command, *positional, **options)
            self.commands.append(command)
            self.processes.append(popen([sys.executable, "-c", code], **options))
            return self.processes[-1]

        monkeypatch.setattr(subprocess, "Popen", start)


@pytest.fixture
def first_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is loaded, and no stamp says that anything was compiled; numba's own cache stays as it is."""
    load(MODULES)
    monkeypatch.delitem(sys.modules, _ANY)
    monkeypatch.setattr(inspector.kernels, "json_scan", inspector.kernels.json_scan)  # put back afterwards
    folder = tmp_path / "kernels"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder))
    return folder


def stamps(folder: Path) -> list[Path]:
    return list(folder.glob("ready-*"))


def test_the_first_start_compiles_in_another_process(
    first_start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started(monkeypatch, "import time; time.sleep(0.2)")
    stages: list[str] = []
    make_ready(lambda stage, _fraction: stages.append(stage))
    assert len(started.commands) == min(os.cpu_count() or 1, len(MODULES))
    assert all(command[1:3] == ["-m", "inspector.kernels.compile"] for command in started.commands)
    assert sorted(name for command in started.commands for name in command[3:]) == sorted(MODULES)
    assert "once per installation" in stages[0]
    assert stages[-1] == "Loading the evaluator"
    assert len(stages) > 2  # the person can cancel meanwhile
    assert _ANY in sys.modules
    assert len(stamps(first_start)) == len(MODULES)


@pytest.mark.usefixtures("first_start")
def test_a_later_start_only_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    started = Started(monkeypatch, "pass")
    make_ready(lambda _stage, _fraction: None)
    monkeypatch.delitem(sys.modules, _ANY)
    started.commands.clear()
    stages: list[str] = []
    make_ready(lambda stage, _fraction: stages.append(stage))
    assert started.commands == []
    assert stages == ["Loading the evaluator"]


def test_what_is_loaded_is_ready_at_once(first_start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(MODULES)
    started = Started(monkeypatch, "pass")
    stages: list[str] = []
    make_ready(lambda stage, _fraction: stages.append(stage))
    assert stages == started.commands == stamps(first_start) == []


def test_cancelling_ends_the_other_process_and_leaves_no_stamp(
    first_start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started(monkeypatch, "import time; time.sleep(60)")
    calls: list[str] = []

    def cancel_at_the_third(stage: str, _fraction: float) -> None:
        calls.append(stage)
        if len(calls) == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        make_ready(cancel_at_the_third)
    assert started.processes
    for process in started.processes:
        assert process.returncode not in (None, 0)
    assert stamps(first_start) == []
    assert _ANY not in sys.modules


@pytest.mark.usefixtures("first_start")
def test_only_what_is_asked_for_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "inspector.kernels.counting")
    started = Started(monkeypatch, "pass")
    make_ready(lambda _stage, _fraction: None, ["counting"])
    assert [command[3:] for command in started.commands] == [["counting"]]


def test_what_reads_is_compiled_with_what_evaluates_next(
    first_start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started(monkeypatch, "pass")
    make_ready(lambda _stage, _fraction: None, ["json_scan"])
    assert {name for command in started.commands for name in command[3:]} == {*READING, *EVALUATING}
    assert len(stamps(first_start)) == len(READING) + len(EVALUATING)


def test_when_the_other_process_fails_the_kernels_are_made_here(
    first_start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Started(monkeypatch, "raise SystemExit(1)")
    make_ready(lambda _stage, _fraction: None)
    from inspector.kernels import json_scan

    assert sys.modules[_ANY] is json_scan
    assert len(stamps(first_start)) == len(MODULES)


def test_where_no_process_can_be_started_the_kernels_are_made_here(
    first_start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(first_start))  # nothing is there
    make_ready(lambda _stage, _fraction: None)
    assert _ANY in sys.modules
    assert len(stamps(first_start)) == len(MODULES)


def test_the_kernels_that_another_process_compiled_are_loaded_from_its_cache(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TWICE],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kernels")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['Compiling the evaluator', 'Loading the evaluator']"
    assert len(stamps(tmp_path / "kernels")) == len(MODULES)
