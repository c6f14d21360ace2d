"""Files are written whole, or not at all."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from inspector.errors import CancelledError, InputError
from inspector.export.whole_file import whole_file, write_whole


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_bytes(b"before")
    write_whole(target, b"after")
    assert target.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [target]


def test_what_was_there_stays_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.json"
    target.write_bytes(b"before")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_whole(target, b"after")
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "out.json", tmp_path / "link.json"
    target.write_bytes(b"before")
    link.symlink_to(target)
    write_whole(link, b"after")
    assert link.is_symlink()
    assert target.read_bytes() == b"after"


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "new.txt"
    with whole_file(target) as stream:
        stream.write(b"half")
        assert not target.exists()
    assert target.read_bytes() == b"half"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [CancelledError(), ValueError("odd"), InputError("x", "", "bad")])
def test_what_was_there_stays_where_the_work_is_cancelled_or_fails(tmp_path: Path, error: Exception) -> None:
    target = tmp_path / "old.txt"
    target.write_bytes(b"old")

    def write() -> None:
        with whole_file(target) as stream:
            stream.write(b"new")
            raise error

    with pytest.raises(type(error)):
        write()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_no_file_is_written_to_directly() -> None:
    write_whole(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()


def test_a_place_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"new\.txt: cannot be written: No such file"):
        write_whole(tmp_path / "none" / "new.txt", b"")


def test_what_a_run_that_was_killed_left_is_cleaned_up_and_nothing_else(tmp_path: Path) -> None:
    names = [".a.json.0123abcd.part", ".a.json.0123abce.part", ".a.json.mine.part", ".b.json.0123abcd.part"]
    for name in names:
        (tmp_path / name).write_bytes(b"half")
    for name in names[:1] + names[2:]:
        os.utime(tmp_path / name, (time.time() - 7200,) * 2)
    write_whole(tmp_path / "a.json", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[1:], "a.json"])
