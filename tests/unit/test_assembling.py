"""Files of one side or both become a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.assembling import read_files
from inspector.dataset import Dataset
from inspector.errors import InputError
from inspector.images import FolderSizes
from inspector.progress import no_progress
from inspector.readers.parts import Context
from inspector.reading import AS_WRITTEN
from tests.reading import read_pair
from tests.unit.readers.conftest import DETECTIONS, GROUND_TRUTH

BOX = [1, 2, 3, 4]


def written(folder: Path, content: Any) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(content))
    return path


def alone(path: Path, images: Path | None = None) -> Dataset:
    """Detections without ground truth."""
    return read_files(None, path, Context(AS_WRITTEN, True, FolderSizes(images, ())), no_progress)


def test_ground_truth_alone_has_no_detections(tmp_path: Path) -> None:
    data = read_pair(written(tmp_path, GROUND_TRUTH), None)
    assert (len(data.objects), len(data.detections)) == (3, 0)
    assert data.detections.offsets.tolist() == [0, 0, 0]
    assert (data.detections_path, data.joined, data.unplaced) == (None, None, None)


def test_the_ids_of_detections_alone_are_their_images_and_classes(tmp_path: Path) -> None:
    data = alone(written(tmp_path, [*DETECTIONS, {**DETECTIONS[0], "image_id": "x", "category_id": 1}]))
    assert data.images.ids == (0, 3, "x")
    assert data.images.file_names == ("0", "3", "x")
    assert (data.classes.ids, data.classes.names) == ((0, 1, 7), ("0", "1", "7"))
    assert data.detections.positions.tolist() == [1, 3, 2, 4, 0, 5]
    assert data.detections.offsets.tolist() == [0, 1, 5, 6]
    assert data.objects.offsets.tolist() == [0, 0, 0, 0]
    assert (data.joined, data.ground_truth_path, data.notes) == (None, None, ())


def test_the_dictionary_of_detections_names_its_images_and_classes(tmp_path: Path) -> None:
    own = {
        "images": [
            {"id": 5, "file_name": "five.png", "width": 50, "height": 40},
            {"id": 2, "file_name": "two.png", "width": 20.5, "height": 10},
        ],
        "categories": [{"id": 9, "name": "cow"}],
        "annotations": [{"image_id": 5, "category_id": 9, "bbox": BOX, "score": 0.5}],
    }
    data = alone(written(tmp_path, own))
    assert data.images.ids == (2, 5)
    assert data.images.file_names == ("two.png", "five.png")
    assert data.images.sizes.tolist() == [[0, 0], [50, 40]]
    assert data.classes.names == ("cow",)
    assert data.detections.images.tolist() == [1]


def test_images_of_detections_alone_are_found_in_the_folder_by_their_number(tmp_path: Path) -> None:
    images = tmp_path / "images"
    (images / "val").mkdir(parents=True)
    for name in ("000000000139.jpg", "val/b.PNG"):
        (images / name).touch()
    found = [{"image_id": item, "category_id": 1, "bbox": BOX, "score": 0.5} for item in (139, "b", 4)]
    data = alone(written(tmp_path, found), images)
    assert data.images.ids == (4, 139, "b")
    assert data.images.file_names == ("4", "000000000139.jpg", "val/b.PNG")


def test_the_folder_of_the_images_is_found_beside_detections_alone(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for name in ("000139.jpg", "000140.jpg"):
        (tmp_path / "images" / name).touch()
    found = [{"image_id": item, "category_id": 1, "bbox": BOX, "score": 0.5} for item in ("000140", 139)]
    path = written(tmp_path, found)
    data = read_files(None, path, Context(AS_WRITTEN, True, FolderSizes(None, [path])), no_progress)
    assert data.images.file_names == ("000139.jpg", "000140.jpg")
    assert data.image_folder == tmp_path / "images"


@pytest.mark.parametrize("content", ["", "hello", "[1, 2"])
def test_a_file_of_no_known_format_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(InputError) as error:
        alone(path)
    assert error.value.path == path


def test_a_side_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        alone(tmp_path / "none.json")
