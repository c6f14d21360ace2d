"""Decoding crops in the background."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from inspector.dataset import Dataset
from inspector.images import Box, Crop, decode_crops
from tests.builders import dataset_from
from tests.gui.conftest import LONG, records
from widgets.gallery import crop_loader as module
from widgets.gallery.crop_loader import CropLoader, Form, Wanted

FORM = Form(40, 0.2)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    truth, results = records(images=6)
    for image in truth["images"]:
        Image.new("RGB", (640, 480), (40, 90, 160)).save(tmp_path / image["file_name"])
    return replace(dataset_from(truth, results), image_folder=tmp_path)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Which images were decoded for how many boxes."""
    made: list[tuple[str, int]] = []

    def counted(path: Path, declared: object, boxes: Sequence[Box], context: float, side: int) -> list[Crop]:
        made.append((path.name, len(boxes)))
        return decode_crops(path, declared, boxes, context, side)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "decode_crops", counted)
    return made


@pytest.fixture
def loader(qtbot: QtBot, dataset: Dataset) -> Iterator[CropLoader]:
    del qtbot
    made = CropLoader(threads=1, max_bytes=10 * (40 * 40 * 4 + 500))
    made.open(dataset)
    yield made
    made.close()


def wanted(dataset: Dataset, *rows: int) -> list[Wanted]:
    detections = dataset.detections
    return [Wanted(int(detections.images[row]), tuple(detections.boxes[row].tolist())) for row in rows]


def wait(bot: QtBot, loader: CropLoader) -> None:
    bot.waitUntil(lambda: not loader.is_busy, timeout=LONG)


def test_an_image_is_decoded_once_for_all_of_its_boxes(
    qtbot: QtBot, loader: CropLoader, dataset: Dataset, calls: list[tuple[str, int]]
) -> None:
    rows = range(dataset.detections.offsets[2])
    asked = wanted(dataset, *rows)
    loader.request(asked[::-1], FORM)
    wait(qtbot, loader)
    sizes = [dataset.detections.offsets[image + 1] - dataset.detections.offsets[image] for image in (1, 0)]
    assert calls == [("shot_02.png", sizes[0]), ("shot_01.png", sizes[1])]
    loader.request(asked[:3], FORM)  # those made last are kept
    wait(qtbot, loader)
    assert len(calls) == 2


def test_what_is_no_longer_asked_for_is_not_decoded(
    qtbot: QtBot, loader: CropLoader, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, entered, made = threading.Event(), threading.Event(), []

    def slow(path: Path, declared: object, boxes: Sequence[Box], context: float, side: int) -> list[Crop]:
        made.append(path.name)
        entered.set()
        assert gate.wait(10)
        return decode_crops(path, declared, boxes, context, side)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "decode_crops", slow)
    first = [int(row) for row in dataset.detections.offsets[:6]]
    loader.request(wanted(dataset, *first[:4]), FORM)
    assert entered.wait(10)
    loader.request(wanted(dataset, first[5], first[0]), FORM)
    gate.set()
    wait(qtbot, loader)
    assert made == ["shot_01.png", "shot_06.png"]


def test_another_size_or_context_is_made_again(qtbot: QtBot, loader: CropLoader, dataset: Dataset) -> None:
    asked = wanted(dataset, 0)
    for form in (FORM, Form(24, 0.2), Form(24, 1.0)):
        loader.request(asked, form)
        wait(qtbot, loader)
        picture = loader.picture(asked[0])
        assert picture is not None
        assert picture.form == form
        assert max(picture.pixmap.width(), picture.pixmap.height()) == form.side


def test_no_more_is_kept_than_the_limit(qtbot: QtBot, loader: CropLoader, dataset: Dataset) -> None:
    everything = wanted(dataset, *range(len(dataset.detections)))
    assert len(everything) > 12
    loader.request(everything, FORM)
    wait(qtbot, loader)
    kept = [one for one in everything if loader.picture(one) is not None]
    assert 0 < len(kept) <= 10
    assert loader.nbytes <= 10 * (40 * 40 * 4 + 500)


def test_images_that_cannot_be_shown_say_why_and_are_not_tried_again(
    qtbot: QtBot, loader: CropLoader, dataset: Dataset, tmp_path: Path, calls: list[tuple[str, int]]
) -> None:
    (tmp_path / "shot_01.png").unlink()
    (tmp_path / "shot_02.png").write_bytes(b"rubbish")
    asked = wanted(dataset, 0, int(dataset.detections.offsets[1]))
    for _ in range(2):
        loader.request(asked, FORM)
        wait(qtbot, loader)
    assert [loader.picture(one) for one in asked] == [None, None]
    assert loader.problem(0).startswith("not found in ")
    assert loader.problem(1) == "not an image that can be read"
    assert calls == [("shot_02.png", 1)]


def test_whatever_goes_wrong_is_told_in_the_crop(
    qtbot: QtBot, loader: CropLoader, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[Crop]:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(module, "decode_crops", broken)
    loader.request(wanted(dataset, 0), FORM)
    wait(qtbot, loader)
    assert loader.problem(0) == "ZeroDivisionError: oh"


def test_another_data_set_has_other_pictures(qtbot: QtBot, loader: CropLoader, dataset: Dataset) -> None:
    asked = wanted(dataset, 0)
    loader.request(asked, FORM)
    wait(qtbot, loader)
    loader.open(replace(dataset, objects=dataset.objects))  # made of the same images
    assert loader.picture(asked[0]) is not None
    loader.open(replace(dataset, image_folder=None))
    assert loader.picture(asked[0]) is None
    loader.request(asked, FORM)
    assert not loader.is_busy
