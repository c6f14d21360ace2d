"""Whatever is in a file: a data set with remarks, or one error that says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.sources import Sources
from tests.mutations import try_all
from tests.scenes import FOUND_WRITERS, SCENE, TRUTH_WRITERS, write_images

EACH = 140
"""Mutated files per format: 2,240 over all."""


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_images(SCENE, tmp_path_factory.mktemp("images"))


@pytest.mark.parametrize("name", TRUTH_WRITERS)
def test_mutated_ground_truth_ends_in_a_dataset_or_in_one_error(
    name: str, images: Path, tmp_path: Path
) -> None:
    truth = TRUTH_WRITERS[name](SCENE, tmp_path / "truth")
    sources = Sources(truth, FOUND_WRITERS["csv"](SCENE, tmp_path / "found"), images)
    try_all(sources, tmp_path / "truth", name, EACH)


@pytest.mark.parametrize("name", FOUND_WRITERS)
def test_mutated_detections_end_in_a_dataset_or_in_one_error(name: str, images: Path, tmp_path: Path) -> None:
    found = FOUND_WRITERS[name](SCENE, tmp_path / "found")
    sources = Sources(TRUTH_WRITERS["coco"](SCENE, tmp_path / "truth"), found, images)
    try_all(sources, tmp_path / "found", name, EACH)
