"""Entries of a file system that are no plain files, and files that are not what somebody says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.progress import no_progress
from inspector.readers.folders import files_below
from inspector.reading import AS_WRITTEN, Reading
from inspector.sniffing import Role, side_in, survey
from inspector.sources import Sources, read

on_posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")


@on_posix
def test_a_named_pipe_is_refused_and_never_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "x.json"
    os.mkfifo(pipe)
    for reading in (AS_WRITTEN, Reading(ground_truth_format="coco")):
        with pytest.raises(InputError, match="is a pipe"):
            read(Sources(pipe, None, None, reading))
    with pytest.raises(InputError, match="is a pipe"):
        survey([pipe])


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "x.json").touch()
    with pytest.raises(InputError, match=r"x\.json: is empty"):
        survey([tmp_path / "x.json"])
    for sources in (Sources(tmp_path / "x.json", None, None), Sources(None, tmp_path / "x.json", None)):
        with pytest.raises(InputError, match=r"x\.json: is empty"):
            read(sources)


@on_posix
def test_links_in_a_circle_are_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("0 .5 .5 .1 .1\n")
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    assert files_below(tmp_path, (".txt",), no_progress) == ["a.txt"]
    assert "circle.txt is a link that leads nowhere, or in a circle" in survey([tmp_path]).remarks


def test_text_of_which_no_line_can_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("[{ 1 x 2\n{] 2 y {}\n")
    for name in ("yolo", "xywh"):
        with pytest.raises(InputError, match="no line can be read"):
            read(Sources(None, tmp_path / "x.txt", None, Reading(detections_format=name)))
    with pytest.raises(InputError, match="no line can be read"):
        read(Sources(tmp_path / "x.txt", None, None, Reading(ground_truth_format="text")))


def test_class_ids_of_digits_match_numbers_and_that_is_told(tmp_path: Path) -> None:
    truth, found = tmp_path / "gt.json", tmp_path / "pred.json"
    box = {"image_id": 1, "bbox": [1, 1, 5, 5], "area": 25, "iscrowd": 0}
    images = [{"id": 1, "file_name": "a.jpg", "width": 9, "height": 9}]
    content = {
        "images": images,
        "categories": [{"id": 3, "name": "cat"}],
        "annotations": [{"id": 1, "category_id": 3} | box],
    }
    truth.write_text(json.dumps(content))
    found.write_text(json.dumps([{"image_id": 1, "category_id": "3", "bbox": [1, 1, 5, 5], "score": 0.5}]))
    dataset = read(Sources(truth, found, None), find_images=False)
    assert len(dataset.detections) == 1
    assert "class ids written as text are matched with numbers" in [note.text for note in dataset.notes]


def test_files_for_each_image_in_another_format_are_told(tmp_path: Path) -> None:
    size = "<size><width>9</width><height>9</height></size>"
    (tmp_path / "a.xml").write_text(f"<annotation><filename>a.jpg</filename>{size}</annotation>")
    (tmp_path / "b.json").write_text(
        '{"shapes": [], "imagePath": "b.jpg", "imageWidth": 9, "imageHeight": 9, "version": "5"}'
    )
    notes = read(Sources(tmp_path, None, None), find_images=False).notes
    assert "LabelMe JSON file in the same folder not read" in [note.text for note in notes]


def test_a_folder_named_as_one_side_means_the_file_of_this_side_in_it(tmp_path: Path) -> None:
    (tmp_path / "pred.json").write_text(
        '[{"image_id": 1, "category_id": 3, "bbox": [1, 1, 5, 5], "score": 1}]'
    )
    (tmp_path / "gt.json").write_text('{"images": [], "categories": [], "annotations": []}')
    assert side_in(tmp_path, Role.GROUND_TRUTH) == tmp_path / "gt.json"
    assert side_in(tmp_path, Role.DETECTIONS) == tmp_path / "pred.json"
