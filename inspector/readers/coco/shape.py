"""Whether a document has the shape of COCO's files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inspector.errors import InputError
from inspector.readers.coco.json_pieces import Value, elements


def list_of(path: Path, document: Mapping[str, Value], key: str) -> Value:
    """The list under a key. Raises InputError if there is none."""
    if key not in document:
        raise InputError(path, "", f'has no "{key}"')
    value = document[key]
    if value.kind != "a list":
        raise InputError(path, key, f"expected a list, found {value.kind}")
    return value


def keys_of_first(value: Value) -> set[str] | None:
    """The keys of a list's first element; None if it is empty or starts with something else."""
    first = first_of(value)
    return set(first) if isinstance(first, dict) else None


def first_of(value: Value) -> object:
    """A list's first element; None if it is empty. Raises InputError if it is not JSON."""
    piece, _ = next(value.pieces())
    return next(elements(value.file, piece), None)
