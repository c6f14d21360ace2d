"""The compiled scanner finds the same ends and cuts as its readable twin."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.kernels import json_scan
from tests.oracle.json_scan import scan_value

TEXT = st.one_of(st.text(), st.text(alphabet='"\\[]{},: \n\té€'))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXT, inner)),
)
STYLES = st.sampled_from(
    [
        {"separators": (",", ":")},
        {"indent": 2},
        {"indent": "\t", "ensure_ascii": False},
        {"ensure_ascii": False},
    ]
)


def scan(data: bytes, start: int, spacing: int, block: int, room: int) -> tuple[int | None, list[int]]:
    """Run the kernel block by block."""
    state = np.zeros(json_scan.STATE_SIZE, dtype=np.int64)
    state[json_scan.POSITION] = state[json_scan.LAST_CUT] = start
    found = np.empty(room, dtype=np.int64)
    array = np.frombuffer(bytearray(data), dtype=np.uint8)
    cuts: list[int] = []
    position = start
    while not state[json_scan.FINISHED] and position < len(data):
        count = json_scan.scan_block(array, state, position + block, spacing, found)
        cuts.extend(found[:count].tolist())
        position = int(state[json_scan.POSITION])
    return (position if state[json_scan.FINISHED] else None), cuts


@given(JSON, STYLES, st.integers(1, 20), st.integers(1, 50), st.integers(1, 3), st.binary(max_size=3))
def test_values_end_where_the_twin_says_and_are_cut_alike(
    value: object, style: dict[str, object], spacing: int, block: int, room: int, before: bytes
) -> None:
    data = before + json.dumps(value, **style).encode("utf-8", "surrogatepass") + b', "next"]'  # type: ignore[arg-type]
    end, cuts = scan(data, len(before), spacing, block, room)
    assert (end, cuts) == scan_value(data, len(before), spacing)
    assert end == len(data) - len(b', "next"]')


@given(JSON, STYLES, st.data())
def test_values_without_an_end_have_none_for_both(
    value: object, style: dict[str, object], data: st.DataObject
) -> None:
    text = json.dumps([value], **style).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
    text = text[: data.draw(st.integers(1, len(text) - 1))]
    assert scan(text, 0, 5, 7, 2) == scan_value(text, 0, 5)


@given(st.lists(JSON, min_size=1), STYLES, st.integers(1, 30))
def test_the_pieces_between_cuts_are_the_elements_of_the_list(
    values: list[object], style: dict[str, object], spacing: int
) -> None:
    data = json.dumps(values, **style).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
    end, cuts = scan(data, 0, spacing, 1000, 10)
    assert end == len(data)
    bounds = [0, *cuts, len(data) - 1]
    pieces = [data[start + 1 : stop] for start, stop in pairwise(bounds)]
    assert [item for piece in pieces for item in json.loads(b"[" + piece + b"]")] == values
