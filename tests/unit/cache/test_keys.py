"""A key is the same for the same content, and for nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.cache import keys
from inspector.cache.keys import code_digest, content_key, evaluation_key, tables_key
from inspector.errors import CancelledError
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol
from inspector.progress import no_progress


def key(folder: Path, contents: Sequence[bytes], options: str = "boxes") -> str:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{row}.json" for row in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return content_key(paths, options, no_progress)


def test_the_same_content_elsewhere_has_the_same_key(tmp_path: Path) -> None:
    assert key(tmp_path / "here", [b"one", b"two"]) == key(tmp_path / "there", [b"one", b"two"])


@pytest.mark.parametrize("other", [[b"two", b"one"], [b"onet", b"wo"], [b"", b"onetwo"], [b"one"]])
def test_other_content_has_another_key(tmp_path: Path, other: list[bytes]) -> None:
    assert key(tmp_path, [b"one", b"two"]) != key(tmp_path, other)


def test_one_bit_anywhere_in_a_large_file_makes_another_key(tmp_path: Path) -> None:
    content = bytearray(3 * keys.BLOCK + 5)
    found = {key(tmp_path, [content])}
    for position in (0, keys.BLOCK - 1, keys.BLOCK, 2 * keys.BLOCK + 7, len(content) - 1):
        content[position] ^= 1
        found.add(key(tmp_path, [content]))
    assert len(found) == 6


def test_a_change_of_the_same_size_with_its_time_put_back_is_seen(tmp_path: Path) -> None:
    before = key(tmp_path, [b"one"])
    stat = (tmp_path / "0.json").stat()
    (tmp_path / "0.json").write_bytes(b"two")
    os.utime(tmp_path / "0.json", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert content_key([tmp_path / "0.json"], "boxes", no_progress) != before


def test_what_is_read_of_the_content_has_its_own_key(tmp_path: Path) -> None:
    assert key(tmp_path, [b"one"], "boxes") != key(tmp_path, [b"one"], "masks")


def test_changed_code_has_other_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(tmp_path, [b"one"])
    monkeypatch.setattr(keys, "_CODE", b"another")
    assert key(tmp_path, [b"one"]) != before


def test_the_code_is_that_of_the_rooms_that_make_an_entry(tmp_path: Path) -> None:
    found = {code_digest(tmp_path)}
    for name in ("dataset.py", "readers/coco.py", "evaluation/a.py", "kernels/b.py", "cache/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        found.add(code_digest(tmp_path))
        (tmp_path / name).write_text("pass")
        found.add(code_digest(tmp_path))
    assert len(found) == 11


def test_each_protocol_has_its_own_key() -> None:
    protocol = Protocol()
    others = [
        replace(protocol, max_dets=(1, 10)),
        replace(protocol, iou_thresholds=(*protocol.iou_thresholds[:-1], 0.9500000000000001)),
        replace(protocol, size_ranges=protocol.size_ranges[:-1]),
    ]
    found = {evaluation_key("content", each) for each in (protocol, *others)}
    assert len(found) == 4
    assert evaluation_key("content", Protocol()) in found
    assert evaluation_key("other content", protocol) not in found


def test_each_operating_point_has_its_own_key() -> None:
    points = [
        OperatingPoint(),
        OperatingPoint(iou_index=1),
        OperatingPoint(confidence=0.25),
        OperatingPoint(class_rows=frozenset({0})),
        OperatingPoint(class_rows=frozenset()),
    ]
    found = {tables_key("evaluation", point) for point in points}
    assert len(found) == 5
    many = [OperatingPoint(class_rows=frozenset(rows)) for rows in ([1, 64, 2], [64, 2, 1])]
    assert len({tables_key("evaluation", point) for point in many}) == 1


def test_hashing_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(_stage: str, _fraction: float) -> None:
        raise CancelledError

    (tmp_path / "0.json").write_bytes(b"one")
    with pytest.raises(CancelledError):
        content_key([tmp_path / "0.json"], "boxes", cancel)
