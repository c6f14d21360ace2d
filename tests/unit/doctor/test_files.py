"""What the readers noted, what one side lacks, and what lies on the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from inspector.doctor import Finding, Severity, examine
from inspector.doctor.case import share, worded
from inspector.refs import ImageRef
from inspector.sources import read
from tests.unit.doctor.conftest import IMAGE_SIZE, Files, worst


@pytest.fixture
def pictures(files: Files, tmp_path: Path) -> Files:
    """The same with its images on the disk."""
    files.images = tmp_path / "images"
    files.images.mkdir()
    for image in files.truth["images"]:
        Image.new("L", IMAGE_SIZE).save(files.images / image["file_name"])
    return files


def test_what_was_ignored_is_told_with_what_it_does(files: Files) -> None:
    files.found[3]["image_id"] = 999
    files.found[4]["bbox"][2] = -4
    found = files.findings()
    unknown = found["detections_ignored_unknown_image_id"]
    assert (unknown.count, unknown.severity) == (1, Severity.WARNING)
    assert "neither as TP nor as FP" in unknown.effect
    assert unknown.examples[0].text == "[3].image_id: 999"
    assert found["detections_ignored_negative_width_or_height"].count == 1


def test_what_was_ignored_is_an_error_where_it_is_most_of_all(files: Files) -> None:
    for item in files.found[: len(files.found) // 2 + 1]:
        item["image_id"] = 999
    assert files.findings()["detections_ignored_unknown_image_id"].severity is Severity.ERROR


def test_images_without_labels_and_without_detections_are_told(files: Files) -> None:
    files.truth["annotations"] = [item for item in files.truth["annotations"] if item["image_id"] != 10]
    files.found = [item for item in files.found if item["image_id"] != 12]
    found = files.findings()
    assert found["images_without_objects"].examples[0].ref == ImageRef(0)
    assert found["images_without_detections"].examples[0].ref == ImageRef(2)
    assert found["images_without_detections"].severity is Severity.NOTE


def test_detections_on_a_part_of_the_images_only_are_a_warning(files: Files) -> None:
    files.found = [item for item in files.found if item["image_id"] < 18]
    finding = files.findings()["images_without_detections"]
    assert (finding.count, finding.severity) == (4, Severity.WARNING)


def test_classes_on_one_side_and_on_neither_are_told_apart(files: Files) -> None:
    files.truth["categories"] += [{"id": 8, "name": "tram"}, {"id": 9, "name": "boat"}]
    for item in files.found:
        if item["category_id"] == 2:
            item["category_id"] = 8
    found = files.findings()
    assert found["classes_never_detected"].examples[0].text.startswith("dog: ")
    assert found["classes_without_objects"].examples[0].text.startswith("tram: ")
    assert [example.text for example in found["classes_unused"].examples] == ["boat"]


def test_class_names_in_two_spellings_are_two_classes(files: Files) -> None:
    files.truth["categories"].append({"id": 9, "name": "Cat "})
    finding = files.findings()["class_names_alike"]
    assert finding.examples[0].text == '"cat" / "Cat "'


def test_percents_are_told_from_scores_that_overshoot(files: Files) -> None:
    files.plant(lambda item: item.update(score=100 * item["score"]))
    finding = files.findings()["scores_in_percent"]
    assert finding.severity is Severity.ERROR
    assert finding.remedies[0].reading.percent_scores
    assert worst(files.reread(finding.remedies[0].reading).findings()) == []
    files.plant(lambda item: item.update(score=item["score"] / 100))
    files.found[0]["score"] = 1.2
    assert "scores_in_percent" not in files.findings()
    files.found[1]["score"] = -0.5
    outside = files.findings()["scores_outside"]
    assert (outside.count, outside.severity) == (2, Severity.WARNING)
    assert outside.remedies[0].reading.clip_scores
    assert "scores_outside" not in files.reread(outside.remedies[0].reading).findings()


def test_percents_are_recognised_where_most_detections_score_below_one_percent(files: Files) -> None:
    files.plant(lambda item: item.update(score=0.3))
    files.found[0]["score"] = 96.2
    finding = files.findings()["scores_in_percent"]
    assert [remedy.reading.percent_scores for remedy in finding.remedies] == [True]


def test_what_is_worst_comes_first(files: Files) -> None:
    files.truth["annotations"][0]["bbox"] = [700, 20, 30, 30]  # a warning, found before the error
    files.plant(lambda item: item.update(score=100 * item["score"]))
    order = list(Severity)
    places = [order.index(finding.severity) for finding in files.findings().values()]
    assert places == sorted(places)
    assert len(set(places)) == 3


def test_sizes_without_an_object_are_told(files: Files) -> None:
    for item in files.truth["annotations"]:
        item["area"] = 2000
        item["bbox"][2:] = [40, 50]
    finding = files.findings()["sizes_without_objects"]
    assert finding.title == "size ranges without any object: small and large"


def test_nothing_is_said_of_pictures_that_are_as_declared(pictures: Files) -> None:
    assert pictures.images is not None
    (pictures.images / "003.png").rename(pictures.images / "Three.PNG")
    pictures.truth["images"][3]["file_name"] = "Three.PNG"
    assert not {code for code in pictures.findings() if code.startswith(("images_", "image_"))}


def test_pictures_of_another_size_that_are_missing_or_not_listed_are_told(pictures: Files) -> None:
    assert pictures.images is not None
    width, height = IMAGE_SIZE
    Image.new("L", (height, width)).save(pictures.images / "003.png")
    (pictures.images / "004.png").unlink()
    (pictures.images / "005.png").write_bytes(b"no picture")
    Image.new("L", (9, 9)).save(pictures.images / "extra.JPG", "JPEG")
    found = pictures.findings()
    other = found["image_sizes_differ"]
    assert other.examples[0].text == "003.png: declared 640 x 480, is 480 x 640"
    assert other.examples[0].ref == ImageRef(3)
    assert "1 of them are turned" in other.effect
    assert "Of 12 images that were looked at" in other.effect
    assert found["images_missing"].examples[0].ref == ImageRef(4)
    assert found["images_unreadable"].examples[0].ref == ImageRef(5)
    assert [example.text for example in found["images_not_listed"].examples] == ["extra.JPG"]


def test_the_size_is_that_of_the_picture_as_it_is_shown(pictures: Files) -> None:
    assert pictures.images is not None
    turned = Image.Exif()
    turned[274] = 6
    width, height = IMAGE_SIZE
    Image.new("L", (height, width)).save(pictures.images / "003.png", exif=turned)
    assert "image_sizes_differ" not in pictures.findings()


def no_objects(files: Files) -> None:
    files.truth["annotations"] = []


def only_crowds(files: Files) -> None:
    for item in files.truth["annotations"]:
        item["iscrowd"] = 1


def no_sizes(files: Files) -> None:
    files.truth["images"] = [{"id": item["id"], "file_name": "x.png"} for item in files.truth["images"]]


def no_detections(files: Files) -> None:
    files.found = []


def one_detection(files: Files) -> None:
    files.found = files.found[:1]


def nothing_known(files: Files) -> None:
    files.plant(lambda item: item.update(image_id=999))


def nothing_finite(files: Files) -> None:
    files.plant(lambda item: item.update(score=float("nan")))


def enormous(files: Files) -> None:
    for item in (*files.truth["annotations"], *files.found):
        item["bbox"] = [1e308, 0, 1e308, 1e308]


@pytest.mark.parametrize("truth", [None, no_objects, only_crowds, no_sizes, enormous])
@pytest.mark.parametrize(
    "found", [None, no_detections, one_detection, nothing_known, nothing_finite, enormous]
)
def test_whatever_can_be_opened_is_examined(
    files: Files, truth: Callable[[Files], None] | None, found: Callable[[Files], None] | None
) -> None:
    for change in filter(None, (found, truth)):
        change(files)
    for finding in files.findings(measure=True).values():
        assert finding.title
        assert "{" not in finding.title
        assert "nan" not in finding.effect


@pytest.mark.parametrize("side", ["ground_truth", "detections"])
def test_one_side_alone_is_examined(files: Files, side: str) -> None:
    sources = replace(files.sources, **{side: None})  # type: ignore[arg-type]
    assert worst({finding.code: finding for finding in examine(read(sources), sources)}) == []


@pytest.mark.parametrize(
    ("text", "count", "words"),
    [
        ("image{s} {is|are} gone", 1, "image is gone"),
        ("image{s} {is|are} gone", 2, "images are gone"),
        ("class{es}", 0, "classes"),
    ],
)
def test_words_follow_the_count(text: str, count: int, words: str) -> None:
    assert worded(text, count) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(1, 2, "50 %"), (1, 1000, "under 1 %"), (999, 1000, "over 99 %"), (0, 0, "0 %")],
)
def test_a_share_is_never_all_or_nothing_if_it_is_not(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


def test_names_of_another_spelling_are_told_with_the_reading_that_takes_them(
    files: Files, tmp_path: Path
) -> None:
    table = tmp_path / "found.csv"
    names = {item["id"]: item["name"].upper() for item in files.truth["categories"]}
    images = {item["id"]: item["file_name"] for item in files.truth["images"]}
    lines = ["image,class,score,x,y,width,height"]
    lines += [
        ",".join(
            map(str, (images[item["image_id"]], names[item["category_id"]], item["score"], *item["bbox"]))
        )
        for item in files.found
    ]
    table.write_text("\n".join(lines))
    found = _findings(files, table)
    differ = found["class_names_differ"]
    assert (differ.count, differ.severity) == (len(files.found), Severity.ERROR)
    assert '"CAT" is "cat" there' in " ".join(example.text for example in differ.examples)
    assert differ.remedies[0].reading.fold_names
    assert "class_names_differ" not in _findings(files.reread(differ.remedies[0].reading), table)


def _findings(files: Files, table: Path) -> dict[str, Finding]:
    sources = replace(files.sources, detections=table)
    return {finding.code: finding for finding in examine(read(sources), sources, measure=False)}
