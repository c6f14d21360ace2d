"""Plain detections read by a kernel, against Python's own JSON decoder."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import CancelledError
from inspector.progress import no_progress
from inspector.readers.coco import plain
from inspector.readers.coco.plain import IdTable, PlainDetections, PlainReader
from inspector.readers.files import FileBytes

PLAIN = b'{"image_id": 3, "category_id": 18, "bbox": [258.15, 41.29, 348.26, 243.78], "score": 0.236}'
IMAGES: list[int | str] = [-4, 0, 3, 70, 10**12, "3"]
CLASSES: list[int | str] = [1, 18, 90, 2**65, "a"]


def listed(found: PlainDetections | None, images: Sequence[Any], classes: Sequence[Any]) -> Any:
    """The detections as the file spells them; None where they are left to others."""
    if found is None:
        return None
    columns = (found.images, found.classes, found.boxes, found.scores)
    return [
        {"image_id": images[image], "category_id": classes[row], "bbox": box, "score": score}
        for image, row, box, score in zip(*(column.tolist() for column in columns), strict=True)
    ]


def read(text: bytes) -> Any:
    """What the kernel makes of the detections in a piece of a file."""
    data = np.frombuffer(b"[" + text + b"]", dtype=np.uint8)
    reader = PlainReader(IdTable(IMAGES), IdTable(CLASSES), no_progress)
    (found,) = reader.pieces(FileBytes(Path(), data, 0), [(1, len(data) - 1)])
    return listed(found, IMAGES, CLASSES)


def read_file(text: bytes, block: int) -> Any:
    """What it makes of a whole file, in blocks of some bytes."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder, "detections.json")
        path.write_bytes(text)
        patch.setattr(plain, "BLOCK", block)
        patch.setattr(plain, "MARGIN", 400)
        found = PlainReader(IdTable(IMAGES), IdTable(CLASSES), no_progress).file(path, no_progress, "")
    return listed(found, IMAGES, CLASSES)


decimals = st.builds(
    lambda whole, fraction: f"{whole}" + (f".{fraction}" if fraction else ""),
    st.integers(0, 10**9),
    st.text("0123456789", max_size=18),
)
scores = st.sampled_from(
    ["0", "1", "-0.0", "1.0", "0.5", "0.12345", "0.123456", "0.1234567", "0.12345678901"]
)
spaces = st.text(" \n\t\r", max_size=2)
detections = st.lists(
    st.tuples(
        st.sampled_from([-4, 0, 3, 70, 10**12]),
        st.sampled_from([1, 18, 90]),
        st.lists(st.tuples(st.sampled_from(["", "-"]), decimals), min_size=4, max_size=4),
        scores,
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, int]:
    """Detections with commas between them, in any plain way to write them, and their most digits."""
    gap, objects, most = draw(spaces), [], 0
    for image, category, box, score in draw(detections):
        values = [sign + number for sign, number in box[:2]] + [number for _, number in box[2:]]
        most = max(most, *(len(number.replace(".", "")) for number in values))
        pairs = [
            f'"image_id"{gap}:{gap}{image}',
            f'"category_id":{gap}{category}',
            f'"bbox": [{gap}{f"{gap},{gap}".join(values)}{gap}]',
            f'"score":{score}',
        ]
        objects.append("{" + gap + f",{gap}".join(draw(st.permutations(pairs))) + gap + "}")
    return f"{gap},{gap}".join(objects), most


@given(texts())
@settings(max_examples=300, deadline=None)
def test_what_is_plain_is_read_exactly_as_python_reads_it(written: tuple[str, int]) -> None:
    text, digits = written
    found = read(text.encode())
    assert found is not None or digits > 15
    if found is not None:  # "-0" is a number with a sign, so the words are compared
        assert repr(found) == repr(floats(json.loads(f"[{text}]", parse_int=float)))


@given(texts(), st.integers(330, 2000), st.sampled_from([b"", b"\xef\xbb\xbf", b" \n", b"\t"]))
@settings(max_examples=300, deadline=None)
def test_a_plain_file_is_read_alike_wherever_its_blocks_begin(
    written: tuple[str, int], block: int, around: bytes
) -> None:
    text, digits = written
    found = read_file(around + b"[" + text.encode() + b"]" + around.strip(b"\xef\xbb\xbf"), block)
    assert found is not None or digits > 15
    assert found is None or repr(found) == repr(floats(json.loads(f"[{text}]", parse_int=float)))


def floats(detections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With ids as whole numbers again, and the keys in one order."""
    return [
        {
            "image_id": int(item["image_id"]),
            "category_id": int(item["category_id"]),
            "bbox": item["bbox"],
            "score": item["score"],
        }
        for item in detections
    ]


@given(st.integers(0, len(PLAIN) - 1), st.binary(max_size=3))
@settings(max_examples=1000, deadline=None)
def test_text_that_is_not_plain_is_never_read_differently(at: int, change: bytes) -> None:
    text = PLAIN[:at] + change + PLAIN[at + 1 :]
    found = read(text)
    assert found is None or found == json.loads(b"[" + text + b"]")


NAMED = PLAIN[:-1] + b', "name": "' + PLAIN.replace(b'"', b"'") + b'"}'
NESTED = PLAIN[:-1] + b', "of": [' + PLAIN + b", " + PLAIN + b"]}"
PIECES = [PLAIN, b" " * 90 + PLAIN, PLAIN.replace(b" ", b"")]


@given(
    st.lists(st.sampled_from(PIECES), min_size=3, max_size=30),
    st.data(),
    st.integers(100, 700),
    st.sampled_from(
        [b"", b"]", b"[", b"{", b"}", b'"', b",", b"\0", b"x", b" ", b"5", NAMED, NESTED, b",[]"]
    ),
)
@settings(max_examples=500, deadline=None)
def test_a_file_with_a_change_anywhere_is_left_to_others_or_read_as_python_reads_it(
    objects: list[bytes], data: st.DataObject, block: int, change: bytes
) -> None:
    text = b"[" + b", ".join(objects) + b"]"
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + change + text[at + data.draw(st.integers(0, 2)) :]
    found = read_file(text, block)
    assert found is None or found == json.loads(text)


@pytest.mark.parametrize("odd", [NAMED, NESTED])
def test_braces_within_texts_and_lists_begin_no_detection(odd: bytes) -> None:
    text = b"[" + b", ".join([PLAIN] * 4 + [odd] + [PLAIN] * 4) + b"]"
    for block in range(len(PLAIN) + 10, 800):
        assert read_file(text, block) is None


def test_a_file_that_is_cut_off_is_left_to_others() -> None:
    text = b"[" + b", ".join([PLAIN] * 9) + b"]"
    assert len(read_file(text, 150)) == 9
    for end in range(len(text)):
        assert read_file(text[:end], 150) is None


def test_a_file_that_is_not_there_is_left_to_others(tmp_path: Path) -> None:
    reader = PlainReader(IdTable(IMAGES), IdTable(CLASSES), no_progress)
    assert reader.file(tmp_path / "none.json", no_progress, "") is None
    assert reader.file(tmp_path, no_progress, "") is None


def test_reading_a_file_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "BLOCK", 200)
    path = tmp_path / "detections.json"
    path.write_bytes(b"[" + b", ".join([PLAIN] * 99) + b"]")
    parts = []

    def progress(_stage: str, fraction: float) -> None:
        parts.append(fraction)
        if len(parts) == 5:
            raise CancelledError

    with pytest.raises(CancelledError):
        PlainReader(IdTable(IMAGES), IdTable(CLASSES), no_progress).file(path, progress, "")
    assert parts == sorted(parts)
    assert len(parts) == 5


ODD = [
    b"",
    b" ",
    PLAIN + b",",
    b"," + PLAIN,
    PLAIN + b", ," + PLAIN,
    PLAIN + PLAIN,
    PLAIN + b"]",
    PLAIN.replace(b"0.236", b"2.36e-1"),
    PLAIN.replace(b"0.236", b"01"),
    PLAIN.replace(b"0.236", b"1."),
    PLAIN.replace(b"0.236", b".5"),
    PLAIN.replace(b"0.236", b"+1"),
    PLAIN.replace(b"0.236", b"-"),
    PLAIN.replace(b"0.236", b"0.2.3"),
    PLAIN.replace(b"0.236", b"NaN"),
    PLAIN.replace(b"0.236", b"0.1234567890123456789"),
    PLAIN.replace(b"0.236", b'"0.5"'),
    PLAIN.replace(b"0.236", b"1.01"),
    PLAIN.replace(b"0.236", b"-0.01"),
    PLAIN.replace(b"348.26", b"-348.26"),
    PLAIN.replace(b": 3,", b": 4,"),
    PLAIN.replace(b": 18,", b": -18,"),
    PLAIN.replace(b": 3,", b": 3.0,"),
    PLAIN.replace(b": 3,", b": 1234567890123456789,"),
    PLAIN.replace(b": 3,", b': "3",'),
    PLAIN.replace(b"41.29, ", b""),
    PLAIN.replace(b"41.29", b"41.29, 5"),
    PLAIN.replace(b'"score"', b'"bbox"'),
    PLAIN.replace(b'"score"', b'"scores"'),
    PLAIN.replace(b'"category_id"', b'"category_ids"'),
    PLAIN.replace(b'"image_id"', b'"image_ids"'),
    PLAIN.replace(b"}", b', "id": 4}'),
    PLAIN.replace(b'"score": 0.236', b'"image_id": 3'),
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_odd_is_left_to_the_general_decoder(text: bytes) -> None:
    assert read(text) is None
    assert read_file(b"[" + text + b"]", 1000) is None


@pytest.mark.parametrize("largest_table", [0, 1 << 24], ids=["searched", "looked up"])
@given(
    known=st.lists(st.integers(-(2**65), 2**65) | st.integers(0, 40), unique=True),
    asked=st.lists(st.integers(-3, 45), min_size=1),
    spare=st.sampled_from([0, 1, 30]),
)
@settings(deadline=None)
def test_ids_stand_for_their_rows(largest_table: int, known: list[int], asked: list[int], spare: int) -> None:
    ids: list[int | str] = [*sorted(known), "text"]
    text = b",".join(PLAIN.replace(b": 3,", b": %d," % item) for item in asked)
    data = np.frombuffer(text + b"]", dtype=np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_LARGEST_TABLE", largest_table)
        table = IdTable(ids, spare)
        reader = PlainReader(table, IdTable(CLASSES), no_progress)
        (found,) = reader.pieces(FileBytes(Path(), data, 0), [(0, len(text))])
    rows = [*ids, *table.spare.tolist()]
    far = [item for item in known if not -(2**24) < item < 2**24]
    assert far or not largest_table or table.spare.tolist() == [at for at in range(spare) if at not in known]
    if all(item in rows for item in asked):
        assert found is not None
        assert found.images.tolist() == [rows.index(item) for item in asked]
    else:
        assert found is None
