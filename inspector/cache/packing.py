"""Frozen dataclasses of columns as a tree for the header and a list of arrays, and back.

It follows the fields of whatever dataclass it is given, so a new column needs nothing here, and a new
dataclass only a place in `_CLASSES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeAlias, Union

import msgspec
import numpy as np
from numpy.typing import NDArray

from inspector.dataset import (
    Classes,
    Detections,
    Images,
    Joined,
    Labels,
    Masks,
    Note,
    Objects,
    Splits,
    Unplaced,
)
from inspector.evaluation.mask_iou import PairIous
from inspector.evaluation.matching import Evaluation
from inspector.evaluation.protocol import Protocol, SizeRange
from inspector.evaluation.tables import Axis, Table
from inspector.reading import Convention

Array = NDArray[Any]

_CLASSES: Final = {
    made.__name__: made
    for made in (
        *(Images, Classes, Objects, Detections, Masks, Labels, Note),
        *(Splits, Joined, Unplaced, Convention),
        *(Evaluation, PairIous, Protocol, SizeRange),
        *(Table, Axis),
    )
}


class Column(msgspec.Struct, tag="column"):
    """An array of the entry."""

    position: int


class Shared(msgspec.Struct, tag="shared"):
    """An array that is also a column of the dataset: "detections.scores"."""

    name: str


class Items(msgspec.Struct, tag="items"):
    """Whole numbers and texts, as a tuple or as an array of objects."""

    values: list[int | str]
    large: list[int]
    """Where 64 bits do not hold a number, and its digits stand in its place."""
    array: bool


class Several(msgspec.Struct, tag="several"):
    """Any other tuple."""

    values: tuple[Node, ...]


class Record(msgspec.Struct, tag="record"):
    """A dataclass."""

    name: str
    fields: dict[str, Node]


class Named(msgspec.Struct, tag="named"):
    """A dictionary."""

    values: dict[str, Node]


Node: TypeAlias = Union[  # noqa: UP007
    bool, int, float, str, Column, Shared, Items, Several, Record, Named, None
]
"""A union that msgspec can resolve although it holds itself."""


def columns_of(parts: Mapping[str, object]) -> dict[str, Array]:
    """The arrays directly in these dataclasses, by "part.field"."""
    return {
        f"{part}.{item.name}": value
        for part, record in parts.items()
        if is_dataclass(record)
        for item in fields(record)
        if isinstance(value := getattr(record, item.name), np.ndarray)
    }


class Packer:
    """Turns values into nodes and collects their arrays; the `shared` ones are only named."""

    def __init__(self, shared: Mapping[str, Array] | None = None) -> None:
        self.arrays: list[Array] = []
        self._names = {id(array): name for name, array in (shared or {}).items()}

    def pack(self, value: object) -> Node:
        """Raises TypeError for what cannot be kept."""
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, tuple):
            if all(type(item) in (int, str) for item in value):
                return _items(value, array=False)
            return Several(tuple(self.pack(item) for item in value))
        if isinstance(value, dict):
            return Named({name: self.pack(item) for name, item in value.items()})
        name = type(value).__name__
        if is_dataclass(value) and type(value) is _CLASSES.get(name):
            return Record(name, {item.name: self.pack(getattr(value, item.name)) for item in fields(value)})
        raise TypeError(f"cannot keep {type(value)}")

    def _array(self, array: Array) -> Node:
        if id(array) in self._names:
            return Shared(self._names[id(array)])
        if array.dtype.hasobject:
            return _items(array.tolist(), array=True)
        self.arrays.append(np.ascontiguousarray(array))
        return Column(len(self.arrays) - 1)


def unpack(node: Node, arrays: Sequence[Array], shared: Mapping[str, Array] | None = None) -> Any:
    """The value that was packed. Raises what its dataclasses raise, LookupError and ValueError."""
    match node:
        case Column(position=position):
            return arrays[position]
        case Shared(name=name):
            return (shared or {})[name]
        case Items():
            return _unpack_items(node)
        case Several(values=values):
            return tuple(unpack(value, arrays, shared) for value in values)
        case Record(name=name, fields=values):
            return _CLASSES[name](**{key: unpack(value, arrays, shared) for key, value in values.items()})
        case Named(values=values):
            return {key: unpack(value, arrays, shared) for key, value in values.items()}
    return node


def _items(values: Sequence[int | str], *, array: bool) -> Items:
    kept = list(values)
    large = [row for row, value in enumerate(kept) if type(value) is int and not -(2**63) <= value < 2**63]
    for row in large:
        kept[row] = str(kept[row])
    return Items(kept, large, array)


def _unpack_items(items: Items) -> tuple[int | str, ...] | NDArray[np.object_]:
    values = items.values
    for row in items.large:
        values[row] = int(values[row])
    if not items.array:
        return tuple(values)
    array = np.empty(len(values), dtype=np.object_)
    array[:] = values
    return array
