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
from importlib.metadata import version
from pathlib import Path

from inspector.progress import Progress

_MODULES = ("matching", "accumulating", "counting", "json_scan")
_POLL_SECONDS = 0.05


def make_ready(progress: Progress) -> None:
    """Compile the kernels if needed, then load them. Raises CancelledError when `progress` does."""
    if all(f"{__package__}.{name}" in sys.modules for name in _MODULES):
        return
    if not _stamp().exists():
        _compile_elsewhere(progress)
    progress("Loading the evaluator", 0.0)
    load_all()
    # Also when the other process failed: what it could not compile, load_all compiled here.
    _stamp().parent.mkdir(parents=True, exist_ok=True)
    _stamp().touch()


def load_all() -> None:
    """Import every kernel; compiles what is not in the cache."""
    for name in _MODULES:
        importlib.import_module(f"{__package__}.{name}")


def _compile_elsewhere(progress: Progress) -> None:
    root = Path(__file__).parents[2]
    search_path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector.kernels.compile"],
        env={**os.environ, "PYTHONPATH": search_path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no console pops up on Windows
    )
    try:
        while process.poll() is None:
            progress("Compiling the evaluator, once per installation (some 10 seconds)", 0.0)
            try:
                process.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _stamp() -> Path:
    """A file beside numba's cache that exists once everything was compiled from exactly these sources."""
    digest = hashlib.sha256()
    for part in (sys.version, platform.machine(), platform.processor(), version("numba"), version("numpy")):
        digest.update(part.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{source} {source.stat().st_mtime_ns}".encode())
    return Path(os.environ["NUMBA_CACHE_DIR"]) / f"ready-{digest.hexdigest()[:16]}"
