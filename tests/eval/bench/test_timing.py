import time

from eval.bench.timing import Timings, interleaved, latency_table, table


def test_ways_take_turns() -> None:
    seen: list[str] = []
    timings = interleaved({"a": lambda text: seen.append(f"a{text}"), "b": lambda text: seen.append(f"b{text}")}, "12")
    assert seen == ["a1", "b1", "a2", "b2"]
    assert [timing.name for timing in timings] == ["a", "b"]
    assert all(len(timing.values) == len(timing.cpu) == 2 for timing in timings)


def test_turns_may_be_longer() -> None:
    seen: list[str] = []
    ways = {name: lambda text, name=name: seen.append(name + text) for name in "ab"}
    assert [len(timing.values) for timing in interleaved(ways, "123", turn=2)] == [3, 3]
    assert seen == ["a1", "a2", "b1", "b2", "a3", "b3"]


def test_waiting_takes_time_and_no_processor() -> None:
    (timing,) = interleaved({"sleep": lambda _: time.sleep(0.05)}, [""])
    assert timing.values[0] >= 50
    assert timing.cpu[0] < 40


def test_ratios_are_to_the_baseline() -> None:
    slow, fast = Timings("slow", (4.0, 6.0, 5.0), (3.0, 3.0, 3.0)), Timings("fast", (2.0, 1.0, 3.0), (1.0, 1.0, 1.0))
    lines = latency_table([slow, fast], "slow").splitlines()
    assert lines[2] == "| slow | 5.00 | 5.90 | 5.98 | 4.00 | 3.00 | 1.00 x |"
    assert lines[3] == "| fast | 2.00 | 2.90 | 2.98 | 1.00 | 1.00 | 2.50 x |"


def test_a_table_is_markdown() -> None:
    assert table(["a", "b"], [["x", "1"]]) == "| a | b |\n| --- | ---: |\n| x | 1 |"
