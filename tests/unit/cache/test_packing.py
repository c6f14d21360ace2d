"""Whatever a dataset or an evaluation holds comes back as it was."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.cache.entry import read_entry, write_entry
from inspector.cache.packing import Packer, columns_of, unpack
from inspector.dataset import Classes, Dataset, Detections, Images, Masks, Note, Objects
from inspector.evaluation.matching import Evaluation, evaluate
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol, SizeRange
from inspector.evaluation.tables import Table, all_tables
from inspector.progress import no_progress
from tests.builders import dataset_from
from tests.properties.cases import random_case
from tests.unit.cache.sameness import assert_same

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
file_ids = st.one_of(st.integers(-(2**70), 2**70), st.sampled_from([2**63 - 1, 2**63, -(2**63) - 1]), texts)


def tuples(items: st.SearchStrategy[Any], size: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=size, max_size=size).map(tuple)


@st.composite
def parts(draw: st.DrawFn) -> dict[str, object]:
    """The parts of a dataset: consistent lengths, and otherwise anything."""
    images, classes, objects, detections = (draw(st.integers(0, 5)) for _ in range(4))
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))

    def column(dtype: str, *shape: int) -> Any:
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        raw = dice.integers(0, 2 if dtype == "?" else 256, size, dtype=np.uint8)
        return raw.view(dtype).reshape(shape)

    def masks(rows: int) -> Masks | None:
        if draw(st.booleans()):
            return None
        return Masks(column("i4", rows, 2), column("i8", rows + 1), column("u1", draw(st.integers(0, 9))))

    ids: Any = column("i8", objects)
    if draw(st.booleans()):
        ids = np.empty(objects, dtype=np.object_)
        ids[:] = draw(tuples(file_ids, objects))
    return {
        "images": Images(
            draw(tuples(file_ids, images)), draw(tuples(texts, images)), column("i4", images, 2)
        ),
        "classes": Classes(draw(tuples(file_ids, classes)), draw(tuples(texts, classes))),
        "objects": Objects(
            ids=ids,
            positions=column("i8", objects),
            images=column("i4", objects),
            classes=column("i4", objects),
            boxes=column("f8", objects, 4),
            areas=column("f8", objects),
            crowd=column("?", objects),
            difficult=column("?", objects),
            offsets=column("i8", images + 1),
            masks=masks(objects),
        ),
        "detections": Detections(
            positions=column("i8", detections),
            images=column("i4", detections),
            classes=column("i4", detections),
            boxes=column("f8", detections, 4),
            scores=column("f8", detections),
            offsets=column("i8", images + 1),
            areas=draw(st.sampled_from([None, column("f8", detections)])),
            masks=masks(detections),
        ),
        "notes": draw(
            tuples(st.builds(Note, texts, st.integers(0, 10**9), st.lists(texts, max_size=3).map(tuple)), 2)
        ),
    }


def through_a_file(path: Path, value: object, shared: dict[str, Any] | None = None) -> Any:
    packer = Packer(shared)
    root = packer.pack(value)
    write_entry(path, "key", root, packer.arrays, no_progress)
    return unpack(*read_entry(path, "key", no_progress), shared)


@settings(deadline=None)
@given(parts())
def test_every_column_of_a_dataset_comes_back(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, object]
) -> None:
    assert_same(through_a_file(tmp_path_factory.getbasetemp() / "set", made), made)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_every_array_of_an_evaluation_and_its_tables_comes_back(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    dataset = dataset_from(*random_case(seed))
    made = evaluate(dataset)
    assert_same(through_a_file(tmp_path_factory.getbasetemp() / "evaluation", made), made)
    tables = tuple(all_tables(dataset, made, OperatingPoint()))
    assert_same(through_a_file(tmp_path_factory.getbasetemp() / "tables", tables), tables)


def test_a_protocol_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    made = Protocol(
        iou_thresholds=(0.1 + 0.2,), size_ranges=(SizeRange("all", 0.0, float("inf")),), max_dets=()
    )
    assert through_a_file(tmp_path / "protocol", made) == made


def test_columns_of_the_dataset_are_not_kept_twice(tmp_path: Path) -> None:
    dataset = dataset_from(*random_case(3))
    shared = columns_of({"detections": dataset.detections})
    found = through_a_file(tmp_path / "evaluation", evaluate(dataset), shared)
    assert found.detection_scores is dataset.detections.scores


def test_what_nobody_taught_it_is_refused() -> None:
    with pytest.raises(TypeError, match="Path"):
        Packer().pack((1, Path("somewhere")))


def classes_in(hint: Any) -> set[type]:
    """Every dataclass that a value of this type can hold."""
    if is_dataclass(hint) and isinstance(hint, type):
        inside = typing.get_type_hints(hint)
        return {hint}.union(*(classes_in(inside[item.name]) for item in fields(hint)))
    return set().union(*(classes_in(part) for part in typing.get_args(hint)))


def test_every_dataclass_that_is_kept_has_its_place() -> None:
    from inspector.cache import packing

    inside = classes_in(Evaluation) | classes_in(Table)
    for item, hint in typing.get_type_hints(Dataset).items():
        inside |= classes_in(hint) if item != "content" else set()
    assert inside == set(packing._CLASSES.values())
