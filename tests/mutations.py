"""Ways in which files go wrong, each decided by a random generator alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Final

from inspector.dataset import Dataset
from inspector.errors import InputError
from inspector.sources import Sources, read

Mutate = Callable[[bytes, random.Random], bytes]

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z_0-9 ]*")
_KEY = re.compile(rb'"[A-Za-z_]+"\s*:')
_ELEMENT = re.compile(rb"<([A-Za-z]+)[^<>]*>[^<>]*</\1>")
_ODD_NUMBERS: Final = (
    *(b"NaN", b"nan", b"1e400", b"-1e400", b"Infinity", b"abc", b'"12"', b"", b"null", b"true"),
    *(b"1e-400", b"99999999999999999999", b"-1", b"0x10", b"1,5", b"[1]", b"{}", b"\xff\xfe"),
)
NOT_NUMBERS: Final = (b"NaN", b"nan", b"1e400", b"-1e400", b"Infinity", b"abc", b"--1", b"1e", b"0x10")
"""What no reader can take for another number."""


def _place(pattern: re.Pattern[bytes], data: bytes, chance: random.Random) -> tuple[int, int]:
    """Where some match lies; anywhere where there is none."""
    start = chance.randrange(len(data) + 1)
    return _some(pattern, data, chance) or (start, start)


def flip(data: bytes, chance: random.Random) -> bytes:
    """Some bits."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwrite(data: bytes, chance: random.Random) -> bytes:
    """Some bytes by any others."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + chance.randbytes(chance.choice((1, 4, 64))) + data[start + 4 :]


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end."""
    return data[: chance.randrange(len(data) + 1)]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    """Something in the middle."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(1, 40) :]


def repeat(data: bytes, chance: random.Random) -> bytes:
    """A part twice."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.randrange(1, 200))
    return data[:end] + data[start:end] + data[end:]


def odd_number(data: bytes, chance: random.Random) -> bytes:
    """A number becomes something else."""
    start, end = _place(_NUMBER, data, chance)
    return data[:start] + chance.choice(_ODD_NUMBERS) + data[end:]


def no_number(data: bytes, chance: random.Random) -> bytes:
    """A number becomes what is none, or is infinite."""
    start, end = _place(_NUMBER, data, chance)
    return data[:start] + chance.choice(NOT_NUMBERS) + data[end:]


def other_word(data: bytes, chance: random.Random) -> bytes:
    """A key, a tag or a name becomes another one."""
    start, end = _place(_WORD, data, chance)
    return (
        data[:start] + chance.choice((b"", b"x", b"bbox", b"object", b"\xc3\xa9", b"a" * 5000)) + data[end:]
    )


def dropped(data: bytes, chance: random.Random) -> bytes:
    """A key with its value, an element, a line or a word goes."""
    if chance.random() < 0.5 and (match := _some(_KEY, data, chance)):
        end = min(data.find(sign, match[1]) % (len(data) + 1) for sign in (b",", b"}", b"]"))
        return data[: match[0]] + data[end + 1 :]
    if match := _some(_ELEMENT, data, chance):
        return data[: match[0]] + data[match[1] :]
    lines = data.split(chance.choice((b"\n", b" ", b",")))
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def _some(pattern: re.Pattern[bytes], data: bytes, chance: random.Random) -> tuple[int, int] | None:
    found = [match.span() for match in pattern.finditer(data)]
    return chance.choice(found) if found else None


def nested(data: bytes, chance: random.Random) -> bytes:
    """Something goes a hundred thousand levels deep."""
    start, end = _place(_NUMBER, data, chance)
    deep = chance.choice((1000, 100_000))
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"(", b")")))
    return data[:start] + opening * deep + b"1" + closing * deep + data[end:]


def lying(data: bytes, chance: random.Random) -> bytes:
    """A length or a size is far larger than what follows."""
    start, end = _place(_NUMBER, data, chance)
    return data[:start] + chance.choice((b"2147483647", b"4000000000", b"9223372036854775808")) + data[end:]


def recoded(data: bytes, chance: random.Random) -> bytes:
    """Another coding, or lines that end in another way."""
    text = data.decode("utf-8", errors="replace")
    coding = chance.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp037", "crlf", "cr"))
    if coding == "crlf":
        return data.replace(b"\n", b"\r\n")
    if coding == "cr":
        return data.replace(b"\n", b"\r")
    return text.encode(coding, errors="replace")


def entities(data: bytes, chance: random.Random) -> bytes:
    """Text that expands, or that lies elsewhere."""
    bomb = b'<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(8)
    )
    outside = b'<!ENTITY i SYSTEM "file:///etc/passwd">'
    doctype = b"<!DOCTYPE annotation [" + chance.choice((bomb, outside)) + b"]>"
    start, end = _place(_WORD, data, chance)
    return doctype + data[:start] + chance.choice((b"&i;", b"&a;", b"&amp;")) + data[end:]


MUTATIONS: Final[tuple[Mutate, ...]] = (
    *(flip, overwrite, cut, cut_out, repeat, odd_number, no_number, other_word, dropped),
    *(nested, lying, recoded, entities),
)


def _columns(dataset: Dataset) -> tuple[object, ...]:
    """All that the numbers are made of."""
    objects, detections = dataset.objects, dataset.detections
    arrays = (objects.boxes, objects.areas, objects.images, objects.classes, objects.crowd)
    found = (detections.boxes, detections.scores, detections.images, detections.classes)
    names = dataset.images.file_names, dataset.classes.names
    return *(array.tobytes() for array in (*arrays, *found)), *names


def _outcome(sources: Sources) -> Dataset | None:
    """What was read; None where an error says what is wrong, and in which file."""
    try:
        return read(sources)
    except InputError as error:
        told = str(error)
    assert "\n" not in told
    assert any(told.startswith(str(path)) for path in sources.paths)
    return None


def try_all(sources: Sources, folder: Path, seed: str, each: int) -> float:
    """Mutate the files of a folder, one at a time; the seconds that the slowest took to read.

    Raises whatever is neither data nor one error.
    """
    slowest = 0.0
    before = read(sources)
    chance = random.Random(seed)
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    for number in range(each):
        file = chance.choice(files)
        whole = file.read_bytes()
        mutate = MUTATIONS[number % len(MUTATIONS)]
        file.write_bytes(mutate(whole, chance))
        start = perf_counter()
        try:
            after = _outcome(sources)
            slowest = max(slowest, perf_counter() - start)
            if mutate is no_number and after is not None and after.notes == before.notes:
                assert _columns(after) == _columns(before), "a number went without a remark"
        except BaseException as error:
            error.add_note(f"{file.name}, number {number}, {mutate.__name__}: {file.read_bytes()[:2000]!r}")
            raise
        finally:
            file.write_bytes(whole)
    return slowest
