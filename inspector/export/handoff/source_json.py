"""The ground-truth file as it stands: its keys and elements byte by byte, so that nothing of it is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import msgspec

from inspector.dataset import Dataset, FileId
from inspector.errors import InputError
from inspector.export.handoff.ours import MARK
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.coco.json_pieces import Value, elements, open_document
from inspector.readers.coco.shape import list_of
from inspector.readers.files import BLOCK, read_file

READING: Final = "Reading ground truth"
WRITING: Final = "Writing ground truth"


class Ids(msgspec.Struct, gc=False):
    """What tells an element of a list from the others."""

    id: FileId | float | None = None
    image_id: FileId | float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some consecutive elements of a list."""

    first: int
    """The position of the first one in the list."""
    elements: Sequence[bytes | msgspec.Raw]
    ids: Sequence[Ids]


class Source(Protocol):
    """What another COCO document is mostly the same as."""

    path: Path

    def free_key(self, key: str) -> str: ...
    def position(self, row: int) -> int: ...
    def write(
        self,
        stream: BinaryIO,
        lists: Mapping[str, Callable[[Iterator[Part]], Iterator[bytes]]],
        more: Mapping[str, Callable[[], object]],
    ) -> None: ...


class SourceFile:
    """A ground-truth file, opened to write another one that is mostly the same."""

    def __init__(self, dataset: Dataset, progress: Progress) -> None:
        """The file that the dataset was read from. Raises InputError, and what `progress` raises."""
        path = dataset.paths[0]
        file = read_file(path, part_of(progress, 0.0, 0.2), READING)
        document = open_document(file, part_of(progress, 0.2, 0.4), READING)
        if isinstance(document, Value):
            raise InputError(path, "", "has changed since it was opened: read it again")
        self.path, self._document = path, document
        self._positions = dataset.objects.positions
        self._progress = part_of(progress, 0.4, 1.0)

    def free_key(self, key: str) -> str:
        """A key that the file does not use: this one, or with a line behind."""
        while key in self._document:
            key += "_"
        return key

    def position(self, row: int) -> int:
        """Where an object of the dataset stands among the annotations."""
        return int(self._positions[row])

    def write(
        self,
        stream: BinaryIO,
        lists: Mapping[str, Callable[[Iterator[Part]], Iterator[bytes]]],
        more: Mapping[str, Callable[[], object]],
    ) -> None:
        """The same document, with other elements for some of its `lists`, with our mark before everything
        (where it does not use that key) and with `more` keys at its end.

        `more` is called after all lists are written.
        """
        opening = b"{\n"
        if MARK[0] not in self._document:
            stream.write(b"%b%b: %b" % (opening, *map(encoded, MARK)))
            opening = b",\n"
        for key, value in self._document.items():
            stream.write(b"%b%b: " % (opening, encoded(key)))
            if key in lists:
                write_list(stream, lists[key](self._parts(key)))
            else:
                _write_value(stream, value)
            opening = b",\n"
        for key, make in more.items():
            stream.write(b"%b%b: %b" % (opening, encoded(key), encoded(make())))
        stream.write(b"\n}\n")

    def _parts(self, key: str) -> Iterator[Part]:
        value, first, pause = list_of(self.path, self._document, key), 0, Pauses()
        for piece, part in value.pieces():
            try:
                raws: Sequence[bytes | msgspec.Raw] = _RAWS.decode(piece.data)
                ids: Sequence[Ids] = _IDS.decode(piece.data)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                # NaN, or numbers of any length, which only Python's decoder takes
                records = [item if isinstance(item, dict) else {} for item in elements(value.file, piece)]
                raws = [encoded(record) for record in records]
                ids = [Ids(record.get("id"), record.get("image_id")) for record in records]
            yield Part(first, raws, ids)
            first += len(raws)
            self._progress(WRITING if key == "annotations" else READING, part)
            pause()


_RAWS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_IDS: Final = msgspec.json.Decoder(list[Ids])


def encoded(value: object) -> bytes:
    """JSON as Python writes it: NaN, too, where a file holds it."""
    return json.dumps(value, ensure_ascii=False).encode()


def decoded(element: bytes | msgspec.Raw) -> dict[str, object]:
    """An element of a list, which is an object. Floats keep their value, whole numbers all their digits."""
    value = json.loads(bytes(element))
    assert isinstance(value, dict)
    return value


def write_list(stream: BinaryIO, items: Iterable[bytes]) -> None:
    """An array of JSON texts."""
    opening = b"[\n"
    for item in items:
        stream.write(opening)
        stream.write(item)
        opening = b",\n"
    stream.write(b"[]" if opening == b"[\n" else b"\n]")


def _write_value(stream: BinaryIO, value: Value) -> None:
    if isinstance(value.content, bytes):
        stream.write(value.content)
        return
    for start in range(value.content.start, value.content.end, BLOCK):
        stream.write(value.file.data[start : min(start + BLOCK, value.content.end)].tobytes())
