"""Stopwatch: where the milliseconds of one question went."""

from time import perf_counter


class Stopwatch:
    """Times stages one after the other; a stage lapped twice adds up."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._laps: list[tuple[str, float]] = []

    def lap(self, stage: str) -> None:
        """Give the time since the last lap to `stage`."""
        self._laps.append((stage, perf_counter()))

    def milliseconds(self) -> dict[str, float]:
        """Stage -> milliseconds, with `total` since the start, to the microsecond."""
        spent: dict[str, float] = {}
        last = self._began
        for stage, ended in self._laps:
            spent[stage] = spent.get(stage, 0.0) + (ended - last) * 1000
            last = ended
        spent["total"] = (perf_counter() - self._began) * 1000
        return {stage: round(value, 3) for stage, value in spent.items()}
