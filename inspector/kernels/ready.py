"""Makes sure that the kernels are compiled before a window's worker imports them.

Compiling holds the interpreter for seconds at a time, whatever thread it runs on. So it happens in a process
of its own, once per installation; afterwards the kernels load from numba's cache.
"""

from __future__ import annotations

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

MODULES = (
    "matching",
    "accumulating",
    "score_order",
    "averaging",
    "counting",
    "json_scan",
    "plain_detections",
    "ordering",
)
_POLL_SECONDS = 0.05


def make_ready(progress: Progress, names: Sequence[str] = MODULES) -> None:
    """Compile the kernels of these modules if needed, then load them.

    Raises CancelledError when `progress` does.
    """
    if all(f"{__package__}.{name}" in sys.modules for name in names):
        return
    missing = [name for name in names if not _stamp(name).exists()]
    if missing:
        _compile_elsewhere(missing, progress)
    progress("Loading the evaluator", 0.0)
    load(names)
    # Also when another process failed: what it could not compile was compiled here.
    for name in missing:
        _stamp(name).parent.mkdir(parents=True, exist_ok=True)
        _stamp(name).touch()


def load(names: Sequence[str]) -> None:
    """Import the modules' kernels; compiles what is not in the cache."""
    for name in names:
        importlib.import_module(f"{__package__}.{name}")


def _compile_elsewhere(names: Sequence[str], progress: Progress) -> None:
    """One process for each module, side by side."""
    root = Path(__file__).parents[2]
    search_path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.compile", name],
            env={**os.environ, "PYTHONPATH": search_path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no console pops up on Windows
        )
        for name in names
    ]
    try:
        while any(process.poll() is None for process in processes):
            progress("Compiling the evaluator, once per installation (some 5 to 10 seconds)", 0.0)
            time.sleep(_POLL_SECONDS)
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
            process.wait()


def _stamp(name: str) -> Path:
    """A file beside numba's cache that exists once a module was compiled from exactly these sources."""
    digest = hashlib.sha256()
    for part in (sys.version, platform.machine(), platform.processor(), version("numba"), version("numpy")):
        digest.update(part.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{source} {source.stat().st_mtime_ns}".encode())
    return Path(os.environ["NUMBA_CACHE_DIR"]) / f"ready-{digest.hexdigest()[:16]}-{name}"
