"""The list of flags."""

from __future__ import annotations

import csv

from inspector.export.handoff import Form, hand_off
from inspector.refs import Ref
from inspector.review.verdicts import Judgement, Kind, Verdict
from tests.unit.export.handoff.conftest import Files
from tests.unit.review.street import IMAGE_ONE, LEFT_CAR, RIGHT_CAR, flag


def rows(files: Files) -> list[dict[str, str]]:
    with (files.out / "flags.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_flag_is_a_row_in_the_order_of_images_and_orphans_are_marked(files: Files) -> None:
    written = hand_off(Form.CSV, files.dataset, files.flagged, files.out)
    assert (written.path, written.flags, written.left_out) == (files.out / "flags.csv", 5, {})
    found = [
        (row["image"], row["target"], row["object id"], row["kind"], row["orphan"]) for row in rows(files)
    ]
    assert found == [
        ("1.jpg", "image", "", "missing", ""),
        ("1.jpg", "object", "11", "badly_placed", ""),
        ("1.jpg", "object", "12", "wrong_class", ""),
        ("2.jpg", "detection", "", "missing", ""),
        ("gone.jpg", "detection", "", "missing", "yes"),
    ]


def test_a_row_tells_everything_that_was_said(files: Files) -> None:
    hand_off(Form.CSV, files.dataset, files.flagged, files.out)
    _, moved, wrong, missing, _ = rows(files)
    assert [moved[f"right {side}"] for side in ("x", "y", "width", "height")] == [
        "12.0",
        "12.0",
        "30.0",
        "30.0",
    ]
    assert (wrong["class"], wrong["right class"], wrong["author"]) == ("car", "van", "Ada")
    assert [wrong[side] for side in ("x", "y", "width", "height")] == ["100.0", "10.0", "40.0", "40.0"]
    assert wrong["time (UTC)"] == "2026-01-02 03:04:05"
    assert (missing["image id"], missing["score"]) == ("2", "0.7")


def test_a_row_tells_whether_the_corrected_ground_truth_obeys_it(files: Files) -> None:
    hand_off(Form.CSV, files.dataset, files.flagged, files.out)
    assert [row["corrected"] for row in rows(files)] == [
        "no: said of a whole image, and not of which label",
        "yes",
        "yes",
        "yes",
        "no: what it was said of is not there",
    ]


def test_excel_reads_its_letters_and_takes_no_note_for_a_formula(files: Files) -> None:
    verdicts: dict[Ref, Verdict] = {
        IMAGE_ONE: flag(None, note="zu groß\nund schief"),
        RIGHT_CAR: flag(Kind.SPURIOUS, note="=1+1"),
    }
    hand_off(Form.CSV, files.dataset, files.said(verdicts), files.out)
    assert (files.out / "flags.csv").read_bytes().startswith(b"\xef\xbb\xbfimage,image id,")
    assert [row["note"] for row in rows(files)] == ["zu groß\nund schief", "'=1+1"]


def test_what_is_no_flag_is_not_listed(files: Files) -> None:
    verdicts: dict[Ref, Verdict] = {LEFT_CAR: Verdict(Judgement.MODEL), RIGHT_CAR: Verdict(note="hm")}
    assert hand_off(Form.CSV, files.dataset, files.said(verdicts), files.out).flags == 0
    assert rows(files) == []
