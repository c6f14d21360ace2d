"""JSON as other programs write it: in other encodings, with other ends of lines, one object on each line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.progress import no_progress
from inspector.readers.coco import json_lines, json_pieces, plain
from inspector.readers.encodings import to_utf8, utf16_of
from inspector.readers.files import read_file
from tests.reading import read_pair
from tests.unit.readers.conftest import DETECTIONS, GROUND_TRUTH

MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("codec", list(MARKS))
def test_both_files_may_be_in_any_encoding(read: Any, codec: str, mark: bool) -> None:
    files = [
        (MARKS[codec] if mark else b"") + json.dumps(content, ensure_ascii=False, indent=1).encode(codec)
        for content in (GROUND_TRUTH, DETECTIONS)
    ]
    data = read(*(file.replace("\n".encode(codec), "\r\n".encode(codec)) for file in files))
    assert data.classes.names == ("cät", "dog")
    assert data.detections.positions.tolist() == [1, 3, 2, 4, 0]
    assert data.notes == ()


@given(st.text(), st.sampled_from(["utf-16-le", "utf-16-be"]), st.integers(2, 9))
def test_utf16_is_brought_to_utf8_block_by_block(text: str, codec: str, block: int) -> None:
    data = np.frombuffer(b"??" + text.encode(codec), np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inspector.readers.encodings._BLOCK", block)
        assert to_utf8(data, 2, codec).tobytes().decode() == text


def test_a_single_byte_and_two_zeros_are_not_taken_for_utf16() -> None:
    assert [utf16_of(head) for head in (b"", b"[", b"[]", b"\0\0", b"\0")] == [None] * 5


def lines(records: list[Any], end: str, last: bool = True) -> str:
    return end.join(map(json.dumps, records)) + (end if last else "")


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", " \t\r\n \n  "])
def test_detections_may_stand_on_lines_of_their_own(read: Any, end: str, last: bool) -> None:
    data = read(None, lines([*DETECTIONS, {**DETECTIONS[0], "score": 7}], end, last))
    assert data.detections.positions.tolist() == [1, 3, 5, 2, 4, 0]
    assert [note.examples for note in data.notes] == [("[5].score: 7.0",)]


@pytest.mark.usefixtures("any_size")
def test_a_single_line_is_a_detection(read: Any) -> None:
    assert len(read(None, lines(DETECTIONS[:1], "\n")).detections) == 1


def test_braces_in_texts_and_lists_in_lists_end_no_line(read: Any) -> None:
    odd = {**DETECTIONS[0], "category_id": '}\n{ "', "more": [{"a": {}}, {"b": 1}]}
    data = read(None, lines([odd, *DETECTIONS], "\n"))
    assert data.detections.positions.tolist() == [2, 4, 3, 5, 1]
    assert data.unplaced.class_keys[-1] == '}\n{ "'


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(20, 400))
def test_lines_are_read_as_the_list_that_they_would_be(
    tmp_path_factory: pytest.TempPathFactory, count: int, end: str, last: bool, piece: int
) -> None:
    folder = tmp_path_factory.mktemp("lines")
    records = [{**DETECTIONS[at % 5], "score": at / 60} for at in range(count)]
    paths = [folder / name for name in ("gt.json", "list.json", "lines.json")]
    for path, text in zip(
        paths, (json.dumps(GROUND_TRUTH), json.dumps(records), lines(records, end, last)), strict=True
    ):
        path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_pieces, "SMALL", 0)
        patch.setattr(json_pieces, "PIECE", piece)
        patch.setattr(json_lines, "_BLOCK", piece)
        patch.setattr(plain, "BLOCK", max(piece, 100))
        one, other = (read_pair(paths[0], path).detections for path in paths[1:])
    assert one.positions.tolist() == other.positions.tolist()
    assert one.boxes.tolist() == other.boxes.tolist()


def test_the_line_of_a_mistake_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": 1}\n\n{"b": 2}\n{"c": 3}\n', encoding="utf-8")
    file = json_lines.with_commas(read_file(path, no_progress, ""))
    assert file.data.tobytes() == b'{"a": 1}\n,{"b": 2},{"c": 3}]'
    places = [str(file.error(at, "")).split(": ")[1] for at in (0, 8, 10, 11, 18, 19)]
    assert places == [
        "line 1, column 1",
        "line 1, column 9",
        "line 3, column 1",
        "line 3, column 2",
        "line 3, column 9",
        "line 4, column 1",
    ]
