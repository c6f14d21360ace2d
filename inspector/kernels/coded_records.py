"""Reads detections with compressed masks in the plain layout, straight from the file's bytes.

As in `plain_records`, what is not plain is left to the general decoder, and the bytes end with eight 0.
"""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import (
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
from inspector.kernels.plain_records import (
    read_number,
    row_of,
    skip_spaces,
    word_of,
)
from inspector.outcomes import Codes

_ODD = -1
_QUOTE, _BACKSLASH, _COMMA, _COLON, _OPEN, _CLOSE = 34, 92, 44, 58, 123, 125
_FIRST, _LAST = 48, 111
"""The characters of codes."""


_IMAGE_ID, _CATEGORY, _ORY_ID, _SEGMENTA, _NTATION, _BBOX, _SCORE, _SIZE, _COUNTS = map(
    word_of,
    (
        *(b"image_id", b"category", b'gory_id"', b"segmenta", b'ntation"'),
        *(b'bbox"', b'score"', b'size"', b'counts"'),
    ),
)
_FIVE, _SIX, _SEVEN = word_of(b"\xff" * 5), word_of(b"\xff" * 6), word_of(b"\xff" * 7)


@inner(int64(reads(uint8), int64))
def behind_colon(data: Codes, at: int) -> int:
    """Where the value begins, from behind the key; -1 where there is no colon."""
    at = skip_spaces(data, at)
    return skip_spaces(data, at + 1) if data[at] == 58 else _ODD


@inner(types.UniTuple(int64, 2)(reads(uint8), int64, reads(int64), reads(int32), int64))
def read_row(data: Codes, at: int, ids: Offsets, table: Rows, first: int) -> tuple[int, int]:
    """A whole number that stands for a row: where it ends (-1: not plain, or unknown) and the row."""
    at, value, whole = read_number(data, at)
    row = row_of(value, whole, ids, table, first) if at != _ODD else _ODD
    return (at if row != _ODD else _ODD), row


@inner(int64(reads(uint8), int64, writes(float64, 2), int64))
def read_box(data: Codes, at: int, boxes: Floats, row: int) -> int:
    """Four numbers in brackets, the last two not negative: where they end, or -1."""
    if data[at] != 91:
        return _ODD
    for i in range(4):
        at = skip_spaces(data, at + 1)
        at, value, _ = read_number(data, at)
        if at == _ODD or (i > 1 and value < 0):
            return _ODD
        boxes[row, i] = value
        at = skip_spaces(data, at)
        if data[at] != (93 if i == 3 else 44):
            return _ODD
    return at + 1


@inner(types.UniTuple(int64, 2)(reads(uint8), int64, writes(uint8), int64))
def read_code(data: Codes, at: int, codes: Codes, to: int) -> tuple[int, int]:
    """Text in quotes, copied to `codes` from `to` on: where it ends (-1: not plain), where the copy ends."""
    if data[at] != _QUOTE:
        return _ODD, to
    at += 1
    while data[at] != _QUOTE:
        if data[at] == _BACKSLASH:
            at += 1
            if data[at] != _BACKSLASH:
                return _ODD, to
        if data[at] < _FIRST or data[at] > _LAST:
            return _ODD, to
        codes[to] = data[at]
        at += 1
        to += 1
    return at + 1, to


@inner(types.UniTuple(int64, 2)(reads(uint8), int64, writes(float64, 2), int64, writes(uint8), int64))
def read_mask(data: Codes, at: int, sizes: Floats, row: int, codes: Codes, to: int) -> tuple[int, int]:
    """An object with a size and a code: where it ends (-1: not plain), and where the code's copy ends."""
    if data[at] != _OPEN:
        return _ODD, to
    seen = 0
    for i in range(2):
        at = skip_spaces(data, at + 1) + 1
        word = eight_bytes(data, at)
        if data[at - 1] != _QUOTE:
            return _ODD, to
        if word & _FIVE == _SIZE:
            seen |= 1
            at = behind_colon(data, at + 5)
            if at == _ODD or data[at] != 91:
                return _ODD, to
            for axis in range(2):
                at, sizes[row, axis], _ = read_number(data, skip_spaces(data, at + 1))
                if at == _ODD:
                    return _ODD, to
                at = skip_spaces(data, at)
                if data[at] != (93 if axis == 1 else _COMMA):
                    return _ODD, to
            at += 1
        elif word & _SEVEN == _COUNTS:
            seen |= 2
            at = behind_colon(data, at + 7)
            if at != _ODD:
                at, to = read_code(data, at, codes, to)
            if at == _ODD:
                return _ODD, to
        else:
            return _ODD, to
        at = skip_spaces(data, at)
        if data[at] != (_CLOSE if i == 1 else _COMMA):
            return _ODD, to
    return (at + 1 if seen == 3 else _ODD), to


@kernel(
    int64(
        *(reads(uint8), int64, int64),
        *(reads(int64), reads(int32), int64),
        *(reads(int64), reads(int32), int64),
        *(writes(int32), writes(int32), writes(float64, 2), writes(float64)),
        *(writes(float64, 2), writes(int64), writes(uint8), writes(int64)),
    )
)
def read_coded(
    data: Codes,
    start: int,
    limit: int,
    image_ids: Offsets,
    image_table: Rows,
    first_image: int,
    class_ids: Offsets,
    class_table: Rows,
    first_class: int,
    images: Rows,
    classes: Rows,
    boxes: Floats,
    scores: Floats,
    sizes: Floats,
    lengths: Offsets,
    codes: Codes,
    ends: Offsets,
) -> int:
    """The detections, separated by commas, from `start` to `limit`: how many, or -1.

    Each has ids, a score from 0 to 1, a mask and perhaps a box, in any order. As `read_records`; also
    writes `sizes` float64 [room, 2], height and width, `lengths` int64 [room] and `codes` uint8 [any]; a
    missing box is written as nan. `ends` int64 [2]: where the last of them and where the codes end.
    """
    at = skip_spaces(data, start)
    count, to = 0, 0
    while True:
        if data[at] != _OPEN:
            return _ODD
        seen, begin = 0, to
        boxes[count, 0] = np.nan
        while data[at] != _CLOSE:
            at = skip_spaces(data, at + 1) + 1
            if data[at - 1] != _QUOTE:
                return _ODD
            word = eight_bytes(data, at)
            key = 0
            if word == _IMAGE_ID and data[at + 8] == _QUOTE:
                key = 1
                at = behind_colon(data, at + 9)
                if at != _ODD:
                    at, images[count] = read_row(data, at, image_ids, image_table, first_image)
            elif word == _CATEGORY and eight_bytes(data, at + 4) == _ORY_ID:
                key = 2
                at = behind_colon(data, at + 12)
                if at != _ODD:
                    at, classes[count] = read_row(data, at, class_ids, class_table, first_class)
            elif word & _SIX == _SCORE:
                key = 4
                at = behind_colon(data, at + 6)
                if at != _ODD:
                    at, scores[count], _ = read_number(data, at)
                    if scores[count] < 0 or scores[count] > 1:
                        return _ODD
            elif word == _SEGMENTA and eight_bytes(data, at + 5) == _NTATION:
                key = 8
                at = behind_colon(data, at + 13)
                if at != _ODD:
                    at, to = read_mask(data, at, sizes, count, codes, to)
            elif word & _FIVE == _BBOX:
                key = 16
                at = behind_colon(data, at + 5)
                if at != _ODD:
                    at = read_box(data, at, boxes, count)
            if key == 0 or at == _ODD or seen & key != 0:
                return _ODD
            seen |= key
            at = skip_spaces(data, at)
            if data[at] != _CLOSE and data[at] != _COMMA:
                return _ODD
        if seen & 15 != 15:
            return _ODD
        lengths[count] = to - begin
        count += 1
        ends[1] = to
        ends[0] = at = skip_spaces(data, at + 1)
        if data[at] != _COMMA:
            return count
        at = skip_spaces(data, at + 1)
        if at >= limit:
            return _ODD
