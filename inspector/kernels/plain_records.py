"""Reads records in the plain layout that most programs write, straight from the file's bytes.

Anything that is not plain is left to the general decoder: other keys, escapes, numbers of too many digits,
unknown ids, numbers that make no sense. So nothing here has to name a mistake. The bytes must be followed by
eight 0, which no plain text holds: they end every loop, so that no position has to be compared with the end.
"""

from __future__ import annotations

import numpy as np

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import (
    boolean,
    eight_bytes,
    float64,
    inner,
    int32,
    int64,
    kernel,
    reads,
    types,
    uint8,
    writes,
)
from inspector.outcomes import Codes

_ODD = -1
# Up to 22, powers of ten are exact in float64; so is every whole number up to 2 ** 53. The quotient of two
# exact numbers is rounded once, as Python's float() rounds.
_POWERS = np.array([10.0**exponent for exponent in range(23)])
_EXACT = 1 << 53
_MOST_DIGITS = 18
"""So many fit into 64 bits."""


def word_of(text: bytes) -> np.uint64:
    """As `eight_bytes` would read it."""
    return np.uint64(int.from_bytes(text, "little"))


# For eight bytes at once: in every byte a 1, its highest bit, all others, and the digit 0. What is beyond 9
# sets the highest bit when 0x76 is added
_ONES, _HIGH, _LOW, _ZEROS = (word_of(bytes([byte]) * 8) for byte in (0x01, 0x80, 0x7F, 0x30))
_BEYOND_9 = word_of(b"\x76" * 8)
_PAIRS, _FOURS, _EIGHT = (word_of(bytes(mask)) for mask in ([255, 0] * 4, [255, 255, 0, 0] * 2, [255] * 4))
_1, _7, _8, _10, _16, _32, _56, _100, _10000 = map(np.uint64, (1, 7, 8, 10, 16, 32, 56, 100, 10000))
# Keys as words with the quote behind them, where they are longer in two
_IMAGE_ID, _CATEGORY, _GORY_ID = map(word_of, (b"image_id", b"category", b'gory_id"'))
_SEGMENTA, _NTATION, _ISCROWD = map(word_of, (b"segmenta", b'ntation"', b'iscrowd"'))
_BBOX, _SCORE, _AREA, _ID = map(word_of, (b'bbox"', b'score"', b'area"', b'id"'))
_IMAGE, _CLASS, _BOX, _SCORED, _SIZED, _NAMED, _CROWD, NO_MASK, ANY_POLYGONS = (1 << bit for bit in range(9))
"""Which keys; of a segmentation that it is an empty list, or that it may hold any polygons."""
DETECTION = _IMAGE | _CLASS | _BOX | _SCORED
ANNOTATION = _IMAGE | _CLASS | _BOX | _SIZED | _NAMED | _CROWD
_THREE, _FIVE, _SIX = (word_of(b"\xff" * count) for count in (3, 5, 6))


@inner(int64(reads(uint8), int64))
def skip_spaces(data: Codes, at: int) -> int:
    """The next position that holds no white space."""
    while data[at] <= 32 and (data[at] == 32 or data[at] == 10 or data[at] == 13 or data[at] == 9):
        at += 1
    return at


@inner(types.Tuple((int64, float64, boolean))(reads(uint8), int64))
def read_long_number(data: Codes, at: int) -> tuple[int, float, bool]:
    """`read_number` for any number of digits, one by one."""
    negative = data[at] == 45
    first = at + negative
    at = first
    mantissa = 0
    while 48 <= data[at] <= 57:
        mantissa = mantissa * 10 + (data[at] - 48)
        at += 1
    digits, decimals = at - first, 0
    if digits == 0 or (digits > 1 and data[first] == 48):
        return _ODD, 0.0, False
    if data[at] == 46:
        point = at
        at += 1
        while 48 <= data[at] <= 57:
            mantissa = mantissa * 10 + (data[at] - 48)
            at += 1
        decimals = at - point - 1
        if decimals == 0:
            return _ODD, 0.0, False
    if digits + decimals > _MOST_DIGITS or mantissa > _EXACT or data[at] == 101 or data[at] == 69:
        return _ODD, 0.0, False
    value = float(mantissa)
    if decimals > 0:
        value /= _POWERS[decimals]
    return at, -value if negative else value, decimals == 0


@inner(types.Tuple((int64, float64, boolean))(reads(uint8), int64))
def read_number(data: Codes, at: int) -> tuple[int, float, bool]:
    """A number without an exponent: where it ends (-1: not plain), its value, and whether it is whole.

    Most have fewer than eight characters. Those are read as one word, which saves the processor from guessing
    how many digits there are. `others` marks the bytes that are no digits by their highest bit.
    """
    start = at
    negative = data[at] == 45
    at += negative
    digits = eight_bytes(data, at) ^ _ZEROS
    others = (((digits & _LOW) + _BEYOND_9) | digits) & _HIGH
    if others == 0:
        return read_long_number(data, start)
    below = (others - _1) & ~others
    whole = int((below & _ONES) * _ONES >> _56) - 1  # digits before the first other byte
    length, decimals = whole, 0
    if data[at + whole] == 46:
        others &= others - _1
        if others == 0:
            return read_long_number(data, start)
        before_point = below >> _7
        below = (others - _1) & ~others
        length = int((below & _ONES) * _ONES >> _56) - 1
        decimals = length - whole - 1
        digits = (digits & before_point) | (digits >> _8 & ~before_point)
        if decimals == 0:
            return _ODD, 0.0, False
    behind = data[at + length]
    if whole == 0 or (whole > 1 and data[at] == 48) or behind == 101 or behind == 69:
        return _ODD, 0.0, False
    # The digits to the upper end, so that 0 stands before them; then two by two, four by four
    digits <<= np.uint64(64 - 8 * (whole + decimals))
    digits = (digits * _10 + (digits >> _8)) & _PAIRS
    digits = (digits * _100 + (digits >> _16)) & _FOURS
    digits = (digits * _10000 + (digits >> _32)) & _EIGHT
    value = float(int(digits))
    if decimals > 0:
        value /= _POWERS[decimals]
    return at + length, -value if negative else value, decimals == 0


@inner(int64(float64, boolean, reads(int64), reads(int32), int64))
def row_of(value: float, whole: bool, ids: Offsets, table: Rows, first: int) -> int:
    """The row that a whole number stands for, -1 where it is unknown or none.

    `ids`: int64, ascending, at least one; their rows follow each other from `first` on. `table`: int32, the
    row of each number from ids[0] on, -1 where there is none; empty where it would be too large.
    """
    number = int(value)
    if not whole:
        return _ODD
    if table.shape[0] > 0:
        place = number - ids[0]
        return int(table[place]) if 0 <= place < table.shape[0] else _ODD
    low, high = 0, ids.shape[0]
    while low < high:
        middle = (low + high) // 2
        if ids[middle] < number:
            low = middle + 1
        else:
            high = middle
    return first + low if low < ids.shape[0] and ids[low] == number else _ODD


@inner(int64(reads(uint8), int64, boolean))
def skip_numbers(data: Codes, at: int, only_empty: bool) -> int:
    """Where a list of numbers, or of such lists, ends; -1: anything else, or, with `only_empty`, not `[]`."""
    if data[at] != 91:
        return _ODD
    depth, wanted = 0, True
    while True:
        at = skip_spaces(data, at)
        if wanted and data[at] == 91 and (depth == 0 or not only_empty):
            depth += 1
            at = skip_spaces(data, at + 1)
            wanted = data[at] != 93
        elif wanted:
            at = _ODD if only_empty else read_number(data, at)[0]
            if at == _ODD:
                return _ODD
            wanted = False
        elif data[at] == 93:
            depth -= 1
            at += 1
            if depth == 0:
                return at
        elif data[at] == 44:
            at += 1
            wanted = True
        else:
            return _ODD


@kernel(
    int64(
        *(reads(uint8), int64, int64),
        *(reads(int64), reads(int32), int64),
        *(reads(int64), reads(int32), int64),
        *(int64, int64),
        *(writes(int32), writes(int32), writes(float64, 2), writes(float64), writes(int64), writes(boolean)),
        writes(int64),
    )
)
def read_records(
    data: Codes,
    start: int,
    limit: int,
    image_ids: Offsets,
    image_table: Rows,
    first_image: int,
    class_ids: Offsets,
    class_table: Rows,
    first_class: int,
    required: int,
    allowed: int,
    images: Rows,
    classes: Rows,
    boxes: Floats,
    values: Floats,
    ids: Offsets,
    crowd: Flags,
    ends: Offsets,
) -> int:
    """The records, separated by commas, that begin from `start` on and before `limit`: how many, or -1.

    Each has the keys that are `required` (DETECTION, ANNOTATION), once and in any order, and perhaps others
    that are `allowed` (NO_MASK, ANY_POLYGONS), known ids, and a score from 0 to 1. `data`: uint8, ends with
    eight 0. Ids and tables: see `row_of`. Writes `images`, `classes` int32 [room], `boxes` float64
    [room, 4], `values` float64 [room], the score or the area; `ids` int64 and `crowd` bool [room] only for
    annotations; and `ends` int64 [2]: the position of what stands behind the last record, and where the next
    one begins if that is a comma.
    """
    at = skip_spaces(data, start)
    count = 0
    while True:
        if data[at] != 123:
            return _ODD
        seen = 0
        while True:
            at = skip_spaces(data, at + 1) + 1
            if data[at - 1] != 34:
                return _ODD
            word, numbers = eight_bytes(data, at), 1
            if word == _IMAGE_ID and data[at + 8] == 34:
                key, length = _IMAGE, 9
            elif word == _CATEGORY and eight_bytes(data, at + 4) == _GORY_ID:
                key, length = _CLASS, 12
            elif word & _FIVE == _BBOX:
                key, length, numbers = _BOX, 5, 4
            elif word & _SIX == _SCORE:
                key, length = _SCORED, 6
            elif word & _FIVE == _AREA:
                key, length = _SIZED, 5
            elif word & _THREE == _ID:
                key, length = _NAMED, 3
            elif word == _ISCROWD:
                key, length = _CROWD, 8
            elif word == _SEGMENTA and eight_bytes(data, at + 5) == _NTATION:
                key, length, numbers = NO_MASK, 13, 0
            else:
                return _ODD
            at = skip_spaces(data, at + length)
            if data[at] != 58 or seen & key != 0 or key & allowed == 0:
                return _ODD
            seen |= key
            at = skip_spaces(data, at + 1)
            if key == NO_MASK:
                at = skip_numbers(data, at, allowed & ANY_POLYGONS == 0)
                if at == _ODD:
                    return _ODD
            # The only place where numbers are read: the compiler puts it into this loop
            for i in range(numbers):
                if key == _BOX:
                    if data[at] != (91 if i == 0 else 44):
                        return _ODD
                    at = skip_spaces(data, at + 1)
                at, value, whole = read_number(data, at)
                if at == _ODD:
                    return _ODD
                if key == _BOX:
                    boxes[count, i] = value
                    at = skip_spaces(data, at)
                    if i == 3:
                        if data[at] != 93 or boxes[count, 2] < 0 or value < 0:
                            return _ODD
                        at += 1
                elif key == _IMAGE:
                    row = row_of(value, whole, image_ids, image_table, first_image)
                    images[count] = row
                    if row == _ODD:
                        return _ODD
                elif key == _CLASS:
                    row = row_of(value, whole, class_ids, class_table, first_class)
                    classes[count] = row
                    if row == _ODD:
                        return _ODD
                elif key == _SIZED:
                    values[count] = value
                elif key == _NAMED:
                    ids[count] = int(value)
                    if not whole:
                        return _ODD
                else:
                    if value < 0 or value > 1:
                        return _ODD
                    if key == _SCORED:
                        values[count] = value
                    else:
                        crowd[count] = value == 1
                        if not whole:
                            return _ODD
            at = skip_spaces(data, at)
            if data[at] == 125:
                break
            if data[at] != 44:
                return _ODD
        if seen & required != required:
            return _ODD
        count += 1
        ends[0] = at = skip_spaces(data, at + 1)
        if data[at] == 44:
            ends[1] = at = skip_spaces(data, at + 1)
            if at < limit:
                continue
        return count
