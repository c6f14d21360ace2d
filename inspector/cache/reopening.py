"""Opening and evaluating with the cache in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final

from inspector.cache.entry import entry_size, read_entry, write_entry
from inspector.cache.folder import cache_folder, delete, entry_path, make_room, was_used
from inspector.cache.keys import content_key, evaluation_key, tables_key
from inspector.cache.packing import Array, Packer, columns_of, unpack
from inspector.dataset import Content, Dataset
from inspector.errors import CancelledError
from inspector.evaluation.matching import Evaluation, evaluate
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.tables import Table, all_tables
from inspector.progress import Progress, no_progress

WORTH_IT: Final = 4 << 20
"""Bytes of JSON from which on keeping pays: below, reading takes a moment."""

_OF_THIS_OPENING: Final = frozenset(("ground_truth_path", "detections_path", "image_folder", "content"))
"""The fields of a dataset that its files' content does not decide."""


def opened(
    ground_truth: Path | None,
    detections: Path | None,
    options: str,
    read: Callable[[], Dataset],
    progress: Progress = no_progress,
) -> Dataset:
    """The dataset of these files, as it was kept, or else as `read` makes it.

    `options` names everything but the files' content that decides what `read` makes.
    Raises what `read` and `progress` raise; the cache itself raises nothing.
    """
    paths = [path for path in (ground_truth, detections) if path is not None]
    folder = cache_folder()
    before = _stamps(paths)
    if folder is None or before is None or sum(size for size, *_ in before) < WORTH_IT:
        return read()
    try:
        key = content_key(paths, options, progress)
    except OSError:
        return read()
    kept = _find(folder, key, {}, progress)
    if kept is not None:
        dataset = Dataset(
            **kept, ground_truth_path=ground_truth, detections_path=detections, image_folder=None
        )
    else:
        dataset = read()
        if _stamps(paths) != before:  # what was read may not be what the key names
            return dataset
    return replace(dataset, content=Content(key, options, dataset))


def evaluated(
    dataset: Dataset, protocol: Protocol | None = None, progress: Progress = no_progress
) -> Evaluation:
    """The evaluation as it was kept, or else made anew. Raises CancelledError when `progress` does."""
    protocol = protocol or Protocol()
    content, folder = _content(dataset), cache_folder()
    if content is not None and folder is not None:
        shared = columns_of(_parts(content.dataset))
        kept = _find(folder, evaluation_key(content.key, protocol), shared, progress)
        if isinstance(kept, Evaluation):
            return kept
    return evaluate(dataset, protocol, progress)


def tabled(dataset: Dataset, evaluation: Evaluation, point: OperatingPoint) -> list[Table]:
    """All tables as they were kept, or else made anew."""
    content, folder = _content(dataset), cache_folder()
    if content is not None and folder is not None:
        key = tables_key(evaluation_key(content.key, evaluation.protocol), point)
        kept = _find(folder, key, {}, no_progress)
        if kept is not None:
            return list(kept)
    return all_tables(dataset, evaluation, point)


def keep(
    dataset: Dataset,
    evaluation: Evaluation,
    tables: tuple[OperatingPoint, Sequence[Table]] | None = None,
    progress: Progress = no_progress,
) -> None:
    """Keep them for the next time, if that pays and there is room.

    Raises CancelledError when `progress` does, and nothing else: it is only about the next time.
    """
    content, folder = _content(dataset), cache_folder()
    if content is None or folder is None:
        return
    try:
        _keep(folder, content, _made(content, evaluation, tables), progress)
    except CancelledError:
        raise
    except Exception:  # a full disk, a folder that cannot be written
        return


def _made(
    content: Content, evaluation: Evaluation, tables: tuple[OperatingPoint, Sequence[Table]] | None
) -> dict[str, tuple[object, dict[str, Array]]]:
    """What is to be kept by its key, each with the arrays that it shares with what is kept elsewhere."""
    parts = _parts(content.dataset)
    evaluated_as = evaluation_key(content.key, evaluation.protocol)
    made: dict[str, tuple[object, dict[str, Array]]] = {
        content.key: (parts, {}),
        evaluated_as: (evaluation, columns_of(parts)),
    }
    if tables is not None:
        made[tables_key(evaluated_as, tables[0])] = (tuple(tables[1]), {})
    return made


def _keep(
    folder: Path, content: Content, made: Mapping[str, tuple[object, dict[str, Array]]], progress: Progress
) -> None:
    missing = [key for key in made if not entry_path(folder, key).exists()]
    # Hashed again: the files were read after the first time, and may have been changed between.
    read = (content.dataset.ground_truth_path, content.dataset.detections_path)
    paths = [path for path in read if path is not None]
    if not missing or content_key(paths, content.options, progress) != content.key:
        return
    entries = []
    for key in missing:
        value, shared = made[key]
        packer = Packer(shared)
        entries.append((key, packer.pack(value), packer.arrays))
    folder.mkdir(parents=True, exist_ok=True)
    # All or none: what fits only alone would push out the others, every time.
    if make_room(folder, sum(entry_size(arrays) for _, _, arrays in entries)):
        for key, root, arrays in entries:
            write_entry(entry_path(folder, key), key, root, arrays, progress)


def _find(folder: Path, key: str, shared: Mapping[str, Array], progress: Progress) -> Any:
    """What was kept; None where nothing usable was."""
    path = entry_path(folder, key)
    try:
        found = unpack(*read_entry(path, key, progress), shared)
    except (CancelledError, MemoryError):
        raise
    except OSError:
        return None
    except Exception:  # damaged in whatever way: it makes room for a whole one
        delete(path)
        return None
    was_used(path)
    return found


def _parts(dataset: Dataset) -> dict[str, object]:
    """What the content of the files decides."""
    return {
        item.name: getattr(dataset, item.name)
        for item in fields(dataset)
        if item.name not in _OF_THIS_OPENING
    }


def _content(dataset: Dataset) -> Content | None:
    """None for what was derived from what was read: other columns are not that content."""
    content = dataset.content
    if content is None or any(
        getattr(dataset, name) is not value
        for name, value in _parts(content.dataset).items()
        if name != "notes"
    ):
        return None
    return content


def _stamps(paths: Sequence[Path]) -> list[tuple[int, ...]] | None:
    """Size, times and number of each file; None where one is not there, or could only be read once."""
    try:
        stats = [path.stat() for path in paths]
    except OSError:
        return None
    if not all(S_ISREG(item.st_mode) for item in stats):
        return None
    return [(item.st_size, item.st_mtime_ns, item.st_ctime_ns, item.st_ino) for item in stats]
