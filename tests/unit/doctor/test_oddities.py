"""Odd things that were seen in real files: each is handled, or named with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inspector.dataset import Dataset
from inspector.doctor import Finding, Severity, examine
from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import mean_average_precision
from inspector.reading import AS_WRITTEN, COCO_CLASS_IDS, Reading
from inspector.sources import Sources, read
from tests.unit.doctor.conftest import Files, Json, worst

Check = Callable[[Files], None]
ODDITIES: dict[str, Check] = {}


def oddity(words: str) -> Callable[[Check], Check]:
    """Registers what is done about an entry of the list, by its words."""

    def registered(check: Check) -> Check:
        ODDITIES[words] = check
        return check

    return registered


def opened(files: Files, reading: Reading = AS_WRITTEN) -> Dataset:
    return read(replace(files.sources, reading=reading))


def ap(dataset: Dataset) -> float | None:
    return mean_average_precision(evaluate(dataset))


def unchanged(files: Files, change: Callable[[], object]) -> dict[str, Finding]:
    """What is said after a change that may not move AP."""
    before = ap(opened(files))
    change()
    assert ap(opened(files)) == before
    return files.findings()


def rename(records: list[Json], key: str, to: Callable[[Any], Any]) -> None:
    for record in records:
        record[key] = to(record[key])


def said_of(sources: Sources) -> dict[str, Finding]:
    found = examine(read(sources), sources, measure=False)
    return {finding.code: finding for finding in found}


# ---------------------------------------------------------------------------------------------------- ids


@oddity("image ids as strings")
def _(files: Files) -> None:
    def change() -> None:
        rename(files.truth["images"], "id", str)
        rename(files.truth["annotations"], "image_id", str)
        rename(files.found, "image_id", str)

    assert worst(unchanged(files, change)) == []
    rename(files.found, "image_id", int)  # only on one side
    rename(files.truth["images"], "file_name", lambda name: f"image {name}")
    finding = files.findings()["image_ids_of_other_type"]
    assert finding.count == len(files.found)
    assert finding.examples[0].text.startswith("10 is '10' in the ground truth")


@oddity("strings and integers mixed in one file")
def _(files: Files) -> None:
    names: dict[int, int | str] = {
        image["id"]: f"x{image['id']}" if image["id"] % 2 else image["id"] for image in files.truth["images"]
    }

    def change() -> None:
        rename(files.truth["images"], "id", names.__getitem__)
        rename(files.truth["annotations"], "image_id", names.__getitem__)
        rename(files.found, "image_id", names.__getitem__)

    assert worst(unchanged(files, change)) == []


@oddity("ids over 2^31")
def _(files: Files) -> None:
    def change() -> None:
        rename(files.truth["images"], "id", lambda item: item + 2**40)
        rename(files.truth["annotations"], "image_id", lambda item: item + 2**40)
        rename(files.truth["annotations"], "id", lambda item: item + 2**62)
        rename(files.found, "image_id", lambda item: item + 2**40)

    assert worst(unchanged(files, change)) == []


@oddity("category id 0 and annotation id 0 are valid")
def _(files: Files) -> None:
    def change() -> None:
        rename(files.truth["categories"], "id", lambda item: item - 1)
        rename(files.truth["annotations"], "category_id", lambda item: item - 1)
        rename(files.truth["annotations"], "id", lambda item: item - 1)
        rename(files.found, "category_id", lambda item: item - 1)

    assert worst(unchanged(files, change)) == []


@oddity("detections with ids 0-79 against ground truth with 1-90")
def _(files: Files) -> None:
    files.truth["categories"] = [{"id": item, "name": f"class {item}"} for item in COCO_CLASS_IDS]
    places = {1: 0, 2: 20, 3: 41, 4: 79}
    rename(files.truth["annotations"], "category_id", lambda item: COCO_CLASS_IDS[places[item]])
    right = [{**item, "category_id": COCO_CLASS_IDS[places[item["category_id"]]]} for item in files.found]
    rename(files.found, "category_id", places.__getitem__)
    (remedy,) = files.findings()["class_ids_of_coco"].remedies
    helped = ap(opened(files, remedy.reading))
    files.found = right
    assert helped == ap(opened(files))


@oddity("detections for images that the ground truth does not list")
def _(files: Files) -> None:
    def change() -> None:
        files.found.append({**files.found[0], "image_id": 999})

    place = f"[{len(files.found)}].image_id: 999"
    finding = unchanged(files, change)["detections_ignored_unknown_image_id"]
    assert (finding.count, finding.examples[0].text) == (1, place)


@oddity("ids that match by accident (another split's ids 1-6), so AP is near 0")
def _(files: Files) -> None:
    images = len(files.truth["images"])
    rename(files.found, "image_id", lambda item: (item - 10 + 5) % images + 10)
    for item in files.found:  # the other split's objects lie elsewhere
        item["bbox"] = [item["bbox"][1], item["bbox"][0] / 2, item["bbox"][3] / 2, item["bbox"][2]]
    finding = files.findings()["detections_match_nothing"]
    assert finding.severity is Severity.ERROR
    assert "by accident" in finding.effect
    assert finding.count > 0


@oddity("one class written as id 1 whatever it is")
def _(files: Files) -> None:
    rename(files.found, "category_id", lambda _: 1)
    assert worst(files.findings()) == ["one_class_for_all"]


@oddity("category ids differ while names agree")
def _(files: Files) -> None:
    before = ap(opened(files))
    categories = [{"id": 50 - item["id"], "name": item["name"]} for item in files.truth["categories"]]
    images = files.truth["images"]
    rename(files.found, "category_id", lambda item: 50 - item)
    sources = as_dictionary(files, images, categories)
    assert ap(read(sources)) == before
    assert "by id: 0" in said_of(sources)["classes_joined_by"].title


@oddity("image ids differ while file names agree")
def _(files: Files) -> None:
    before = ap(opened(files))
    images = [{**item, "id": 21 - item["id"] + 10} for item in files.truth["images"]]
    rename(files.found, "image_id", lambda item: 21 - item + 10)
    sources = as_dictionary(files, images, files.truth["categories"])
    assert ap(read(sources)) == before
    finding = said_of(sources)["images_joined_by"]
    assert "names are others" in finding.title
    assert "id" in {remedy.reading.images_by for remedy in finding.remedies}


def as_dictionary(files: Files, images: list[Json], categories: list[Json]) -> Sources:
    """The detections as a COCO dictionary."""
    sources = files.sources
    assert sources.detections is not None
    annotations = [{"id": place + 1, **item} for place, item in enumerate(files.found)]
    document = {"images": images, "categories": categories, "annotations": annotations}
    sources.detections.write_text(json.dumps(document))
    return sources


# -------------------------------------------------------------------------------------------------- shape


@oddity("no `info`")
def _(files: Files) -> None:
    assert "info" not in files.truth
    assert worst(files.findings()) == []


@oddity("extra top-level keys")
def _(files: Files) -> None:
    unchanged(files, lambda: files.truth.update(licenses=[], extra={"deep": [1, {"er": None}]}))


@oddity("detections as a COCO dictionary with `score` inside `annotations`")
def _(files: Files) -> None:
    before = ap(opened(files))
    sources = as_dictionary(files, files.truth["images"], files.truth["categories"])
    assert ap(read(sources)) == before


@oddity("`segmentation` missing, `[]`, polygon, RLE with list or string counts")
def _(files: Files) -> None:
    width, height = 640, 480
    shapes: list[Any] = [
        [],
        [[10, 10, 60, 10, 60, 60, 10, 60]],
        {"size": [height, width], "counts": [0, 480, 640 * 480 - 480]},
        {"size": [height, width], "counts": "0`?P`T8"},
    ]

    def change() -> None:
        for record, shape in zip(files.truth["annotations"], shapes, strict=False):
            record["segmentation"] = shape

    found = unchanged(files, change)
    assert {code for code in found if code.startswith("mask")} <= {
        "masks_ignored_the_run_lengths_do_not_fill_the_bitmap"
    }
    masks = opened(files).objects.masks
    assert masks is not None
    assert np.count_nonzero(masks.sizes[:, 0]) >= 2


@oddity("boxes without masks and masks without boxes")
def _(files: Files) -> None:
    first, second = files.truth["annotations"][:2]
    x, y, width, height = second.pop("bbox")
    second["segmentation"] = [[x, y, x + width, y, x + width, y + height, x, y + height]]
    found = files.findings()
    code = next(code for code in found if code.startswith("annotations_without_a_box"))
    assert found[code].examples[0].text.startswith("annotations[1]")
    dataset = opened(files)
    row = int(np.flatnonzero(dataset.objects.positions == 1)[0])
    assert dataset.objects.boxes[row] == pytest.approx([x, y, width, height])
    assert "bbox" in first


@oddity("annotations without `iscrowd` or `area`")
def _(files: Files) -> None:
    def change() -> None:
        for record in files.truth["annotations"]:
            del record["iscrowd"], record["area"]

    found = unchanged(files, change)
    assert any(code.startswith("annotations_without_area") for code in found)


@oddity("an `ignore` key")
def _(files: Files) -> None:
    files.truth["annotations"][0]["ignore"] = 1
    dataset = opened(files)
    assert dataset.objects.difficult.sum() == 1


@oddity("JSON Lines under a `.json` name")
def _(files: Files) -> None:
    sources = files.sources
    before = ap(read(sources))
    assert sources.detections is not None
    sources.detections.write_text("\n".join(map(json.dumps, files.found)))
    assert ap(read(sources)) == before


@oddity("`.JSON`")
def _(files: Files) -> None:
    sources = files.sources
    before = ap(read(sources))
    assert sources.ground_truth is not None
    assert sources.detections is not None
    truth = sources.ground_truth.rename(sources.ground_truth.with_suffix(".JSON"))
    found = sources.detections.rename(sources.detections.with_suffix(".JSON"))
    assert ap(read(Sources(truth, found))) == before


# ------------------------------------------------------------------------------------------- tables, text


def table(files: Files, separator: str = ",", number: Callable[[float], str] = str) -> Path:
    """The detections as a table with a header."""
    images = {item["id"]: item["file_name"] for item in files.truth["images"]}
    names = {item["id"]: item["name"] for item in files.truth["categories"]}
    lines = [separator.join(("image", "class", "score", "x", "y", "width", "height"))]
    for item in files.found:
        numbers = map(number, (item["score"], *item["bbox"]))
        lines.append(separator.join((images[item["image_id"]], names[item["category_id"]], *numbers)))
    path = files.folder / "found.csv"
    path.write_text("\n".join(lines))
    return path


def lines(files: Files, spell: Callable[[Json, str], str]) -> Path:
    """The detections as text, one file for each image."""
    folder = files.folder / "text"
    folder.mkdir()
    names = {item["id"]: item["name"] for item in files.truth["categories"]}
    for image in files.truth["images"]:
        own = [item for item in files.found if item["image_id"] == image["id"]]
        text = "\n".join(spell(item, names[item["category_id"]]) for item in own)
        (folder / f"{Path(image['file_name']).stem}.txt").write_text(text)
    return folder


def plainly(item: Json, name: str) -> str:
    return " ".join((name, str(item["score"]), *map(str, item["bbox"])))


@oddity("decimal commas in CSV")
def _(files: Files) -> None:
    sources = replace(files.sources, detections=table(files))
    before = ap(read(sources))
    table(files, ";", lambda value: str(value).replace(".", ","))
    assert ap(read(sources)) == before


@oddity("stray tabs and double separators in text files")
def _(files: Files) -> None:
    before = ap(opened(files))
    folder = lines(files, lambda item, name: "\t" + plainly(item, name).replace(" ", "  \t") + " ")
    assert ap(read(replace(files.sources, detections=folder))) == before


@oddity("`.88` for 0.88")
def _(files: Files) -> None:
    before = ap(opened(files))
    folder = lines(files, lambda item, name: re.sub(r" 0\.", " .", plainly(item, name)))
    assert ap(read(replace(files.sources, detections=folder))) == before


# ------------------------------------------------------------------------------------------------- values


@oddity("zero width or height")
def _(files: Files) -> None:
    files.truth["annotations"][2]["bbox"][3] = 0
    files.found[1]["bbox"][2] = 0
    found = files.findings()
    assert found["objects_empty"].examples[0].text.startswith("annotations[2] ")
    assert found["detections_empty"].examples[0].text.startswith("[1] ")


@oddity("negative x and y")
def _(files: Files) -> None:
    files.truth["annotations"][0]["bbox"] = [-30, -10, 60, 60]
    assert files.findings()["objects_beyond_image"].examples[0].text.startswith("annotations[0] ")


@oddity("boxes outside the image")
def _(files: Files) -> None:
    files.truth["annotations"][0]["bbox"] = [2000, 10, 60, 60]
    assert files.findings()["objects_outside_image"].examples[0].text.startswith("annotations[0] ")


@oddity("more than 100 detections on an image (616 seen)")
def _(files: Files) -> None:
    for place in range(616):
        box = [place % 500, place % 300, 30, 30]
        score = 0.0001 + place / 1e6
        files.found.append({"image_id": 10, "category_id": 1, "bbox": box, "score": score})
    finding = files.findings(measure=True)["detections_beyond_limit"]
    assert "000.png" in finding.examples[0].text
    assert "AP" in finding.effect


@oddity("over 70 % of scores tied")
def _(files: Files) -> None:
    rename(files.found, "score", lambda score: round(score, 1))
    assert "other orders" in files.findings(measure=True)["scores_tied"].effect


@oddity("unsorted scores")
def _(files: Files) -> None:
    assert worst(unchanged(files, lambda: files.found.sort(key=lambda item: item["score"]))) == []


@oddity("scores outside 0-1")
def _(files: Files) -> None:
    files.found[5]["score"] = 1.5
    finding = files.findings()["scores_outside"]
    assert finding.examples[0].text.startswith("[5] ")


@oddity("`area` differing from w x h")
def _(files: Files) -> None:
    files.truth["annotations"][4]["area"] = 10**6
    finding = files.findings()["areas_larger_than_box"]
    assert finding.examples[0].text.startswith("annotations[4] ")
    assert opened(files, finding.remedies[0].reading).objects.areas.max() < 10**6


@oddity("exact duplicates")
def _(files: Files) -> None:
    before = ap(opened(files))
    files.found += [dict(item) for item in files.found]
    files.truth["annotations"] += [
        {**item, "id": item["id"] + 1000} for item in files.truth["annotations"][:9]
    ]
    found = files.findings()
    assert found["objects_repeated"].count == 9
    (remedy,) = found["detections_repeated"].remedies
    assert ap(opened(files, remedy.reading)) == before


# ------------------------------------------------------------------------------------------------ missing


def pictures(files: Files) -> Path:
    folder = files.folder / "images"
    folder.mkdir()
    for image in files.truth["images"]:
        Image.new("RGB", (image["width"], image["height"])).save(folder / image["file_name"])
    files.images = folder
    return folder


@oddity("ground truth lists images that are not on disk")
def _(files: Files) -> None:
    (pictures(files) / "004.png").unlink()
    assert files.findings()["images_missing"].examples[0].text.startswith("004.png")


@oddity("images without ground truth")
def _(files: Files) -> None:
    Image.new("L", (9, 9)).save(pictures(files) / "other.png")
    assert files.findings()["images_not_listed"].examples[0].text == "other.png"
    files.truth["annotations"] = [item for item in files.truth["annotations"] if item["image_id"] != 11]
    assert files.findings()["images_without_objects"].examples[0].text == "001.png"


@oddity("classes on one side only")
def _(files: Files) -> None:
    files.truth["categories"].append({"id": 9, "name": "tram"})
    for item in files.found:
        item["category_id"] = 9 if item["category_id"] == 3 else item["category_id"]
    found = files.findings()
    assert found["classes_never_detected"].examples[0].text.startswith("bus")
    assert found["classes_without_objects"].examples[0].text.startswith("tram")


@oddity("declared but unused categories (1,040 of 1,230)")
def _(files: Files) -> None:
    more = [{"id": 100 + n, "name": f"unused {n}"} for n in range(1040)]
    found = unchanged(files, lambda: files.truth["categories"].extend(more))
    assert found["classes_unused"].count == 1040


@oddity("size buckets with no object")
def _(files: Files) -> None:
    rename(files.truth["annotations"], "area", lambda _: 500)
    assert "medium and large" in files.findings()["sizes_without_objects"].title


@oddity("absolute paths from another machine in `file_name`")
def _(files: Files) -> None:
    pictures(files)
    rename(files.truth["images"], "file_name", lambda name: f"C:\\data\\train\\{name}")
    found = files.findings()
    assert not {code for code in found if code.startswith("images_")}


@oddity("empty label files")
def _(files: Files) -> None:
    folder = yolo(files)
    label = folder / "labels" / "003.txt"
    label.write_text("")
    finding = said_of(Sources(folder, None))["images_without_objects"]
    assert [Path(example.text).name for example in finding.examples] == ["003.png"]


@oddity("images without a label file and label files without an image")
def _(files: Files) -> None:
    folder = yolo(files)
    (folder / "labels" / "003.txt").unlink()
    (folder / "images" / "004.png").unlink()
    found = said_of(Sources(folder, None))
    places = {
        place: code
        for code, finding in found.items()
        for place in [" ".join(e.text for e in finding.examples)]
    }
    assert any("003" in place for place in places)
    assert any("004" in place for place in places)


def yolo(files: Files) -> Path:
    """The ground truth as YOLO labels beside the images."""
    folder = files.folder / "yolo"
    (folder / "labels").mkdir(parents=True)
    pictures(files).rename(folder / "images")
    for image in files.truth["images"]:
        rows = []
        for item in files.truth["annotations"]:
            if item["image_id"] == image["id"]:
                x, y, width, height = item["bbox"]
                centre = (x + width / 2) / image["width"], (y + height / 2) / image["height"]
                numbers = (*centre, width / image["width"], height / image["height"])
                rows.append(" ".join(map(str, (item["category_id"] - 1, *numbers))))
        (folder / "labels" / f"{Path(image['file_name']).stem}.txt").write_text("\n".join(rows))
    names = [item["name"] for item in files.truth["categories"]]
    (folder / "data.yaml").write_text(f"train: images\nval: images\nnc: {len(names)}\nnames: {names}\n")
    return folder


@pytest.mark.parametrize("check", ODDITIES.values(), ids=ODDITIES)
def test_an_oddity_is_handled_or_named_with_its_place(check: Check, files: Files) -> None:
    check(files)


def test_every_entry_of_the_list_has_a_test(shared_data: Path) -> None:
    text = (shared_data / "README.md").read_text(encoding="utf-8")
    listed = " ".join(text.partition("## Odd things seen in real files")[2].split())
    missing = [words for words in ODDITIES if words not in listed]
    assert missing == []
    entries = re.split(
        r"; |\. ", re.sub(r"\b(Ids|Shape|Values|Missing): ", "", listed.partition("silence. ")[2])
    )
    left = [entry for entry in entries if not any(words in entry for words in ODDITIES)]
    assert left == []
