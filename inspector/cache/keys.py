"""The keys of entries: hashes of everything that an entry was made from.

A key holds the content of the files, never their paths or times: a file that was changed within a tick of the
clock, or whose time was put back, has another key. It also holds the sources of the code that reads and
evaluates, so that changed code never meets what older code made.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import xxhash

from inspector import __version__
from inspector.cache.packing import Packer
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol
from inspector.progress import Progress

BLOCK: Final = 1 << 20
"""Bytes hashed at a time: they stay in the processor's cache, and the interpreter's lock is released."""

STAGE: Final = "Comparing with what was opened before"


def content_key(paths: Sequence[Path], options: str, progress: Progress) -> str:
    """Names what is read from these files with these options. Raises OSError, and what `progress` raises."""
    whole = xxhash.xxh3_128(_CODE + options.encode() + b"\0")
    size, done = sum(path.stat().st_size for path in paths), 0
    for path in paths:
        digest = xxhash.xxh3_128()
        block = memoryview(bytearray(BLOCK))
        with path.open("rb", buffering=0) as stream:
            while count := stream.readinto(block):
                digest.update(block[:count])
                done += count
                progress(STAGE, min(1.0, done / max(size, 1)))
        whole.update(digest.digest())
    return whole.hexdigest()


def evaluation_key(content: str, protocol: Protocol) -> str:
    """Names the evaluation of a content by a protocol."""
    return _derived(content, protocol)


def tables_key(evaluation: str, point: OperatingPoint) -> str:
    """Names the tables of an evaluation at an operating point."""
    class_rows = None if point.class_rows is None else tuple(sorted(point.class_rows))
    return _derived(evaluation, (point.iou_index, point.confidence, class_rows))


def _derived(key: str, choice: object) -> str:
    packed = msgspec.msgpack.encode(Packer().pack(choice))
    return f"{key}-{xxhash.xxh3_128(packed).hexdigest()}"


def code_digest(root: Path) -> bytes:
    """Names the sources that make, keep or define what an entry holds, and what they are run by."""
    digest = xxhash.xxh3_128()
    libraries = (np.__version__, msgspec.__version__, version("numba"))
    for part in (__version__, sys.byteorder, sys.version, *libraries):
        digest.update(part.encode())
    rooms = (root / name for name in ("cache", "evaluation", "kernels", "readers"))
    for source in sorted([*root.glob("*.py"), *(path for room in rooms for path in room.rglob("*.py"))]):
        digest.update(source.relative_to(root).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.digest()


_CODE: Final = code_digest(Path(__file__).parents[1])
"""Taken when the program starts: what is changed on the disk afterwards is not what is running."""
