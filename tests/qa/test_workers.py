"""Threads that are kept, in this process and in a fork of it."""

import multiprocessing
import threading
from collections.abc import Callable

import pytest

from qa.workers import Workers, largest_first


@pytest.mark.parametrize("count", [1, 2, 3])
def test_results_stand_where_their_items_stood(count: int) -> None:
    words = ["a", "ccc", "", "bb", "dddd"]
    assert Workers(count).side_by_side(str.upper, words, len) == ("A", "CCC", "", "BB", "DDDD")


def test_no_more_run_at_a_time_than_there_are_and_the_threads_stay() -> None:
    workers, together, most, threads = Workers(2), 0, 0, set()
    lock = threading.Lock()

    def work(_: int) -> None:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
            threads.add(threading.get_ident())
        threading.Event().wait(0.002)
        with lock:
            together -= 1

    for _ in range(5):
        workers.side_by_side(work, range(6), lambda item: item)
    assert most == 2
    assert len(threads) == 2


def test_the_largest_begins_and_equals_keep_their_order() -> None:
    assert largest_first(["a", "ccc", "", "bb", "d"], len) == [1, 3, 0, 4, 2]
    begun: list[int] = []
    Workers(2).side_by_side(begun.append, [1, 5, 3, 4, 2], lambda item: item)
    assert begun[0] in {4, 5}
    assert begun[-1] in {1, 2}


def test_an_error_reaches_the_one_who_asked() -> None:
    workers = Workers(2)
    with pytest.raises(ZeroDivisionError):
        workers.side_by_side(lambda item: 1 // item, [1, 0, 2], lambda item: item)
    assert workers.side_by_side(lambda item: 1 // item, [1, 2], lambda item: item) == (1, 0)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_has_threads_of_its_own() -> None:
    workers = Workers(2)
    squares: Callable[[int], int] = lambda item: item * item  # noqa: E731
    assert workers.side_by_side(squares, [1, 2, 3], abs) == (1, 4, 9)
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=lambda: queue.put(workers.side_by_side(squares, [1, 2, 3], abs)))
    child.start()
    child.join(10)
    stuck = child.is_alive()
    child.kill()
    assert not stuck
    assert queue.get() == (1, 4, 9)
