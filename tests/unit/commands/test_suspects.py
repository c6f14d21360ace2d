"""`suspects`: the queue on the terminal and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import InputError
from main import main

KEYS = {
    "kind",
    "score",
    "image_id",
    "file_name",
    "object_id",
    "detection",
    "class",
    "suggested_class",
    "box",
    "suggested_box",
    "reason",
}
TRUTH: dict[str, list[dict[str, Any]]] = {
    "images": [{"id": 1, "file_name": "one.png"}, {"id": 2, "file_name": "two.jpg"}],
    "categories": [{"id": 3, "name": "cat"}, {"id": 4, "name": "dog"}],
    "annotations": [
        {"id": 10, "image_id": 1, "category_id": 3, "bbox": [0, 0, 40, 40], "area": 1600},
        {"id": 11, "image_id": 2, "category_id": 4, "bbox": [90, 20, 40, 60], "area": 2400},
    ],
}
FOUND = [
    {"image_id": 1, "category_id": 3, "bbox": [0, 1, 40, 40], "score": 0.9},
    {"image_id": 2, "category_id": 3, "bbox": [91, 20, 40, 60], "score": 0.95},
    {"image_id": 2, "category_id": 4, "bbox": [200, 200, 50, 50], "score": 0.94},
]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "gt.json").write_text(json.dumps(TRUTH))
    (tmp_path / "dt.json").write_text(json.dumps(FOUND))
    return ["--gt", str(tmp_path / "gt.json"), "--pred", str(tmp_path / "dt.json")]


def test_the_json_lists_what_is_wrong_and_what_would_be_right(files: list[str], tmp_path: Path) -> None:
    target = tmp_path / "queue.json"
    assert main(["suspects", *files, "--json", str(target)]) == 0
    found = json.loads(target.read_text(encoding="utf-8"))
    assert all(set(item) == KEYS for item in found)
    assert [item["score"] for item in found] == sorted((item["score"] for item in found), reverse=True)
    missing = next(item for item in found if item["kind"] == "missing" and item["class"] == "dog")
    assert (missing["object_id"], missing["detection"], missing["suggested_class"]) == (None, 2, "dog")
    assert (missing["box"], missing["reason"]) == ([200, 200, 50, 50], "0.94 dog where nothing is labelled")
    renamed = next(item for item in found if item["kind"] == "wrong_class")
    assert (renamed["object_id"], renamed["image_id"], renamed["file_name"]) == (11, 2, "two.jpg")
    assert (renamed["class"], renamed["suggested_class"], renamed["detection"]) == ("dog", "cat", 1)
    assert list(tmp_path.glob(".*")) == []


def test_the_text_names_the_first_ones(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", *files]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("suspicions")
    assert lines[2].split() == ["score", "kind", "image", "object", "class", "suggested", "reason"]
    assert any("where nothing is labelled" in line for line in lines)


def test_json_on_standard_output_stands_alone(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", *files, "--json", "-"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out), list)


def test_the_files_that_are_read_are_not_overwritten(files: list[str], tmp_path: Path) -> None:
    for name in ("gt.json", "dt.json"):
        before = (tmp_path / name).read_text()
        with pytest.raises(InputError, match="not overwritten"):
            main(["suspects", *files, "--json", str(tmp_path / name)])
        assert (tmp_path / name).read_text() == before


def test_a_badly_placed_label_comes_with_its_right_box(files: list[str], tmp_path: Path) -> None:
    spots = [[60 * column, 60 * row, 40, 40] for column in range(1, 6) for row in range(1, 6)]
    sound = [
        {"id": 100 + n, "image_id": 1, "category_id": 4, "bbox": box, "area": 1600}
        for n, box in enumerate(spots)
    ]
    seen = [{"image_id": 1, "category_id": 4, "bbox": box, "score": 0.9} for box in spots]
    moved = {"image_id": 2, "category_id": 4, "bbox": [105, 20, 40, 60], "score": 0.97}
    (tmp_path / "gt.json").write_text(json.dumps({**TRUTH, "annotations": TRUTH["annotations"] + sound}))
    (tmp_path / "dt.json").write_text(json.dumps([*seen, FOUND[0], moved]))
    target = tmp_path / "queue.json"
    assert main(["suspects", *files, "--json", str(target)]) == 0
    found = json.loads(target.read_text(encoding="utf-8"))
    boxes = {(item["kind"], item["object_id"]): (item["box"], item["suggested_box"]) for item in found}
    assert boxes["badly_placed", 11] == ([90, 20, 40, 60], [105, 20, 40, 60])
    assert {boxes[key][1] is None for key in boxes if key[0] != "badly_placed"} <= {True}


def test_a_long_queue_is_cut_and_tells_how_much_is_left(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = [
        {"id": 100 + n, "image_id": 1, "category_id": 3, "bbox": [50 * (n // 2), 300, 40, 40], "area": 1600}
        for n in range(60)
    ]
    (tmp_path / "gt.json").write_text(json.dumps({**TRUTH, "annotations": twice}))
    assert main(["suspects", *files]) == 0
    lines = capsys.readouterr().out.splitlines()
    total = int(lines[0].split()[0])
    assert total >= 60
    assert len(lines) == 3 + 40 + 1
    assert lines[-1] == f"{total - 40} more: in --json"
