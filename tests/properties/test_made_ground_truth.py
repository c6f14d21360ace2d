"""The COCO file that is made of ground truth of other formats, against what it was made from."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.protocol import Protocol
from inspector.export.handoff import Form, hand_off
from inspector.reading import Convention, Reading
from inspector.review.attaching import Attached
from inspector.review.correcting import corrected
from inspector.review.corrections import corrections
from inspector.sources import Sources, read
from tests.properties.cases import random_case
from tests.properties.flag_cases import random_flags
from tests.properties.mask_cases import random_mask_case

SEEDS = st.integers(0, 2**32 - 1)
REMEDY = Reading(ground_truth_boxes=Convention("xyxy"))
"""Any way of reading that forbids to copy the file: what the dataset holds is what counts."""


def opened(folder: Path, seed: int, *, masks: bool) -> Dataset:
    truth, results = random_mask_case(seed) if masks else random_case(seed)
    rng = np.random.default_rng(seed)
    for annotation in truth["annotations"]:
        annotation["difficult"] = int(rng.random() < 0.2)
    for number, image in enumerate(truth["images"]):
        image["file_name"] = f"a/{number:03}.jpg"
    paths = folder / "gt.json", folder / "dt.json"
    for path, content in zip(paths, (truth, results), strict=True):
        path.write_text(json.dumps(content))
    return read(Sources(*paths), find_images=False)


def assert_same(found: Dataset, expected: Dataset, *, but: tuple[str, ...] = ()) -> None:
    for item in fields(expected.objects):
        one, other = getattr(found.objects, item.name), getattr(expected.objects, item.name)
        if item.name == "masks" and other is not None:
            assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in vars(other))
        elif item.name not in (*but, "positions"):  # positions are those in the file
            assert np.array_equal(one, other), item.name
            assert one is None or one.dtype == other.dtype, item.name
    assert found.images.file_names == expected.images.file_names
    assert np.array_equal(found.images.sizes, expected.images.sizes)
    assert found.classes.names == expected.classes.names


@given(SEEDS, st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_made_file_reads_back_to_the_very_same_dataset_and_numbers(seed: int, masks: bool) -> None:
    with TemporaryDirectory() as place:
        dataset = opened(Path(place), seed, masks=masks)
        out = Path(place, "out")
        made = hand_off(Form.CORRECTED, dataset, Attached({}, ()), out, reading=REMEDY)
        again = read(Sources(made.path, dataset.detections_path), find_images=False)
    assert made.made
    assert_same(again, dataset, but=("ids",))
    assert again.images.ids == dataset.images.ids
    assert again.classes.ids == dataset.classes.ids
    for iou_type in ("bbox",) if dataset.objects.masks is None else ("segm", "bbox"):
        found = evaluate(again, Protocol(iou_type=iou_type))
        expected = evaluate(dataset, Protocol(iou_type=iou_type))
        for name in ("precision", "recall", "scores"):
            assert np.array_equal(getattr(found, name), getattr(expected, name))


@given(SEEDS, st.booleans())
@settings(max_examples=20, deadline=None)
def test_where_names_are_the_ids_flags_are_obeyed_in_a_file_with_numbers(seed: int, masks: bool) -> None:
    with TemporaryDirectory() as place:
        dataset = opened(Path(place), seed, masks=masks)
        dataset = replace(
            dataset,
            images=replace(dataset.images, ids=dataset.images.file_names),
            objects=replace(dataset.objects, ids=dataset.objects.positions),
        )
        flags, out = random_flags(seed, dataset), Path(place, "out")
        made = hand_off(Form.CORRECTED, dataset, flags, out, reading=REMEDY)
        again = read(Sources(made.path, None), find_images=False)
    wanted = corrected(dataset, corrections(dataset, flags))
    assert again.images.ids == tuple(range(1, len(dataset.images) + 1))
    assert not len(again.objects) or int(again.objects.ids.min()) > 0
    assert np.array_equal(np.sort(wanted.objects.images), np.sort(again.objects.images))
    assert sorted(map(tuple, again.objects.boxes.tolist())) == sorted(
        map(tuple, wanted.objects.boxes.tolist())
    )
    assert again.objects.crowd.sum() == wanted.objects.crowd.sum()
