"""What the flags would change, against plain dictionaries and the COCO API."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.protocol import Protocol
from inspector.export.handoff import Form, hand_off
from inspector.refs import BoxRef, Side
from inspector.review.attaching import place_of
from inspector.review.correcting import corrected, ignoring
from inspector.review.corrections import corrections
from inspector.review.verdicts import Entry, Judgement, Kind, Verdict
from tests.builders import dataset_from
from tests.oracle.coco_api import coco_evaluation
from tests.properties.cases import random_case
from tests.properties.flag_cases import corrected_records, random_flags, twins_of
from tests.properties.mask_cases import random_mask_case
from tests.reading import read_pair

SEEDS = st.integers(0, 2**32 - 1)


def assert_same_objects(found: Dataset, expected: Dataset) -> None:
    for item in fields(expected.objects):
        one, other = getattr(found.objects, item.name), getattr(expected.objects, item.name)
        if item.name == "positions":  # those of what was removed are free, and only their order counts
            one, other = np.argsort(one, kind="stable"), np.argsort(other, kind="stable")
        assert np.array_equal(one, other), item.name


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_corrected_labels_are_those_of_the_corrected_records_and_the_coco_api_agrees(seed: int) -> None:
    case = random_case(seed)
    dataset = dataset_from(*case)
    flags = random_flags(seed, dataset)
    found = corrected(dataset, corrections(dataset, flags))
    records = corrected_records(*case, dataset, flags)
    assert_same_objects(found, dataset_from(records, case[1]))
    assert found.detections is dataset.detections
    assert found.content is None
    assert not any(column.flags.writeable for column in vars(found.objects).values() if column is not None)
    evaluation, expected = evaluate(found), coco_evaluation(records, case[1])
    assert np.array_equal(evaluation.precision, expected.eval["precision"])
    assert np.array_equal(evaluation.recall, expected.eval["recall"])
    assert np.array_equal(evaluation.scores, expected.eval["scores"])


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_flagged_labels_that_are_ignored_are_crowd_regions_to_the_coco_api(seed: int) -> None:
    truth, results = random_case(seed)
    dataset = dataset_from(truth, results)
    flags = random_flags(seed, dataset)
    found = ignoring(dataset, flags)
    objects, there = found.objects, np.isin(found.objects.ids, dataset.objects.ids)
    flagged = [
        int(dataset.objects.ids[ref.row])
        for ref, entry in flags.entries.items()
        if isinstance(ref, BoxRef) and ref.kind is Side.OBJECT
        if entry.verdict.right_class != entry.place.class_name  # it has its right class already
    ]
    crowds_before = dataset.objects.ids[dataset.objects.crowd].tolist()
    assert set(objects.ids[there & objects.crowd].tolist()) == {*flagged, *crowds_before}
    assert objects.crowd[~there].all()
    records = [
        {
            "id": int(objects.ids[row]),
            "image_id": found.images.ids[objects.images[row]],
            "category_id": found.classes.ids[objects.classes[row]],
            "bbox": objects.boxes[row].tolist(),
            "area": float(objects.areas[row]),
            "iscrowd": int(objects.crowd[row]),
        }
        for row in range(len(objects))
    ]
    evaluation, expected = evaluate(found), coco_evaluation(truth | {"annotations": records}, results)
    assert np.array_equal(evaluation.precision, expected.eval["precision"])
    assert np.array_equal(evaluation.recall, expected.eval["recall"])


@given(SEEDS, st.booleans())
@settings(max_examples=100, deadline=None)
def test_the_corrected_file_read_back_evaluates_as_the_corrected_labels_do(seed: int, masks: bool) -> None:
    truth, results = random_mask_case(seed) if masks else random_case(seed)
    with TemporaryDirectory() as place:
        paths = Path(place, "gt.json"), Path(place, "dt.json")
        for path, content in zip(paths, (truth, results), strict=True):
            path.write_text(json.dumps(content))
        dataset = read_pair(*paths)
        flags = random_flags(seed, dataset)
        written = hand_off(Form.CORRECTED, dataset, flags, Path(place, "out"))
        read = read_pair(written.path, paths[1])
        records = json.loads(written.path.read_text())
    wanted = corrections(dataset, flags)
    assert written.left_out == wanted.reasons()
    for iou_type in ("bbox",) if dataset.objects.masks is None else ("segm", "bbox"):
        protocol = Protocol(iou_type=iou_type)
        found, again = evaluate(corrected(dataset, wanted), protocol), evaluate(read, protocol)
        judge = coco_evaluation(records, results, iou_type=iou_type)
        for name in ("precision", "recall", "scores"):
            assert np.array_equal(getattr(found, name), getattr(again, name)), (iou_type, name)
            assert np.array_equal(getattr(found, name), judge.eval[name]), (iou_type, name)


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_no_group_of_copies_is_lost_unless_each_of_them_is_called_spurious(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, results = random_case(seed)
    annotations = truth["annotations"]
    for _ in range(min(len(annotations), 4)):  # copies, and copies of copies, all flagged below
        one = annotations[rng.integers(len(annotations))]
        x, y, width, height = one["bbox"]
        shift = float(rng.choice([0.0, 0.04, 0.09])) * width
        annotations.append({**one, "id": 10_000 + len(annotations), "bbox": [x + shift, y, width, height]})
    dataset = dataset_from(truth, results)
    flags = random_flags(seed, dataset)
    for row in range(len(dataset.objects)):
        if rng.random() < 0.8:
            kind = Kind.DUPLICATE if rng.random() < 0.9 else Kind.SPURIOUS
            ref = BoxRef(Side.OBJECT, row)
            time = datetime(2026, 1, 2, 3, 4, int(rng.integers(60)), tzinfo=UTC)
            entry = Entry(place_of(dataset, ref), Verdict(Judgement.LABEL, kind), "somebody", time)
            flags.entries[ref] = entry
    removed = corrections(dataset, flags).removed
    rows = {int(position): row for row, position in enumerate(dataset.objects.positions)}
    for position, row in rows.items():
        group, more = {position}, [position]
        while more:
            new = set(twins_of(annotations, more.pop())) - group
            group |= new
            more += new
        entries = [flags.entries.get(BoxRef(Side.OBJECT, rows[at])) for at in group]
        if len(group) > 1 and not all(entry and entry.verdict.kind is Kind.SPURIOUS for entry in entries):
            assert not {rows[at] for at in group} <= removed, row
    records = corrected_records(truth, results, dataset, flags)
    assert_same_objects(corrected(dataset, corrections(dataset, flags)), dataset_from(records, results))
