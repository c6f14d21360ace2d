"""What a person is told about files that cannot be used, word for word."""

from __future__ import annotations

import gzip
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import InputError
from tests.reading import read_pair

NO_LIST = 'expected an object with "images", "annotations" and "categories"'
CUT = "the file ends in the middle of the JSON: truncated?"
GOOD = '{"image_id": 3, "category_id": 7, "bbox": [1, 2, 3, 4], "score": 0.25}'


def detection(**changes: object) -> list[Any]:
    """A good detection and one with changed keys; `...` removes a key."""
    changed = {**json.loads(GOOD), **changes}
    return [json.loads(GOOD), {key: value for key, value in changed.items() if value is not ...}]


BAD_DETECTIONS: list[tuple[object, str]] = [
    (b"", "dt.json: is empty"),
    (b"\xef\xbb\xbf \n", "dt.json: is empty"),
    (gzip.compress(b"[]"), "dt.json: is compressed (gzip): unpack it first"),
    (
        '[\n {"a": 1,\n  b}]'.encode("utf-16"),
        "dt.json: line 3, column 3: not JSON: expecting property name enclosed in double quotes",
    ),
    ("[\n\n[".encode("utf-16-be") + b"\xd8\x00", "dt.json: line 3: is not UTF-16 text"),
    ("hello", "dt.json: line 1, column 1: not JSON: expecting value"),
    (
        '[\n {"a": 1,\n  b}]',
        "dt.json: line 3, column 3: not JSON: expecting property name enclosed in double quotes",
    ),
    (f"[{GOOD}, ]", "dt.json: line 1, column 74: not JSON: expecting value"),
    (
        f"[{GOOD} {GOOD}]",
        "dt.json: line 1, column 73: not JSON: expected a comma or a closing bracket, found '{'",
    ),
    (f"[{GOOD}", f"dt.json: line 1, column 72: {CUT}"),
    (f"[{GOOD},", f"dt.json: line 1, column 73: {CUT}"),
    (f"[{GOOD[:-3]}", f"dt.json: line 1, column 69: {CUT}"),
    (f"[{GOOD[:5]}", f"dt.json: line 1, column 7: {CUT}"),
    ("[] x", "dt.json: line 1, column 4: not JSON: there is more text behind the end of the value"),
    (
        f"[{GOOD}]\n[{GOOD}]\n",
        "dt.json: line 2, column 1: a second JSON value begins here: JSON Lines? Expected one value",
    ),
    (
        f"{GOOD}\n\n{GOOD}\r\n{GOOD[:-3]}x}}\n{GOOD}\n",
        "dt.json: line 4, column 67: not JSON: expecting ',' delimiter",
    ),
    (f'{GOOD}\n{GOOD}\n{{"image_id": 3}}', 'dt.json: [2]: has no "category_id"'),
    (f"{GOOD}\n{GOOD}\n{GOOD[:5]}", f"dt.json: line 3, column 7: {CUT}"),
    ("3", "dt.json: expected a list of detections, found a number"),
    ('{"a": 1}', 'dt.json: expected a list of detections, found an object with "a"'),
    ("{}", "dt.json: expected a list of detections, found an object with no keys"),
    (
        {"images": [], "categories": []},
        'dt.json: expected a list of detections, found an object with "images", "categories": '
        "this looks like ground truth, not detections",
    ),
    (
        {"annotations": [{"id": 1, "image_id": 3}]},
        'dt.json: this looks like ground truth, not detections: its "annotations" have no "score"',
    ),
    ({"annotations": 3}, "dt.json: annotations: expected a list, found a number"),
    (
        {"annotations": detection(score="x")},
        'dt.json: annotations[1].score: expected a number, found the text "x"',
    ),
    ([3], "dt.json: [0]: expected an object, found 3"),
    ([json.loads(GOOD), None], "dt.json: [1]: expected an object, found null"),
    (detection(image_id=...), 'dt.json: [1]: has no "image_id"'),
    (detection(category_id=...), 'dt.json: [1]: has no "category_id"'),
    (detection(bbox=...), 'dt.json: [1]: has no "bbox"'),
    (detection(bbox=..., segmentation=[]), 'dt.json: [1]: has no "bbox"'),
    (detection(bbox=[], segmentation=None), "dt.json: [1].bbox: expected 4 numbers, found 0"),
    (
        detection(segmentation=3),
        "dt.json: [1].segmentation: expected polygons or run lengths, found 3",
    ),
    (
        detection(segmentation=[1, 2, 3, 4, 5, 6]),
        "dt.json: [1].segmentation[0]: expected a list of numbers, found 1",
    ),
    (
        detection(segmentation=[[1, 2, 3, 4, 5, 6], [1, None]]),
        "dt.json: [1].segmentation[1][1]: expected a number, found null",
    ),
    (detection(segmentation={}), 'dt.json: [1].segmentation: has no "size"'),
    (detection(segmentation={"size": [2, 2]}), 'dt.json: [1].segmentation: has no "counts"'),
    (
        detection(segmentation={"size": [2], "counts": "4"}),
        "dt.json: [1].segmentation.size: expected 2 numbers, found 1",
    ),
    (
        detection(segmentation={"size": [2, "2"], "counts": "4"}),
        'dt.json: [1].segmentation.size[1]: expected a number, found the text "2"',
    ),
    (
        detection(segmentation={"size": [2, 2], "counts": None}),
        "dt.json: [1].segmentation.counts: expected text or a list of numbers, found null",
    ),
    (
        detection(segmentation={"size": [2, 2], "counts": [2, True]}),
        "dt.json: [1].segmentation.counts[1]: expected a number, found true",
    ),
    (detection(score=...), 'dt.json: [1]: has no "score"'),
    (detection(bbox=[1, 2, 3]), "dt.json: [1].bbox: expected 4 numbers, found 3"),
    (detection(bbox=[]), "dt.json: [1].bbox: expected 4 numbers, found 0"),
    (detection(bbox=[1, 2, 3, "4"]), 'dt.json: [1].bbox[3]: expected a number, found the text "4"'),
    (detection(bbox=None), "dt.json: [1].bbox: expected a list of 4 numbers, found null"),
    (detection(score=True), "dt.json: [1].score: expected a number, found true"),
    (detection(score=None), "dt.json: [1].score: expected a number, found null"),
    (detection(image_id=1.5), "dt.json: [1].image_id: expected a whole number or text, found 1.5"),
    (detection(image_id=1e300), "dt.json: [1].image_id: expected a whole number or text, found 1e+300"),
    (detection(image_id=[1]), "dt.json: [1].image_id: expected a whole number or text, found a list"),
    (detection(category_id=False), "dt.json: [1].category_id: expected a whole number or text, found false"),
    (detection(category_id=None), "dt.json: [1].category_id: expected a whole number or text, found null"),
    (
        detection(image_id="\ud800"),
        "dt.json: [1].image_id: the text holds half a character (an unpaired \\u escape)",
    ),
    (
        detection(score="x" * 60),
        f'dt.json: [1].score: expected a number, found the text "{"x" * 39}…"',
    ),
]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(("content", "message"), BAD_DETECTIONS)
def test_bad_detections_are_refused_with_one_line_that_names_the_place(
    read: Any, content: object, message: str
) -> None:
    with pytest.raises(InputError) as error:
        read(None, content)
    assert str(error.value) == message


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("bad", ["ground truth", "detections"])
def test_a_failed_reading_leaves_no_thread_behind(
    read: Any, ground_truth: dict[str, Any], detections: list[Any], bad: str
) -> None:
    if bad == "ground truth":
        ground_truth["annotations"] *= 20
        ground_truth["annotations"][1] = 5
    else:
        detections *= 20
        detections[1] = 5
    before = set(threading.enumerate())
    with pytest.raises(InputError) as held:
        read(ground_truth, detections)
    assert held.value.__traceback__ is not None  # with every name in its frames
    assert set(threading.enumerate()) <= before


def change(path: str, value: object) -> Any:
    """A change of the good ground truth: `value` at keys like "images.0.id"; `...` removes the key."""

    def apply(document: Any) -> Any:
        *parents, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
        place = document
        for key in parents:
            place = place[key]
        if value is ...:
            del place[last]
        else:
            place[last] = value
        return document

    return apply


BAD_GROUND_TRUTH: list[tuple[Any, str]] = [
    (lambda _: [], f"gt.json: {NO_LIST}, found a list"),
    (lambda _: "null", f"gt.json: {NO_LIST}, found null"),
    (
        lambda _: f"[{GOOD}]",
        f"gt.json: {NO_LIST}, found a list: this looks like detections, not ground truth",
    ),
    (change("images", ...), 'gt.json: has no "images"'),
    (change("annotations", ...), 'gt.json: has no "annotations"'),
    (change("categories", ...), 'gt.json: has no "categories"'),
    (change("images", {}), "gt.json: images: expected a list, found an object"),
    (change("images", []), "gt.json: images: the list is empty: there is nothing to show"),
    (change("categories", []), "gt.json: categories: the list is empty: there is no class to evaluate"),
    (change("images.1", "a"), 'gt.json: images[1]: expected an object, found the text "a"'),
    (change("images.1.id", ...), 'gt.json: images[1]: has no "id"'),
    (change("images.1.id", None), "gt.json: images[1].id: expected a whole number or text, found null"),
    (change("images.1.file_name", {}), "gt.json: images[1].file_name: expected text, found an object"),
    (change("images.0.width", "640"), 'gt.json: images[0].width: expected a number, found the text "640"'),
    (change("categories.1.id", ...), 'gt.json: categories[1]: has no "id"'),
    (change("categories.1.name", 1.5), "gt.json: categories[1].name: expected text, found 1.5"),
    (change("annotations.2.image_id", ...), 'gt.json: annotations[2]: has no "image_id"'),
    (change("annotations.2.category_id", ...), 'gt.json: annotations[2]: has no "category_id"'),
    (
        change("annotations.2.category_id", {}),
        "gt.json: annotations[2].category_id: expected a whole number or text, found an object",
    ),
    (change("annotations.2.bbox", [1]), "gt.json: annotations[2].bbox: expected 4 numbers, found 1"),
    (
        change("annotations.2.area", "1"),
        'gt.json: annotations[2].area: expected a number, found the text "1"',
    ),
    (change("annotations.2.iscrowd", 2), "gt.json: annotations[2].iscrowd: expected 0 or 1, found 2"),
    (lambda _: '{"images": []', f"gt.json: line 1, column 14: {CUT}"),
    (
        lambda _: '{"images": [],}',
        "gt.json: line 1, column 15: not JSON: expected a key in double quotes, found '}'",
    ),
    (
        lambda _: '{"images" []}',
        "gt.json: line 1, column 11: not JSON: expected a colon behind the key, found '['",
    ),
]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(("make", "message"), BAD_GROUND_TRUTH)
def test_bad_ground_truth_is_refused_with_one_line_that_names_the_place(
    read: Any, ground_truth: dict[str, Any], make: Any, message: str
) -> None:
    content = make(ground_truth)
    with pytest.raises(InputError) as error:
        read(content, None)
    assert str(error.value) == message


@pytest.mark.usefixtures("any_size")
def test_text_that_is_not_utf8_is_refused(read: Any) -> None:
    with pytest.raises(InputError, match="is not UTF-8 text"):
        read(None, b'[{"image_id": "\xff", "category_id": 7, "bbox": [1, 2, 3, 4], "score": 0.25}]')


@pytest.mark.usefixtures("any_size")
def test_a_number_with_too_many_digits_is_refused_with_its_place(read: Any) -> None:
    with pytest.raises(InputError, match="a number has too many digits"):
        read(None, GOOD.join("[]").replace("0.25", "1" * 5000))


@pytest.mark.usefixtures("any_size")
def test_nesting_that_no_decoder_can_follow_is_refused(read: Any) -> None:
    with pytest.raises(InputError):
        read(None, "[" * 100_000 + "]" * 100_000)


def test_a_mistake_long_before_a_missing_end_is_what_is_named(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.readers.coco.json_pieces.SMALL", 0)
    monkeypatch.setattr("inspector.readers.coco.json_pieces.PIECE", 100)
    good = ",\n".join([GOOD] * 5)
    bad = GOOD.replace('_id": 7', '_id": "7"7')
    with pytest.raises(InputError, match="line 6, column 35: not JSON: expecting ',' delimiter"):
        read(None, f"[{good},\n{bad},\n{good}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gt.json"
    with pytest.raises(InputError, match="there is no such file"):
        read_pair(path, path)


def test_a_folder_without_ground_truth_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no COCO ground truth"):
        read_pair(tmp_path, tmp_path)


@pytest.mark.usefixtures("any_size")
def test_brackets_that_do_not_match_are_refused_where_they_stand(read: Any) -> None:
    with pytest.raises(InputError, match=r"gt\.json: line 1, column 13: not JSON: "):
        read('{"images": [}}', None)
