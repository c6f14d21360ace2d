"""Finding where a JSON value ends and where a long list can be cut, without decoding anything."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.kernels.jit import int64, kernel, reads, uint8, writes

POSITION, DEPTH, IN_STRING, ESCAPED, LAST_CUT, FINISHED = range(6)
STATE_SIZE = 6


@kernel(int64(reads(uint8), writes(int64), int64, int64, writes(int64)))
def scan_block(
    data: NDArray[np.uint8], state: NDArray[np.int64], stop: int, spacing: int, cuts: NDArray[np.int64]
) -> int:
    """Scan on from `state` to the end of the value, to `stop` or until `cuts` is full; return the cuts found.

    `data`: uint8 [bytes]. `state`: int64 [6], read and updated: the next position, the nesting depth, whether
    it lies in a string, whether the byte before was an escaping backslash, the last cut (at first the value's
    start), and whether the value's end was found; `position` is then one past it. `cuts`: int64 [any], gets
    the positions of commas directly inside the value, each at least `spacing` bytes after the one before.
    Brackets of both kinds count alike: whether they match is for the decoder to say.
    """
    position, depth, last_cut = state[0], state[1], state[4]
    in_string, escaped, finished = state[2] != 0, state[3] != 0, False
    stop = min(stop, len(data))
    found = 0
    while position < stop:
        byte = data[position]
        if in_string:
            if escaped:
                escaped = False
            elif byte == 92:  # a backslash
                escaped = True
            elif byte == 34:  # a quote
                in_string = False
                finished = depth == 0
        elif byte == 34:
            in_string = True
        elif byte == 91 or byte == 123:  # [ {
            depth += 1
        elif byte == 93 or byte == 125:  # ] }
            if depth == 0:  # closes what surrounds a number or a word: not part of it
                finished = True
                break
            depth -= 1
            finished = depth == 0
        elif depth == 0 and (byte == 44 or byte <= 32):  # a comma or a space after a number or a word
            finished = True
            break
        elif byte == 44 and depth == 1 and position - last_cut >= spacing:
            if found == len(cuts):
                break
            cuts[found] = position
            found += 1
            last_cut = position
        position += 1
        if finished:
            break
    state[0], state[1], state[4] = position, depth, last_cut
    state[2], state[3], state[5] = in_string, escaped, finished
    return found
