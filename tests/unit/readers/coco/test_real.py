"""Files of other people's tools are read as the COCO API reads them."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from tests.reading import read_pair

DATA = Path(__file__).parents[5] / "shared" / "data"
SETS = [
    ("coco128", "ground_truth.json", "predictions.json"),
    ("coco79", "ground_truth.json", "predictions.json"),
    ("val2014-100", "ground_truth.json", "predictions_bbox.json"),
]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(("folder", "truth", "found"), SETS)
def test_every_object_and_detection_is_the_one_that_the_coco_api_loads(
    folder: str, truth: str, found: str
) -> None:
    if not (DATA / folder).is_dir():
        pytest.skip(f"needs the data set {folder} in ../shared/data")
    coco_module = pytest.importorskip("pycocotools.coco")
    ground_truth, detections = DATA / folder / truth, DATA / folder / found
    data = read_pair(ground_truth, detections)
    with contextlib.redirect_stdout(io.StringIO()):
        api = coco_module.COCO(str(ground_truth))
        results = api.loadRes(str(detections))

    assert list(data.images.ids) == sorted(api.imgs)
    assert list(data.classes.ids) == sorted(api.cats)
    assert [api.imgs[item]["file_name"] for item in data.images.ids] == list(data.images.file_names)

    objects = data.objects
    assert len(objects) == len(api.anns)
    for row, item in enumerate(objects.ids.tolist()):
        annotation = api.anns[item]
        assert data.images.ids[objects.images[row]] == annotation["image_id"]
        assert data.classes.ids[objects.classes[row]] == annotation["category_id"]
        assert objects.boxes[row].tolist() == annotation["bbox"]
        assert objects.areas[row] == annotation["area"]
        assert objects.crowd[row] == bool(annotation["iscrowd"])

    assert len(data.detections) == len(results.anns)
    for row, position in enumerate(data.detections.positions.tolist()):
        result = results.anns[position + 1]  # loadRes numbers them from 1
        assert data.images.ids[data.detections.images[row]] == result["image_id"]
        assert data.classes.ids[data.detections.classes[row]] == result["category_id"]
        assert data.detections.boxes[row].tolist() == result["bbox"]
        assert data.detections.scores[row] == result["score"]
    keys = (
        data.detections.images,
        data.detections.classes,
        -data.detections.scores,
        data.detections.positions,
    )
    assert np.array_equal(np.lexsort(keys[::-1]), np.arange(len(data.detections)))
