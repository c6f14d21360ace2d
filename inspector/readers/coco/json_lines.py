"""JSON Lines: an object on each line, read as the list that they would be with commas between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inspector.pauses import Pauses
from inspector.readers.files import FileBytes

_BLOCK = 4 << 20
"""Bytes that are looked through at once: some milliseconds."""
_LONGEST = 1 << 20
"""Bytes of a first line that is looked at."""
_SPACES = 16
"""Beside the end of a line that are skipped, at most."""


def holds_lines(file: FileBytes) -> bool:
    """Whether an object ends with its line, and another one begins behind it."""
    if file.byte(file.start) != "{":
        return False
    head = file.data[file.start : file.start + _LONGEST].tobytes()
    end = head.find(b"\n")
    if end < 0 or file.byte(file.skip_spaces(file.start + end)) != "{":
        return False
    try:
        return isinstance(json.loads(head[:end]), dict)
    except (ValueError, RecursionError):
        return False


def with_commas(file: FileBytes) -> FileBytes:
    """The file with commas between its objects instead of ends of lines, and a bracket behind the last.

    Its bytes are changed in place, but only between a closing and an opening brace: nowhere else in JSON one
    follows the other.
    """
    commas = list(_ends(file))
    pause = Pauses()
    for part in commas:
        file.data[part] = ord(",")
        pause()
    data, end = file.data, len(file.data)
    while data[end - 1] in b" \t\r\n":
        end -= 1
    if end == len(data):
        data = np.append(data, np.uint8(0))
    data[end] = ord("]")
    return replace(file, data=data[: end + 1], commas=np.concatenate([np.empty(0, np.int64), *commas]))


def _ends(file: FileBytes) -> Iterator[NDArray[np.int64]]:
    """int64, ascending: the ends of lines that stand between objects, of several the last."""
    data, pause = file.data, Pauses()
    for start in range(file.start, len(data), _BLOCK):
        ends = np.flatnonzero(data[start : start + _BLOCK] == ord("\n")) + start
        behind = _skipped(data, ends + 1, 1, b" \t\r")
        ends = ends[data[behind] == ord("{")]
        before = _skipped(data, ends - 1, -1, b" \t\r\n")
        yield ends[data[before] == ord("}")]
        pause()


def _skipped(
    data: NDArray[np.uint8], places: NDArray[np.int64], step: int, spaces: bytes
) -> NDArray[np.int64]:
    """The nearest positions, from some on in one direction, that hold none of the spaces."""
    last = len(data) - 1
    places = places.clip(0, last)
    for _ in range(_SPACES):
        on_space = np.isin(data[places], np.frombuffer(spaces, np.uint8))
        if not on_space.any():
            break
        places = np.where(on_space, places + step, places).clip(0, last)
    return places
