"""Settings of data sets as training tools keep them: data.yaml of Ultralytics, obj.data of Darknet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.readers.files import size_of
from inspector.readers.folders import read_text

_LARGEST: Final = 1 << 20
"""Bytes; a thousand class names take some ten thousand."""
_DEEPEST: Final = 20

Setting = str | list["Setting"] | dict[str, "Setting"]
"""Everything is text: a class may be called "no", "1" or "2020-01-01"."""


def read_yaml(path: Path) -> dict[str, Setting]:
    """The mapping that a YAML file holds. Raises InputError for anything else.

    Aliases and tags are refused: settings need none, and aliases can make a small file huge.
    """
    import yaml  # not needed to open anything else

    text = short_text(path)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            odd = _odd(event, depth)
            if odd:
                raise InputError(path, _line(event.start_mark), odd)
        settings = yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        raise InputError(path, _line(error.problem_mark), f"is no YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise InputError(path, "", f"is no YAML: {error}") from None
    if not isinstance(settings, Mapping):
        raise InputError(path, "", "holds no settings (a mapping is expected)")
    return {str(key): value for key, value in settings.items()}


def _line(mark: object) -> str:
    line = getattr(mark, "line", None)
    return "" if line is None else f"line {line + 1}"


def _odd(event: object, depth: int) -> str:
    """What is refused in settings; "" where nothing is."""
    if type(event).__name__ == "AliasEvent":
        return "holds an alias, which is not followed"
    if getattr(event, "tag", None) is not None:
        return "holds a tag, which is not followed"
    return "is nested too deep" if depth > _DEEPEST else ""


def read_pairs(path: Path) -> dict[str, str]:
    """The lines "key = value" of a file such as obj.data. Raises InputError where it cannot be read."""
    pairs = (line.partition("=") for line in short_text(path).splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def short_text(path: Path) -> str:
    """The text of a file that is not expected to be large. Raises InputError, also where it is large."""
    if size_of(path) > _LARGEST:
        raise InputError(path, "", f"is too large for settings or names (over {_LARGEST >> 20} MB)")
    return read_text(path)
