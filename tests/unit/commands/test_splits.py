"""What the commands do with a data set in splits."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import InputError
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Judgement, Kind, Place, Target, Verdict
from inspector.sources import Sources
from main import main

SPLITS = {"train": 3, "valid": 2, "test": 1}
BOX = "0.5 0.5 0.4 0.4"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """YOLO labels in three folders; only those of valid and test are found, one of them badly."""
    root, found = tmp_path / "street", tmp_path / "runs"
    found.mkdir()
    (tmp_path / "street").mkdir()
    (root / "data.yaml").write_text("names: [car, bus]\ntrain: train\nval: valid\ntest: test\n")
    for split, images in SPLITS.items():
        (root / split / "images").mkdir(parents=True)
        (root / split / "labels").mkdir()
        for number in range(images):
            name = f"{split}_{number}"
            _write_picture(root / split / "images" / f"{name}.png")
            (root / split / "labels" / f"{name}.txt").write_text(f"{number % 2} {BOX}\n")
            if split != "train":
                box = BOX if split == "valid" else "0.5 0.5 0.3 0.4"
                (found / f"{name}.txt").write_text(f"{number % 2} {box} 0.9\n")
    return ["--gt", str(root), "--pred", str(found)]


def _write_picture(path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (100, 100)).save(path)


def evaluated(files: list[str], tmp_path: Path, *options: str) -> Any:
    target = tmp_path / "out.json"
    assert main(["evaluate", *files, *options, "--json", str(target)]) == 0
    return json.loads(target.read_text(encoding="utf-8"))


def names(content: Any) -> list[str]:
    return list(content["splits"])


def test_the_document_has_every_split_with_the_numbers_that_it_has_alone(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = evaluated(files, tmp_path)
    assert len(names(found)) == 3
    table = found["tables"]["average"]
    assert table["axes"]["split"] == ["all", *names(found)]
    for place, split in enumerate(names(found), start=1):
        alone = evaluated(files, tmp_path, "--split", split)
        assert "splits" not in alone
        assert found["splits"][split]["stats"] == alone["stats"]
        assert found["splits"][split]["classes"] == alone["classes"]
        assert found["splits"][split]["evaluated"] == alone["evaluated"]
        assert table["measures"]["AP"][place] == alone["tables"]["average"]["measures"]["AP"]
    assert [part["evaluated"]["images"] for part in found["splits"].values()] == list(SPLITS.values())
    assert [part["stats"]["AP50"] for part in found["splits"].values()] == pytest.approx([0, 1, 1])
    images = found["tables"]["images"]
    assert images["splits"]["image"].count(names(found)[0]) == 3
    capsys.readouterr()


def test_the_terminal_has_a_line_for_each(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", *files]) == 0
    out = capsys.readouterr().out
    lines = out[out.index("Splits, IoU 0.50") :].splitlines()[1:6]
    assert [line.split()[:2] for line in lines[:3]] == [["split", "images"], ["all", "6"], ["train", "3"]]
    assert main(["evaluate", *files, "--split", "test"]) == 0
    out = capsys.readouterr().out
    assert "1 image · 1 object" in out
    assert "Splits, " not in out


def test_csv_files_have_a_column_for_the_split(files: list[str], tmp_path: Path) -> None:
    assert main(["evaluate", *files, "--csv", str(tmp_path / "csv")]) == 0
    for name, columns in (("average", ["split", "size", "iou"]), ("images", ["image", "image id", "split"])):
        with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        assert rows[0][:3] == columns
    with (tmp_path / "csv" / "splits.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row[1] for row in csv.reader(stream)][1:] == ["6", "3", "2", "1"]


@pytest.mark.parametrize("command", ["evaluate", "suspects"])
def test_an_unknown_split_is_refused_with_those_that_there_are(files: list[str], command: str) -> None:
    with pytest.raises(InputError, match='there is no split "dev"; there are train, '):
        main([command, *files, "--split", "dev"])


def test_flags_of_a_split_alone_are_handed_off(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads(json.dumps(evaluated(files, tmp_path)))["tables"]["images"]["axes"]["image"]
    review = tmp_path / "r.sqlite"
    with ReviewFile.create(review, Sources(Path(files[1]), Path(files[3]))) as file:
        wrong = Verdict(Judgement.LABEL, Kind.MISSING)
        file.write([(Place(Target.IMAGE, name), wrong) for name in whole], "Ada")
    capsys.readouterr()
    split = evaluated(files, tmp_path)["splits"]
    last = list(split)[2]
    capsys.readouterr()
    out = tmp_path / "out"
    assert main(["export", "--review", str(review), "--to", "coco", "--split", last, str(out)]) == 0
    told = capsys.readouterr().out
    assert "flagged.json: 1 flag" in told
    assert "The ground truth is no COCO file: flagged.json is a COCO file made" in told
    content = json.loads((out / "flagged.json").read_text())
    assert [image["id"] for image in content["images"]] == [1]
    assert main(["export", "--review", str(review), "--to", "corrected", str(tmp_path / "all")]) == 0
    corrected = json.loads((tmp_path / "all" / "corrected.json").read_text())
    assert [image["split"] for image in corrected["images"]].count(last) == 1
    assert len(corrected["annotations"]) == 6
    again = main(["evaluate", "--gt", str(tmp_path / "all" / "corrected.json"), "--pred", files[3]])
    assert again == 0
