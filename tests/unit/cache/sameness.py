"""What "the same" means for what comes out of the cache."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def assert_same(found: Any, expected: Any, place: str = "") -> None:
    """Equal in type, dtype, shape and every bit; arrays from the cache are read-only."""
    assert type(found) is type(expected), place
    if isinstance(expected, np.ndarray):
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape), place
        assert not found.flags.writeable, place
        if expected.dtype.hasobject:
            assert_same(tuple(found.tolist()), tuple(expected.tolist()), place)
        else:
            assert found.tobytes() == expected.tobytes(), place
    elif isinstance(expected, tuple | list):
        assert len(found) == len(expected), place
        for row, pair in enumerate(zip(found, expected, strict=True)):
            assert_same(*pair, f"{place}[{row}]")
    elif isinstance(expected, dict):
        assert list(found) == list(expected), place
        for key, value in expected.items():
            assert_same(found[key], value, f"{place}.{key}")
    elif is_dataclass(expected):
        for item in fields(expected):
            assert_same(getattr(found, item.name), getattr(expected, item.name), f"{place}.{item.name}")
    else:
        assert found == expected or found != found, place
