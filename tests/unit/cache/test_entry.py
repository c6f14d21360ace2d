"""A file of the cache is read whole and right, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import xxhash

from inspector.cache import entry
from inspector.cache.entry import DamagedError, read_entry, write_entry
from inspector.cache.packing import Column
from inspector.errors import CancelledError
from inspector.progress import no_progress

ROOT = Path(__file__).parents[3]
ARRAYS: list[Any] = [np.arange(5), np.array([True, False]), np.empty((0, 4)), np.arange(6.0).reshape(2, 3)]


def write(path: Path, arrays: Sequence[Any] = ARRAYS) -> bytes:
    write_entry(path, "key", Column(0), arrays, no_progress)
    return path.read_bytes()


def lie(path: Path, **said: Any) -> None:
    """An entry whose checksum is right and whose header is not."""
    place = {"dtype": "<f8", "shape": [2], "offset": 0, **said}
    header = msgspec.msgpack.encode({"key": "key", "root": None, "arrays": [place]})
    body = header + bytes(-len(header) % 64) + bytes(64)
    start = entry._START.pack(entry._MAGIC, len(header))
    path.write_bytes(start + xxhash.xxh3_128(start + body).digest() + body)


def test_arrays_come_back_aligned_and_read_only(tmp_path: Path) -> None:
    write(tmp_path / "entry")
    root, arrays = read_entry(tmp_path / "entry", "key", no_progress)
    assert root == Column(0)
    for found, written in zip(arrays, ARRAYS, strict=True):
        assert (found.dtype, found.shape) == (written.dtype, written.shape)
        assert found.tolist() == written.tolist()
        assert found.ctypes.data % 64 == 0
        with pytest.raises(ValueError, match="read-only"):
            found[...] = 0


def test_a_file_cut_off_anywhere_is_not_an_entry(tmp_path: Path) -> None:
    whole = write(tmp_path / "entry")
    for size in range(len(whole)):
        (tmp_path / "entry").write_bytes(whole[:size])
        with pytest.raises(DamagedError):
            read_entry(tmp_path / "entry", "key", no_progress)


def test_a_file_with_any_byte_changed_is_not_an_entry(tmp_path: Path) -> None:
    whole = bytearray(write(tmp_path / "entry"))
    for position in range(len(whole)):
        whole[position] ^= 1 << position % 8
        (tmp_path / "entry").write_bytes(whole)
        with pytest.raises(DamagedError):
            read_entry(tmp_path / "entry", "key", no_progress)
        whole[position] ^= 1 << position % 8


def test_a_file_with_something_behind_it_is_not_an_entry(tmp_path: Path) -> None:
    (tmp_path / "entry").write_bytes(write(tmp_path / "entry") + bytes(64))
    with pytest.raises(DamagedError):
        read_entry(tmp_path / "entry", "key", no_progress)


def test_another_version_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "entry")
    monkeypatch.setattr(entry, "_MAGIC", b"inspector cache\x02")
    with pytest.raises(DamagedError, match="version"):
        read_entry(tmp_path / "entry", "key", no_progress)


def test_an_entry_under_another_name_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "entry")
    with pytest.raises(DamagedError, match="another entry"):
        read_entry(tmp_path / "entry", "other key", no_progress)


def test_the_lies_are_about_an_entry_that_can_be_read(tmp_path: Path) -> None:
    lie(tmp_path / "entry")
    (array,) = read_entry(tmp_path / "entry", "key", no_progress)[1]
    assert array.tolist() == [0.0, 0.0]


LIES: list[dict[str, Any]] = [
    {"shape": [9]},
    {"shape": [-1]},
    {"shape": [2**40, 2**40]},
    {"offset": 56},
    {"offset": -64},
    {"dtype": "O"},
    {"dtype": "U4"},
    {"dtype": "nonsense"},
    {"shape": "no"},
]


@pytest.mark.parametrize("said", LIES, ids=str)
def test_a_header_that_lies_is_found_out(tmp_path: Path, said: dict[str, Any]) -> None:
    lie(tmp_path / "entry", **said)
    with pytest.raises(DamagedError):
        read_entry(tmp_path / "entry", "key", no_progress)


def test_a_cancelled_write_leaves_what_was_there(tmp_path: Path) -> None:
    before = write(tmp_path / "entry")

    def cancel(_stage: str, fraction: float) -> None:
        if fraction > 0.5:
            raise CancelledError

    with pytest.raises(CancelledError):
        write_entry(tmp_path / "entry", "key", None, [np.zeros(1 << 20)], cancel)
    assert [path.name for path in tmp_path.iterdir()] == ["entry"]
    assert (tmp_path / "entry").read_bytes() == before


def test_what_was_read_outlives_its_file(tmp_path: Path) -> None:
    write(tmp_path / "entry")
    _, arrays = read_entry(tmp_path / "entry", "key", no_progress)
    (tmp_path / "entry").write_bytes(b"")
    (tmp_path / "entry").unlink()
    assert arrays[0].tolist() == ARRAYS[0].tolist()


def run(script: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(folder / "entry")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


WRITER = """
import os, random, signal, sys, time
from pathlib import Path
import numpy as np
from inspector.cache.entry import read_entry, write_entry
from inspector.progress import no_progress

path = Path(sys.argv[1])

def begin(letter):
    child = os.fork()
    if not child:
        while True:
            write_entry(path, "key", letter, [np.full(1 << 21, ord(letter), np.uint8)], no_progress)
    return child

def check():
    letter, (array,) = read_entry(path, "key", no_progress)
    assert len(array) == 1 << 21 and (array == ord(letter)).all()
"""
KILLED = """
for _ in range(40):
    child = begin("a")
    time.sleep(random.uniform(0, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if path.exists():
        check()
assert path.exists()
"""
AT_ONCE = """
children = [begin(letter) for letter in "abc"]
while not path.exists():
    time.sleep(0.001)
try:
    for _ in range(100):
        check()
finally:
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("what", [KILLED, AT_ONCE], ids=["killed", "at once"])
def test_whoever_writes_or_dies_meanwhile_an_entry_is_whole(tmp_path: Path, what: str) -> None:
    run(WRITER + what, tmp_path)
