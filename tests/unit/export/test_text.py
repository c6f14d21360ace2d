"""The numbers as text for people."""

from __future__ import annotations

from typing import Any

from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.options import Options, parse_sizes, prepare
from inspector.evaluation.tables import all_tables
from inspector.export.text import headline_text, tables_text
from tests.builders import dataset_from
from tests.unit.export.problem import GROUND_TRUTH, RESULTS


def lines_of(ground_truth: dict[str, Any], options: Options | None = None) -> list[str]:
    dataset, protocol = prepare(dataset_from(ground_truth, RESULTS), options or Options())
    evaluation = evaluate(dataset, protocol)
    tables = all_tables(dataset, evaluation, OperatingPoint())
    return [*headline_text(dataset, evaluation).splitlines(), *tables_text(tables).splitlines()]


def words_after(lines: list[str], title: str, first: str) -> list[str]:
    """The words of the first line that begins with `first` below a title."""
    start = next(number for number, line in enumerate(lines) if line.startswith(title))
    return next(line.split() for line in lines[start:] if line.startswith(first))


def test_it_names_the_protocol_and_says_na_where_nothing_can_be_computed() -> None:
    lines = lines_of(GROUND_TRUTH)
    assert lines[0] == "COCO boxes, IoU 0.50:0.05:0.95, 101 recall points, maxDets 1/10/100"
    assert lines[1] == "1 image · 2 objects · 1 detection · 2 classes"
    assert any(line.split()[:2] == ["APl", "n/a"] for line in lines)
    light = words_after(lines, "Classes, IoU 0.50", "traffic light")
    assert " ".join(light) == "traffic light n/a n/a n/a n/a 0 0 0 0 0 n/a n/a n/a"
    assert "n/a: no objects (AP, AP50, AP75, AR, recall); no detections (precision)" in "\n".join(lines)


def test_the_headline_is_worded_for_other_protocols() -> None:
    options = Options(
        iou_thresholds=(0.6, 0.7), max_dets=(5,), sizes=parse_sizes("tiny=0..9"), ap_rule="voc10"
    )
    lines = lines_of(GROUND_TRUTH, options)
    assert (
        lines[0]
        == "VOC 2010 boxes, IoU 0.60:0.10:0.70, area under the envelope, maxDets 5, matched by COCO's rules"
    )
    headline = [line.split(maxsplit=2) for line in lines[3:8]]
    assert [words[0] for words in headline[:4]] == ["AP", "AP_tiny", "AR5", "AR_tiny"]
    assert headline[0][2] == "average precision, IoU 0.60:0.10:0.70"
    assert headline[1][1:] == ["n/a", "average precision, tiny objects"]
    assert headline[2][2] == "average recall, 5 detections per class and image"


def test_size_ranges_show_their_limits_and_an_empty_one_says_why_it_has_no_number() -> None:
    lines = lines_of(GROUND_TRUTH)
    assert words_after(lines, "Size ranges", "medium") == ["medium", "1,024", "9,216", "2"]
    assert words_after(lines, "Size ranges", "large")[-3:] == ["n/a:", "no", "objects"]


def test_of_many_images_the_worst_are_shown_and_the_others_counted() -> None:
    images = [{"id": number, "file_name": f"{number:03}.png"} for number in range(1, 31)]
    first = GROUND_TRUTH["annotations"][0]
    missed = [{**first, "id": number, "image_id": number} for number in range(5, 8)]
    lines = lines_of({**GROUND_TRUTH, "images": images, "annotations": [first, *missed]})
    start = next(number for number, line in enumerate(lines) if line.startswith("Images"))
    assert lines[start].endswith("the 20 worst by F1")
    assert [line.split()[0] for line in lines[start + 2 : start + 7]] == [
        "005.png",
        "006.png",
        "007.png",
        "001.png",
        "002.png",
    ]
    assert "10 more images: in --json and --csv" in lines


def test_names_neither_break_a_line_nor_widen_the_table() -> None:
    broken, long = "fire\nhydrant\x1b[31m", "x" * 300
    categories = [{"id": 0, "name": broken}, {"id": 5, "name": long}]
    lines = lines_of({**GROUND_TRUTH, "categories": categories})
    start = lines.index("Classes, IoU 0.50, confidence 0.5; detections are TP + FP")
    header, first, second = lines[start + 1 : start + 4]
    assert header.startswith("class ")
    assert first.startswith("fire hydrant [31m ")
    assert second.startswith(f"{'x' * 39}…    n/a")
    assert len(second) == len(first) == len(header)


def test_averages_stand_as_one_grid_for_each_of_ap_and_ar_with_the_iou_thresholds_across() -> None:
    lines = lines_of(GROUND_TRUTH, Options(iou_thresholds=(0.5, 0.95)))
    title = "AP and AR by size range"
    assert words_after(lines, title, "AP  ") == ["AP", "0.50:0.45:0.95", "0.50", "0.95"]
    assert words_after(lines, title, "all") == ["all", "0.252", "0.505", "0.000"]
    assert words_after(lines, title, "large") == ["large", "n/a", "n/a", "n/a"]
    start = next(number for number, line in enumerate(lines) if line.startswith("AR  "))
    assert words_after(lines[start:], "AR", "all") == ["all", "0.250", "0.500", "0.000"]


def test_detections_behind_the_limit_are_counted_in_the_heading() -> None:
    box = {"image_id": 1, "category_id": 0, "bbox": [0, 0, 5, 5]}
    dataset = dataset_from(GROUND_TRUTH, [*RESULTS, {**box, "score": 0.5}, {**box, "score": 0.25}])
    evaluation = evaluate(dataset, prepare(dataset, Options(max_dets=(1,)))[1])
    text = headline_text(dataset, evaluation)
    assert "2 detections beyond 1 per class and image: not evaluated" in text.splitlines()
    assert "not evaluated" not in headline_text(dataset, evaluate(dataset))
