from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.benchmarks.killing import Counts, kill_again_and_again


@pytest.mark.parametrize(("new", "writers"), [(False, 1), (True, 1), (False, 2)])
def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path, new: bool, writers: int) -> None:
    counts = kill_again_and_again(tmp_path, kills=3, seed=7, new=new, writers=writers)
    assert counts.kills == 3 * writers
    assert counts.found == counts.acknowledged > 0
    assert counts.files_that_open == counts.rounds == 3


def test_a_writer_that_ends_by_itself_was_not_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess.Popen, "kill", subprocess.Popen.wait)  # the kill comes too late
    path = tmp_path / "review.sqlite"
    path.write_text("not ours")
    with pytest.raises(RuntimeError, match="ended by itself"):
        kill_again_and_again(tmp_path, kills=1, seed=7)


@pytest.mark.parametrize(
    ("counts", "is_proof"),
    [
        (Counts(2, 2, 1, 9, 9, 1, 2), True),
        (Counts(2, 2, 0, 0, 0, 0, 2), False),
        (Counts(2, 2, 0, 9, 9, 0, 2), False),
        (Counts(2, 2, 1, 9, 8, 0, 2), False),
        (Counts(2, 2, 1, 9, 9, 0, 1), False),
    ],
)
def test_it_proves_something_only_where_verdicts_could_have_been_lost(counts: Counts, is_proof: bool) -> None:
    assert counts.is_proof == is_proof
