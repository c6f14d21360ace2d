"""The quick way to read masks gives what the general way gives."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.readers.coco import detections as coco_detections
from inspector.readers.coco import json_pieces
from inspector.readers.coco.coded import CodedReader
from inspector.readers.coco.plain import IdTable
from tests.reading import read_pair
from tests.unit.cache.sameness import assert_same
from tests.unit.readers.conftest import GROUND_TRUTH

pytest.importorskip("pycocotools")
from tests.properties.mask_cases import as_code, random_mask

ODD: list[dict[str, Any]] = [
    {"image_id": 99},
    {"category_id": "7"},
    {"score": 1.5},
    {"score": float("nan")},
    {"bbox": [1, 2, -3, 4]},
    {"bbox": []},
    {"segmentation": [[1, 1, 9, 1, 5, 8]]},
    {"segmentation": {"size": [4, 5], "counts": [20]}},
    {"segmentation": {"size": [4, 5], "counts": "52"}},
    {"segmentation": {"size": [4, 5], "counts": "5é"}},
    {"segmentation": {"size": [0, 0], "counts": ""}},
    {"id": 5},
]


def random_results(rng: np.random.Generator, odd: bool) -> list[dict[str, Any]]:
    """Detections with compressed masks, with or without boxes, keys in any order, perhaps some odd ones."""
    results = []
    for _ in range(int(rng.integers(1, 12))):
        height, width = (int(side) for side in rng.integers(1, 60, 2))
        code = as_code(random_mask(rng, height, width), height, width)
        result = {
            "image_id": int(rng.choice([0, 3])),
            "category_id": int(rng.choice([0, 7])),
            "segmentation": code if rng.random() < 0.5 else dict(reversed(code.items())),
            "score": float(np.round(rng.random(), 3)),
        }
        if rng.random() < 0.5:
            result["bbox"] = np.round(rng.random(4) * 50, 2).tolist()
        if odd and rng.random() < 0.3:
            result.update(ODD[int(rng.integers(len(ODD)))])
        results.append({key: result[key] for key in rng.permutation(list(result)).tolist()})
    return results


def read(text: str, piece: int, quickly: bool) -> tuple[Dataset, list[bool]]:
    """The dataset, and for each piece whether it was read quickly."""
    quick: list[bool] = []
    original = CodedReader._read

    def reading(self: CodedReader, *arguments: Any) -> Any:
        found = original(self, *arguments) if quickly else None
        quick.append(found is not None)
        return found

    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_pieces, "SMALL", 0)
        patch.setattr(json_pieces, "PIECE", piece)
        patch.setattr(coco_detections.CodedReader, "_read", reading)
        Path(folder, "gt.json").write_text(json.dumps(GROUND_TRUTH))
        Path(folder, "dt.json").write_text(text, encoding="utf-8")
        dataset = read_pair(Path(folder, "gt.json"), Path(folder, "dt.json"))
        return dataset, quick


def same(one: Dataset, other: Dataset) -> None:
    assert_same(one.detections, other.detections)
    assert one.notes == other.notes


@given(st.integers(0, 2**32 - 1), st.integers(1, 2000), st.sampled_from([None, 0, 2]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_masks_are_read_alike_by_both_ways(seed: int, piece: int, indent: int | None, odd: bool) -> None:
    results = random_results(np.random.default_rng(seed), odd)
    text = json.dumps(results, indent=indent, ensure_ascii=False)
    quick, ways = read(text, piece, quickly=True)
    slow, _ = read(text, piece, quickly=False)
    same(quick, slow)
    assert odd or all(ways)


GOOD = (
    '{"image_id": 3, "category_id": 7, "bbox": [1, 2, 3, 4], "segmentation": {"size": [4, 5], "counts": '
    '"52207"}, "score": 0.25}'
)


@pytest.mark.parametrize(
    "odd",
    [
        GOOD.replace("52207", "52\\u003207"),
        GOOD.replace("52207", "52207\\\\"),
        GOOD.replace("52207", "52 07"),
        GOOD.replace("[4, 5]", "[4, 5, 1]"),
        GOOD.replace("[4, 5]", "[4e0, 5]"),
        GOOD.replace('"size"', '"size2"'),
        GOOD.replace('"score"', '"segmentation"'),
        GOOD.replace('"image_id": 3, ', ""),
        GOOD.replace("0.25", "0.25, "),
        GOOD.replace("0.25}", "0.25]"),
        GOOD[:-1],
        GOOD + " " + GOOD,
        GOOD + ",",
        "",
        "{}",
        "3",
    ],
)
def test_what_is_odd_is_left_to_the_general_decoder(odd: str) -> None:
    reader = CodedReader(IdTable([0, 3]), IdTable([0, 7]), lambda _stage, _fraction: None)
    for text, usable in ((GOOD, True), (f" {GOOD},\n{GOOD} ", True), (odd, False), (f"{GOOD}, {odd}", False)):
        data = np.zeros(len(text) + 8, dtype=np.uint8)
        data[: len(text)] = np.frombuffer(text.encode(), dtype=np.uint8)
        assert (reader._read(data, len(text)) is not None) == usable, text
