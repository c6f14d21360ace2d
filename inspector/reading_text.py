"""A `Reading` as text, for what remembers it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from inspector.reading import AS_WRITTEN, Reading


def text_of(reading: Reading) -> str:
    """JSON of what is not found out by itself, sorted by name; empty for a reading as written."""
    said = {item.name: getattr(reading, item.name) for item in fields(Reading)}
    chosen = {name: value for name, value in said.items() if value != getattr(AS_WRITTEN, name)}
    return msgspec.json.encode(chosen, enc_hook=str, order="sorted").decode() if chosen else ""


def reading_of(text: str) -> Reading:
    """What `text_of` wrote; a reading as written where the text is damaged."""
    try:
        return msgspec.json.decode(text, type=Reading, dec_hook=_path)
    except (msgspec.DecodeError, UnicodeError):
        return AS_WRITTEN


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"{value!r:.40} is no {kind.__name__}")
