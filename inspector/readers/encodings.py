"""How a text file is encoded, told from its first bytes, and UTF-16 brought to UTF-8."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.pauses import Pauses

UTF8_MARK: Final = codecs.BOM_UTF8
_BLOCK: Final = 4 << 20
"""Bytes that are brought to UTF-8 at once: some milliseconds."""
_MARKS: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class NotTextError(ValueError):
    """Bytes that the encoding does not allow, on this line, counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def utf16_of(head: bytes) -> tuple[str, int] | None:
    """The codec of UTF-16, and where the text begins behind a mark; None for everything else.

    Without a mark it is known by the empty half of its first character: text that is worth reading here
    begins with ASCII.
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec, len(mark)
    if len(head) >= 2 and (head[0] == 0) != (head[1] == 0):
        return ("utf-16-be" if head[0] == 0 else "utf-16-le"), 0
    return None


def to_utf8(data: NDArray[np.uint8], start: int, codec: str) -> NDArray[np.uint8]:
    """UTF-16 from a position on as UTF-8. Raises NotTextError."""
    decoder = codecs.getincrementaldecoder(codec)()
    # three bytes at most for each two; memory that is not written to is none
    text, filled = np.empty((len(data) - start) * 3 // 2 + 8, np.uint8), 0
    for at in range(start, len(data), _BLOCK):
        block = data[at : at + _BLOCK].tobytes()
        try:
            part = decoder.decode(block, final=at + _BLOCK >= len(data)).encode()
        except UnicodeDecodeError as error:
            before = int(np.count_nonzero(text[:filled] == ord("\n")))
            within = error.object[: error.start].decode(codec, errors="replace").count("\n")
            raise NotTextError(before + within + 1) from None
        text[filled : filled + len(part)] = np.frombuffer(part, np.uint8)
        filled += len(part)
    return text[:filled]


def head_of(path: Path, most: int) -> str:
    """The first `most` bytes of a text behind its mark and leading spaces, however many, as text.

    At most two times `most` bytes, an even number, are held at once. Raises OSError.
    """
    pause = Pauses()
    with path.open("rb") as file:
        head = file.read(most)
        codec = (utf16_of(head) or ("utf-8", 0))[0]
        text = text_of(head)
        while not text and (block := file.read(most)):
            text = block.decode(codec, errors="replace").lstrip()
            pause()
        if len(text) < most // 2:  # spaces took the room of what is looked for
            text += file.read(most).decode(codec, errors="replace")
    return text


def text_of(head: bytes) -> str:
    """The beginning of a text in UTF-8 or UTF-16, without a mark and spaces; what is no text is replaced."""
    known = utf16_of(head)
    if known is not None:
        return head[known[1] :].decode(known[0], errors="replace").lstrip()
    return head.removeprefix(UTF8_MARK).decode("utf-8", errors="replace").lstrip()
