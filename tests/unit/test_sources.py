"""What is read together, and what is remarked where its images cannot be found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.sources import Sources, read

CATEGORIES = [{"id": 1, "name": "cat"}]


def write(folder: Path, images: int) -> Sources:
    """A data set without pictures, in a folder that holds nothing else."""
    own = folder / "set"
    own.mkdir()
    truth = {
        "images": [{"id": row, "file_name": f"{row:03}.png"} for row in range(images)],
        "categories": CATEGORIES,
        "annotations": [],
    }
    (own / "gt.json").write_text(json.dumps(truth))
    (own / "dt.json").write_text("[]")
    return Sources(own / "gt.json", own / "dt.json")


def remarks(sources: Sources, *, find_images: bool = True) -> list[tuple[int, str, tuple[str, ...]]]:
    dataset = read(sources, find_images=find_images)
    return [(note.count, note.text, note.examples) for note in dataset.notes if "image" in note.text]


def test_images_that_lie_nowhere_are_remarked_on(tmp_path: Path) -> None:
    text = "images not found beside the ground truth"
    assert remarks(write(tmp_path, 2)) == [(2, text, ("000.png", "001.png"))]


def test_one_image_is_spoken_of_as_one(tmp_path: Path) -> None:
    assert remarks(write(tmp_path, 1)) == [(1, "image not found beside the ground truth", ("000.png",))]


def test_a_folder_that_holds_none_of_the_images_is_named(tmp_path: Path) -> None:
    sources = write(tmp_path, 300)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "other.png").touch()
    ((count, text, places),) = remarks(Sources(sources.ground_truth, sources.detections, folder))
    assert (count, text) == (300, f"images not found in {folder}, judging by 25 of them")
    assert len(places) == 5


@pytest.mark.parametrize("named", [True, False])
def test_one_image_that_is_found_is_enough(tmp_path: Path, named: bool) -> None:
    sources = write(tmp_path, 30)
    folder = sources.ground_truth.parent / "images"
    folder.mkdir()
    (folder / "029.png").touch()
    if named:
        sources = Sources(sources.ground_truth, sources.detections, folder)
    assert remarks(sources) == []
    assert read(sources).image_folder == folder


def test_a_folder_without_the_images_stays_chosen(tmp_path: Path) -> None:
    sources = write(tmp_path, 2)
    assert read(Sources(sources.ground_truth, sources.detections, tmp_path)).image_folder == tmp_path


def test_where_images_do_not_matter_they_are_not_looked_for(tmp_path: Path) -> None:
    sources = write(tmp_path, 2)
    (sources.ground_truth.parent / "000.png").touch()
    dataset = read(sources, find_images=False)
    assert dataset.image_folder is None
    assert remarks(sources, find_images=False) == []


def test_images_of_a_neighbour_are_told(tmp_path: Path) -> None:
    sources = write(tmp_path, 20)
    photos = tmp_path / "photos"
    photos.mkdir()
    for row in range(12):
        (photos / f"{row:03}.png").touch()
    assert remarks(sources) == [(0, "images from ../photos", ())]
    assert read(sources).image_folder == photos


def test_a_neighbour_with_some_of_the_images_is_another_data_set(tmp_path: Path) -> None:
    sources = write(tmp_path, 20)
    (tmp_path / "photos").mkdir()
    for row in range(8):
        (tmp_path / "photos" / f"{row:03}.png").touch()
    assert read(sources).image_folder is None
