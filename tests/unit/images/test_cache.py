from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.images.cache import ByteBoundedCache


def _cache(max_bytes: int) -> ByteBoundedCache[str, bytes]:
    return ByteBoundedCache(max_bytes, len)


def test_a_value_is_found_again() -> None:
    cache = _cache(10)
    assert cache.put("a", b"123")
    assert cache.get("a") == b"123"
    assert (len(cache), cache.nbytes, cache.max_bytes) == (1, 3, 10)


def test_an_unknown_key_gives_none() -> None:
    assert _cache(10).get("a") is None


def test_the_least_recently_used_value_goes_first() -> None:
    cache = _cache(9)
    for key in "abc":
        cache.put(key, b"123")
    cache.get("a")
    cache.put("d", b"123")
    assert [key for key in "abcd" if key in cache] == ["a", "c", "d"]


def test_asking_whether_a_key_is_held_does_not_count_as_a_use() -> None:
    cache = _cache(6)
    cache.put("a", b"123")
    cache.put("b", b"123")
    assert "a" in cache
    cache.put("c", b"123")
    assert "a" not in cache


def test_putting_a_key_again_replaces_the_value_and_its_bytes() -> None:
    cache = _cache(10)
    cache.put("a", b"123")
    cache.put("a", b"12345")
    assert (cache.get("a"), len(cache), cache.nbytes) == (b"12345", 1, 5)


def test_a_value_larger_than_the_bound_is_not_held_and_evicts_nothing_else() -> None:
    cache = _cache(4)
    cache.put("a", b"1")
    assert not cache.put("b", b"12345")
    assert ("a" in cache, "b" in cache, cache.nbytes) == (True, False, 1)


def test_a_replacement_larger_than_the_bound_lets_the_old_value_go() -> None:
    cache = _cache(4)
    cache.put("a", b"1")
    cache.put("a", b"12345")
    assert (cache.get("a"), cache.nbytes) == (None, 0)


def test_discarding_and_clearing_give_the_bytes_back() -> None:
    cache = _cache(10)
    for key in "abc":
        cache.put(key, b"12")
    cache.discard("a")
    cache.discard("never held")
    assert cache.nbytes == 4
    cache.clear()
    assert (len(cache), cache.nbytes) == (0, 0)


def test_negative_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        _cache(-1)
    with pytest.raises(ValueError, match="negative"):
        ByteBoundedCache[str, bytes](10, lambda _value: -1).put("a", b"")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12))), st.integers(0, 20))
def test_it_holds_exactly_the_newest_values_that_fit(puts: list[tuple[int, int]], bound: int) -> None:
    cache: ByteBoundedCache[int, bytes] = ByteBoundedCache(bound, len)
    newest_last: list[tuple[int, int]] = []
    for key, size in puts:
        cache.put(key, bytes(size))
        newest_last = [item for item in newest_last if item[0] != key]
        if size <= bound:
            newest_last.append((key, size))
        while sum(size for _, size in newest_last) > bound:
            newest_last.pop(0)
        assert cache.nbytes == sum(size for _, size in newest_last) <= bound
        assert {key for key in range(6) if key in cache} == {key for key, _ in newest_last}


def test_many_threads_never_break_the_bound() -> None:
    cache: ByteBoundedCache[int, bytes] = ByteBoundedCache(1000, len)
    over: list[int] = []

    def work(seed: int) -> None:
        for i in range(2000):
            key = (i * 7 + seed) % 50
            if i % 3:
                cache.put(key, bytes(key))
            else:
                cache.get(key)
            if cache.nbytes > 1000:
                over.append(i)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert over == []
    assert cache.nbytes == sum(len(cache.get(key) or b"") for key in range(50))
