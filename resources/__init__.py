"""Files that the window shows: the style sheet and the icons."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def style_sheet(colours: DataclassInstance) -> str:
    """The style sheet with the colours put in; `$panel` stands for the field `panel`."""
    text = files(__name__).joinpath("style.qss").read_text(encoding="utf-8")
    return Template(text).substitute(asdict(colours))


def icon(name: str) -> bytes:
    """The bytes of icons/`name`.svg."""
    return files(__name__).joinpath("icons", f"{name}.svg").read_bytes()
