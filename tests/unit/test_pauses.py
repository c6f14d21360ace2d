"""Making way for other threads."""

from __future__ import annotations

import pytest

import inspector.pauses
from inspector.pauses import Pauses, sorted_in_steps


class Clock:
    """A time that passes only when it is told to, and that counts naps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.naps: list[float] = []

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(inspector.pauses, "time", made)
    return made


def test_short_steps_are_not_slowed_down(clock: Clock) -> None:
    pause = Pauses()
    for _ in range(10):
        clock.now += 0.0003
        pause()
    assert clock.naps == []


def test_after_some_milliseconds_others_get_a_moment(clock: Clock) -> None:
    pause = Pauses()
    clock.now += 0.01
    pause()
    pause()
    assert len(clock.naps) == 1
    assert 0 < clock.naps[0] < 0.001


def test_long_work_pauses_again_and_again(clock: Clock) -> None:
    pause = Pauses()
    for _ in range(1000):
        clock.now += 0.001
        pause()
    assert 100 < len(clock.naps) < 500


@pytest.mark.parametrize("count", [0, 7, 100])
def test_sorting_in_steps_is_sorting(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.pauses._SORTED_AT_ONCE", 7)
    names = [str(number * 37 % 101) for number in range(count)]
    assert sorted_in_steps(names) == sorted(names)
    assert sorted_in_steps(range(count, 0, -1)) == list(range(1, count + 1))
