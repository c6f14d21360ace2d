"""The bytes of a file, read in blocks, and places in them that a person can find."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.encodings import UTF8_MARK, NotTextError, to_utf8, utf16_of

BLOCK = 8 << 20
"""Bytes per read: some milliseconds, after which progress is reported."""

_PACKED = {
    b"\x1f\x8b": "is compressed (gzip): unpack it first",
    b"PK\x03\x04": "is compressed (zip): unpack it first",
    b"BZh": "is compressed (bzip2): unpack it first",
    b"\xfd7zXZ": "is compressed (xz): unpack it first",
    b"\x28\xb5\x2f\xfd": "is compressed (zstd): unpack it first",
}
_SPACES = b" \t\r\n"


@dataclass(frozen=True, slots=True, eq=False)
class FileBytes:
    """What a text file holds, and from where on."""

    path: Path
    data: NDArray[np.uint8]
    """In UTF-8."""
    start: int
    """The position of the first byte of the text: behind a byte order mark and spaces."""
    commas: NDArray[np.int64] | None = None
    """int64, ascending: where a comma stands instead of the end of a line."""

    def error(self, position: int, reason: str) -> InputError:
        """An error at the line and column, both counted from 1, of a byte's position."""
        line, column = self._line_and_column(min(position, len(self.data)))
        return InputError(self.path, f"line {line}, column {column}", reason)

    def skip_spaces(self, position: int) -> int:
        """The position of the first byte from here on that is no space; the size if there is none."""
        while position < len(self.data) and self.data[position] in _SPACES:
            position += 1
        return position

    def byte(self, position: int) -> str:
        """The byte at a position as a character; empty at the end of the file."""
        return chr(self.data[position]) if position < len(self.data) else ""

    def _line_and_column(self, position: int) -> tuple[int, int]:
        line, line_start = 1, len(UTF8_MARK) if bytes(self.data[:3]) == UTF8_MARK else 0
        for block in range(0, position, BLOCK):
            breaks = np.flatnonzero(self.data[block : min(block + BLOCK, position)] == ord("\n"))
            if len(breaks):
                line += len(breaks)
                line_start = block + int(breaks[-1]) + 1
        if self.commas is not None:
            count = int(np.searchsorted(self.commas, position))
            line += count
            line_start = max(line_start, int(self.commas[count - 1]) + 1 if count else 0)
        column = 1
        for block in range(line_start, position, BLOCK):
            part = self.data[block : min(block + BLOCK, position)]
            column += int(np.count_nonzero((part & 0xC0) != 0x80))  # characters, not bytes, of UTF-8
        return line, column


def size_of(path: Path) -> int:
    """Bytes of a file, or of the entry of a folder.

    Raises InputError if there is none, or it cannot be read. A pipe is never opened: that would wait for
    whoever writes to it.
    """
    try:
        status = path.stat()
    except OSError as error:
        reason = (
            "there is no such file"
            if isinstance(error, FileNotFoundError)
            else f"cannot be read: {error.strerror}"
        )
        raise InputError(path, "", reason) from None
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise InputError(path, "", "is a pipe or a device, not a file")
    return status.st_size


def read_small(path: Path | str, most: int) -> bytes:
    """What a file holds, at once. Raises InputError where it cannot be read or has more than `most` bytes."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (a Path takes as long as reading does)
            if os.fstat(file.fileno()).st_size > most:
                raise InputError(path, "", f"is larger than {most >> 20} MB")
            return file.readall()
    except OSError as error:
        raise InputError(path, "", f"cannot be read: {error.strerror or error}") from None


def read_file(path: Path, progress: Progress, stage: str) -> FileBytes:
    """Read a whole text file into memory: UTF-8 or UTF-16, with or without a byte order mark.

    Raises InputError if it cannot be read, is empty or compressed, and what `progress` raises.
    """
    try:
        data = _read_blocks(path, progress, stage)
    except FileNotFoundError:
        raise InputError(path, "", "there is no such file") from None
    except (IsADirectoryError, PermissionError, OSError) as error:
        if path.is_dir():  # Windows says "permission denied" for a folder
            raise InputError(path, "", "is a folder, not a file") from None
        raise InputError(path, "", f"cannot be read: {(error.strerror or str(error)).lower()}") from None
    head = bytes(data[:8])
    for magic, reason in _PACKED.items():
        if head.startswith(magic):
            raise InputError(path, "", reason)
    utf16 = utf16_of(head)
    if utf16 is not None:
        codec, start = utf16
        try:
            data = to_utf8(data, start, codec)
        except NotTextError as error:
            raise InputError(path, f"line {error.line}", "is not UTF-16 text") from None
        head = bytes(data[:8])
    file = FileBytes(path, data, 0)
    start = file.skip_spaces(len(UTF8_MARK) if head.startswith(UTF8_MARK) else 0)
    if start == len(data):
        raise InputError(path, "", "is empty")
    return FileBytes(path, data, start)


def _read_blocks(path: Path, progress: Progress, stage: str) -> NDArray[np.uint8]:
    # np.empty, not bytearray: filling a gigabyte with zeros would stop every other thread.
    with path.open("rb", buffering=0) as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        data = np.empty(size, dtype=np.uint8)
        view = memoryview(data)  # type: ignore[arg-type]
        filled = 0
        while filled < size:
            progress(stage, filled / size)
            count = stream.readinto(view[filled : filled + BLOCK])
            if not count:  # it shrank while it was read
                break
            filled += count
    return data[:filled]
