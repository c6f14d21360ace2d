"""One file of the cache: a preamble with a checksum, a header, and arrays as they lie in memory.

    64 bytes   magic with the version, size of the header, checksum of all the rest
    header     msgpack: the entry's key, the tree of values, each array's dtype, shape and place
    arrays     each beginning at a multiple of 64 bytes

An entry is read into memory, not mapped: what was checked is then what is used, whoever writes to the file or
takes it away (on a network drive a mapped file that is deleted elsewhere ends the program), and on Windows it
can be deleted while it is open here. Measured for 610 MB in the page cache: 0.15 s against 0.04 s mapped.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import xxhash
from numpy.typing import NDArray

from inspector.cache.keys import BLOCK
from inspector.cache.packing import Array, Node
from inspector.progress import Progress

PART: Final = ".inspector-part"
"""How the name of a file ends that is being written."""

_MAGIC: Final = b"inspector cache\x01"
_START: Final = struct.Struct("<16sQ24x")
_ALIGNMENT: Final = 64
_NUMBERS: Final = "biuf"


Natural = Annotated[int, msgspec.Meta(ge=0)]


class DamagedError(Exception):
    """This file is not an entry, or not the one that its name says."""


class _Place(msgspec.Struct):
    dtype: str
    shape: tuple[Natural, ...]
    offset: Natural
    """From the first array."""


class _Header(msgspec.Struct):
    key: str
    root: Node
    arrays: list[_Place]


def write_entry(path: Path, key: str, root: Node, arrays: Sequence[Array], progress: Progress) -> None:
    """Put an entry in place, whole or not at all. Raises OSError and what `progress` raises.

    Nothing waits until it is on the disk: what a loss of power leaves fails the checksum.
    """
    size = entry_size(arrays) or 1
    descriptor, name = tempfile.mkstemp(suffix=PART, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            header = _header(key, root, arrays)
            start = _START.pack(_MAGIC, len(header))
            digest = xxhash.xxh3_128(start)
            stream.write(bytes(_ALIGNMENT))
            for block in _blocks(header, arrays):
                digest.update(block)
                stream.write(block)
                progress("Keeping for the next time", min(1.0, stream.tell() / size))
            stream.seek(0)
            stream.write(start + digest.digest())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def entry_size(arrays: Sequence[Array]) -> int:
    """About how many bytes an entry with these arrays takes."""
    return sum(array.nbytes for array in arrays)


def read_entry(path: Path, key: str, progress: Progress) -> tuple[Node, list[Array]]:
    """The tree and the read-only arrays of an entry.

    Raises DamagedError for anything but a whole entry of this key, OSError, and what `progress` raises.
    """
    data, header_end = _checked(path, progress)
    first = _aligned(header_end)
    try:
        header = msgspec.msgpack.decode(data[_ALIGNMENT:header_end].tobytes(), type=_Header)
        if header.key != key:
            raise DamagedError("another entry")
        return header.root, [_array(data, first, place) for place in header.arrays]
    except (msgspec.DecodeError, TypeError, ValueError) as error:
        raise DamagedError(str(error)) from error


def _header(key: str, root: Node, arrays: Sequence[Array]) -> bytes:
    places, offset = [], 0
    for array in arrays:
        places.append(_Place(array.dtype.str, array.shape, offset))
        offset = _aligned(offset + array.nbytes)
    return msgspec.msgpack.encode(_Header(key, root, places))


def _blocks(header: bytes, arrays: Sequence[Array]) -> Iterator[memoryview | bytes]:
    """Everything behind the preamble."""
    yield header
    yield bytes(-len(header) % _ALIGNMENT)
    for array in arrays:
        data = memoryview(array.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
        for start in range(0, len(data), BLOCK):
            yield data[start : start + BLOCK]
        yield bytes(-len(data) % _ALIGNMENT)


def _checked(path: Path, progress: Progress) -> tuple[NDArray[np.uint8], int]:
    """All bytes of an entry whose checksum is right, and where its header ends.

    Each block is hashed while it is in the processor's cache.
    """
    with path.open("rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        preamble = stream.read(_ALIGNMENT)
        if len(preamble) < _ALIGNMENT:
            raise DamagedError("too short")
        magic, header_size = _START.unpack_from(preamble)
        if magic != _MAGIC:
            raise DamagedError("another version")
        data = _aligned_memory(size)
        data[:_ALIGNMENT] = np.frombuffer(preamble, np.uint8)
        view = memoryview(data)  # type: ignore[arg-type]
        digest = xxhash.xxh3_128(preamble[: _START.size])
        filled = _ALIGNMENT
        while filled < size:
            count = stream.readinto(view[filled : filled + BLOCK])
            if not count:
                raise DamagedError("cut off")
            digest.update(view[filled : filled + count])
            filled += count
            progress("Opening again", filled / size)
    if digest.digest() != preamble[_START.size :]:
        raise DamagedError("wrong checksum")
    data.setflags(write=False)
    return data, _ALIGNMENT + header_size


def _array(data: NDArray[np.uint8], first: int, place: _Place) -> NDArray[Any]:
    dtype = np.dtype(place.dtype)
    if dtype.kind not in _NUMBERS:
        raise DamagedError("not an array of numbers")
    start = first + place.offset
    size = dtype.itemsize * int(np.prod(place.shape, dtype=object))
    if start + size > len(data):
        raise DamagedError("an array beyond the end")
    return data[start : start + size].view(dtype).reshape(place.shape)


def _aligned(position: int) -> int:
    return -(-position // _ALIGNMENT) * _ALIGNMENT


def _aligned_memory(size: int) -> NDArray[np.uint8]:
    memory = np.empty(size + _ALIGNMENT, dtype=np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size]
