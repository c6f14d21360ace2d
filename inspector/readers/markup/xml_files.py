"""The one place that parses XML: whatever a file says, nothing but its own text is read.

Only lxml parses. A document is handed over in UTF-8 and without its document type, so that there are no
entities to expand, no defaults to add and nothing elsewhere to fetch; the options say the same once more.
libxml2's limits of depth (256 elements) and length (10 MB of text) stay on.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from lxml import etree
from lxml.etree import _Element as Element

from inspector.errors import InputError
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.files import read_small

_OPTIONS: Final[dict[str, Any]] = {
    "encoding": "utf-8",  # whatever is declared: `_decoded` has obeyed that already
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "no_network": True,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
_MOST = 64 << 20
"""Bytes of a file that is parsed at once."""
_CHUNK = 1 << 17
_HEAD = 1 << 20
"""The root element begins within so many bytes."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+[^\s\[\]<>\"'&]+\s*(?:(?:SYSTEM|PUBLIC|\"[^\"<]*\"|'[^'<]*')\s*)*>", re.ASCII
)
_SPACES = re.compile(rb"[ \t\r\n]*")
_ROOT = re.compile(rb"<([^\s<>/\"'=]+)")
_REASONS: Final = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "is not XML",
    etree.ErrorTypes.ERR_DOCUMENT_END: "there is more behind the end of the root element",
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "an element ends that is not the last one begun",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "the file ends within an element",
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "an entity that is not part of XML itself: it is not looked up",
    etree.ErrorTypes.ERR_INVALID_CHAR: "a character that XML does not allow",
    etree.ErrorTypes.ERR_INVALID_ENCODING: "a byte that is not UTF-8",
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED: "an attribute that is given twice",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "goes beyond what is read: too deep, or a text too long",
}


def read_xml(path: Path | str) -> Element:
    """The root element of a small file. Raises InputError."""
    text, _ = _without_doctype(_decoded(path, read_small(path, _MOST)), path)
    try:
        return etree.fromstring(text, etree.XMLParser(**_OPTIONS))
    except etree.XMLSyntaxError as error:
        raise _refused(path, error) from None


def root_name(path: Path) -> str:
    """The name of a file's root element, from its first bytes; empty where it is no XML that is read."""
    try:
        with path.open("rb", buffering=0) as file:
            head = file.read(1 << 16)
        return _without_doctype(_decoded(path, head, whole=False), path)[1]
    except (OSError, InputError):
        return ""


def children(path: Path, root: str, tags: Sequence[str], progress: Progress, stage: str) -> Iterator[Element]:
    """The root's own children of these names, one after the other, in memory that does not grow with them.

    An element may be used until the next one is asked for. Raises InputError, also where the root element
    has another name than `root`, and what `progress` raises.
    """
    parser = etree.XMLPullParser(("start", "end"), tag=(root, *tags), **_OPTIONS)
    top: Element | None = None
    try:
        for chunk in _chunks(path, root, progress, stage):
            parser.feed(chunk)
            for event, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                if top is None:
                    top = element
                elif event == "end" and element.getparent() is top:
                    yield element
                    element.clear()
            if top is not None:
                del top[:-1]  # the last one may not have ended
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _refused(path, error, parser.feed_error_log) from None


def _chunks(path: Path, root: str, progress: Progress, stage: str) -> Iterator[bytes]:
    """The document in UTF-8, without a document type, in pieces that take some milliseconds to parse."""
    pause = Pauses()
    try:
        with path.open("rb", buffering=0) as file:
            size = file.seek(0, 2) or 1
            file.seek(0)
            head = _full(file, _HEAD)
            decoder = _decoder(_coding(path, head))
            text, name = _without_doctype(_utf8(path, decoder, head, not file.read(1)), path)
            if name != root:
                raise InputError(path, "", f"is not of this format: the root element is <{name}>")
            file.seek(len(head))
            for start in range(0, len(text), _CHUNK):
                progress(stage, 0.0)
                yield text[start : start + _CHUNK]
            while block := file.read(_CHUNK):
                progress(stage, min(file.tell() / size, 1.0))
                yield _utf8(path, decoder, block, False)
                pause()
    except OSError as error:
        raise InputError(path, "", f"cannot be read: {error.strerror or error}") from None


def _full(file: BinaryIO, count: int) -> bytes:
    """The next bytes, as many as there are: an unbuffered file may give fewer at once."""
    parts = []
    while count and (part := file.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _decoded(path: Path | str, data: bytes, *, whole: bool = True) -> bytes:
    """A document in UTF-8."""
    coding = _coding(path, data)
    return _utf8(path, _decoder(coding), data, whole)


def _decoder(coding: str) -> codecs.IncrementalDecoder | None:
    """None for UTF-8, which the parser reads, and checks, itself."""
    return None if coding == "utf-8" else codecs.getincrementaldecoder(coding)("strict")


def _utf8(path: Path | str, decoder: codecs.IncrementalDecoder | None, data: bytes, final: bool) -> bytes:
    if decoder is None:
        return data
    try:
        return decoder.decode(data, final).encode("utf-8")
    except UnicodeError:  # also surrogates, which UTF-8 does not have
        raise InputError(path, "", "is not text in the encoding that it declares") from None


def _coding(path: Path | str, data: bytes) -> str:
    """How the bytes are to be read: by their mark, or else as declared, or else as UTF-8."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    declared = _DECLARED.match(data)
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii").lower()
    if name.startswith(("utf-16", "utf16", "ucs-2", "utf-32", "unicode")):
        return "utf-8"  # its own declaration could not be read so: programs copy it from elsewhere
    try:
        "".encode(name)  # refuses what is no encoding of text, such as zip
        return codecs.lookup(name).name
    except LookupError:
        raise InputError(path, "line 1", f'the encoding "{name}" is not known') from None


def _without_doctype(text: bytes, path: Path | str) -> tuple[bytes, str]:
    """The text with blanks in place of its document type, and the name of the root element.

    Raises InputError where the document type declares anything.
    """
    at = 0
    while True:
        at = _SPACES.match(text, at).end()  # type: ignore[union-attr]
        if text.startswith(b"<!DOCTYPE", at):
            doctype = _DOCTYPE.match(text, at)
            if doctype is None:
                line = text.count(b"\n", 0, at) + 1
                reason = "declarations inside the document type (DOCTYPE) are not read: remove them"
                raise InputError(path, f"line {line}", reason)
            at = doctype.end()
            blank = re.sub(rb"[^\n]", b" ", doctype[0])
            text = text[: doctype.start()] + blank + text[at:]
            continue
        close = next((end for begin, end in _ASIDE if text.startswith(begin, at)), None)
        end = -1 if close is None else text.find(close, at)
        if end < 0:
            break
        at = end + len(close or b"")
    name = _ROOT.match(text, at)
    if name is None:
        line = text.count(b"\n", 0, at) + 1
        raise InputError(path, f"line {line}", "is not XML" if at < len(text) else "holds no XML element")
    return text, name[1].decode("utf-8", "replace")


_ASIDE: Final = ((b"<?", b"?>"), (b"<!--", b"-->"))
"""What may stand before the root element and means nothing."""


def _refused(path: Path | str, error: etree.XMLSyntaxError, log: Iterable[Any] = ()) -> InputError:
    """`log`: what was wrong first, where the error itself only says that there is no document."""
    code, line = error.code, error.lineno  # type: ignore[attr-defined]
    first = next(iter(log), None)
    if code not in _REASONS and first is not None:
        code, line = first.type, first.line
    return InputError(path, f"line {line}" if line else "", _REASONS.get(code, "is not well-formed XML"))
