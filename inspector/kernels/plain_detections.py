"""Reads detections in the plain layout that most programs write, straight from the file's bytes.

Anything that is not plain is left to the general decoder, piece by piece: other keys, exponents, more than 15
digits, escapes, numbers that are not numbers. So nothing here has to name a mistake.
"""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets
from inspector.kernels.jit import float64, int64, kernel, reads, types, uint8, writes
from inspector.outcomes import Codes

_ODD = -1
# Up to 22, powers of ten are exact in float64; so is every whole number of up to 15 digits. The quotient of
# two exact numbers is rounded once, as Python's float() rounds.
_POWERS = np.array([10.0**exponent for exponent in range(23)])
_KEYS = tuple(np.frombuffer(key, dtype=np.uint8) for key in (b"image_id", b"category_id", b"bbox", b"score"))
_IMAGE_ID, _CATEGORY_ID, _BBOX, _SCORE = _KEYS


@kernel(int64(reads(uint8), int64, int64))
def skip_spaces(data: Codes, at: int, end: int) -> int:
    """The next position that holds no white space."""
    while at < end and (data[at] == 32 or data[at] == 10 or data[at] == 13 or data[at] == 9):
        at += 1
    return at


@kernel(types.Tuple((int64, int64, int64))(reads(uint8), int64, int64))
def read_digits(data: Codes, at: int, end: int) -> tuple[int, int, int]:
    """A whole number: where it ends, the number, and how many digits were written.

    The number is -1 where there is no digit, or more than 15 behind leading zeros.
    """
    start, number, significant = at, 0, 0
    while at < end and 48 <= data[at] <= 57:
        if number > 0 or data[at] != 48:
            significant += 1
        if significant > 15:
            return at, _ODD, 0
        number = number * 10 + (data[at] - 48)
        at += 1
    return at, (number if at > start else _ODD), at - start


@kernel(types.Tuple((int64, float64))(reads(uint8), int64, int64))
def read_number(data: Codes, at: int, end: int) -> tuple[int, float]:
    """A JSON number without an exponent: where it ends (-1: not plain) and its value."""
    negative = at < end and data[at] == 45
    start = at + negative
    at, whole, digits = read_digits(data, start, end)
    if whole == _ODD or (digits > 1 and data[start] == 48):
        return _ODD, 0.0
    value = float(whole)
    if at < end and data[at] == 46:
        # whole part and fraction as one number, so that there is a single rounding
        first = at + 1
        mantissa, significant = whole, 0
        rest = whole
        while rest > 0:
            significant += 1
            rest //= 10
        at = first
        while at < end and 48 <= data[at] <= 57:
            if mantissa > 0 or data[at] != 48:
                significant += 1
            if significant > 15 or at - first >= 22:
                return _ODD, 0.0
            mantissa = mantissa * 10 + (data[at] - 48)
            at += 1
        if at == first:
            return _ODD, 0.0
        value = float(mantissa) / _POWERS[at - first]
    if at < end and (data[at] == 101 or data[at] == 69):
        return _ODD, 0.0
    return at, -value if negative else value


@kernel(types.Tuple((int64, int64))(reads(uint8), int64, int64))
def read_id(data: Codes, at: int, end: int) -> tuple[int, int]:
    """A whole number of up to 15 digits: where it ends (-1: not plain) and its value."""
    negative = at < end and data[at] == 45
    start = at + negative
    at, whole, digits = read_digits(data, start, end)
    if whole == _ODD or (digits > 1 and data[start] == 48):
        return _ODD, 0
    if at < end and (data[at] == 46 or data[at] == 101 or data[at] == 69):
        return _ODD, 0
    return at, -whole if negative else whole


@kernel(int64(reads(uint8), int64, int64, reads(uint8)))
def read_key(data: Codes, at: int, end: int, key: Codes) -> int:
    """Where the value of this key begins, or -1 where another key stands; `at` is behind its first quote."""
    length = key.shape[0]
    if at + length >= end or data[at + length] != 34:
        return _ODD
    for i in range(length):
        if data[at + i] != key[i]:
            return _ODD
    at = skip_spaces(data, at + length + 1, end)
    if at >= end or data[at] != 58:
        return _ODD
    return skip_spaces(data, at + 1, end)


@kernel(int64(reads(uint8), int64, int64, writes(float64)))
def read_box(data: Codes, at: int, end: int, box: Floats) -> int:
    """Four numbers in brackets: where they end, or -1."""
    if at >= end or data[at] != 91:
        return _ODD
    for i in range(4):
        at = skip_spaces(data, at + 1, end)
        at, box[i] = read_number(data, at, end)
        if at == _ODD:
            return _ODD
        at = skip_spaces(data, at, end)
        if at >= end or data[at] != (93 if i == 3 else 44):
            return _ODD
    return at + 1


@kernel(int64(reads(uint8), int64, int64, writes(int64), writes(float64)))
def read_detection(data: Codes, at: int, end: int, ids: Offsets, numbers: Floats) -> int:
    """One object with exactly the four keys, in any order: where it ends, or -1.

    Writes ids [2], image and category, and numbers [5], the box and the score.
    """
    if at >= end or data[at] != 123:
        return _ODD
    seen = 0
    for i in range(4):
        at = skip_spaces(data, at + 1, end)
        if at >= end or data[at] != 34:
            return _ODD
        first = data[at + 1] if at + 1 < end else 0
        at += 1
        if first == 105:
            at = read_key(data, at, end, _IMAGE_ID)
            if at != _ODD:
                at, ids[0] = read_id(data, at, end)
            seen |= 1
        elif first == 99:
            at = read_key(data, at, end, _CATEGORY_ID)
            if at != _ODD:
                at, ids[1] = read_id(data, at, end)
            seen |= 2
        elif first == 98:
            at = read_key(data, at, end, _BBOX)
            if at != _ODD:
                at = read_box(data, at, end, numbers)
            seen |= 4
        elif first == 115:
            at = read_key(data, at, end, _SCORE)
            if at != _ODD:
                at, numbers[4] = read_number(data, at, end)
            seen |= 8
        else:
            return _ODD
        if at == _ODD:
            return _ODD
        at = skip_spaces(data, at, end)
        if at >= end or data[at] != (125 if i == 3 else 44):
            return _ODD
    return at + 1 if seen == 15 else _ODD


@kernel(int64(reads(uint8), int64, int64, writes(int64, 2), writes(float64, 2)))
def read_plain(data: Codes, start: int, end: int, ids: Offsets, numbers: Floats) -> int:
    """Detections separated by commas, from `start` to `end`: how many, or -1 if anything is not plain.

    Writes ids int64 [detections, 2], image and category, and numbers float64 [detections, 5], box and score.
    """
    count = 0
    at = skip_spaces(data, start, end)
    while True:
        if count >= ids.shape[0]:
            return _ODD
        at = read_detection(data, at, end, ids[count], numbers[count])
        if at == _ODD:
            return _ODD
        count += 1
        at = skip_spaces(data, at, end)
        if at == end:
            return count
        if data[at] != 44:
            return _ODD
        at = skip_spaces(data, at + 1, end)
