"""Files and folders that people drop."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.sniffing import kind_of, sources_from
from inspector.sources import Sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "labels.json").write_text('\ufeff {"images": []}', encoding="utf-8")
    (tmp_path / "model.JSON").write_text(' [ {"score": 1}]')
    (tmp_path / "settings.txt").write_text("{}")
    return tmp_path


def test_a_dropped_folder_is_searched_for_both_sides(folder: Path) -> None:
    expected = Sources(folder / "annotations" / "labels.json", folder / "model.JSON")
    assert sources_from([folder]) == expected


def test_two_dropped_files_are_told_apart_in_any_order(folder: Path) -> None:
    files = [folder / "model.JSON", folder / "annotations" / "labels.json"]
    assert sources_from(files) == sources_from(files[::-1])


def test_detections_alone_are_taken_with_the_open_ground_truth_and_images(folder: Path) -> None:
    known = Sources(folder / "annotations" / "labels.json", folder / "old.json", folder)
    found = sources_from([folder / "model.JSON"], known)
    assert found == Sources(known.ground_truth, folder / "model.JSON", folder)


def test_a_missing_side_is_named(folder: Path) -> None:
    with pytest.raises(InputError, match="no ground truth here"):
        sources_from([folder / "model.JSON"])


def test_several_files_of_a_kind_are_named_instead_of_guessed(folder: Path) -> None:
    (folder / "other.json").write_text("[]")
    with pytest.raises(InputError, match=r"several files of detections \(model.JSON, other.json\)"):
        sources_from([folder])


@pytest.mark.parametrize("text", ["", "1", "[1]", "{", "{1}", '"x"', "\x00", "[[]]"])
def test_other_files_are_neither(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)
    assert kind_of(tmp_path / "other.json") is None
    with pytest.raises(InputError, match="neither"):
        sources_from([tmp_path / "other.json"])


def test_a_missing_file_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.json: cannot be read"):
        sources_from([tmp_path / "gone.json"])
