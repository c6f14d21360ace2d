"""Datasets made from a dataset."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Masks, Splits
from inspector.selection import (
    ANY_CLASS,
    class_agnostic,
    class_rows_named,
    image_rows_like,
    restricted,
    some_detections,
    split_meant,
    split_names,
    split_rows,
    split_sizes,
)
from inspector.selection import in_splits as images_of_splits
from tests.builders import dataset_from


def box(image: int, kind: int, **more: Any) -> dict[str, Any]:
    return {"image_id": image, "category_id": kind, "bbox": [image, kind, 5, 5], "area": 25.0, **more}


TRUTH = {
    "images": [{"id": 1, "file_name": "a\\one.png"}, {"id": 2, "file_name": "b/Two.png"}, {"id": 3}],
    "categories": [{"id": 5, "name": "cat"}, {"id": 6, "name": "cup, mug"}, {"id": 7, "name": "cat"}],
    "annotations": [
        box(image, kind, id=10 * image + kind, iscrowd=0) for image in (1, 2, 3) for kind in (5, 6, 7)
    ],
}
FOUND = [box(image, kind, score=kind / 10) for image in (1, 2, 3) for kind in (5, 6, 7)]
DATASET = dataset_from(TRUTH, FOUND)
MASKS = Masks(
    sizes=np.full((9, 2), 8, dtype=np.int32),
    offsets=np.array([0, 1, 3, 6, 6, 8, 9, 10, 12, 13]),
    codes=np.arange(13, dtype=np.uint8),
)


def test_some_images_and_classes_keep_their_records() -> None:
    part = restricted(DATASET, np.array([0, 2]), np.array([1, 2]))
    assert part.images.ids == (1, 3)
    assert part.classes.names == ("cup, mug", "cat")
    assert part.objects.ids.tolist() == [16, 17, 36, 37]
    assert part.objects.offsets.tolist() == part.detections.offsets.tolist() == [0, 2, 4]
    assert part.objects.classes.tolist() == [0, 1, 0, 1]
    assert part.detections.scores.tolist() == [0.6, 0.7, 0.6, 0.7]
    assert part.detections.boxes[:, 0].tolist() == [1, 1, 3, 3]


def test_some_detections_keep_all_that_belongs_to_them_and_all_objects_stay() -> None:
    areas = np.arange(9.0)
    whole = replace(DATASET, detections=replace(DATASET.detections, areas=areas, masks=MASKS))
    part = some_detections(whole, np.array([1, 3, 5, 8]), np.array([4.0, 3.0, 2.0, 1.0]))
    assert part.objects is whole.objects
    found = part.detections
    assert found.offsets.tolist() == [0, 1, 3, 4]
    assert (found.images.tolist(), found.classes.tolist()) == ([0, 1, 1, 2], [1, 0, 2, 2])
    assert (found.positions.tolist(), found.scores.tolist()) == ([1, 3, 5, 8], [4, 3, 2, 1])
    assert (found.boxes[:, 0].tolist(), found.areas is not None and found.areas.tolist()) == (
        [1, 2, 2, 3],
        [1, 3, 5, 8],
    )
    assert found.masks is not None
    assert found.masks.codes.tolist() == [1, 2, 8, 12]
    agnostic = some_detections(class_agnostic(DATASET), np.array([0, 4]))
    assert agnostic.labels is not None
    assert agnostic.labels.detections.tolist() == [2, 1]


def test_each_kept_box_keeps_its_mask_and_area() -> None:
    areas = np.arange(9.0)
    whole = replace(
        DATASET,
        objects=replace(DATASET.objects, masks=MASKS),
        detections=replace(DATASET.detections, masks=MASKS, areas=areas),
    )
    part = restricted(whole, np.array([1]))
    for masks in (part.objects.masks, part.detections.masks):
        assert masks is not None
        assert masks.offsets.tolist() == [0, 0, 2, 3]
        assert masks.codes.tolist() == [6, 7, 8]
    joined = class_agnostic(whole).detections  # the highest score of each image comes first
    assert joined.areas is not None
    assert joined.masks is not None
    assert joined.areas.tolist() == [2, 1, 0, 5, 4, 3, 8, 7, 6]
    assert joined.masks.codes.tolist() == [3, 4, 5, 1, 2, 0, 8, 6, 7, 12, 10, 11, 9]


def test_one_class_for_all_remembers_what_the_boxes_were() -> None:
    joined = class_agnostic(DATASET)
    assert joined.classes.names == (ANY_CLASS,)
    assert not joined.objects.classes.any()
    assert [joined.detection_name(row) for row in range(3)] == ["cat", "cup, mug", "cat"]
    part = restricted(joined, np.array([1]))
    assert [part.object_name(row) for row in range(3)] == ["cat", "cup, mug", "cat"]


def test_classes_are_found_by_name_even_with_a_comma_or_twice_and_else_by_id() -> None:
    assert class_rows_named(DATASET.classes, "cat").tolist() == [0, 2]
    assert class_rows_named(DATASET.classes, "cup, mug").tolist() == [1]
    assert class_rows_named(DATASET.classes, "7, 6").tolist() == [1, 2]
    for text in ("", "cat,", "8"):
        with pytest.raises(ValueError, match="there is no class"):
            class_rows_named(DATASET.classes, text)


def test_images_are_found_by_their_whole_name_or_its_last_part() -> None:
    assert image_rows_like(DATASET.images, ["one.png"]).tolist() == [0]
    assert image_rows_like(DATASET.images, ["b/*", "?.png"]).tolist() == [1, 2]
    with pytest.raises(ValueError, match=r'no file name of an image fits "two\.png"'):
        image_rows_like(DATASET.images, ["*.png", "two.png"])


def in_splits(*of_each: str) -> Any:
    images = [{**image, "split": split} for image, split in zip(TRUTH["images"], of_each, strict=True)]
    return dataset_from({**TRUTH, "images": images}, FOUND)


def test_the_usual_splits_come_first_whatever_the_order_of_the_files() -> None:
    whole = in_splits("test", "valid", "train")
    assert split_sizes(whole) == {"train": 1, "valid": 1, "test": 1}
    assert list(split_sizes(whole)) == ["train", "valid", "test"]
    assert split_names(whole) == ("test", "valid", "train")
    assert list(split_sizes(in_splits("b", "Validation", "a"))) == ["Validation", "b", "a"]


def test_some_images_keep_their_splits() -> None:
    part = restricted(in_splits("train", "valid", "train"), np.array([1, 2]))
    assert part.splits is not None
    assert split_names(part) == ("valid", "train")
    assert split_rows(part, "train").tolist() == [1]
    assert class_agnostic(part).splits is part.splits


def test_of_a_single_split_there_is_nothing_to_choose() -> None:
    part = restricted(in_splits("train", "valid", "train"), np.array([0, 2]))
    assert split_sizes(part) == {}
    assert split_names(part) == ()
    assert split_sizes(DATASET) == {}


def test_images_of_no_split_are_one_themselves() -> None:
    whole = in_splits("train", "", "train")
    assert split_sizes(whole) == {"train": 2, "none": 1}
    assert split_rows(whole, "none").tolist() == [1]


def test_a_split_is_found_by_each_usual_word_for_it() -> None:
    whole = in_splits("train", "valid", "test")
    for name in ("val", "Validation", "VALID"):
        assert split_rows(whole, name).tolist() == [1]
        assert images_of_splits(whole, [name]).tolist() == [False, True, False]
    assert split_meant(whole, "val") == "valid"
    both = in_splits("val", "valid", "valid")
    assert split_rows(both, "val").tolist() == [0]
    assert split_rows(both, "valid").tolist() == [1, 2]


def test_an_unknown_split_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match='no split "dev"; there are train, valid'):
        split_rows(in_splits("train", "valid", "train"), "dev")
    with pytest.raises(ValueError, match="know of no several splits"):
        split_rows(DATASET, "dev")
    one = replace(DATASET, splits=Splits(("train",), np.zeros(3, dtype=np.int32)))
    with pytest.raises(ValueError, match="know of no several splits"):
        split_rows(one, "train")
