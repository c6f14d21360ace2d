"""What was opened before is neither read nor evaluated again, unless anything at all speaks against it."""

from __future__ import annotations

import json
import os
import random
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from inspector import cache
from inspector import sources as opening
from inspector.assembling import read_files
from inspector.cache import entry, folder, reopening
from inspector.dataset import Dataset
from inspector.errors import CancelledError, InputError
from inspector.evaluation.matching import Evaluation
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.tables import Table, all_tables
from inspector.sources import Sources, read
from tests.unit.cache.conftest import WriteSet
from tests.unit.cache.sameness import assert_same


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done that the cache is there to spare."""
    done: list[str] = []
    evaluate = reopening.evaluate

    def reading(*arguments: Any, **options: Any) -> Dataset:
        done.append("read")
        return read_files(*arguments, **options)

    def evaluating(*arguments: Any) -> Evaluation:
        done.append("evaluated")
        return evaluate(*arguments)

    monkeypatch.setattr(opening, "read_files", reading)
    monkeypatch.setattr(reopening, "evaluate", evaluating)
    return done


def open_and_keep(sources: Sources) -> tuple[Dataset, Evaluation]:
    dataset = read(sources)
    evaluation = cache.evaluated(dataset)
    cache.keep(dataset, evaluation)
    return dataset, evaluation


def score_of(dataset: Dataset, position: int) -> float:
    """Of the detection at a position in the file."""
    return float(dataset.detections.scores[dataset.detections.positions == position][0])


def assert_same_dataset(found: Dataset, expected: Dataset) -> None:
    """Apart from what says where it came from; what was read from files may be writable."""
    for item in fields(Dataset):
        if item.name != "content":
            assert_same(getattr(found, item.name), getattr(expected, item.name), item.name)


def test_the_second_opening_reads_and_evaluates_nothing(
    kept: Path, sources: Sources, work: list[str]
) -> None:
    dataset, evaluation = open_and_keep(sources)
    assert work == ["read", "evaluated"]
    again = read(sources)
    assert_same_dataset(again, dataset)
    assert_same(cache.evaluated(again), evaluation)
    assert work == ["read", "evaluated"]
    assert len(list(kept.iterdir())) == 2


def test_masks_and_their_ious_come_back(kept: Path, shared_data: Path, work: list[str]) -> None:
    del kept
    folder = shared_data / "val2014-100"
    sources = Sources(folder / "ground_truth.json", folder / "predictions_segm.json")
    protocol = Protocol(iou_type="segm")
    first = read(sources)
    evaluation = cache.evaluated(first, protocol)
    assert first.objects.masks is not None
    assert evaluation.pair_ious is not None
    cache.keep(first, evaluation)
    again = read(sources)
    assert_same_dataset(again, first)
    assert_same(cache.evaluated(again, protocol), evaluation)
    assert read(sources, masks=False).objects.masks is None
    assert work == ["read", "evaluated", "read"]


def test_a_reopened_evaluation_shares_the_scores_of_its_dataset(kept: Path, sources: Sources) -> None:
    del kept
    open_and_keep(sources)
    dataset = read(sources)
    assert cache.evaluated(dataset).detection_scores is dataset.detections.scores


def test_tables_are_made_once_for_each_operating_point(
    kept: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, evaluation = open_and_keep(sources)
    made: list[OperatingPoint] = []

    def making(*arguments: Any) -> list[Table]:
        made.append(arguments[-1])
        return all_tables(*arguments)

    monkeypatch.setattr(reopening, "all_tables", making)
    points = [OperatingPoint(), OperatingPoint(confidence=0.25)]
    first = [cache.tabled(dataset, evaluation, point) for point in points]
    for point, tables in zip(points, first, strict=True):
        cache.keep(dataset, evaluation, (point, tables))
    assert len(list(kept.iterdir())) == 4
    again = read(sources)
    for point, tables in zip(points, first, strict=True):
        assert_same(cache.tabled(again, cache.evaluated(again), point), tables)
    assert made == points


def test_each_protocol_is_evaluated_once(kept: Path, sources: Sources, work: list[str]) -> None:
    del kept
    dataset, _ = open_and_keep(sources)
    other = Protocol(iou_thresholds=(0.5,))
    for _ in range(2):
        evaluation = cache.evaluated(dataset, other)
        assert evaluation.protocol == other
        cache.keep(dataset, evaluation)
    assert work == ["read", "evaluated", "evaluated"]


def test_a_copy_elsewhere_opens_at_once_and_is_named_by_its_own_paths(
    kept: Path, write_set: WriteSet, work: list[str]
) -> None:
    del kept
    dataset, _ = open_and_keep(write_set("here"))
    there = write_set("there")
    (there.ground_truth.parent / "images").mkdir()
    for name in dataset.images.file_names:
        (there.ground_truth.parent / "images" / name).touch()
    again = read(there)
    assert work == ["read", "evaluated"]
    assert (again.ground_truth_path, again.detections_path) == (there.ground_truth, there.detections)
    assert again.image_folder == there.ground_truth.parent / "images"
    assert [note.text for note in dataset.notes] == ["images not found beside the ground truth"]
    assert again.notes == ()


def test_remarks_on_the_files_are_kept_with_their_places(kept: Path, sources: Sources) -> None:
    del kept
    results = json.loads(sources.detections.read_text())
    unknown = {"image_id": 999_999, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}
    sources.detections.write_text(json.dumps([*results, unknown]))
    dataset, _ = open_and_keep(sources)
    again = read(sources)
    assert again.notes == dataset.notes
    assert len({note.text for note in again.notes}) == len(again.notes) == 2


def test_a_change_of_the_same_size_with_its_time_put_back_is_seen(
    kept: Path, sources: Sources, work: list[str]
) -> None:
    del kept
    dataset, _ = open_and_keep(sources)
    stat, text = sources.detections.stat(), sources.detections.read_text()
    results = json.loads(text)
    results[0]["score"], results[1]["score"] = results[1]["score"], results[0]["score"]
    changed = json.dumps(results)
    assert len(changed) == len(text)
    sources.detections.write_text(changed)
    os.utime(sources.detections, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    again = read(sources)
    assert work == ["read", "evaluated", "read"]
    assert score_of(again, 0) == score_of(dataset, 1) != score_of(dataset, 0)


@pytest.mark.parametrize("kind", ["cut off", "changed", "emptied"])
def test_damaged_entries_are_read_anew_and_made_anew(
    kept: Path, sources: Sources, work: list[str], kind: str
) -> None:
    dataset, evaluation = open_and_keep(sources)
    dice = random.Random(kind)
    for _ in range(10):
        work.clear()
        for path in kept.iterdir():
            whole = bytearray(path.read_bytes())
            position = dice.randrange(len(whole))
            whole[position] ^= 1 << dice.randrange(8)
            size = {"cut off": position, "changed": len(whole), "emptied": 0}[kind]
            path.write_bytes(whole[:size])
        again, numbers = open_and_keep(sources)
        assert work == ["read", "evaluated"]
        assert again.detections.scores.tobytes() == dataset.detections.scores.tobytes()
        assert numbers.precision.tobytes() == evaluation.precision.tobytes()
        read(sources)
        assert work == ["read", "evaluated"]


def test_an_entry_that_cannot_be_opened_is_no_hindrance(
    kept: Path, sources: Sources, work: list[str]
) -> None:
    open_and_keep(sources)
    for path in list(kept.iterdir()):
        path.unlink()
        path.mkdir()
    open_and_keep(sources)
    assert work == ["read", "evaluated"] * 2


def test_entries_of_other_code_are_not_looked_at(
    kept: Path, sources: Sources, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del kept
    open_and_keep(sources)
    monkeypatch.setattr("inspector.cache.keys._CODE", b"changed")
    open_and_keep(sources)
    assert work == ["read", "evaluated"] * 2


def test_what_was_derived_from_a_dataset_is_not_taken_for_it(
    kept: Path, sources: Sources, work: list[str]
) -> None:
    dataset, _ = open_and_keep(sources)
    half = replace(dataset, detections=replace(dataset.detections, scores=dataset.detections.scores / 2))
    evaluation = cache.evaluated(half)
    cache.keep(half, evaluation)
    assert work == ["read", "evaluated", "evaluated"]
    assert len(list(kept.iterdir())) == 2


def test_small_files_are_just_read(
    kept: Path, sources: Sources, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reopening, "WORTH_IT", 1 << 20)
    open_and_keep(sources)
    open_and_keep(sources)
    assert work == ["read", "evaluated"] * 2
    assert not kept.exists()


def test_where_nothing_is_to_be_kept_nothing_is(
    kept: Path, sources: Sources, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(folder.VARIABLE, "")
    open_and_keep(sources)
    open_and_keep(sources)
    assert work == ["read", "evaluated"] * 2
    assert not kept.exists()


@pytest.mark.parametrize("put_back", [False, True])
def test_what_was_read_from_files_that_changed_meanwhile_is_not_kept(
    kept: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch, put_back: bool
) -> None:
    found = sources.detections.read_text()
    os.utime(sources.detections, (1e9, 1e9))

    def reading(*arguments: Any, **options: Any) -> Dataset:
        sources.detections.write_text("[]")
        dataset = read_files(*arguments, **options)
        if put_back:
            sources.detections.write_text(found)
        return dataset

    monkeypatch.setattr(opening, "read_files", reading)
    open_and_keep(sources)
    assert not kept.exists()


def test_files_that_changed_since_they_were_read_are_not_kept(kept: Path, sources: Sources) -> None:
    dataset = read(sources)
    evaluation = cache.evaluated(dataset)
    sources.detections.write_text("[]")
    cache.keep(dataset, evaluation)
    assert not kept.exists()


def test_what_is_opened_again_stays_longest(kept: Path, sources: Sources) -> None:
    open_and_keep(sources)
    for path in kept.iterdir():
        os.utime(path, (1e9, 1e9))
    cache.evaluated(read(sources))
    assert all(path.stat().st_mtime > 1e9 for path in kept.iterdir())


def test_where_there_is_no_room_for_all_nothing_is_kept(
    kept: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_and_keep(sources)
    largest = max(path.stat().st_size for path in kept.iterdir())
    cache.clear()
    monkeypatch.setattr(folder, "LIMIT", largest)
    open_and_keep(sources)
    assert list(kept.iterdir()) == []


def refuse(*_arguments: object, **_named: object) -> Any:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("broken", ["mkstemp", "disk_usage", "mkdir", "replace"])
def test_where_it_cannot_write_there_is_no_cache_and_no_complaint(
    kept: Path, sources: Sources, work: list[str], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    owner: Any = {"mkstemp": entry.tempfile, "disk_usage": folder.shutil}.get(broken, Path)  # type: ignore[attr-defined]
    monkeypatch.setattr(owner, broken, refuse)
    open_and_keep(sources)
    open_and_keep(sources)
    assert work == ["read", "evaluated"] * 2
    assert not kept.exists() or not list(kept.iterdir())


def test_a_cancelled_keeping_leaves_nothing(kept: Path, sources: Sources) -> None:
    dataset = read(sources)
    evaluation = cache.evaluated(dataset)

    def cancel(stage: str, _fraction: float) -> None:
        if stage.startswith("Keeping"):
            raise CancelledError

    with pytest.raises(CancelledError):
        cache.keep(dataset, evaluation, progress=cancel)
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize("stage", ["Comparing", "Opening again"])
def test_reopening_can_be_cancelled(kept: Path, sources: Sources, stage: str) -> None:
    del kept
    open_and_keep(sources)

    def cancel(said: str, _fraction: float) -> None:
        if said.startswith(stage):
            raise CancelledError

    with pytest.raises(CancelledError):
        read(sources, cancel)


def test_files_that_cannot_be_used_are_named_as_ever(kept: Path, sources: Sources) -> None:
    del kept
    sources.detections.write_text("[1")
    with pytest.raises(InputError, match=r"dt\.json"):
        read(sources)
    sources.detections.unlink()
    with pytest.raises(InputError, match="there is no such file"):
        read(sources)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_can_be_read_only_once_is_left_to_the_reader(
    kept: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    del kept
    dataset = read(sources)
    os.mkfifo(sources.ground_truth.parent / "pipe")
    monkeypatch.setattr(opening, "read_files", lambda *_, **__: dataset)
    assert read(replace(sources, detections=sources.ground_truth.parent / "pipe")).content is dataset.content
