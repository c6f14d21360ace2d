"""Files and folders that people drop."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from inspector.errors import CancelledError, InputError
from inspector.reading import Convention, Reading
from inspector.sniffing import sources_from, survey
from inspector.sources import Sources, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "labels.json").write_text('\ufeff {"images": []}', encoding="utf-8")
    (tmp_path / "model.JSON").write_text(' [ {"score": 1}]')
    (tmp_path / "settings.txt").write_text("{}")
    return tmp_path


def pictures(folder: Path, *names: str, mode: str = "RGB", colour: object = (200, 10, 30)) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        Image.new(mode, (8, 6), colour).save(folder / name)
    return folder


def test_a_dropped_folder_is_searched_for_both_sides(folder: Path) -> None:
    expected = Sources(folder / "annotations" / "labels.json", folder / "model.JSON")
    assert sources_from([folder]) == expected


def test_two_dropped_files_are_told_apart_in_any_order(folder: Path) -> None:
    files = [folder / "model.JSON", folder / "annotations" / "labels.json"]
    assert sources_from(files) == sources_from(files[::-1])


def test_a_side_alone_opens_as_well(folder: Path) -> None:
    assert sources_from([folder / "model.JSON"]) == Sources(None, folder / "model.JSON")
    truth = folder / "annotations" / "labels.json"
    assert sources_from([truth]) == Sources(truth, None)


def test_detections_alone_are_taken_with_the_open_ground_truth_images_and_its_format(folder: Path) -> None:
    truth = folder / "annotations" / "labels.json"
    boxes, names = Convention("xyxy"), folder / "settings.txt"
    reading = Reading("coco", "coco", names, "name", ground_truth_boxes=boxes, percent_scores=True)
    known = Sources(truth, folder / "old.json", folder, reading)
    found = sources_from([folder / "model.JSON"], known)
    kept = Reading(ground_truth_format="coco", class_names=names, ground_truth_boxes=boxes)
    assert found == Sources(truth, folder / "model.JSON", folder, kept)


def test_a_file_of_ground_truth_alone_is_taken_with_the_open_detections(folder: Path) -> None:
    truth = folder / "annotations" / "labels.json"
    known = Sources(folder / "old.json", folder / "model.JSON", folder)
    assert sources_from([truth], known) == Sources(truth, folder / "model.JSON")


def test_a_data_set_of_ground_truth_and_images_does_not_take_the_open_detections(folder: Path) -> None:
    (folder / "model.JSON").unlink()
    pictures(folder / "images", "a.jpg")
    known = Sources(folder / "old.json", folder / "older.json", folder)
    assert sources_from([folder], known).detections is None


def test_ground_truth_added_to_detections_that_are_open_alone_joins_them(folder: Path) -> None:
    truth = folder / "annotations" / "labels.json"
    known = Sources(None, folder / "model.JSON")
    assert sources_from([truth], known) == Sources(truth, folder / "model.JSON")


def test_several_files_of_a_side_are_all_found_and_named_instead_of_guessed(folder: Path) -> None:
    (folder / "other.json").write_text("[]")
    found = survey([folder])
    assert [item.path.name for item in found.detections] == ["model.JSON", "other.json"]
    assert found.sources().detections == folder / "model.JSON"
    with pytest.raises(InputError, match=r"holds detections more than once \(model.JSON, other.json\)"):
        sources_from([folder])


def test_a_named_file_counts_more_than_what_lies_in_a_folder(folder: Path) -> None:
    (folder / "other.json").write_text("[]")
    assert sources_from([folder, folder / "other.json"]).detections == folder / "other.json"


def test_a_dictionary_with_scores_is_detections(tmp_path: Path) -> None:
    record = {"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}
    (tmp_path / "found.json").write_text(json.dumps({"images": [], "annotations": [record]}))
    assert sources_from([tmp_path]) == Sources(None, tmp_path / "found.json")


@pytest.mark.parametrize("text", ["1", "[1]", "{", "{1}", '"x"', "\x00", "[[]]", '{"shape": []}'])
def test_other_files_are_neither_and_the_reason_says_what_was_looked_for(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(InputError, match=r"neither ground truth nor detections: .*COCO JSON"):
        sources_from([tmp_path / "other.json"])
    with pytest.raises(InputError, match=r"other\.json: looks like none of .*COCO JSON"):
        sources_from([tmp_path])


def test_a_missing_file_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.json: cannot be read"):
        sources_from([tmp_path / "gone.json"])


def test_an_empty_folder_says_that_nothing_is_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds neither ground truth nor detections"):
        sources_from([tmp_path])


def test_images_alone_are_those_of_what_is_open(folder: Path) -> None:
    images = pictures(folder / "pictures", "a.jpg", "b.jpg")
    known = Sources(folder / "annotations" / "labels.json", None)
    assert sources_from([images], known).images == images
    with pytest.raises(InputError, match=r"holds images \(2 images\) but neither"):
        sources_from([images])


def test_images_elsewhere_in_the_dropped_folder_are_told(folder: Path) -> None:
    far = pictures(folder / "some" / "where", "a.jpg")
    truth = folder / "annotations" / "labels.json"
    truth.write_text(json.dumps({"images": [{"id": 1, "file_name": "a.jpg"}]}))
    assert sources_from([folder]).images == far


def test_images_that_are_found_by_their_names_need_not_be_told(folder: Path) -> None:
    pictures(folder / "images", "a.jpg")
    truth = folder / "annotations" / "labels.json"
    truth.write_text(json.dumps({"images": [{"id": 1, "file_name": "images/a.jpg"}]}))
    assert sources_from([folder]).images is None


def test_splits_of_images_are_one_candidate(folder: Path) -> None:
    for split in ("train2017", "val2017"):
        pictures(folder / "pictures" / split, "a.jpg")
    (images,) = survey([folder]).images
    assert (images.path, images.splits) == (folder / "pictures", ("train2017", "val2017"))
    assert images.told == "2 images in train2017, val2017"


@pytest.mark.parametrize(("mode", "colour"), [("P", 3), ("L", 12)])
def test_label_pictures_of_segmentation_are_answered_with_not_yet(
    tmp_path: Path, mode: str, colour: int
) -> None:
    labels = pictures(tmp_path / "SegmentationClass", "a.png", "b.png", mode=mode, colour=colour)
    pictures(tmp_path / "JPEGImages", "a.jpg", "b.jpg")
    for path in (tmp_path, labels, labels / "a.png"):
        with pytest.raises(InputError, match=r"label pictures of semantic segmentation.*yet"):
            sources_from([path])


def test_label_pictures_beside_ground_truth_are_passed_over(folder: Path) -> None:
    pictures(folder / "masks", "a.png", mode="P", colour=1)
    assert sources_from([folder]).ground_truth == folder / "annotations" / "labels.json"


def test_coloured_pictures_are_images_even_as_png(tmp_path: Path) -> None:
    pictures(tmp_path / "images", "a.png", "b.png")
    with pytest.raises(InputError, match="holds images"):
        sources_from([tmp_path])


def test_links_to_folders_are_not_followed_so_that_circles_end(folder: Path, tmp_path: Path) -> None:
    (folder / "round").symlink_to(folder, target_is_directory=True)
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "more.json").write_text("[]")
    (folder / "away").symlink_to(outside, target_is_directory=True)
    assert sources_from([folder]).detections == folder / "model.JSON"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="every folder can be read")
def test_a_folder_that_cannot_be_read_is_one_error(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(0o000)
    with pytest.raises(InputError, match="closed: cannot be read"):
        sources_from([closed])
    assert sources_from([folder]).detections == folder / "model.JSON"


def test_looking_can_be_cancelled(folder: Path) -> None:
    def cancel(_stage: str, _fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        survey([folder], cancel)


def test_of_many_files_only_some_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        (tmp_path / f"{number}.txt").touch()
    looked_at: list[Path] = []
    monkeypatch.setattr("inspector.sniffing.looking.kind_of", looked_at.append)
    with pytest.raises(InputError):
        sources_from([tmp_path])
    assert len(looked_at) < 30


def test_hundreds_of_dropped_files_are_answered_with_their_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="drop their folder"):
        survey([tmp_path / f"{number}.txt" for number in range(300)])


def test_label_pictures_given_as_ground_truth_are_answered_with_not_yet(tmp_path: Path) -> None:
    pictures(tmp_path / "city" / "a", "a_labelIds.png", mode="L", colour=7)
    with pytest.raises(InputError, match=r"label pictures of semantic segmentation.*yet"):
        read(Sources(tmp_path / "city", None))
