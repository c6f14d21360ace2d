"""What the demo data set holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from inspector.demo.backdrop_parts import Noise
from inspector.demo.backdrops import paint_backdrop
from inspector.demo.boxes import iou
from inspector.demo.dice import Dice
from inspector.demo.kinds import KINDS, Form
from inspector.demo.making import SEED
from inspector.demo.painting import paint_scene
from inspector.demo.pen import Pen
from inspector.demo.scenes import compose
from tests.unit.demo.demo_set import Demo

ERROR_KINDS = {"missing", "spurious", "wrong_class", "badly_placed", "duplicate"}


def overlap(one: list[float], other: list[float]) -> float:
    return iou((one[0], one[1], one[2], one[3]), (other[0], other[1], other[2], other[3]))


def of_kind(demo: Demo, kind: str) -> list[dict[str, Any]]:
    return [error for error in demo.errors if error["kind"] == kind]


def test_there_are_at_least_120_images_of_many_settings_and_every_file_exists(demo: Demo) -> None:
    assert len(demo.images) >= 120
    names = [image["file_name"] for image in demo.images.values()]
    assert sorted(names) == sorted(path.name for path in demo.files.images.iterdir())
    assert len({name.split("_")[0] for name in names}) >= 6


def test_declared_sizes_are_those_of_the_images_as_displayed(demo: Demo) -> None:
    turned = 0
    for image in demo.images.values():
        with Image.open(demo.files.images / image["file_name"]) as stored:
            orientation = stored.getexif().get(0x0112, 1)
            width, height = stored.size
        turned += orientation != 1
        upright = (height, width) if orientation in (6, 8) else (width, height)
        assert upright == (image["width"], image["height"])
    assert turned >= 3


def test_turned_images_show_the_scene_upright_once_their_exif_tag_is_obeyed(demo: Demo) -> None:
    noise = Noise(SEED)
    for index, image in enumerate(demo.images.values()):
        with Image.open(demo.files.images / image["file_name"]) as stored:
            if stored.getexif().get(0x0112, 1) == 1:
                continue
            upright = ImageOps.exif_transpose(stored).convert("RGB")
        scene = compose(index, SEED)
        backdrop = paint_backdrop(scene.setting, scene.lighting, noise, Dice(SEED, 3, scene.backdrop))
        difference = ImageChops.difference(upright, paint_scene(scene, backdrop))
        assert max(ImageStat.Stat(difference).mean) < 6


def test_some_images_are_png_and_some_are_portrait(demo: Demo) -> None:
    endings = Counter(image["file_name"].rsplit(".")[-1] for image in demo.images.values())
    assert 1 <= endings["png"] <= 4
    assert endings["jpg"] + endings["png"] == len(demo.images)
    assert any(image["height"] > image["width"] for image in demo.images.values())


def test_every_image_is_a_scene_and_not_a_blank_card(demo: Demo) -> None:
    for image in demo.images.values():
        with Image.open(demo.files.images / image["file_name"]) as stored:
            stored.draft("RGB", (160, 120))
            colours = stored.convert("RGB").resize((80, 60)).getcolors(80 * 60)
        assert colours is not None
        assert len(colours) > 300


def test_a_few_images_have_no_objects(demo: Demo) -> None:
    labelled = {annotation["image_id"] for annotation in demo.annotations.values()}
    assert 2 <= len(set(demo.images) - labelled) <= 8


def test_every_class_occurs_and_ids_leave_gaps(demo: Demo) -> None:
    ids = [category["id"] for category in demo.ground_truth["categories"]]
    assert len(ids) >= 6
    assert ids != list(range(1, len(ids) + 1))
    counts = Counter(annotation["category_id"] for annotation in demo.annotations.values())
    assert all(counts[category] >= 15 for category in ids)


def test_objects_of_every_size_range_occur(demo: Demo) -> None:
    areas = [annotation["area"] for annotation in demo.annotations.values() if not annotation["iscrowd"]]
    assert sum(area < 32**2 for area in areas) > 200
    assert sum(32**2 <= area < 96**2 for area in areas) > 200
    assert sum(area >= 96**2 for area in areas) > 100


def test_crowds_occur_as_single_objects_and_as_regions(demo: Demo) -> None:
    regions = [annotation for annotation in demo.annotations.values() if annotation["iscrowd"]]
    assert len(regions) >= 5
    alone = Counter(
        (annotation["image_id"], annotation["category_id"])
        for annotation in demo.annotations.values()
        if not annotation["iscrowd"]
    )
    assert sum(count >= 15 for count in alone.values()) >= 10


@pytest.mark.parametrize("listed", ["labels", "detections"])
def test_boxes_lie_within_their_images(demo: Demo, listed: str) -> None:
    rows = demo.annotations.values() if listed == "labels" else demo.detections
    for row in rows:
        x, y, width, height = row["bbox"]
        image = demo.images[row["image_id"]]
        assert x >= 0
        assert y >= 0
        assert width >= 1
        assert height >= 1
        assert x + width <= image["width"] + 0.011
        assert y + height <= image["height"] + 0.011


def test_annotation_ids_are_unique_and_count_from_one(demo: Demo) -> None:
    ids = [annotation["id"] for annotation in demo.ground_truth["annotations"]]
    assert ids == list(range(1, len(ids) + 1))


@pytest.mark.parametrize("form", [form for kind in KINDS for form in kind.forms])
def test_objects_are_drawn_up_to_the_edges_of_their_boxes(form: Form) -> None:
    for height in (12, 31, 80, 160):
        width = max(6, round(height * form.proportion))
        for look in range(4):
            pen = Pen(width, height)
            form.draw(pen, Dice(look))
            drawn = pen.finished().getchannel("A").point([0] * 32 + [255] * 224).getbbox()
            assert drawn is not None
            left, top, right, bottom = drawn
            assert max(left, top, width - right, height - bottom) <= 1


def test_five_to_six_percent_of_the_labels_are_wrong_in_all_five_ways(demo: Demo) -> None:
    counts = Counter(error["kind"] for error in demo.errors)
    assert set(counts) == ERROR_KINDS
    assert min(counts.values()) >= 8
    assert 0.05 <= len(demo.errors) / len(demo.annotations) <= 0.065


def test_label_errors_are_spread_over_the_images(demo: Demo) -> None:
    per_image = Counter(error["image_id"] for error in demo.errors)
    assert len(per_image) > 50
    assert max(per_image.values()) <= 3


def test_the_record_repeats_what_the_ground_truth_says(demo: Demo) -> None:
    names = {category["id"]: category["name"] for category in demo.ground_truth["categories"]}
    for error in demo.errors:
        assert demo.images[error["image_id"]]["file_name"] == error["file_name"]
        if error["kind"] == "missing":
            assert error["annotation_id"] is None
            assert error["label"] is None
            continue
        stated = demo.annotations[error["annotation_id"]]
        assert stated["image_id"] == error["image_id"]
        assert stated["bbox"] == error["label"]["bbox"]
        assert stated["category_id"] == error["label"]["category_id"]
        assert names[stated["category_id"]] == error["label"]["class"]


def test_missing_objects_have_no_label(demo: Demo) -> None:
    for error in of_kind(demo, "missing"):
        truth = error["truth"]
        for annotation in demo.annotations.values():
            if annotation["image_id"] == error["image_id"]:
                same = annotation["category_id"] == truth["category_id"]
                assert not (same and overlap(annotation["bbox"], truth["bbox"]) > 0.8)


def test_spurious_labels_surround_nothing(demo: Demo) -> None:
    wrong = {error["annotation_id"] for error in demo.errors}
    for error in of_kind(demo, "spurious"):
        assert error["truth"] is None
        for other in demo.annotations.values():
            if other["image_id"] == error["image_id"] and other["id"] not in wrong:
                assert overlap(other["bbox"], error["label"]["bbox"]) < 0.05


def test_labels_of_a_wrong_class_stand_at_the_right_place(demo: Demo) -> None:
    for error in of_kind(demo, "wrong_class"):
        assert error["label"]["bbox"] == error["truth"]["bbox"]
        assert error["label"]["class"] != error["truth"]["class"]


def test_badly_placed_labels_overlap_their_object_too_little(demo: Demo) -> None:
    for error in of_kind(demo, "badly_placed"):
        assert error["label"]["class"] == error["truth"]["class"]
        assert 0.2 <= overlap(error["label"]["bbox"], error["truth"]["bbox"]) <= 0.62


def test_duplicates_repeat_a_sound_label(demo: Demo) -> None:
    wrong = {error["annotation_id"] for error in demo.errors}
    for error in of_kind(demo, "duplicate"):
        repeated = demo.annotations[error["duplicate_of"]]
        assert repeated["id"] not in wrong
        assert repeated["category_id"] == error["label"]["category_id"]
        assert overlap(repeated["bbox"], error["label"]["bbox"]) >= 0.8
