"""The kernel for plain detections against Python's own JSON decoder."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.kernels.plain_detections import read_plain
from inspector.readers.plain import _IdTable

PLAIN = b'{"image_id": 3, "category_id": 18, "bbox": [258.15, 41.29, 348.26, 243.78], "score": 0.236}'


def read(text: bytes) -> list[dict[str, Any]] | None:
    """What the kernel makes of some detections; None where it leaves them to others."""
    data = np.frombuffer(text, dtype=np.uint8)
    ids, numbers = np.empty((50, 2), np.int64), np.empty((50, 5))
    count = read_plain(data, 0, len(data), ids, numbers)
    if count < 0:
        return None
    return [
        {"image_id": image, "category_id": category, "bbox": row[:4], "score": row[4]}
        for (image, category), row in zip(ids[:count].tolist(), numbers[:count].tolist(), strict=True)
    ]


decimals = st.builds(
    lambda sign, whole, fraction: f"{sign}{whole}" + (f".{fraction}" if fraction else ""),
    st.sampled_from(["", "-"]),
    st.integers(0, 10**9),
    st.text("0123456789", max_size=18),
)
spaces = st.text(" \n\t\r", max_size=2)


@given(
    st.lists(st.tuples(st.integers(-5, 10**12), st.lists(decimals, min_size=5, max_size=5)), min_size=1),
    st.data(),
)
@settings(max_examples=300, deadline=None)
def test_what_is_plain_is_read_exactly_as_python_reads_it(
    rows: list[tuple[int, list[str]]], data: st.DataObject
) -> None:
    gap = data.draw(spaces)
    objects = []
    for number, values in rows:
        pairs = [
            f'"image_id"{gap}:{gap}{number}',
            f'"category_id":{gap}{number // 7}',
            f'"bbox": [{gap}{f"{gap},{gap}".join(values[:4])}{gap}]',
            f'"score":{values[4]}',
        ]
        objects.append("{" + gap + f",{gap}".join(data.draw(st.permutations(pairs))) + gap + "}")
    text = f"{gap},{gap}".join(objects)
    expected = json.loads(f"[{text}]", parse_int=float)  # "-0" is a number with a sign
    found = read(text.encode())
    digits = max(len(value.lstrip("-0.").replace(".", "")) for _, values in rows for value in values)
    assert found is not None or digits > 15 or len(rows) > 50
    if found is not None:
        for item, wanted in zip(found, expected, strict=True):
            assert (item["image_id"], item["category_id"]) == (wanted["image_id"], wanted["category_id"])
            assert repr((item["bbox"], item["score"])) == repr((wanted["bbox"], wanted["score"]))


@given(st.integers(0, len(PLAIN) - 1), st.binary(max_size=3))
@settings(max_examples=1500, deadline=None)
def test_text_that_is_not_plain_is_never_read_differently(at: int, change: bytes) -> None:
    text = PLAIN[:at] + change + PLAIN[at + 1 :]
    found = read(text)
    if found is not None:
        expected = json.loads(b"[" + text + b"]")
        assert [list(row["bbox"]) for row in found] == [row["bbox"] for row in expected]
        assert [{**row, "bbox": 0} for row in found] == [{**row, "bbox": 0} for row in expected]


ODD = [
    b"",
    b" ",
    PLAIN + b",",
    b"," + PLAIN,
    PLAIN + PLAIN,
    PLAIN.replace(b"0.236", b"2.36e-1"),
    PLAIN.replace(b"0.236", b"01"),
    PLAIN.replace(b"0.236", b"1."),
    PLAIN.replace(b"0.236", b".5"),
    PLAIN.replace(b"0.236", b"+1"),
    PLAIN.replace(b"0.236", b"NaN"),
    PLAIN.replace(b"0.236", b"0.1234567890123456"),
    PLAIN.replace(b"0.236", b'"0.5"'),
    PLAIN.replace(b": 3,", b": 3.0,"),
    PLAIN.replace(b": 3,", b": 1234567890123456,"),
    PLAIN.replace(b"41.29, ", b""),
    PLAIN.replace(b"41.29", b"41.29, 5"),
    PLAIN.replace(b'"score"', b'"bbox"'),
    PLAIN.replace(b'"score"', b'"scores"'),
    PLAIN.replace(b"}", b', "id": 4}'),
    PLAIN.replace(b'"score": 0.236', b'"image_id": 3'),
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_odd_is_left_to_the_general_decoder(text: bytes) -> None:
    assert read(text) is None


@given(
    st.lists(st.integers(-(2**65), 2**65) | st.integers(0, 40), unique=True), st.lists(st.integers(-3, 45))
)
def test_ids_stand_for_their_rows(known: list[int], asked: list[int]) -> None:
    ids = [*sorted(known), "text"]
    expected = [ids.index(item) if item in ids else -1 for item in asked]
    assert _IdTable(ids).rows(np.array(asked, dtype=np.int64)).tolist() == expected
