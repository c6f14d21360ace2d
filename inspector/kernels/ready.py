"""Makes sure that the kernels are compiled before a window's worker imports them.

Compiling holds the interpreter for seconds at a time, whatever thread it runs on. So it happens in a process
of its own, once per installation; afterwards the kernels load from numba's cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from inspector.progress import Progress

READING = ("json_scan", "plain_records", "ordering")
READING_MASKS = ("mask_reading", "coded_records")
EVALUATING = ("matching", "accumulating", "row_order")
SHOWING = ("counting", "averaging")
SUSPECTING = ("matching", "row_order", "suspecting")
MODULES = (*READING, *EVALUATING, *SHOWING)
_SECONDS = {
    "matching": 2.0,
    "plain_records": 2.1,
    "counting": 1.4,
    "accumulating": 1.0,
    "ordering": 1.0,
    "averaging": 0.8,
    "row_order": 0.8,
    "json_scan": 0.4,
    "mask_reading": 3.0,
    "coded_records": 2.5,
    "mask_iou": 4.0,
    "suspecting": 3.5,
    "mask_outline": 0.6,
    "run_lengths": 0.6,
}
"""What compiling a module took when it was last measured: only how they compare matters."""
_POLL_SECONDS = 0.05


def make_ready(progress: Progress, names: Sequence[str] = MODULES) -> None:
    """Compile the kernels of these modules if needed, then load them.

    What is read is evaluated next, so that both compile side by side; what only shows more than the first
    numbers can wait. Raises CancelledError when `progress` does.
    """
    if all(f"{__package__}.{name}" in sys.modules for name in names):
        return
    together = list(names)
    if set(names) & set(READING):
        together += READING
    if set(names) & {*READING, *READING_MASKS}:
        together += EVALUATING
    missing = [name for name in dict.fromkeys(together) if not _stamp(name).exists()]
    compiled = _compile_elsewhere(missing, progress) if set(missing) & set(names) else []
    progress("Loading the evaluator", 0.0)
    load(names)  # compiles what a process could not
    for name in set(missing) & {*names, *compiled}:
        _stamp(name).parent.mkdir(parents=True, exist_ok=True)
        _stamp(name).touch()


def load(names: Sequence[str]) -> None:
    """Import the modules' kernels; compiles what is not in the cache."""
    for name in names:
        importlib.import_module(f"{__package__}.{name}")


def _shares(names: Sequence[str]) -> list[list[str]]:
    """The modules shared out among the processors: each start of a process costs half a second."""
    shares: list[list[str]] = [[] for _ in range(min(os.cpu_count() or 1, len(names)))]
    for name in sorted(names, key=_seconds, reverse=True):
        min(shares, key=lambda share: sum(map(_seconds, share))).append(name)
    return shares


def _seconds(name: str) -> float:
    return _SECONDS.get(name, 1.0)


def _compile_elsewhere(names: Sequence[str], progress: Progress) -> list[str]:
    """In processes of their own, side by side; returns what was compiled.

    Nothing where no process can be started (no right, no memory, Python is gone): this one will compile.
    """
    shares = _shares(names)
    root = Path(__file__).parents[2]
    search_path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    started: list[tuple[subprocess.Popen[bytes], Sequence[str]]] = []
    try:
        with contextlib.suppress(OSError):
            for share in shares:
                started.append((_compiler(share, search_path), share))
        while any(process.poll() is None for process, _ in started):
            progress("Compiling the evaluator, once per installation (some 4 seconds)", 0.0)
            time.sleep(_POLL_SECONDS)
    finally:
        for process, _ in started:
            if process.poll() is None:
                process.kill()
            process.wait()
    return [name for process, share in started for name in share if process.returncode == 0]


def _compiler(names: Sequence[str], search_path: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.compile", *names],
        env={**os.environ, "PYTHONPATH": search_path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no console pops up on Windows
    )


def _stamp(name: str) -> Path:
    """A file beside numba's cache that exists once a module was compiled from exactly these sources."""
    digest = hashlib.sha256()
    for part in (sys.version, platform.machine(), platform.processor(), version("numba"), version("numpy")):
        digest.update(part.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{source} {source.stat().st_mtime_ns}".encode())
    return Path(os.environ["NUMBA_CACHE_DIR"]) / f"ready-{digest.hexdigest()[:16]}-{name}"
