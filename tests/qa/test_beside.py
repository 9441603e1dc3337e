"""Work beside work: on another thread for one who asks alone, where the result is wanted for several."""

import threading

import pytest

from qa.beside import Beside


def test_one_who_asks_alone_has_it_done_on_another_thread() -> None:
    beside = Beside()
    begun = threading.Event()

    def work(number: int) -> tuple[int, int]:
        begun.set()
        return number, threading.get_ident()

    with beside.asking() as start:
        result = start(work, 7)
        assert begun.wait(5)  # before the result is asked for
        number, thread = result()
    assert number == 7
    assert thread != threading.get_ident()


def test_whoever_else_asks_meanwhile_does_it_where_the_result_is_wanted() -> None:
    beside = Beside()
    done: list[int] = []
    with beside.asking(), beside.asking() as start:
        result = start(lambda: done.append(threading.get_ident()))
        assert done == []
        result()
    assert done == [threading.get_ident()]
    with beside.asking() as start:
        assert start(threading.get_ident)() != threading.get_ident()


def test_nothing_is_begun_where_it_is_not_wanted() -> None:
    with Beside().asking(wanted=False) as start:
        assert start(threading.get_ident)() == threading.get_ident()


def test_a_failure_comes_where_the_result_is_asked_for_and_the_next_is_alone_again() -> None:
    beside = Beside()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), beside.asking() as start:
            start(lambda: 1 // 0)()
    with beside.asking() as start:
        assert start(threading.get_ident)() != threading.get_ident()
