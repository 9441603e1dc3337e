"""Timings and tables: what every benchmark prints."""

import os
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of many runs of the same thing.

    Attributes:
        name: what was run.
        values: wall-clock milliseconds, one a run.
        cpu: milliseconds of processor time, of this process with its threads and of the processes it waited for;
            other work on the machine hardly changes it. Empty where runs went on at the same time.
        elapsed: milliseconds from the first run's start to the last one's end; 0 for one after the other.
    """

    name: str
    values: tuple[float, ...]
    cpu: tuple[float, ...]
    elapsed: float = 0.0

    @property
    def seconds(self) -> float:
        """Seconds that all runs took together."""
        return (self.elapsed or sum(self.values)) / 1e3

    @property
    def median(self) -> float:
        """p50."""
        return float(np.median(self.values))

    def percentile(self, percent: float) -> float:
        """By linear interpolation."""
        return float(np.percentile(self.values, percent))


def interleaved(ways: Mapping[str, Callable[[str], object]], inputs: Sequence[str], turn: int = 1) -> list[Timings]:
    """Time each way on each input, turn by turn, so that a busy moment of the machine meets all of them.

    Args:
        ways: name -> what to time.
        inputs: what each is given.
        turn: inputs that a way has one after the other. In a longer turn a way finds the processor's caches as it left
            them, like a server in use; with 1, it finds what another way left.
    """
    values: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for start in range(0, len(inputs), turn):
        for name, way in ways.items():
            for each in inputs[start : start + turn]:
                wall, cpu = time.perf_counter(), _cpu_seconds()
                way(each)
                values[name].append(((time.perf_counter() - wall) * 1e3, (_cpu_seconds() - cpu) * 1e3))
    return [
        Timings(name, tuple(wall for wall, _ in found), tuple(cpu for _, cpu in found))
        for name, found in values.items()
    ]


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def latency_table(timings: Sequence[Timings], baseline: str) -> str:
    """Milliseconds (CPU: the median of processor time), and how many times as fast as the baseline by p50."""
    (base,) = (timing for timing in timings if timing.name == baseline)
    rows = [
        [
            timing.name,
            *(f"{timing.percentile(percent):.2f}" for percent in (50, 95, 99)),
            f"{min(timing.values):.2f}",
            f"{np.median(timing.cpu):.2f}",
            f"{base.median / timing.median:.2f} x",
        ]
        for timing in timings
    ]
    return table(["way", "p50 ms", "p95 ms", "p99 ms", "best ms", "CPU ms", f"against {baseline}"], rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def numbers(*defaults: int) -> list[int]:
    """The whole numbers on the command line, the rest from the defaults."""
    given = [int(argument) for argument in sys.argv[1:]]
    return [*given, *defaults[len(given) :]]


def machine() -> str:
    """Cores in reach and how busy they are: figures of a busy machine are ratios, no more."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, load {os.getloadavg()[0]:.1f} (other processes run when it is above this benchmark's own)"


def peak_mb() -> float:
    """The most memory that this program was resident in, in MB; Linux only.

    `ru_maxrss` would be that of the process that started this one, where that was larger.
    """
    (line,) = (line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def resident_mb(pid: int | str = "self") -> float:
    """Resident memory of a process now, in MB (10^6 bytes), shared file pages included; Linux only."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
