"""Time given to stages."""

from time import sleep

from qa.stopwatch import Stopwatch


def test_a_stage_lapped_twice_adds_up() -> None:
    watch = Stopwatch()
    sleep(0.01)
    watch.lap("read")
    watch.lap("fetch")
    sleep(0.01)
    watch.lap("read")
    spent = watch.milliseconds()
    assert spent["read"] >= 20
    assert spent["fetch"] < spent["read"]
    assert spent["total"] >= spent["read"] + spent["fetch"]
