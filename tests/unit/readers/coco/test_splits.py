"""COCO ground truth with a file for each split is one data set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import InputError
from inspector.readers.coco import format as coco
from inspector.reading import AS_WRITTEN
from tests.reading import read_pair

BOX = [1, 2, 3, 4]
OF_SPLITS = (("test", "c"), ("train", "a"), ("train", "b"), ("valid", "a"))
SQUARE = {"size": [8, 9], "counts": [5, 2, 65]}


def truth(names: list[str], first: int = 0, classes: tuple[str, ...] = ("cat", "dog")) -> dict[str, Any]:
    """Ground truth with one object on each image: of the first class, on the last image of the last class."""
    images = [{"id": first + at, "file_name": name, "width": 9, "height": 8} for at, name in enumerate(names)]
    return {
        "images": images,
        "categories": [{"id": at, "name": name} for at, name in enumerate(classes)],
        "annotations": [
            {
                "id": image["id"],
                "image_id": image["id"],
                "category_id": len(classes) - 1 if image is images[-1] else 0,
                "bbox": [image["id"], 0, 2, 2],
                "area": 4,
            }
            for image in images
        ],
    }


def write(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return folder


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """As Roboflow exports it: ids from 0 in every split, images beside their file."""
    files = {
        f"{split}/_annotations.coco.json": truth(names)
        for split, names in (("train", ["b.jpg", "a.jpg"]), ("valid", ["a.jpg"]), ("test", ["c.jpg"]))
    }
    folder = write(tmp_path / "set", files)
    for name in ("train/a.jpg", "train/b.jpg", "valid/a.jpg", "test/c.jpg"):
        (folder / name).touch()
    return folder


def test_a_folder_with_a_file_for_each_split_is_one_data_set(exported: Path) -> None:
    assert coco.looks_like_truth(exported)
    data = read_pair(exported, None, reading=AS_WRITTEN)
    assert data.splits is not None
    names = dict(
        zip(
            data.images.file_names,
            [data.splits.names[row] for row in data.splits.rows.tolist()],
            strict=True,
        )
    )
    assert names == {f"{split}/{name}.jpg": split for split, name in OF_SPLITS}
    assert data.images.ids == (1, "test/c.jpg", "train/b.jpg", "valid/a.jpg")
    assert data.image_folder == exported
    assert data.classes.names == ("cat", "dog")
    assert data.images.sizes.tolist() == [[9, 8]] * 4
    objects = [
        (data.images.file_names[image], data.classes.names[item], box[0])
        for image, item, box in zip(
            data.objects.images, data.objects.classes, data.objects.boxes.tolist(), strict=True
        )
    ]
    assert objects == [
        ("train/a.jpg", "dog", 1),
        ("test/c.jpg", "dog", 0),
        ("train/b.jpg", "cat", 0),
        ("valid/a.jpg", "dog", 0),
    ]
    assert sorted(data.objects.ids.tolist()) == [0, 1, 2, 3]


def test_detections_join_several_splits_by_name(exported: Path, tmp_path: Path) -> None:
    own = {
        "images": [{"id": 7, "file_name": "b.jpg"}, {"id": 8, "file_name": "valid/a.jpg"}],
        "annotations": [
            {"image_id": item, "category_id": 0, "bbox": BOX, "score": 0.5} for item in (7, 8, 1)
        ],
    }
    write(tmp_path, {"dt.json": own})
    data = read_pair(exported, tmp_path / "dt.json")
    assert data.joined is not None
    assert data.joined.images_by == "name"
    listed = write(tmp_path, {"list.json": own["annotations"]}) / "list.json"
    by_id = read_pair(exported, listed)
    assert [by_id.images.file_names[row] for row in by_id.detections.images] == ["train/a.jpg"]


def test_places_name_the_file_of_the_split(exported: Path) -> None:
    odd = truth(["a.jpg"])
    odd["annotations"][0]["image_id"] = 99
    write(exported, {"valid/_annotations.coco.json": odd})
    (note,) = read_pair(exported, None).notes
    assert note.examples == ("valid/_annotations.coco.json: annotations[0].image_id: 99",)
    write(exported, {"valid/_annotations.coco.json": {"images": []}})
    with pytest.raises(InputError) as error:
        read_pair(exported, None)
    assert error.value.path == exported / "valid/_annotations.coco.json"


@pytest.mark.parametrize("below", ["", "images/"])
def test_files_of_splits_beside_each_other_name_the_folders_of_their_images(
    tmp_path: Path, below: str
) -> None:
    files = {
        "annotations/instances_train2017.json": truth(["1.jpg"], 1),
        "annotations/instances_val2017.json": truth(["2.jpg"], 2),
        "annotations/captions_val2017.json": {"images": [], "annotations": []},
        "annotations/person_keypoints_val2017.json": truth(["2.jpg"], 2),
    }
    folder = write(tmp_path / "coco", files)
    for name in ("train2017/1.jpg", "val2017/2.jpg"):
        (folder / below / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / below / name).touch()
    for path in (folder, folder / "annotations"):
        data = read_pair(path, None, reading=AS_WRITTEN)
        assert data.images.ids == (1, 2)
        assert data.images.file_names == ("train2017/1.jpg", "val2017/2.jpg")
        assert data.image_folder == (folder / below if below else folder)
        assert data.splits is not None
        assert data.splits.names == ("train", "val")
        assert data.objects.ids.tolist() == [1, 2]


def test_names_stay_where_no_image_is_there_and_they_tell_images_apart(tmp_path: Path) -> None:
    files = {"train.json": truth(["1.jpg"]), "val.json": truth(["2.jpg"], 5)}
    data = read_pair(write(tmp_path, files), None, reading=AS_WRITTEN)
    assert (data.images.file_names, data.image_folder) == (("1.jpg", "2.jpg"), None)
    data = read_pair(write(tmp_path, {"val.json": truth(["1.jpg"], 5)}), None, reading=AS_WRITTEN)
    assert data.images.file_names == ("train/1.jpg", "val/1.jpg")


def test_classes_whose_ids_differ_between_splits_go_by_their_names(tmp_path: Path) -> None:
    files = {"train.json": truth(["1.jpg"]), "val.json": truth(["2.jpg"], 5, ("dog", "cow"))}
    data = read_pair(write(tmp_path, files), None)
    assert data.classes.ids == data.classes.names == ("cat", "cow", "dog")
    assert [data.classes.names[row] for row in data.objects.classes] == ["dog", "cow"]


def test_masks_of_all_splits_are_kept(tmp_path: Path) -> None:
    files = {"train.json": truth(["1.jpg", "3.jpg"]), "val.json": truth(["2.jpg"], 5)}
    files["train.json"]["annotations"][1]["segmentation"] = SQUARE
    masks = read_pair(write(tmp_path, files), None).objects.masks
    assert masks is not None
    assert masks.sizes.tolist() == [[0, 0], [8, 9], [0, 0]]
    assert masks.offsets[-1] == len(masks.codes)


def test_a_folder_without_named_splits_is_no_ground_truth(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": truth(["1.jpg"]), "b.json": truth(["2.jpg"]), "train.json": []})
    assert not coco.looks_like_truth(tmp_path)
    with pytest.raises(InputError, match="holds no COCO ground truth with one file for each split"):
        read_pair(tmp_path, None)
