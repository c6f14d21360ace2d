"""Tables for other programs: tab-separated text and CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from inspector.evaluation.tables import Axis, Table
from inspector.export.table_csv import write_csv
from inspector.export.table_text import aligned, cell_text, tab_separated

NAMES = ("cat", "=1+1", "-1.png", "@x", "+y", "\t=z", 'quoted "name", é', "line\nbreak")
TABLE = Table(
    name="some",
    title="Some numbers",
    axes=(Axis("class", NAMES), Axis("iou", ("0.50:0.25:0.75", 0.75))),
    measures={
        "objects": np.arange(16).reshape(8, 2) * 1000,
        "AP": np.where(np.arange(16) % 3, np.arange(16) / 30, np.nan).reshape(8, 2),
    },
)


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_a_csv_file_has_a_column_for_each_axis_and_measure_with_all_digits(tmp_path: Path) -> None:
    write_csv(TABLE, tmp_path / "some.csv")
    header, *rows = read(tmp_path / "some.csv")
    assert header == ["class", "iou", "objects", "AP"]
    assert len(rows) == 16
    assert rows[0] == ["cat", "0.50:0.25:0.75", "0", ""]
    assert rows[1] == ["cat", "0.75", "1000", repr(1 / 30)]
    assert rows[12][0] == 'quoted "name", é'
    assert rows[14][0] == "line\nbreak"


def test_a_csv_file_opens_in_spreadsheets_on_every_system(tmp_path: Path) -> None:
    write_csv(TABLE, tmp_path / "some.csv")
    content = (tmp_path / "some.csv").read_bytes()
    assert content.startswith("\ufeffclass,".encode())
    assert content.count(b"\r\n") == 17
    assert b"\r\r" not in content


def test_counts_with_gaps_are_whole_numbers_all_the_same(tmp_path: Path) -> None:
    table = Table("sizes", "", (Axis("size", ("all", "small")),), {"objects": np.array([3.0, np.nan])})
    write_csv(table, tmp_path / "sizes.csv")
    assert read(tmp_path / "sizes.csv")[1:] == [["all", "3"], ["small", ""]]
    assert tab_separated(table).splitlines()[1:] == ["all\t3", "small\tn/a: no objects"]


def test_no_name_becomes_a_formula(tmp_path: Path) -> None:
    write_csv(TABLE, tmp_path / "some.csv")
    pasted = [line.split("\t")[0] for line in tab_separated(TABLE).splitlines()]
    for names in ([row[0] for row in read(tmp_path / "some.csv")], pasted):
        assert names[3::2][:4] == ["'=1+1", "'-1.png", "'@x", "'+y"]
        assert not any(name.lstrip().startswith(("=", "+", "-", "@")) for name in names)


def test_pasted_numbers_stay_numbers_and_names_stay_in_their_cell() -> None:
    lines = tab_separated(TABLE).splitlines()
    assert lines[0] == "class\tiou\tobjects\tAP"
    assert lines[4] == "'=1+1\t0.75\t3000\tn/a"
    assert {line.count("\t") for line in lines} == {3}
    assert len(lines) == 17


def test_aligned_columns_begin_or_end_at_one_place() -> None:
    title, header, *lines, missing = aligned(TABLE)
    assert title == "Some numbers"
    assert missing == "n/a: no objects (AP)"
    assert {len(line) for line in (header, *lines)} == {len(header)}
    assert lines[3].split() == ["=1+1", "0.75", "3,000", "n/a"]


@pytest.mark.parametrize(
    ("measure", "value", "expected"),
    [
        ("TP", 1234567, "1,234,567"),
        ("AP", 0.12345, "0.123"),
        ("AP", float("nan"), "n/a"),
        ("objects", float("nan"), "n/a: no objects"),
        ("to px²", 1e10, "10,000,000,000"),
        ("from px²", 1234.5, "1,234.5"),
        ("from px²", float(np.nextafter(1024.0, np.inf)), "1,024"),
    ],
)
def test_numbers_are_read_at_a_glance(measure: str, value: float, expected: str) -> None:
    assert cell_text(measure, value) == expected
