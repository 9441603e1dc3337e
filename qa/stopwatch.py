"""Stopwatch: where the milliseconds of one question went."""

from time import perf_counter


class Stopwatch:
    """Times stages one after the other; a stage lapped twice adds up."""

    def __init__(self) -> None:
        self._begin = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Give the time since the last lap to `stage`."""
        now = perf_counter()
        self._laps[stage] = self._laps.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now

    def milliseconds(self) -> dict[str, float]:
        """Stage -> milliseconds, with `total` since the start, to the microsecond."""
        total = (perf_counter() - self._begin) * 1000
        return {stage: round(spent, 3) for stage, spent in {**self._laps, "total": total}.items()}
