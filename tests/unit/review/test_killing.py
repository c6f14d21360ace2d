from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.killing import kill_again_and_again


@pytest.mark.parametrize("new", [False, True])
def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path, new: bool) -> None:
    counts = kill_again_and_again(tmp_path, kills=3, seed=7, new=new)
    assert counts.acknowledged > 0
    assert counts.found == counts.acknowledged
    assert counts.files_that_open == 3
