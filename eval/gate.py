"""The gate for CI: figures that must not be under a floor."""

from collections.abc import Sequence

from eval.metrics import Summary
from sources.errors import GoldError


def parse_floors(given: Sequence[str]) -> dict[str, float]:
    """`METRIC=VALUE`, each, as a mapping.

    Raises:
        GoldError: one is not of that form.
    """
    floors = {}
    for text in given:
        metric, _, value = text.partition("=")
        try:
            floors[metric.strip()] = float(value)
        except ValueError as error:
            raise GoldError(f"--fail-under {text!r} is not of the form METRIC=VALUE, as in hit@1=0.8") from error
    return floors


def under_floor(summary: Summary, floors: dict[str, float]) -> tuple[str, ...]:
    """One line for each metric that is under its floor.

    Raises:
        GoldError: a floor is for a metric that this run does not have.
    """
    for metric in floors:
        if metric not in summary.metrics:
            raise GoldError(f"--fail-under {metric}: this run has no such metric; it has {', '.join(summary.metrics)}")
    return tuple(
        f"{metric} is {summary.metrics[metric].value:.4f}, under the floor of {floor:g}"
        for metric, floor in floors.items()
        # Not `<`: a figure or floor that is not a number must not pass.
        if not summary.metrics[metric].value >= floor
    )
