"""Real detections in every format give the same numbers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import headline
from inspector.reading import Reading
from inspector.sources import Sources, read

FORMATS = {"abs_xywh": "xywh", "abs_xyx2y2": "xyxy", "rel_xywh": "relative"}


def opened(shared_data: Path, detections: Path, reading: Reading | None = None) -> Dataset:
    truth = shared_data / "padilla100/gts/coco_format_v1/instances_default.json"
    return read(Sources(truth, detections, reading=reading or Reading()), find_images=False)


def numbers(dataset: Dataset) -> dict[str, float]:
    return {key: value for key, value in headline(evaluate(dataset, Protocol())).items() if value is not None}


@pytest.fixture
def coco(shared_data: Path) -> Dataset:
    return opened(shared_data, shared_data / "padilla100/dets/coco_format/coco_dets.json")


@pytest.mark.parametrize("folder", FORMATS)
@pytest.mark.parametrize("named", [False, True])
def test_text_gives_the_numbers_of_coco(shared_data: Path, coco: Dataset, folder: str, named: bool) -> None:
    reading = Reading(detections_format=FORMATS[folder] if named else None)
    dataset = opened(shared_data, shared_data / "padilla100/dets" / folder, reading)
    stats, expected = numbers(dataset), numbers(coco)
    assert (stats["AP"], stats["AP50"]) == pytest.approx((0.347, 0.610), abs=5e-4)
    assert dataset.unplaced is None
    there, here = by_name(coco), by_name(dataset)
    if folder != "rel_xywh":
        assert stats == expected
        assert (there == here).all()
        return
    # Numbers of six digits: at most 0.0003 pixels. One box of 16 x 64 pixels (a person, 0.966533) on
    # 2007_000793.jpg, is no more small; all other numbers are the same.
    assert 0 < np.abs(there - here).max() < 3e-4
    assert {key for key in stats if stats[key] != expected[key]} == {"APs"}
    small, no_more_small = (np.prod(boxes[:, 2:], axis=1) <= 32**2 for boxes in (there, here))
    assert there[small != no_more_small].tolist() == [[63, 106, 16, 64]]


def by_name(dataset: Dataset) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The boxes, ordered by the names of image and class, the score and the box."""
    found = dataset.detections
    images, classes = dataset.images.file_names, dataset.classes.names
    rows = sorted(
        range(len(found)),
        key=lambda row: (
            images[found.images[row]],
            classes[found.classes[row]],
            found.scores[row],
            np.round(found.boxes[row], 2).tolist(),
        ),
    )
    return found.boxes[rows]


def test_a_table_and_voc_results_of_the_same_detections_give_them_as_well(
    shared_data: Path, coco: Dataset, tmp_path: Path
) -> None:
    source = json.loads((shared_data / "padilla100/dets/coco_format/coco_dets.json").read_text())
    images = {image["id"]: image for image in source["images"]}
    classes = {item["id"]: item["name"] for item in source["categories"]}
    voc = tmp_path / "voc"
    voc.mkdir()
    table = (tmp_path / "table.csv").open("w", newline="")
    with table:
        writer = csv.writer(table, delimiter=";")
        writer.writerow(["Filename", "Label", "Confidence", "XMin", "XMax", "YMin", "YMax"])
        for found in source["annotations"]:
            x, y, width, height = found["bbox"]
            image, name = images[found["image_id"]], classes[found["category_id"]]
            corners = [x, x + width, y, y + height]
            decimal = [str(number).replace(".", ",") for number in (found["score"], *corners)]
            writer.writerow([image["file_name"], name, *decimal])
            with (voc / f"comp4_det_test_{name}.txt").open("a") as file:
                file.write(f"{image['file_name'][:-4]} {found['score']} {x} {y} {x + width} {y + height}\n")
    for path in (table.name, voc):
        assert numbers(opened(shared_data, Path(path))) == numbers(coco)
