"""What a hand-off wrote earlier: only that is ever replaced."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from inspector.errors import InputError

MARK: Final = ("made_by", "Detection Inspector")
"""The first key of a JSON file that is handed off. Readers of COCO files pass over keys they do not know."""
FIRST_COLUMNS: Final = ("image", "image id", "target", "object id", "class")
"""Of the list of flags, whatever else comes to stand in it."""
_STARTS: Final = (
    b"\xef\xbb\xbf" + ",".join(FIRST_COLUMNS).encode() + b",",
    b'{\n"%b": "%b"' % (MARK[0].encode(), MARK[1].encode()),
)


def is_handed_off(path: Path) -> bool:
    """Whether a file was written by a hand-off, by how it begins; an empty one has nothing to lose. Raises
    OSError."""
    with path.open("rb") as stream:
        start = stream.read(max(map(len, _STARTS)))
    return not start or start.startswith(_STARTS)


def refuse_foreign(target: Path) -> None:
    """Raises InputError where somebody else's file would be replaced."""
    try:
        is_ours = not target.is_file() or is_handed_off(target)
    except OSError as error:
        raise InputError(target, "", f"not replaced: {error.strerror or error}") from None
    if not is_ours:
        raise InputError(target, "", "not replaced: this file was not written by a hand-off")
