"""How the demo data set comes to lie on disk."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from inspector.demo import ensure_demo, making
from inspector.errors import CancelledError, InputError
from inspector.progress import Progress
from tests.unit.demo.demo_set import Demo, snapshot


def ignore(_stage: str, _fraction: float) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def quick_making(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replaces the drawing by a copy of the finished set; lists the folders that were filled."""
    filled: list[Path] = []

    def copy(folder: Path, _progress: Progress) -> None:
        filled.append(folder)
        shutil.copytree(demo.files.folder, folder, dirs_exist_ok=True)

    monkeypatch.setattr(making, "_make", copy)
    return filled


def test_an_interrupted_making_is_made_again_with_the_same_bytes(demo: Demo, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    (folder / "images").mkdir(parents=True)
    (folder / "ground_truth.json").write_text("{")
    fractions: list[float] = []
    files = ensure_demo(folder, lambda _stage, fraction: fractions.append(fraction))
    assert files.ground_truth.read_bytes() == demo.files.ground_truth.read_bytes()
    assert files.detections.read_bytes() == demo.files.detections.read_bytes()
    assert files.planted_errors.read_bytes() == demo.files.planted_errors.read_bytes()
    for image in sorted(files.images.iterdir())[::16]:
        assert image.read_bytes() == (demo.files.images / image.name).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert len(fractions) > 100


def test_a_complete_set_is_reused_and_nothing_is_written(demo: Demo) -> None:
    before = snapshot(demo.files.folder)
    assert ensure_demo(demo.files.folder) == demo.files
    assert snapshot(demo.files.folder) == before


def test_cancelling_leaves_nothing_behind(tmp_path: Path) -> None:
    def cancel(_stage: str, fraction: float) -> None:
        if fraction > 0.02:
            raise CancelledError

    with pytest.raises(CancelledError):
        ensure_demo(tmp_path / "set", cancel)
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_the_set_lies_in_the_users_cache(
    quick_making: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "user_cache_folder", lambda: tmp_path / "cache")
    files = ensure_demo()
    assert files.folder == tmp_path / "cache" / "detection-inspector" / f"demo-v{making.VERSION}"
    assert files.images.is_dir()
    assert len(quick_making) == 1


def test_a_set_of_another_version_is_made_again(quick_making: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "set"
    ensure_demo(folder)
    (folder / "complete.txt").write_text("0\n")
    ensure_demo(folder)
    assert len(quick_making) == 2
    ensure_demo(folder)
    assert len(quick_making) == 2


@pytest.mark.parametrize("lost", ["detections.json", "planted_errors.json", "image"])
def test_a_set_that_lost_a_file_is_made_again(quick_making: list[Path], tmp_path: Path, lost: str) -> None:
    folder = tmp_path / "set"
    files = ensure_demo(folder)
    victim = next(files.images.iterdir()) if lost == "image" else folder / lost
    victim.unlink()
    ensure_demo(folder)
    assert victim.is_file()
    assert len(quick_making) == 2


def test_when_another_process_was_faster_its_set_is_kept(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "set"
    theirs: dict[str, tuple[int, int]] = {}

    def make_while_the_other_finishes(ours: Path, _progress: Progress) -> None:
        shutil.copytree(demo.files.folder, ours, dirs_exist_ok=True)
        shutil.copytree(demo.files.folder, folder)
        theirs.update(snapshot(folder))

    monkeypatch.setattr(making, "_make", make_while_the_other_finishes)
    assert ensure_demo(folder).folder == folder
    assert snapshot(folder) == theirs
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_with_files_of_the_person_is_refused_and_left_alone(
    quick_making: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(b"precious")
    with pytest.raises(InputError, match=r"photo\.jpg"):
        ensure_demo(folder)
    assert (folder / "photo.jpg").read_bytes() == b"precious"
    assert quick_making == []


def test_old_temporary_folders_of_killed_processes_are_removed_and_young_ones_kept(
    quick_making: list[Path], tmp_path: Path
) -> None:
    old, young = tmp_path / ".set-making-old", tmp_path / ".set-making-young"
    for path in (old, young):
        path.mkdir()
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))
    ensure_demo(tmp_path / "set")
    assert not old.exists()
    assert young.exists()
    assert len(quick_making) == 1


def test_a_place_that_is_no_folder_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "set"
    with pytest.raises(InputError, match="cannot be written") as caught:
        ensure_demo(folder, ignore)
    assert caught.value.path == folder


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_named_in_the_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written") as caught:
            ensure_demo(tmp_path / "cache" / "set")
    finally:
        tmp_path.chmod(0o700)
    assert caught.value.path == tmp_path / "cache" / "set"
