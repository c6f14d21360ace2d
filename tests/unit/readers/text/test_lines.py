"""Lines of text files, whoever wrote them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.errors import CancelledError
from inspector.progress import no_progress
from inspector.readers.notes import NoteBook
from inspector.readers.text.lines import TextLines, read_lines


def read(folder: Path, files: dict[str, bytes | str]) -> tuple[TextLines, NoteBook]:
    """Write some files and read their lines."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    notes = NoteBook()
    return read_lines(folder, list(files), notes, no_progress, "Reading"), notes


def rows(lines: TextLines) -> list[tuple[str, str, list[float]]]:
    """Place, word and numbers of every line."""
    return [
        (
            lines.place(row),
            lines.words[lines.word_rows[row]],
            lines.numbers[lines.offsets[row] : lines.offsets[row + 1]].tolist(),
        )
        for row in range(len(lines))
    ]


def told(notes: NoteBook) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(note.text, note.count, note.examples) for note in notes.notes()]


def test_lines_are_a_word_and_numbers_each_with_its_place(tmp_path: Path) -> None:
    lines, notes = read(tmp_path, {"a.txt": "0 1 2\n", "b.txt": "", "c/d.txt": "\n7 .5\n0 1e3 -2"})
    assert rows(lines) == [
        ("a.txt, line 1", "0", [1, 2]),
        ("c/d.txt, line 2", "7", [0.5]),
        ("c/d.txt, line 3", "0", [1000, -2]),
    ]
    assert lines.words == ("0", "7")
    assert lines.counts.tolist() == [2, 1, 2]
    assert told(notes) == []


@pytest.mark.parametrize(
    "content",
    [
        b"0 0.5 .88 1\n1 2 3 4\n",
        b"0\t0.5 \t .88\t\t1  \t\n\n1 2 3 4   ",
        b"0 0.5 .88 1\r\n1 2 3 4\r\n",
        b"0 0.5 .88 1\r1 2 3 4\r",
        b"\xef\xbb\xbf0 0.5 .88 1\n1 2 3 4\n",
        "0 0.5 .88 1\r\n1 2 3 4\r\n".encode("utf-16"),
        "0 0.5 .88 1\n1 2 3 4\n".encode("utf-16-le"),
        "0 0.5 .88 1\n1 2 3 4\n".encode("utf-16-be"),
        b"0,0.5,.88,1\n1,2,3,4\n",
        b"0, 0.5, .88, 1,\n1,,2,,3,4\n",
        b"0;0.5;.88;;1\n1; 2; 3; 4;\n",
        b'"0" 0.5 .88 1\n1 2 3 4\n',
    ],
)
def test_marks_line_ends_and_separators_make_no_difference(tmp_path: Path, content: bytes) -> None:
    lines, notes = read(tmp_path, {"a.txt": content})
    assert [(word, numbers) for _, word, numbers in rows(lines)] == [
        ("0", [0.5, 0.88, 1]),
        ("1", [2, 3, 4]),
    ]
    assert told(notes) == []


@pytest.mark.parametrize("content", ["0 0,5 0,25 ,1 1\n", "0;0,5;0,25;,1;1\n", "0\t0,5\t0,25\t,1\t1"])
def test_decimal_commas_are_read_and_noted_where_nothing_else_makes_sense(
    tmp_path: Path, content: str
) -> None:
    lines, notes = read(tmp_path, {"a.txt": content})
    assert rows(lines) == [("a.txt, line 1", "0", [0.5, 0.25, 0.1, 1])]
    assert told(notes) == [
        ("line{s} with decimal commas, read as points".replace("{s}", ""), 1, ("a.txt, line 1",))
    ]


@pytest.mark.parametrize("content", ["0,1 2,3 4,5", "0 1,2 3,4 5", "0,1,2,3,4,5"])
def test_commas_that_can_stand_between_fields_do(tmp_path: Path, content: str) -> None:
    lines, _ = read(tmp_path, {"a.txt": content})
    assert lines.numbers.tolist() == [1, 2, 3, 4, 5]


def test_a_name_may_consist_of_several_words(tmp_path: Path) -> None:
    lines, notes = read(tmp_path, {"a.txt": "traffic light 1 2\n'stop sign' 3 4\nkočka 5\n0 6"})
    assert [(word, numbers) for _, word, numbers in rows(lines)] == [
        ("traffic light", [1, 2]),
        ("stop sign", [3, 4]),
        ("kočka", [5]),
        ("0", [6]),
    ]
    assert told(notes) == []


def test_what_is_no_number_is_left_out_with_its_place(tmp_path: Path) -> None:
    lines, notes = read(tmp_path, {"a.txt": "0 1 2\n0 1 x 2\n0 1_0\n", "b.txt": "0 5\n;;\n"})
    assert [place for place, _, _ in rows(lines)] == ["a.txt, line 1", "b.txt, line 1"]
    assert told(notes) == [
        (
            "lines left out: cannot be read",
            3,
            (
                'a.txt, line 2: "x" is not a number',
                'a.txt, line 3: "1_0" is not a number',
                "b.txt, line 2: there is nothing but separators",
            ),
        )
    ]


def test_files_that_are_no_text_or_cannot_be_opened_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    files = {"a.txt": b"\x89PNG\r\n\0\0\0\r", "b.txt": b"0 1"}
    read(tmp_path, files)
    notes = NoteBook()
    lines = read_lines(tmp_path, ["a.txt", "b.txt", "none.txt", "folder.txt"], notes, no_progress, "")
    assert rows(lines) == [("b.txt, line 1", "0", [1])]
    ((text, count, examples),) = told(notes)
    assert (text, count) == ("text files left out: cannot be read", 3)
    assert [example.partition(":")[0] for example in examples] == ["a.txt", "none.txt", "folder.txt"]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_large_file_is_read_in_parts_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coding: str
) -> None:
    content = "".join(f"image{number % 7} {number} .5\r\n\n" for number in range(50))
    whole, _ = read(tmp_path, {"a.txt": content.encode(coding), "b.txt": b"x 1", "c.txt": b""})
    monkeypatch.setattr("inspector.readers.text.lines._PIECE", 64)
    parts, notes = read(tmp_path, {"a.txt": content.encode(coding), "b.txt": b"x 1", "c.txt": b""})
    assert rows(parts) == rows(whole)
    assert len(whole) == 51
    assert told(notes) == []


def test_a_line_without_end_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.readers.text.lines._PIECE", 16)
    monkeypatch.setattr("inspector.readers.text.lines._LONGEST", 40)
    lines, notes = read(tmp_path, {"a.txt": "0 1\n0 " + "1 " * 100 + "\n0 2\n0 3\n0 " + "1 " * 100})
    assert rows(lines) == [
        (f"a.txt, line {line}", "0", [number]) for line, number in ((1, 1), (3, 2), (4, 3))
    ]
    assert told(notes) == [
        ("lines left out: cannot be read", 2, ("a.txt, line 2: is too long", "a.txt, line 5: is too long"))
    ]


def test_numbers_that_are_not_finite_are_kept_for_the_caller_to_judge(tmp_path: Path) -> None:
    lines, _ = read(tmp_path, {"a.txt": "0 nan 1e400 -inf 1"})
    assert np.isfinite(lines.table(4)).tolist() == [[False, False, False, True]]


def test_some_lines_make_a_table(tmp_path: Path) -> None:
    lines, _ = read(tmp_path, {"a.txt": "0 1 2\n0 3 4 5\n0 6 7"})
    assert lines.table(2, np.array([0, 2])).tolist() == [[1, 2], [6, 7]]


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(_stage: str, _fraction: float) -> None:
        raise CancelledError

    (tmp_path / "a.txt").write_text("0 1")
    with pytest.raises(CancelledError):
        read_lines(tmp_path, ["a.txt"], NoteBook(), cancel, "Reading")
