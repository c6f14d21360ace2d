"""Work on all processors, in order."""

from __future__ import annotations

import threading

import pytest

from inspector.parallel import in_order


@pytest.mark.parametrize("ahead", [None, 1, 3])
def test_results_come_in_the_order_of_the_items(ahead: int | None) -> None:
    assert list(in_order(lambda number: number * number, range(50), ahead)) == [n * n for n in range(50)]


def test_no_more_is_made_ahead_than_asked_for() -> None:
    made: list[int] = []
    results = in_order(lambda number: made.append(number), range(50), ahead=3)
    next(results)
    assert max(made) <= 2
    results.close()


def test_what_has_not_begun_never_begins_once_the_caller_stops() -> None:
    gate, begun = threading.Event(), []

    def work(number: int) -> None:
        begun.append(number)
        assert number == 0 or gate.wait(10)

    results = in_order(work, range(1000))
    next(results)
    threading.Timer(0.05, gate.set).start()
    results.close()
    assert len(begun) < 1000


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda number: 1 // number, [1, 0, 1]))
