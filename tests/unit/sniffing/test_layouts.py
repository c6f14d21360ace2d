"""Data sets as other tools lay them out: what a dropped folder is taken for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from inspector.sniffing import AmbiguousError, Survey, sources_from, survey
from inspector.sources import Sources, read

BOX = "0 0.5 0.5 0.25 0.25\n"
XML = (
    "<annotation><filename>{0}.jpg</filename><size><width>8</width><height>6</height></size>"
    "<object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>4</ymax></bndbox>"
    "</object></annotation>"
)


def pictures(folder: Path, *stems: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stem in stems:
        Image.new("RGB", (8, 6)).save(folder / f"{stem}.jpg")


def texts(folder: Path, suffix: str, text: str, *stems: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stem in stems:
        (folder / f"{stem}{suffix}").write_text(text.format(stem))


def found(survey: Survey) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Role, path, format and splits of what was found."""
    root = survey.paths[0]
    return [
        (
            item.role,
            item.path.relative_to(root).as_posix(),
            item.format.name if item.format else "",
            item.splits,
        )
        for item in (*survey.ground_truth, *survey.detections, *survey.images)
    ]


def test_a_yolo_export_with_a_folder_for_each_split(tmp_path: Path) -> None:
    (tmp_path / "data.yaml").write_text("train: train/images\nval: valid/images\nnames: [cat]\n")
    (tmp_path / "README.roboflow.txt").write_text("Exported yesterday.\n")
    for split, stems in (("train", ("a", "b")), ("valid", ("c",))):
        pictures(tmp_path / split / "images", *stems)
        texts(tmp_path / split / "labels", ".txt", BOX, *stems)
    seen = survey([tmp_path])
    assert ("ground truth", ".", "yolo", ("train", "valid")) in found(seen)
    assert len(seen.ground_truth) == 1
    assert seen.detections == ()
    sources = sources_from([tmp_path])
    assert sources == Sources(tmp_path, None)
    dataset = read(sources)
    assert dataset.splits is not None
    assert sorted(dataset.splits.names) == ["train", "val"]
    assert len(dataset.objects) == 3
    assert dataset.image_folder is not None


def test_labels_beside_images_each_with_its_splits_and_detections_of_a_run(tmp_path: Path) -> None:
    for split, stems in (("train", ("a", "b")), ("val", ("c", "d"))):
        pictures(tmp_path / "images" / split, *stems)
        texts(tmp_path / "labels" / split, ".txt", BOX, *stems)
    texts(tmp_path / "runs" / "predict" / "labels", ".txt", "0 0.5 0.5 0.25 0.25 0.9\n", "c", "d")
    seen = survey([tmp_path])
    assert found(seen) == [
        ("ground truth", "labels", "yolo", ("train", "val")),
        ("detections", "runs/predict/labels", "yolo", ()),
        ("images", "images", "", ("train", "val")),
    ]
    seen.check_is_clear()
    dataset = read(sources_from([tmp_path]))
    assert (len(dataset.objects), len(dataset.detections), len(dataset.images)) == (4, 2, 4)
    assert dataset.image_folder is not None


def test_a_coco_export_with_a_file_for_each_split(tmp_path: Path) -> None:
    for number, split in enumerate(("train", "valid", "test")):
        pictures(tmp_path / split, f"{number}")
        image = {"id": 0, "file_name": f"{number}.jpg", "width": 8, "height": 6}
        box = {"id": 0, "image_id": 0, "category_id": 0, "bbox": [1, 1, 2, 2], "area": 4}
        document = {"images": [image], "categories": [{"id": 0, "name": "cat"}], "annotations": [box]}
        (tmp_path / split / "_annotations.coco.json").write_text(json.dumps(document))
    splits = ("test", "train", "valid")
    assert found(survey([tmp_path])) == [
        ("ground truth", ".", "coco", splits),
        ("images", ".", "", splits),
    ]
    data = read(sources_from([tmp_path]))
    assert data.images.file_names == ("test/2.jpg", "train/0.jpg", "valid/1.jpg")
    assert data.image_folder == tmp_path
    assert data.notes == ()


def test_a_development_kit_of_voc(tmp_path: Path) -> None:
    own = tmp_path / "VOCdevkit" / "VOC2007"
    pictures(own / "JPEGImages", "000001", "000002")
    texts(own / "Annotations", ".xml", XML, "000001", "000002")
    texts(own / "ImageSets" / "Main", ".txt", "000001\n", "train")
    texts(own / "ImageSets" / "Main", ".txt", "000002\n", "val")
    (own / "SegmentationClass").mkdir()
    Image.new("P", (8, 6), 3).save(own / "SegmentationClass" / "000001.png")
    seen = survey([tmp_path])
    assert len(seen.ground_truth) == 1
    assert seen.ground_truth[0].path == own
    dataset = read(sources_from([tmp_path]))
    assert len(dataset.objects) == 2
    assert dataset.splits is not None
    assert dataset.image_folder is not None


def test_labels_alone_without_any_image(tmp_path: Path) -> None:
    texts(tmp_path, ".txt", BOX, "a", "b", "c")
    assert found(survey([tmp_path])) == [("ground truth", ".", "yolo", ())]


def test_every_format_of_a_real_collection_is_found_once(shared_data: Path) -> None:
    seen = survey([shared_data / "padilla100"])
    truth = [(item.path.parts[-1], item.format.name) for item in seen.ground_truth if item.format]
    assert sorted(truth) == [
        ("all_bounding_boxes.csv", "openimages"),
        ("annotations.xml", "cvat"),
        ("instances_default.json", "coco"),
        ("instances_v2.json", "coco"),
        ("labelme_format", "labelme"),
        ("pascalvoc_format", "voc"),
        ("yolo_format", "yolo"),
    ]
    detections = [(item.path.parts[-1], item.format.name) for item in seen.detections if item.format]
    assert sorted(detections) == [
        ("abs_xywh", "xywh"),
        ("abs_xyx2y2", "xyxy"),
        ("coco_dets.json", "coco"),
        ("rel_xywh", "relative"),
    ]
    assert [item.told for item in seen.images] == ["100 images"]
    with pytest.raises(AmbiguousError):
        seen.check_is_clear()
