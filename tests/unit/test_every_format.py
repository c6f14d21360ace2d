"""One data set in every format is one data set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import headline
from inspector.sources import Sources, read
from tests.scenes import FOUND_WRITERS, SCENE, TRUTH_WRITERS, write_images


def opened(tmp_path: Path, truth: str, found: str) -> Dataset:
    images = write_images(SCENE, tmp_path / "images")
    sources = Sources(
        TRUTH_WRITERS[truth](SCENE, tmp_path / "truth"),
        FOUND_WRITERS[found](SCENE, tmp_path / "found"),
        images,
    )
    return read(sources)


def stems(dataset: Dataset) -> list[str]:
    return [name.removesuffix(".png") for name in dataset.images.file_names]


@pytest.fixture
def expected(tmp_path: Path) -> Dataset:
    """Read from the COCO files."""
    return opened(tmp_path / "expected", "coco", "coco")


@pytest.mark.parametrize("truth", TRUTH_WRITERS)
def test_ground_truth_of_every_format_holds_the_same_objects(
    truth: str, tmp_path: Path, expected: Dataset
) -> None:
    dataset = opened(tmp_path, truth, "coco dictionary")
    assert dataset.classes.names == expected.classes.names
    rows = [stems(dataset).index(stem) if stem in stems(dataset) else -1 for stem in SCENE.images]
    for row, there in zip(rows, range(len(SCENE.images)), strict=True):
        if row < 0:
            assert truth == "openimages", "a CSV of boxes does not name images without one"
            assert SCENE.objects_of(there) == []
            continue
        mine, its = dataset.objects_of(row), expected.objects_of(there)
        assert dataset.images.sizes[row].tolist() == [512, 256]
        assert dataset.objects.boxes[mine].tobytes() == expected.objects.boxes[its].tobytes()
        assert dataset.objects.classes[mine].tolist() == expected.objects.classes[its].tolist()
        assert dataset.objects.areas[mine].tolist() == expected.objects.areas[its].tolist()


PAIRS = [
    (truth, found)
    for truth in TRUTH_WRITERS
    for found in FOUND_WRITERS
    if found != "coco" or truth == "coco"  # a list of results knows images by the ids of a COCO file alone
]


@pytest.mark.parametrize(("truth", "found"), PAIRS)
def test_every_pair_of_formats_gives_the_same_numbers_to_the_last_digit(
    truth: str, found: str, tmp_path: Path, expected: Dataset
) -> None:
    dataset = opened(tmp_path, truth, found)
    assert len(dataset.detections) == len(SCENE.detections)
    assert headline(evaluate(dataset)) == headline(evaluate(expected))


@pytest.mark.parametrize("truth", TRUTH_WRITERS)
def test_ground_truth_of_every_format_opens_alone(truth: str, tmp_path: Path) -> None:
    images = write_images(SCENE, tmp_path / "images")
    dataset = read(Sources(TRUTH_WRITERS[truth](SCENE, tmp_path / "truth"), None, images))
    assert len(dataset.objects) == len(SCENE.objects)
    assert len(dataset.detections) == 0


@pytest.mark.parametrize("found", FOUND_WRITERS)
def test_detections_of_every_format_open_alone(found: str, tmp_path: Path) -> None:
    images = write_images(SCENE, tmp_path / "images")
    dataset = read(Sources(None, FOUND_WRITERS[found](SCENE, tmp_path / "found"), images))
    assert len(dataset.detections) == len(SCENE.detections)
    assert len(dataset.objects) == 0
    assert np.sort(dataset.detections.scores).tolist() == sorted(score for *_, score in SCENE.detections)
