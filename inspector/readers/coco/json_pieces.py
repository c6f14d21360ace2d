"""A JSON file as named values, and its long lists as pieces that are decoded one at a time.

A list of ten million elements cannot be decoded at once: the window would stand still for seconds and the
objects would fill the memory. So it is cut at commas between elements into pieces of some 256 KB. Small files
are cut by msgspec alone, because the compiled scanner may first have to be compiled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np

from inspector.errors import InputError
from inspector.kernels.ready import make_ready
from inspector.progress import Progress
from inspector.readers.coco.json_lines import holds_lines, with_commas
from inspector.readers.files import FileBytes

PIECE = 256 << 10
"""Bytes per piece, at least: some 2,500 detections, decoded within a few milliseconds."""
SMALL = 4 << 20
"""Up to this size a file is read without the compiled scanner."""
SCAN_BLOCK = 16 << 20

_RAW_DECODER = json.JSONDecoder()
_SPACES = re.compile(r"[ \t\r\n]*")
_KINDS = {"[": "a list", "{": "an object", '"': "text", "t": "true", "f": "false", "n": "null"}
_CUT_OFF = re.compile(r"-|\.|[eE][+-]?|\\?u?[0-9a-fA-F]{0,4}|tr?u?|fa?l?s?|nu?l?|Na?|-?I[nfity]*")
"""What is left where a file ends in the middle of a number, a word or an escape, or between values."""
TRUNCATED = "the file ends in the middle of the JSON: truncated?"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some consecutive elements of a list, as a JSON list of its own."""

    data: bytes
    start: int | None
    """The position in the file of what stands where `data` has its opening bracket; None: unknown."""
    whole: bool
    """Whether this is all of the list: only then may it be empty."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value lies in a file and where it can be cut."""

    start: int
    end: int
    cuts: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value of a file: its kind in words ("a list", "a number"), and its pieces if it is a list."""

    file: FileBytes
    kind: str
    content: Span | bytes

    def pieces(self) -> Iterator[tuple[Piece, float]]:
        """The pieces of a list in order, each with the part of the list, in (0, 1], that ends with it."""
        if isinstance(self.content, bytes):
            yield from _raw_pieces(self.content)
            return
        span = self.content
        for start, end in self.ranges():
            yield self.piece(start, end), (end - span.start) / (span.end - span.start)

    def ranges(self) -> list[tuple[int, int]]:
        """Where the pieces of a list lie in the file, between its commas; none if msgspec has cut it."""
        if isinstance(self.content, bytes):
            return []
        bounds = [self.content.start, *self.content.cuts, self.content.end - 1]
        return [(start + 1, end) for start, end in pairwise(bounds)]

    def piece(self, start: int, end: int) -> Piece:
        """The piece of one of the ranges."""
        assert isinstance(self.content, Span)
        data = b"".join((b"[", self.file.data[start:end].data, b"]"))
        return Piece(data, start - 1, whole=not self.content.cuts)


Scanner = Callable[[int], Span]
Document = Value | dict[str, Value]


def open_lines(file: FileBytes) -> Value:
    """The list that one or more lines, each with an object, are."""
    file = with_commas(file)
    cuts: list[int] = []
    assert file.commas is not None
    for comma in file.commas[:: max(1, len(file.commas) * PIECE // len(file.data))].tolist():
        if comma - (cuts[-1] if cuts else file.start) >= PIECE:
            cuts.append(comma)
    return Value(file, "a list", Span(file.start - 1, len(file.data), cuts))


def is_large(size: int) -> bool:
    """Whether a file of so many bytes is worth compiled kernels."""
    return size > SMALL


def open_document(file: FileBytes, progress: Progress, stage: str) -> Document:
    """The list that a file is, or the values of the object that it is by their keys.

    JSON Lines are a list. Raises InputError with line and column if the text is not JSON; what stands inside
    a list is only checked where its pieces are decoded.
    """
    if holds_lines(file):
        return open_lines(file)
    if is_large(len(file.data)):
        return _walk(file, _compiled_scanner(file, progress, stage))
    text = file.data[file.start :].tobytes()
    try:
        if text[:1] == b"{":
            raws = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
            return {key: _raw_value(file, bytes(raw)) for key, raw in raws.items()}
        return _raw_value(file, bytes(msgspec.json.decode(text, type=msgspec.Raw)))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # Not JSON, or numbers such as NaN that Python writes: find out where.
        return _walk(file, _exact_scanner(file))


def elements(file: FileBytes, piece: Piece) -> Iterator[object]:
    """The elements of a piece one by one, with Python's own decoder, which also takes NaN and Infinity.

    Raises InputError with line and column where the piece is no list of JSON values.
    """
    try:
        text = piece.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _error(file, piece, error.start, "is not UTF-8 text") from None
    position = _skip(text, 1)
    if piece.whole and text[position] == "]":
        return
    while True:
        try:
            element, position = _RAW_DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            place, reason = _syntax(error, position)
            raise _error(file, piece, len(text[:place].encode()), reason) from None
        yield element
        position = _skip(text, position)
        if text[position] == "]" and position == len(text) - 1:
            return
        if text[position] != ",":
            reason = f"not JSON: expected a comma or a closing bracket, found {text[position]!r}"
            raise _error(file, piece, len(text[:position].encode()), reason)
        position = _skip(text, position + 1)


def _error(file: FileBytes, piece: Piece, position: int, reason: str) -> InputError:
    """An error at a position of the piece; without a place if msgspec, which does not tell, has cut it."""
    if piece.start is None:
        return InputError(file.path, "", reason)
    return file.error(piece.start + position, reason)


def _skip(text: str, position: int) -> int:
    match = _SPACES.match(text, position)
    return match.end() if match else position


def _syntax(error: Exception, position: int) -> tuple[int, str]:
    """Where and why Python's decoder gave up on the value that begins at a position."""
    if isinstance(error, json.JSONDecodeError):
        if error.msg.startswith("Unterminated string") or _CUT_OFF.fullmatch(error.doc, error.pos):
            return len(error.doc), TRUNCATED
        return error.pos, f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    if isinstance(error, RecursionError):
        return position, "lists or objects are nested too deeply"
    return position, "a number has too many digits"


def _raw_pieces(content: bytes) -> Iterator[tuple[Piece, float]]:
    """The pieces of a list that msgspec has checked: cut by it, too."""
    raws = msgspec.json.decode(content, type=list[msgspec.Raw]) if len(content) > PIECE else []
    if not raws:
        yield Piece(content, None, whole=True), 1.0
        return
    step = max(1, len(raws) * PIECE // len(content))
    for at in range(0, len(raws), step):
        data = b"[%b]" % b",".join(raws[at : at + step])
        yield Piece(data, None, whole=False), min(1.0, (at + step) / len(raws))


def _raw_value(file: FileBytes, raw: bytes) -> Value:
    return Value(file, _KINDS.get(chr(raw[0]), "a number"), raw)


def _walk(file: FileBytes, scan: Scanner) -> Document:
    """Walk over the top level with a scanner that tells where a value ends."""
    position = file.start
    document: Document
    if file.byte(position) == "{":
        document = {}
        position = _walk_object(file, scan, document)
    else:
        span = scan(position)
        document, position = _value(file, span), span.end
    position = file.skip_spaces(position)
    if position < len(file.data):
        if file.byte(file.start) in "[{" and file.byte(position) in "[{":
            reason = "a second JSON value begins here: JSON Lines? Expected one value"
            raise file.error(position, reason)
        raise file.error(position, "not JSON: there is more text behind the end of the value")
    return document


def _walk_object(file: FileBytes, scan: Scanner, values: dict[str, Value]) -> int:
    position = file.skip_spaces(file.start + 1)
    if file.byte(position) == "}":
        return position + 1
    while True:
        _expect(file, position, '"', "a key in double quotes")
        span = scan(position)
        try:
            key = str(json.loads(file.data[span.start : span.end].tobytes()))
        except ValueError:
            raise file.error(position, "not JSON: the key cannot be read") from None
        position = file.skip_spaces(span.end)
        _expect(file, position, ":", "a colon behind the key")
        position = file.skip_spaces(position + 1)
        span = scan(position)
        values[key] = _value(file, span)
        position = file.skip_spaces(span.end)
        if file.byte(position) == "}":
            return position + 1
        _expect(file, position, ",", "a comma or a closing brace")
        position = file.skip_spaces(position + 1)


def _expect(file: FileBytes, position: int, character: str, what: str) -> None:
    found = file.byte(position)
    if found == character:
        return
    if _CUT_OFF.fullmatch(file.data[position : position + 12].tobytes().decode("latin-1")):
        raise file.error(len(file.data), TRUNCATED)
    raise file.error(position, f"not JSON: expected {what}, found {found!r}")


def _value(file: FileBytes, span: Span) -> Value:
    if span.end == span.start:
        at_end = span.start >= len(file.data)
        raise file.error(span.start, TRUNCATED if at_end else "not JSON: expected a value")
    first, last = file.byte(span.start), file.byte(span.end - 1)
    if (first == "[" and last != "]") or (first == "{" and last != "}"):
        raise file.error(span.end - 1, f"not JSON: {first!r} is closed with {last!r}")
    return Value(file, _KINDS.get(first, "a number"), span)


def _exact_scanner(file: FileBytes) -> Scanner:
    """A scanner that decodes what it passes: slow, but it names every mistake exactly."""
    # Read as Latin-1, so that positions in the text are positions in the file.
    text = file.data.tobytes().decode("latin-1")

    def scan(start: int) -> Span:
        if text[start : start + 1] == "[":
            return _exact_list(file, text, 0, start)
        return Span(start, _exact_end(file, text, 0, start), [])

    return scan


def _exact_list(file: FileBytes, text: str, offset: int, start: int) -> Span:
    """Where a list ends and can be cut, in `text`, which begins at `offset` of the file."""
    cuts: list[int] = []
    last_cut, position = start, _skip(text, start + 1)
    if text[position : position + 1] == "]":
        return Span(start, position + 1, cuts)
    while True:
        position = _skip(text, _exact_end(file, text, offset, position))
        if text[position : position + 1] == "]":
            return Span(start, position + 1, cuts)
        _expect(file, offset + position, ",", "a comma or a closing bracket")
        if position - last_cut >= PIECE:
            cuts.append(position)
            last_cut = position
        position = _skip(text, position + 1)


def _exact_end(file: FileBytes, text: str, offset: int, position: int) -> int:
    try:
        return _RAW_DECODER.raw_decode(text, position)[1]
    except (ValueError, RecursionError) as error:
        place, reason = _syntax(error, position)
        raise file.error(offset + place, reason) from None


def _compiled_scanner(file: FileBytes, progress: Progress, stage: str) -> Scanner:
    """A scanner that only counts brackets, at the speed of reading, without holding up other threads."""
    make_ready(progress, ["json_scan"])  # may compile: only here, where it is needed
    from inspector.kernels import json_scan

    def scan(start: int) -> Span:
        state = np.zeros(json_scan.STATE_SIZE, dtype=np.int64)
        state[json_scan.POSITION] = state[json_scan.LAST_CUT] = start
        found = np.empty(SCAN_BLOCK // PIECE + 1, dtype=np.int64)
        cuts: list[int] = []
        position = start
        while not state[json_scan.FINISHED] and position < len(file.data):
            progress(stage, position / len(file.data))
            count = json_scan.scan_block(file.data, state, position + SCAN_BLOCK, PIECE, found)
            cuts.extend(found[:count].tolist())
            position = int(state[json_scan.POSITION])
        if not state[json_scan.FINISHED] and (state[json_scan.DEPTH] or state[json_scan.IN_STRING]):
            raise _first_error(file, Span(start, len(file.data), cuts))
        if file.byte(start) not in "[{":  # short, so that checking it costs nothing
            _exact_end(file, file.data[start:position].tobytes().decode("latin-1"), start, 0)
        return Span(start, position, cuts if file.byte(start) == "[" else [])

    return scan


def _first_error(file: FileBytes, span: Span) -> InputError:
    """What is wrong with a value without an end: often a mistake long before the end of the file."""
    if file.byte(span.start) == "[":
        try:
            for start, end in pairwise([span.start, *span.cuts]):
                _check(file, Piece(b"[" + file.data[start + 1 : end].tobytes() + b"]", start, whole=False))
            # What is left has no end: the decoder of small files says at what it fails.
            rest = span.cuts[-1] if span.cuts else span.start
            _exact_list(file, file.data[rest:].tobytes().decode("latin-1"), rest, 0)
        except InputError as error:
            return error
    return file.error(len(file.data), TRUNCATED)


def _check(file: FileBytes, piece: Piece) -> None:
    try:
        msgspec.json.decode(piece.data, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        for _ in elements(file, piece):
            pass
