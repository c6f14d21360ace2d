"""Tells ground truth from detections by looking at the files, so that people can just drop them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from inspector.errors import InputError
from inspector.sources import Sources

_HEAD = 4096
_DEPTH = 3
_MOST_FILES = 2000


def sources_from(paths: Sequence[Path], known: Sources | None = None) -> Sources:
    """The sources that some files and folders stand for.

    Folders are searched for JSON files, three levels deep. What is missing is taken from `known`, so that
    dropping only detections evaluates them against the open ground truth. Raises InputError where a side is
    missing or where there are several of one kind.
    """
    folders = [path for path in paths if path.is_dir()]
    given = [path for path in paths if not path.is_dir()]
    kinds: dict[str, list[Path]] = {"ground truth": [], "detections": []}
    for path in (*given, *(file for folder in folders for file in _json_files(folder))):
        kind = kind_of(path)
        if kind is not None:
            kinds[kind].append(path)
        elif path in given:
            raise InputError(path, "", "is neither COCO ground truth nor a COCO list of detections")
    truth = _one(kinds["ground truth"], "ground truth", known.ground_truth if known else None, paths)
    detections = _one(kinds["detections"], "detections", known.detections if known else None, paths)
    images = known.images if known and truth == known.ground_truth else None
    return Sources(truth, detections, images)


def kind_of(path: Path) -> str | None:
    """ "ground truth" for a JSON object, "detections" for a JSON array of objects, None for anything else."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8-sig", errors="replace").lstrip()
    except OSError as error:
        raise InputError(path, "", f"cannot be read: {error.strerror}") from error
    if head.startswith("["):
        inside = head[1:].lstrip()
        return "detections" if inside.startswith(("{", "]")) else None
    if head.startswith("{"):
        try:
            _, end = json.JSONDecoder().raw_decode(head[1:].lstrip())
            after = head[1:].lstrip()[end:].lstrip()
        except ValueError:
            return None
        return "ground truth" if after.startswith(":") else None
    return None


def _one(found: list[Path], kind: str, known: Path | None, paths: Sequence[Path]) -> Path:
    if len(found) > 1:
        names = ", ".join(path.name for path in found[:4])
        raise InputError(paths[0], "", f"holds several files of {kind} ({names}): use File > Open")
    if found:
        return found[0]
    if known is None:
        raise InputError(paths[0], "", f"no {kind} here: add them with File > Open")
    return known


def _json_files(folder: Path, depth: int = _DEPTH) -> Iterable[Path]:
    """JSON files below a folder, nearest first; per-image files by the thousand are not looked through."""
    try:
        entries = sorted(folder.iterdir())[:_MOST_FILES]
    except OSError as error:
        raise InputError(folder, "", f"cannot be read: {error.strerror}") from error
    yield from (entry for entry in entries if entry.suffix.lower() == ".json" and entry.is_file())
    if depth > 1:
        for entry in entries:
            if entry.is_dir():
                yield from _json_files(entry, depth - 1)
