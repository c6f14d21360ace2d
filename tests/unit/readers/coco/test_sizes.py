"""Small and large files are read alike, and damaged ones never end in anything but an InputError."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.errors import InputError
from inspector.progress import no_progress
from inspector.readers.coco import json_pieces, plain
from inspector.readers.ordering import dataset_order, sorted_ids
from tests.reading import read_pair
from tests.unit.readers.conftest import DETECTIONS, GROUND_TRUTH

IDS: st.SearchStrategy[Any] = st.one_of(
    st.integers(-1, 4), st.sampled_from(["0", "1", "a", 2**65, 1.0, None, True, [], 0.5])
)
NUMBERS = st.one_of(
    st.floats(-5, 5),
    st.integers(-1, 9),
    st.sampled_from([float("nan"), float("inf"), 10**400, "1", None, True]),
)
VALUES = st.one_of(
    IDS, NUMBERS, st.lists(NUMBERS, max_size=5), st.sampled_from([{}, "\ud800", "é", {"a": []}])
)


@contextlib.contextmanager
def sizes(small: int, piece: int) -> Any:
    """Set what counts as a small file and how long the pieces and blocks of large ones are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_pieces, "SMALL", small)
        patch.setattr(json_pieces, "PIECE", piece)
        patch.setattr(plain, "BLOCK", max(piece, 100))
        yield


def outcome(ground_truth: bytes, detections: bytes) -> Dataset | InputError:
    """What reading two files gives: a dataset or the error that a person sees; anything else is a bug."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "gt.json"), Path(folder, "dt.json")
        paths[0].write_bytes(ground_truth)
        paths[1].write_bytes(detections)
        try:
            return read_pair(*paths)
        except InputError as error:
            return error


def assert_same(first: Dataset | InputError, second: Dataset | InputError) -> None:
    """Both are datasets with equal contents, or both are errors."""
    if isinstance(first, InputError) or isinstance(second, InputError):
        assert isinstance(first, InputError)
        assert isinstance(second, InputError)
        return
    assert first.notes == second.notes
    assert (first.images.ids, first.images.file_names) == (second.images.ids, second.images.file_names)
    assert first.classes.ids == second.classes.ids
    for part in ("objects", "detections"):
        for item in fields(getattr(first, part)):
            one, two = (getattr(getattr(data, part), item.name) for data in (first, second))
            if one is None or two is None:  # masks or their areas: there are none
                assert one is two
                continue
            assert one.dtype == two.dtype
            assert one.tolist() == two.tolist()


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values inside a document."""
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def replaced(document: Any, path: tuple[Any, ...], value: object) -> Any:
    """A copy of a document with another value at a path."""
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = replaced(document[path[0]], path[1:], value)
    return copy


@settings(deadline=None)
@given(st.data(), st.booleans(), st.sampled_from([None, 2]), st.integers(1, 300))
def test_a_replaced_value_is_read_or_refused_alike_by_both_ways(
    data: st.DataObject, in_truth: bool, indent: int | None, piece: int
) -> None:
    contents = [GROUND_TRUTH, DETECTIONS]
    which = 0 if in_truth else 1
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(places(contents[which])))
        contents[which] = replaced(contents[which], path, data.draw(VALUES))
    files = [json.dumps(content, indent=indent).encode() for content in contents]
    with sizes(1 << 20, piece):
        small = outcome(files[0], files[1])
    with sizes(0, piece):
        large = outcome(files[0], files[1])
    assert_same(small, large)
    if isinstance(small, InputError):
        assert str(small).split(": ", 1)[1] == str(large).split(": ", 1)[1]


@pytest.mark.parametrize("small", [0, 1 << 20])
@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_is_cut_off_anywhere_is_refused_as_truncated(which: int, small: int) -> None:
    contents = [json.dumps(GROUND_TRUTH, ensure_ascii=False), json.dumps(DETECTIONS)]
    whole = contents[which].encode()
    for end in range(1, len(whole)):
        files = [content.encode() for content in contents]
        files[which] = whole[:end]
        with sizes(small, 60):
            error = outcome(files[0], files[1])
        assert isinstance(error, InputError), end
        assert "truncated?" in str(error), whole[:end]


@settings(deadline=None)
@given(st.data(), st.sampled_from([0, 1]), st.sampled_from([0, 1 << 20]))
def test_changed_bytes_are_read_or_refused_but_nothing_else(
    data: st.DataObject, which: int, small: int
) -> None:
    files = [json.dumps(content).encode() for content in (GROUND_TRUTH, DETECTIONS)]
    start = data.draw(st.integers(0, len(files[which])))
    end = start + data.draw(st.integers(0, 4))
    new = data.draw(
        st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b"[", b"}", b",", b"NaN", b"\\"]))
    )
    files[which] = files[which][:start] + new + files[which][end:]
    with sizes(small, 60):
        result = outcome(files[0], files[1])
    assert isinstance(result, Dataset) or "\n" not in str(result)


@given(st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 3), st.sampled_from([0.0, -0.0, 0.5, 1.0]))))
def test_rows_are_ordered_by_image_class_descending_score_and_position(
    rows: list[tuple[int, int, float]],
) -> None:
    images, classes = (np.array([row[axis] for row in rows], dtype=np.int32) for axis in (0, 1))
    scores = np.array([row[2] for row in rows], dtype=np.float64)
    order = dataset_order(images, classes, scores, 70_001, no_progress, "")
    expected = sorted(range(len(rows)), key=lambda row: (rows[row][0], rows[row][1], -rows[row][2], row))
    assert order.tolist() == expected


def test_long_lists_are_ordered_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.readers.ordering._ROWS_PER_STEP", 10)
    monkeypatch.setattr("inspector.pauses._SORTED_AT_ONCE", 10)
    random = np.random.default_rng(0)
    images = random.integers(0, 40, 500, dtype=np.int32)
    classes = random.integers(0, 3, 500, dtype=np.int32)
    order = dataset_order(images, classes, None, 50, no_progress, "")
    assert order.tolist() == sorted(range(500), key=lambda row: (images[row], classes[row], row))
    ids = [*random.permutation(100).tolist(), *map(str, random.permutation(100).tolist())]
    assert sorted_ids(ids) == [*range(100), *sorted(map(str, range(100)))]


def test_small_files_are_read_without_the_compiler(tmp_path: Path) -> None:
    paths = tmp_path / "gt.json", tmp_path / "dt.json"
    for path, content in zip(paths, (GROUND_TRUTH, DETECTIONS), strict=True):
        path.write_text(json.dumps(content).replace("0.25", "NaN"))
    code = (
        "import sys; from pathlib import Path; from tests.reading import read_pair;"
        "read_pair(*map(Path, sys.argv[1:])); assert 'numba' not in sys.modules"
    )
    project = Path(__file__).parents[4]
    subprocess.run([sys.executable, "-c", code, *map(str, paths)], check=True, cwd=project)
