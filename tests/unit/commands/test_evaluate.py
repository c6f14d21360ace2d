"""The options of `evaluate`."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import InputError
from inspector.evaluation.tables import NAMES
from main import main

SQUARES = ([0, 0, 10, 10], [20, 0, 40, 40], [100, 0, 100, 100])
TRUTH: dict[str, list[dict[str, Any]]] = {
    "images": [{"id": 1, "file_name": "val/one.png"}, {"id": 2, "file_name": "val/two.jpg"}],
    "categories": [{"id": 3, "name": "cat"}, {"id": 4, "name": "dog"}, {"id": 7, "name": "traffic light"}],
    "annotations": [
        {"id": n, "image_id": 1 + n // 2, "category_id": 3 + n % 2, "bbox": box, "area": box[2] * box[3]}
        for n, box in enumerate(SQUARES)
    ],
}
FOUND = [
    {"image_id": 1, "category_id": 3, "bbox": SQUARES[0], "score": 0.9},
    {"image_id": 1, "category_id": 3, "bbox": SQUARES[1], "score": 0.8},
    {"image_id": 2, "category_id": 3, "bbox": [100, 0, 100, 70], "score": 0.3},
]
Evaluate = Callable[..., Any]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "gt.json").write_text(json.dumps(TRUTH))
    (tmp_path / "dt.json").write_text(json.dumps(FOUND))
    return ["--gt", str(tmp_path / "gt.json"), "--pred", str(tmp_path / "dt.json")]


@pytest.fixture
def evaluated(files: list[str], tmp_path: Path) -> Evaluate:
    """The document that `evaluate` writes with some options."""

    def run(*options: str) -> Any:
        target = tmp_path / "out.json"
        assert main(["evaluate", *files, *options, "--json", str(target)]) == 0
        return json.loads(target.read_text(encoding="utf-8"))

    return run


def test_iou_thresholds_may_be_a_range_or_one_number(evaluated: Evaluate) -> None:
    many = evaluated("--iou", ".6:.1:.9")
    assert many["protocol"]["iou_thresholds"] == pytest.approx([0.6, 0.7, 0.8, 0.9])
    assert many["operating_point"]["iou"] == pytest.approx(0.6)
    assert list(many["stats"])[:2] == ["AP", "APs"]
    one = evaluated("--iou", "0.75")
    assert one["protocol"]["iou_thresholds"] == [0.75]
    assert one["tables"]["average"]["axes"]["iou"] == [0.75]


def test_the_operating_point_is_at_iou_one_half_where_that_is_matched(evaluated: Evaluate) -> None:
    assert evaluated("--iou", ".3:.1:.9")["operating_point"]["iou"] == pytest.approx(0.5)


def test_max_dets_and_sizes_name_the_headline(evaluated: Evaluate) -> None:
    stats = evaluated("--max-dets", "5,1", "--sizes", "tiny=..200,rest=200..")["stats"]
    assert list(stats) == ["AP", "AP50", "AP75", "AP_tiny", "AP_rest", "AR1", "AR5", "AR_tiny", "AR_rest"]


def test_percentile_sizes_show_their_pixels(evaluated: Evaluate) -> None:
    sizes = evaluated("--sizes", "percentile")["tables"]["sizes"]
    assert sizes["axes"]["size"] == ["all", "smallest", "small", "medium", "large"]
    assert sizes["measures"]["to px²"][1:4] == [325.0, 850.0, 5800.0]
    assert sizes["measures"]["objects"] == [3, 1, 1, 1, 1]


def test_average_precision_follows_the_rule(evaluated: Evaluate) -> None:
    found = evaluated("--ap", "voc10", "--iou", ".5")
    assert found["protocol"]["ap_rule"] == "voc10"
    # cat: found, a false positive, found at IoU 0.7
    assert found["classes"][0]["AP"] == pytest.approx(0.5 + 0.5 * 2 / 3)


def test_class_agnostic_evaluation_has_one_class(evaluated: Evaluate) -> None:
    found = evaluated("--class-agnostic")
    assert found["protocol"]["class_agnostic"] is True
    assert [item["name"] for item in found["classes"]] == ["any class"]
    assert found["tables"]["counts"]["measures"]["TP"][0][0] == 2


def test_masks_are_compared_where_that_is_asked_for(tmp_path: Path, evaluated: Evaluate) -> None:
    def halves(box: list[int]) -> list[list[int]]:
        x, y, width, height = box
        return [[x, y, x + width, y, x, y + height]]

    truth = [{**item, "segmentation": halves(item["bbox"])} for item in TRUTH["annotations"]]
    sized = [{**image, "width": 200, "height": 100} for image in TRUTH["images"]]
    (tmp_path / "gt.json").write_text(json.dumps({**TRUTH, "images": sized, "annotations": truth}))
    boxes, masks = evaluated(), evaluated("--iou-type", "segm")
    assert (boxes["protocol"]["iou_type"], masks["protocol"]["iou_type"]) == ("bbox", "segm")
    # a detection without a mask is its whole box, which covers a triangle by half
    assert boxes["stats"]["AP75"] > 0
    assert masks["stats"]["AP75"] == 0


def test_counts_are_made_at_the_score(evaluated: Evaluate) -> None:
    for score, detections in (("0.25", 3), ("0.5", 2), ("0.85", 1), ("1", 0)):
        found = evaluated("--score", score)
        assert found["operating_point"]["confidence"] == float(score)
        assert found["tables"]["counts"]["measures"]["detections"][0][0] == detections


@pytest.mark.parametrize(
    ("option", "names"),
    [
        ("dog", ["dog"]),
        ("traffic light, cat", ["cat", "traffic light"]),
        ("7,dog", ["dog", "traffic light"]),
    ],
)
def test_classes_are_chosen_by_name_or_else_by_id(evaluated: Evaluate, option: str, names: list[str]) -> None:
    found = evaluated("--classes", option)
    assert [item["name"] for item in found["classes"]] == names
    assert found["tables"]["classes"]["axes"]["class"] == names


@pytest.mark.parametrize(
    ("patterns", "images"),
    [
        (["two.jpg"], ["val/two.jpg"]),
        (["val/*"], ["val/one.png", "val/two.jpg"]),
        (["*.png"], ["val/one.png"]),
        (["o?e.png", "*two*"], ["val/one.png", "val/two.jpg"]),
    ],
)
def test_images_are_chosen_by_patterns(evaluated: Evaluate, patterns: list[str], images: list[str]) -> None:
    options = [word for pattern in patterns for word in ("--only-images", pattern)]
    assert evaluated(*options)["tables"]["images"]["axes"]["image"] == images


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--classes", "Dgo"], 'there is no class "Dgo"; near: dog'),
        (["--classes", "cat,99"], 'there is no class "99"'),
        (["--only-images", "*.png", "--only-images", "ONE*"], 'no file name of an image fits "ONE*"'),
        (["--iou-type", "segm"], "annotations: no object has a mask, and --iou-type segm compares masks"),
    ],
)
def test_what_the_files_do_not_hold_is_told_with_their_path(
    files: list[str], options: list[str], reason: str
) -> None:
    with pytest.raises(InputError) as error:
        main(["evaluate", *files, *options])
    assert str(error.value) == f"{files[1]}: {reason}"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--iou", "half"], 'argument --iou: expected a number, found "half"'),
        (["--iou", "1.5"], "argument --iou: an IoU threshold lies above 0 and up to 1, not at 1.5"),
        (
            ["--max-dets", "1,x"],
            'argument --max-dets: expected whole numbers above 0 such as 1,10,100, found "x"',
        ),
        (["--sizes", "huge"], 'argument --sizes: expected coco, percentile or NAME=LO..HI,..., found "huge"'),
        (["--ap", "best"], "argument --ap: invalid choice: 'best'"),
        (["--score", "nan"], 'argument --score: expected a number, found "nan"'),
        (["--iou-type", "points"], "argument --iou-type: invalid choice: 'points'"),
    ],
)
def test_a_wrong_value_is_one_line(
    capsys: pytest.CaptureFixture[str], files: list[str], options: list[str], reason: str
) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["evaluate", *files, *options])
    assert leaving.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"detection-inspector evaluate: {reason}")


def test_a_score_beyond_one_is_for_scores_that_reach_so_far(files: list[str]) -> None:
    assert main(["evaluate", *files, "--score", "1"]) == 0
    with pytest.raises(InputError, match="50 is not in 0 to 1, and scores lie in"):
        main(["evaluate", *files, "--score", "50"])
    found = json.loads(Path(files[3]).read_text())
    Path(files[3]).write_text(json.dumps([{**item, "score": 100 * item["score"]} for item in found]))
    assert main(["evaluate", *files, "--score", "50"]) == 0


def test_each_table_becomes_a_csv_file_in_a_folder_that_is_made(files: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    for _ in range(2):  # the second time the files are replaced
        assert main(["evaluate", *files, "--csv", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.csv" for name in NAMES)
    with (folder / "images.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["image"] for row in rows] == ["val/one.png", "val/two.jpg"]
    assert rows[0]["TP"] == "1"


def test_csv_files_never_overwrite_what_is_read(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "images.csv").symlink_to(tmp_path / "gt.json")
    with pytest.raises(InputError, match="not overwritten: it is the ground truth"):
        main(["evaluate", *files, "--csv", str(tmp_path / "tables")])
    assert json.loads((tmp_path / "gt.json").read_text()) == TRUTH


def test_a_folder_that_cannot_be_is_refused_before_the_files_are_read(tmp_path: Path) -> None:
    unread = ["--gt", "gone.json", "--pred", "gone.json"]
    with pytest.raises(InputError, match="there is no folder"):
        main(["evaluate", *unread, "--csv", str(tmp_path / "gone" / "tables")])
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="it is not a folder"):
        main(["evaluate", *unread, "--csv", str(tmp_path / "file")])


def test_the_document_says_what_was_evaluated_and_what_was_remarked_on(
    evaluated: Evaluate, files: list[str]
) -> None:
    document = evaluated("--classes", "cat", "--classes", "dog", "--max-dets", "1")
    assert document["evaluated"] == {
        "ground_truth": files[1],
        "detections_file": files[3],
        "images": 2,
        "classes": 2,
        "objects": 3,
        "ignored_objects": 0,
        "detections": 3,
        "beyond_max_dets": 1,
    }
    assert document["tables"]["classes"]["ids"] == {"class": [3, 4]}
    assert document["tables"]["images"]["ids"] == {"image": [1, 2]}
    assert document["protocol"]["matching"] == "COCO"


@pytest.mark.parametrize("option", ["--json", "--csv"])
def test_an_empty_target_is_refused(files: list[str], option: str) -> None:
    with pytest.raises(InputError, match=f"{option}: names nothing"):
        main(["evaluate", *files, option, ""])


def test_what_has_no_mask_is_said_where_masks_are_compared(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    masked = [dict(item) for item in TRUTH["annotations"]]
    masked[0]["segmentation"] = [[0, 0, 10, 0, 10, 10]]
    sizes = [{**image, "width": 300, "height": 200} for image in TRUTH["images"]]
    Path(files[1]).write_text(json.dumps({**TRUTH, "images": sizes, "annotations": masked}))
    target = Path(files[1]).with_name("numbers.json")
    assert main(["evaluate", *files, "--iou-type", "segm", "--json", str(target)]) == 0
    said = capsys.readouterr().err
    remarks = json.loads(target.read_text())["remarks"]
    assert {"text": "objects without a mask: compared as the box", "count": 2, "examples": []} in remarks
    assert "2 objects without a mask: compared as the box" in said
    assert "3 detections without a mask: compared as the box" in said


def test_masks_can_be_asked_for_where_there_is_no_object(files: list[str]) -> None:
    Path(files[1]).write_text(json.dumps({**TRUTH, "annotations": []}))
    assert main(["evaluate", *files, "--iou-type", "segm"]) == 0
