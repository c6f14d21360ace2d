"""Files and folders are there as a whole or not at all, and nothing that is read is written to."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from inspector.errors import CancelledError, InputError
from inspector.export.handoff import NAMES, Form, hand_off
from tests.unit.export.handoff.conftest import Files


def cancel(_stage: str, _fraction: float) -> None:
    raise CancelledError


@pytest.mark.parametrize("form", [Form.COCO, Form.CORRECTED, Form.CROPS])
def test_what_was_there_stays_where_writing_is_cancelled(files: Files, form: Form) -> None:
    path = hand_off(form, files.dataset, files.flagged, files.out).path
    before = sorted(files.out.rglob("*")), path.stat().st_ino
    with pytest.raises(CancelledError):
        hand_off(form, files.dataset, files.flagged, files.out, progress=cancel)
    assert (sorted(files.out.rglob("*")), path.stat().st_ino) == before


@pytest.mark.parametrize("form", list(Form))
def test_writing_again_replaces_what_was_written(files: Files, form: Form) -> None:
    hand_off(form, files.dataset, files.flagged, files.out)
    before = sorted(files.out.rglob("*"))
    hand_off(form, files.dataset, files.flagged, files.out)
    assert sorted(files.out.rglob("*")) == before


@pytest.mark.parametrize("form", [Form.CSV, Form.COCO, Form.CORRECTED])
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_source_is_never_written_to_also_not_through_links(files: Files, form: Form, link: object) -> None:
    assert callable(link)
    source = files.dataset.ground_truth_path
    before = source.read_bytes()
    files.out.mkdir()
    link(source, files.out / NAMES[form])
    with pytest.raises(InputError, match="not overwritten"):
        hand_off(form, files.dataset, files.flagged, files.out)
    assert source.read_bytes() == before


def test_a_folder_that_cannot_take_its_name_leaves_the_former_one(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hand_off(Form.CROPS, files.dataset, files.flagged, files.out).path
    before, real = {item: item.read_bytes() for item in path.iterdir()}, Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):  # as Windows does while a file in it is looked at
            raise PermissionError(13, "Access is denied")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(InputError, match="cannot be written: Access is denied"):
        hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    assert {item: item.read_bytes() for item in path.iterdir()} == before
    assert list(files.out.iterdir()) == [path]


def test_a_folder_with_something_else_in_it_is_not_replaced(files: Files) -> None:
    crops = files.out / "crops"
    crops.mkdir(parents=True)
    (crops / "holiday.png").write_bytes(b"x")
    with pytest.raises(InputError, match=r"holds something else \(holiday.png\)"):
        hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    assert [item.name for item in files.out.rglob("*")] == ["crops", "holiday.png"]


def test_a_folder_that_is_a_link_or_a_file_is_not_replaced(files: Files, tmp_path: Path) -> None:
    files.out.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (files.out / "crops").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="it is a link"):
        hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    (files.out / "crops").unlink()
    (files.out / "crops").write_bytes(b"x")
    with pytest.raises(InputError, match="it is a file"):
        hand_off(Form.CROPS, files.dataset, files.flagged, files.out)


def test_images_that_are_read_are_not_replaced(files: Files, tmp_path: Path) -> None:
    (tmp_path / "images").rename(tmp_path / "crops")
    for number, image in enumerate((tmp_path / "crops").iterdir()):
        image.rename(image.with_name(f"{number:04d} car.jpg"))
    with pytest.raises(InputError, match="is read here"):
        hand_off(Form.CROPS, files.dataset, files.flagged, tmp_path, [tmp_path / "crops"])


def test_a_place_that_cannot_be_written_is_one_line(files: Files) -> None:
    files.out.write_bytes(b"")
    with pytest.raises(InputError, match="out: cannot be made: "):
        hand_off(Form.CSV, files.dataset, files.flagged, files.out)


@pytest.mark.parametrize("is_done", [False, True])
def test_ctrl_c_at_any_rename_leaves_the_former_folder_or_the_new_one(
    files: Files, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    path = hand_off(Form.CROPS, files.dataset, files.flagged, files.out).path
    before, real = {item: item.read_bytes() for item in path.iterdir()}, Path.rename

    def rename(self: Path, target: Path) -> Path:
        if not self.name.endswith(".part"):
            return real(self, target)
        if is_done:
            real(self, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    assert {item: item.read_bytes() for item in path.iterdir()} == before
    assert list(files.out.iterdir()) == [path]


def made(folder: Path, name: str, age: float = 7200.0) -> Path:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"x")
    os.utime(folder, (time.time() - age,) * 2)
    return folder


def test_what_an_earlier_run_left_is_cleaned_up_and_nothing_else(files: Files) -> None:
    made(files.out / ".crops.0123abcd.part", "0001 car.jpg")
    made(files.out / ".crops.0123abcd.old", "0001 car.jpg")
    kept = [
        made(files.out / ".crops.0123abce.part", "0001 car.jpg", age=60.0),  # another one may be running
        made(files.out / ".crops.0123abcf.part", "holiday.png"),
        made(files.out / ".crops.mine.part", "0001 car.jpg"),
    ]
    hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    assert sorted(files.out.iterdir()) == sorted([*kept, files.out / "crops"])


def test_a_former_folder_that_lost_its_name_gets_it_back(files: Files) -> None:
    made(files.out / ".crops.0123abcd.old", "0001 car.jpg")
    with pytest.raises(CancelledError):
        hand_off(Form.CROPS, files.dataset, files.flagged, files.out, progress=cancel)
    assert [str(item.relative_to(files.out)) for item in sorted(files.out.rglob("*"))] == [
        "crops",
        str(Path("crops") / "0001 car.jpg"),
    ]


@pytest.mark.parametrize("form", [Form.CSV, Form.COCO, Form.CORRECTED])
@pytest.mark.parametrize("content", [b"image,mine\n", b'{"images": []}', b"\x00"])
def test_a_file_that_was_not_handed_off_is_not_replaced(files: Files, form: Form, content: bytes) -> None:
    files.out.mkdir()
    target = files.out / NAMES[form]
    target.write_bytes(content)
    with pytest.raises(InputError, match=r"not replaced: this file was not written by a hand-off"):
        hand_off(form, files.dataset, files.flagged, files.out)
    assert target.read_bytes() == content
    assert list(files.out.iterdir()) == [target]


def test_a_list_of_crops_that_was_not_handed_off_is_not_replaced(files: Files) -> None:
    (files.out / "crops").mkdir(parents=True)
    (files.out / "crops" / "flags.csv").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"holds something else \(flags.csv\)"):
        hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    assert (files.out / "crops" / "flags.csv").read_bytes() == b"mine"


def test_what_somebody_puts_there_while_it_is_written_is_not_replaced(files: Files) -> None:
    target = files.out / NAMES[Form.CORRECTED]
    with pytest.raises(InputError, match="not replaced"):
        hand_off(
            Form.CORRECTED,
            files.dataset,
            files.flagged,
            files.out,
            progress=lambda _stage, _fraction: target.write_bytes(b"mine") and None,
        )
    assert target.read_bytes() == b"mine"
