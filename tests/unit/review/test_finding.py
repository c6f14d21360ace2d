"""What is found in small sets whose only error is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.errors import CancelledError
from inspector.review.finding import find_suspects
from inspector.review.reasons import reason
from inspector.review.suspects import NO_ROW, Suspects
from inspector.review.verdicts import Kind
from tests.builders import dataset_from

IMAGES, CAT, DOG = 40, 1, 2
Records = list[dict[str, Any]]
Plant = Callable[[Records, Records], None]


def _box(image: int, place: int) -> list[float]:
    return [30.0 + 200 * place + image, 40.0 + 2 * image, 80.0 + image, 60.0 + image]


def _clean() -> tuple[Records, Records]:
    """A cat and a dog on each image, found well and with confidence; noise of low scores beside them."""
    labels, found = [], []
    for image in range(IMAGES):
        for place, class_id in enumerate((CAT, DOG)):
            x, y, width, height = _box(image, place)
            number = 2 * image + place
            record = {"image_id": image, "category_id": class_id}
            labels.append(
                {**record, "id": number, "bbox": [x, y, width, height], "area": width * height, "iscrowd": 0}
            )
            off = (number % 5) - 2
            score = 0.75 + 0.005 * (number % 41)
            found.append({**record, "bbox": [x + off, y, width, height + off], "score": score})
        noise = {
            "image_id": image,
            "category_id": CAT,
            "bbox": [500, 300, 40, 40],
            "score": 0.02 + image / 800,
        }
        found.append(noise)
    return labels, found


def _dataset(labels: Records, found: Records) -> Dataset:
    truth = {
        "images": [{"id": image} for image in range(IMAGES)],
        "categories": [{"id": CAT, "name": "cat"}, {"id": DOG, "name": "dog"}],
        "annotations": labels,
    }
    return dataset_from(truth, found)


def _searched(plant: Plant | None = None) -> tuple[Dataset, Suspects]:
    labels, found = _clean()
    if plant is not None:
        plant(labels, found)
    dataset = _dataset(labels, found)
    return dataset, find_suspects(dataset)


def _row_of(suspects: Suspects, dataset: Dataset, kind: Kind, object_id: int) -> int:
    """Its row, or -1 where it is not suspected in this way."""
    for row in range(len(suspects)):
        g = suspects.objects[row]
        if suspects.kind(row) is kind and g != NO_ROW and dataset.objects.ids[g] == object_id:
            return row
    return -1


def test_a_clean_set_has_no_strong_suspicion() -> None:
    _, suspects = _searched()
    assert suspects.scores.max(initial=0.0) < 0.3


def test_a_missing_label_comes_first() -> None:
    def plant(labels: Records, _found: Records) -> None:
        del labels[20]

    dataset, suspects = _searched(plant)
    assert suspects.kind(0) is Kind.MISSING
    d = int(suspects.detections[0])
    assert (dataset.images.ids[suspects.images[0]], dataset.detection_name(d)) == (10, "cat")
    assert suspects.objects[0] == NO_ROW
    assert reason(dataset, suspects, 0) == "0.85 cat where nothing is labelled"


def test_a_spurious_label_comes_first() -> None:
    def plant(labels: Records, _found: Records) -> None:
        labels.append({**labels[20], "id": 999, "bbox": [300.0, 350.0, 90.0, 70.0]})

    dataset, suspects = _searched(plant)
    assert suspects.kind(0) is Kind.SPURIOUS
    assert dataset.objects.ids[suspects.objects[0]] == 999
    assert suspects.detections[0] == NO_ROW
    assert reason(dataset, suspects, 0) == "no detection overlaps this cat"


def test_a_label_of_the_wrong_class_comes_first() -> None:
    def plant(labels: Records, _found: Records) -> None:
        labels[20]["category_id"] = DOG

    dataset, suspects = _searched(plant)
    assert suspects.kind(0) is Kind.WRONG_CLASS
    assert dataset.objects.ids[suspects.objects[0]] == 20
    assert dataset.detection_name(int(suspects.detections[0])) == "cat"
    assert reason(dataset, suspects, 0) == "0.85 cat overlaps this dog by 0.93; no dog is detected here"


def test_a_badly_placed_label_comes_first() -> None:
    def plant(labels: Records, _found: Records) -> None:
        labels[20]["bbox"][0] += 35.0

    dataset, suspects = _searched(plant)
    assert suspects.kind(0) is Kind.BADLY_PLACED
    assert dataset.objects.ids[suspects.objects[0]] == 20
    box = dataset.detections.boxes[suspects.detections[0]]
    assert box.tolist() == pytest.approx(_box(10, 0), abs=2.0)
    assert reason(dataset, suspects, 0) == "the detected cat (0.85) overlaps it by only 0.41"


def test_a_repeated_label_comes_first_and_its_original_far_behind() -> None:
    def plant(labels: Records, _found: Records) -> None:
        x, y, width, height = labels[20]["bbox"]
        labels.append({**labels[20], "id": 999, "bbox": [x + 4, y + 3, width, height]})

    dataset, suspects = _searched(plant)
    assert suspects.kind(0) is Kind.DUPLICATE
    assert dataset.objects.ids[suspects.objects[0]] == 999
    assert reason(dataset, suspects, 0) == "overlaps another cat label by 0.84"
    original = _row_of(suspects, dataset, Kind.DUPLICATE, 20)
    assert suspects.scores[original] == pytest.approx(suspects.scores[0] / 10, rel=0.1)


def test_a_crowd_region_is_never_suspect_and_what_it_covers_is_not_missing() -> None:
    def plant(labels: Records, found: Records) -> None:
        region = {**labels[20], "id": 999, "bbox": [250.0, 300.0, 200.0, 120.0], "iscrowd": 1}
        labels.append(region)
        found.append({"image_id": 10, "category_id": CAT, "bbox": [300, 330, 40, 40], "score": 0.99})

    dataset, suspects = _searched(plant)
    crowd = np.flatnonzero(dataset.objects.crowd)
    assert not np.isin(suspects.objects, crowd).any()
    assert suspects.scores.max(initial=0.0) < 0.3


def test_what_is_detected_twice_is_listed_once() -> None:
    def plant(labels: Records, found: Records) -> None:
        del labels[20]
        x, y, width, height = _box(10, 0)
        found.append({"image_id": 10, "category_id": CAT, "bbox": [x + 5, y, width, height], "score": 0.6})

    dataset, suspects = _searched(plant)
    listed = [
        dataset.detections.scores[d]
        for d, g in zip(suspects.detections, suspects.objects, strict=True)
        if g == NO_ROW and dataset.images.ids[dataset.detections.images[d]] == 10
    ]
    assert 0.6 not in listed
    assert max(listed) == pytest.approx(0.85)


def test_a_missing_label_is_likelier_where_detections_agree_and_its_class_is_labelled() -> None:
    def plant(labels: Records, found: Records) -> None:
        for image in (10, 20, 30):
            box = [300.0, 300.0, 80.0, 60.0]
            found.append({"image_id": image, "category_id": DOG, "bbox": box, "score": 0.7})
        found.append({"image_id": 20, "category_id": DOG, "bbox": [305, 300, 80, 60], "score": 0.5})
        for record in [record for record in labels if record["id"] == 61]:  # the dog of image 30
            labels.remove(record)

    dataset, suspects = _searched(plant)
    scores = {
        dataset.images.ids[suspects.images[row]]: suspects.scores[row]
        for row in range(len(suspects))
        if suspects.kind(row) is Kind.MISSING
        if dataset.detections.boxes[suspects.detections[row]].tolist() == [300.0, 300.0, 80.0, 60.0]
    }
    assert scores[20] > 1.5 * scores[10] > 1.5 * scores[30]


def test_a_label_of_a_class_that_the_model_often_misses_is_less_suspect() -> None:
    def plant(labels: Records, found: Records) -> None:
        labels += [
            {**labels[20], "id": 900, "bbox": [300.0, 350.0, 90.0, 70.0]},
            {**labels[41], "id": 901, "bbox": [300.0, 350.0, 90.0, 70.0]},
        ]
        unseen = [record for record in found if record["category_id"] == CAT and record["image_id"] % 2]
        for record in unseen:
            found.remove(record)

    dataset, suspects = _searched(plant)
    cat, dog = (_row_of(suspects, dataset, Kind.SPURIOUS, number) for number in (900, 901))
    assert suspects.scores[dog] > 2 * suspects.scores[cat]


def test_a_label_of_a_size_that_the_model_often_misses_is_less_suspect() -> None:
    def plant(labels: Records, found: Records) -> None:
        labels += [
            {**labels[20], "id": 900, "bbox": [300.0, 350.0, 90.0, 70.0]},
            {**labels[20], "id": 901, "bbox": [300.0, 250.0, 10.0, 10.0]},
        ]
        for image in range(IMAGES):
            box = [500.0, 250.0, 10.0, 10.0]
            labels.append({**labels[20], "id": 1000 + image, "image_id": image, "bbox": box})
            if image % 5:
                found.append({"image_id": image, "category_id": CAT, "bbox": box, "score": 0.85})

    dataset, suspects = _searched(plant)
    large, small = (_row_of(suspects, dataset, Kind.SPURIOUS, number) for number in (900, 901))
    assert suspects.scores[large] > 2 * suspects.scores[small]


def test_an_unmatched_detection_of_an_unreliable_class_says_less() -> None:
    def plant(_labels: Records, found: Records) -> None:
        for image in (10, 20):
            for class_id in (CAT, DOG):
                box = [300.0, 250.0 + 70 * class_id, 50.0, 50.0]
                found.append({"image_id": image, "category_id": class_id, "bbox": box, "score": 0.9})
        for image in range(25, IMAGES):  # made up, with confidence
            found.append(
                {"image_id": image, "category_id": CAT, "bbox": [400.0, 5.0, 50.0, 50.0], "score": 0.9}
            )

    dataset, suspects = _searched(plant)
    scores = {
        dataset.detection_name(int(suspects.detections[row])): suspects.scores[row]
        for row in range(len(suspects))
        if suspects.kind(row) is Kind.MISSING and dataset.images.ids[suspects.images[row]] == 10
    }
    assert scores["dog"] > 1.2 * scores["cat"]


def test_scores_above_one_are_taken_relative_to_the_highest() -> None:
    def percent(labels: Records, found: Records) -> None:
        del labels[20]
        for record in found:
            if record["score"] < 0.2:
                record["bbox"] = [500.0, 300.0, 90.0, 70.0]  # only the score tells it from the others
            record["score"] *= 100.0

    dataset, suspects = _searched(percent)
    assert suspects.kind(0) is Kind.MISSING
    assert dataset.images.ids[suspects.images[0]] == 10
    noise = np.flatnonzero(dataset.detections.scores < 20.0)  # 2 to 7 of 100
    weak = np.isin(suspects.detections, noise) & (suspects.objects == NO_ROW)
    assert suspects.scores[0] > 5.0 * suspects.scores[weak].max(initial=0.0)


def test_without_detections_nothing_but_repeated_labels_is_suspect() -> None:
    labels, _ = _clean()
    labels.append({**labels[20], "id": 999})
    suspects = find_suspects(_dataset(labels, []))
    assert {suspects.kind(row) for row in range(len(suspects))} == {Kind.DUPLICATE}


@pytest.mark.parametrize("labels", [0, 1])
def test_next_to_nothing_can_be_searched(labels: int) -> None:
    records, found = _clean()
    for detections in ([], found[:1]):
        scores = find_suspects(_dataset(records[:labels], detections)).scores
        assert np.isfinite(scores).all()


def test_boxes_beyond_all_measure_are_no_error() -> None:
    labels, found = _clean()
    for number, box in enumerate(([0, 0, 1e308, 1e308], [-1e308, 0, 0, 5], [1e300, 1e300, 1e-300, 1e300])):
        labels[number]["bbox"] = box
        found[3 * number]["bbox"] = box
    assert np.isfinite(find_suspects(_dataset(labels, found)).scores).all()


def test_a_search_can_be_cancelled() -> None:
    def cancel(_stage: str, _fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        find_suspects(_dataset(*_clean()), cancel)
