"""What one file is, by its content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from inspector.readers.coco.kind import KEYS, ends_of
from inspector.readers.encodings import head_of
from inspector.readers.formats import DETECTION_FORMATS, TRUTH_FORMATS, Format
from inspector.sniffing.candidates import Role

Kind = tuple[Role, Format]

_HEAD: Final = 65_536
_FILE_NAME: Final = re.compile(r'"file_name"\s*:\s*("(?:[^"\\\x00-\x1f]|\\["\\/bfnrt])*")')


def kind_of(path: Path, role: Role | None = None) -> Kind | None:
    """The side and the format that a file or folder looks like; None where it looks like neither.

    `role`: only this side. Raises InputError where it cannot be read.
    """
    truth, found = (
        next((known for known in formats if role in (None, side) and looks_like((side, known), path)), None)
        for side, formats in ((Role.GROUND_TRUTH, TRUTH_FORMATS), (Role.DETECTIONS, DETECTION_FORMATS))
    )
    if truth is not None and truth.name != "coco":
        return Role.GROUND_TRUTH, truth
    if truth is not None or (found is not None and found.name == "coco"):
        return _kind_of_json(path, truth, found)
    return None if found is None else (Role.DETECTIONS, found)


def looks_like(kind: Kind, path: Path) -> bool:
    """Whether a file or folder looks like one side in one format."""
    role, known = kind
    if role is Role.GROUND_TRUTH:
        return known.truth_reader().looks_like_truth(path)
    return known.detection_reader().looks_like_detections(path)


def image_names(path: Path) -> list[str]:
    """The first names of images in a COCO file; empty where it tells none early on."""
    if not path.is_file():
        return []
    try:
        head = head_of(path, _HEAD)
    except OSError:
        return []
    return [json.loads(text) for text in _FILE_NAME.findall(head)]


def refusal(paths: Iterable[Path]) -> str:
    """What was looked for, for paths that look like neither side."""
    titles = dict.fromkeys(known.title for known in (*TRUTH_FORMATS, *DETECTION_FORMATS))
    names = ", ".join(path.name for path in paths)
    return f"{names}: looks like none of {', '.join(titles)}" if names else ""


def _kind_of_json(path: Path, truth: Format | None, found: Format | None) -> Kind | None:
    """An object with COCO's keys is ground truth, or detections if it has scores; so is a list of objects."""
    ends = ends_of(path)
    inside = ends[1:].lstrip()
    is_list = ends.startswith("[")
    is_known = inside.startswith(("{", "]")) if is_list else _starts_with_a_key(inside)
    if not is_known:
        return None
    if is_list or '"score"' in ends:
        return None if found is None else (Role.DETECTIONS, found)
    is_coco = any(key in ends for key in KEYS)
    return (Role.GROUND_TRUTH, truth) if truth is not None and is_coco else None


def _starts_with_a_key(text: str) -> bool:
    try:
        key, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return False
    return isinstance(key, str) and text[end:].lstrip().startswith(":")
