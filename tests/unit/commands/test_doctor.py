"""`doctor`: findings on the terminal and as JSON."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.commands.reading_options import written
from inspector.commands.source_options import add_source_options, sources_of
from inspector.errors import InputError
from inspector.reading import AS_WRITTEN, Convention, Reading
from main import main

TRUTH: dict[str, Any] = {
    "images": [{"id": n, "file_name": f"{n}.png", "width": 640, "height": 480} for n in range(1, 5)],
    "categories": [{"id": 3, "name": "cat"}, {"id": 4, "name": "dog"}],
    "annotations": [
        {
            "id": 10 * image + n,
            "image_id": image,
            "category_id": 3 + n % 2,
            "bbox": [100 * n + image, 200 + 7 * n, 50 + n, 40 + image],
            "area": 1000,
        }
        for image in range(1, 5)
        for n in range(4)
    ],
}


def _corners(box: list[float]) -> list[float]:
    return [box[0], box[1], box[0] + box[2], box[1] + box[3]]


FOUND = [
    {
        "image_id": item["image_id"],
        "category_id": item["category_id"],
        "bbox": _corners(item["bbox"]),
        "score": 0.5 + item["id"] / 100,
    }
    for item in TRUTH["annotations"]
]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "gt.json").write_text(json.dumps(TRUTH))
    (tmp_path / "dt.json").write_text(json.dumps(FOUND))
    return ["--gt", str(tmp_path / "gt.json"), "--pred", str(tmp_path / "dt.json")]


def test_the_text_tells_the_worst_first_with_the_option_that_helps(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", *files]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 error, ")
    assert lines[2] == "error    boxes of the detections are x1 y1 x2 y2, but read as x y w h"
    remedy = next(line for line in lines if "Remedy" in line)
    assert remedy.endswith(": --boxes pred=xyxy")


def test_the_option_that_helps_does(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", *files, "--json", "-"])
    (remedy,) = json.loads(capsys.readouterr().out)["findings"][0]["remedies"]
    assert main(["doctor", *files, *remedy["options"], "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["errors"] == 0


def test_the_json_is_a_stable_document(files: list[str], tmp_path: Path) -> None:
    target = tmp_path / "found.json"
    assert main(["doctor", *files, "--json", str(target)]) == 0
    said = json.loads(target.read_text(encoding="utf-8"))
    assert set(said) == {"ground_truth", "detections", "counts", "findings"}
    assert (said["ground_truth"], said["counts"]["errors"]) == (files[1], 1)
    for finding in said["findings"]:
        assert set(finding) == {"code", "severity", "count", "title", "effect", "examples", "remedies"}
    first = said["findings"][0]
    assert (first["code"], first["severity"]) == ("detection_boxes_misread", "error")
    assert first["remedies"][0]["reading"]["detection_boxes"] == {
        "corners": "xyxy",
        "relative": False,
        "one_based": False,
    }
    outside = next(item for item in said["findings"] if item["code"] == "detections_beyond_image")
    example = outside["examples"][0]
    assert set(example) >= {
        "place",
        "image_id",
        "file_name",
        "object_id",
        "detection",
        "class",
        "box",
        "score",
    }
    record = FOUND[example["detection"]]
    assert (example["box"], example["score"]) == (record["bbox"], record["score"])
    assert example["file_name"] == f"{record['image_id']}.png"


@pytest.mark.parametrize("side", ["--gt", "--pred"])
def test_one_side_is_enough(files: list[str], side: str, capsys: pytest.CaptureFixture[str]) -> None:
    at = files.index(side)
    assert main(["doctor", *files[at : at + 2]]) == 0
    assert capsys.readouterr().out


def test_what_is_read_is_not_overwritten(files: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not overwritten"):
        main(["doctor", *files, "--json", str(tmp_path / "gt.json")])


conventions = st.none() | st.builds(
    Convention,
    corners=st.sampled_from(("xywh", "xyxy", "cxcywh")),
    relative=st.booleans(),
    one_based=st.booleans(),
)


@given(
    st.builds(
        Reading,
        images_by=st.sampled_from((None, "id", "path", "name", "stem")),
        classes_by=st.sampled_from((None, "id", "name")),
        ground_truth_boxes=conventions,
        detection_boxes=conventions,
        image_id_shift=st.integers(-5, 5),
        class_id_shift=st.integers(-5, 5),
        coco_classes=st.booleans(),
        fold_names=st.booleans(),
        percent_scores=st.booleans(),
        clip_scores=st.booleans(),
        drop_duplicates=st.booleans(),
        box_areas=st.booleans(),
    )
)
def test_the_options_that_a_reading_is_written_with_make_it(reading: Reading) -> None:
    parser = argparse.ArgumentParser()
    add_source_options(parser)
    options = parser.parse_args(["--gt", "a.json", *written(reading, AS_WRITTEN)])
    assert sources_of(options).reading == reading


def test_what_was_wished_already_is_not_written_again() -> None:
    former = Reading(percent_scores=True, detection_boxes=Convention("xyxy"))
    assert written(replace(former, image_id_shift=-1), former) == ["--shift-images", "-1"]
