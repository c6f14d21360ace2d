"""`export`: what is handed to others, without a window."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.review.attaching import place_of
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Kind, Place, Target
from inspector.sources import Sources
from main import main
from tests.reading import read_pair
from tests.unit.export.handoff.conftest import write_street
from tests.unit.review.street import LEFT_CAR, UNLABELLED, flag, truth


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """Of the street: a spurious label, a missing one, one badly placed that nobody moved, and an orphan."""
    files = write_street(tmp_path, truth())
    path = tmp_path / "street.review.sqlite"
    dataset = files.dataset
    with ReviewFile.create(path, Sources(dataset.ground_truth_path, dataset.detections_path)) as made:
        gone = Place(Target.OBJECT, "gone.jpg", 1, "car", (0.0, 0.0, 1.0, 1.0))
        verdicts = [
            (place_of(dataset, LEFT_CAR), flag(Kind.BADLY_PLACED)),
            (place_of(dataset, UNLABELLED), flag(Kind.MISSING)),
            (gone, flag(Kind.SPURIOUS)),
        ]
        made.write(verdicts, "Ada")
    return path


def test_the_review_file_knows_what_was_judged(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--review", str(review), "--to", "csv", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "flags.csv").read_text(encoding="utf-8-sig").count("\n") == 4
    assert capsys.readouterr().out == (
        f"{tmp_path / 'out' / 'flags.csv'}: 3 flags\n1 of all hangs on nothing in these files\n"
    )


def test_what_cannot_be_corrected_is_counted_with_the_reason(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--review", str(review), "--to", "corrected", str(tmp_path / "out")]) == 0
    path = tmp_path / "out" / "corrected.json"
    assert len(read_pair(path, tmp_path / "dt.json").objects) == 3
    first, *left_out, _ = capsys.readouterr().out.splitlines()
    assert first == f"{path}: 1 flag"
    assert sorted(left_out) == [
        "  1.jpg: car, annotation 11",
        "  gone.jpg: car, annotation 1",
        "1 left out: badly placed, and nobody said where it should be",
        "1 left out: what it was said of is not there",
    ]


def test_only_the_first_of_many_that_are_left_out_are_told(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ReviewFile.open(review) as file:
        file.write([(Place(Target.IMAGE, f"{number}"), flag(Kind.MISSING)) for number in range(7)], "Ada")
    assert main(["export", "--review", str(review), "--to", "coco", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[1] == "8 left out: the image is not in these files"
    assert [line[:2] for line in told[2:8]] == ["  "] * 6
    assert told[7] == "  and 3 more"


@pytest.mark.parametrize(("form", "name"), [("coco", "flagged.json"), ("crops", "crops/flags.csv")])
def test_flagged_images_and_crops_are_written(review: Path, tmp_path: Path, form: str, name: str) -> None:
    assert main(["export", "--review", str(review), "--to", form, str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / name).exists()
    if form == "crops":
        assert len(list((tmp_path / "out" / "crops").glob("*.jpg"))) == 2


def test_other_files_can_be_given(review: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "dt.json").write_text("[]")
    shutil.move(tmp_path / "gt.json", tmp_path / "new" / "gt.json")
    given = ["--gt", str(tmp_path / "new" / "gt.json"), "--pred", str(tmp_path / "new" / "dt.json")]
    assert main(["export", "--review", str(review), "--to", "corrected", str(tmp_path / "out"), *given]) == 0
    assert len(json.loads((tmp_path / "out" / "corrected.json").read_text())["annotations"]) == 3


def test_the_review_file_and_its_folder_stay_as_they_are(review: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert main(["export", "--review", str(review), "--to", "csv", str(tmp_path / "out")]) == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_what_a_window_has_just_said_is_exported_too(review: Path, tmp_path: Path) -> None:
    with ReviewFile.open(review) as open_elsewhere:
        open_elsewhere.write([(Place(Target.IMAGE, "1.jpg"), flag(Kind.MISSING))], "Ben")
        main_file, log = review.read_bytes(), review.with_name(f"{review.name}-wal").read_bytes()
        assert main(["export", "--review", str(review), "--to", "csv", str(tmp_path / "out")]) == 0
        assert review.read_bytes() == main_file
        assert review.with_name(f"{review.name}-wal").read_bytes() == log
    assert "Ben" in (tmp_path / "out" / "flags.csv").read_text(encoding="utf-8-sig")


def test_a_review_file_that_does_not_say_what_was_judged_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    ReviewFile.create(path, Sources(tmp_path / "gt.json", tmp_path / "dt.json")).close()
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM source")
    connection.close()
    with pytest.raises(InputError, match="give --gt and --pred"):
        main(["export", "--review", str(path), "--to", "csv", str(tmp_path)])


@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_what_is_no_review_file_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "r.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"r\.sqlite: "):
        main(["export", "--review", str(path), "--to", "csv", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_a_folder_of_images_that_is_not_there_is_one_line(review: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        main(
            [
                "export",
                "--review",
                str(review),
                "--to",
                "crops",
                str(tmp_path),
                "--images",
                str(tmp_path / "x"),
            ]
        )


def test_a_folder_without_a_name_is_refused(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(review.parent)
    before = sorted(review.parent.iterdir())
    with pytest.raises(InputError, match="DIR: names nothing"):
        main(["export", "--review", str(review), "--to", "csv", ""])
    assert sorted(review.parent.iterdir()) == before
