"""Two runs side by side: what the new one fixed and broke, question by question, and whether that can be chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.row import Row
from sources.errors import GoldError

YES_NO = ("hit@1", "em", "verdict")
GRADED = ("mrr@10", "f1")
RESAMPLES = 10_000
_SEED = 20_261_123


@dataclass(frozen=True, slots=True)
class Change:
    """One metric before and after, over the questions that define it in both runs.

    Attributes:
        metric: its name.
        n: how many questions.
        before, after: the means.
        fixed, broken: (row before, row after) where the value rose or fell.
        p: the chance of a difference at least this large if both runs were equally good; two-sided.
        test: the name of the test.
    """

    metric: str
    n: int
    before: float
    after: float
    fixed: tuple[tuple[Row, Row], ...]
    broken: tuple[tuple[Row, Row], ...]
    p: float
    test: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All metrics, and how many questions stand in one run only."""

    changes: tuple[Change, ...]
    only_before: int
    only_after: int


def compare(before: Sequence[Row], after: Sequence[Row]) -> Comparison:
    """What changed from one run to the other; questions are paired by id.

    Raises:
        GoldError: no question is in both, or the same id asks two different things.
    """
    old = {row.id: row for row in before}
    pairs = [(old[row.id], row) for row in after if row.id in old]
    if not pairs:
        raise GoldError("the baseline has no question in common with this run; give the rows of the same questions")
    for first, second in pairs:
        if first.question != second.question:
            raise GoldError(
                f"question {first.id!r} was {first.question!r} in the baseline; it must be the same question"
            )
    changes = [_change(metric, pairs) for metric in (*YES_NO, *GRADED)]
    return Comparison(
        tuple(change for change in changes if change),
        only_before=len(old) - len(pairs),
        only_after=len(after) - len(pairs),
    )


def mcnemar(fixed: int, broken: int) -> float:
    """Exact two-sided p of McNemar's test: of the questions that changed, is the share fixed other than half?

    McNemar 1947; exact form by the binomial distribution. 1.0 when nothing changed.
    """
    from scipy.stats import binomtest  # type: ignore[attr-defined]

    return float(binomtest(fixed, fixed + broken).pvalue) if fixed + broken else 1.0


def sign_flips(differences: Sequence[float]) -> float:
    """Two-sided p of the paired randomisation test (Fisher 1935): each difference could as well have the other sign.

    10,000 random flips, seeded; the observed one counts as one of them, so that p is never 0.
    """
    array = np.asarray([value for value in differences if value], np.float64)
    if not len(array):
        return 1.0
    rng = np.random.default_rng(_SEED)
    observed = abs(array.sum())
    # As large up to rounding: sums of the same numbers in another order differ in the last digits.
    reached = sum(abs((array * rng.choice((-1.0, 1.0), len(array))).sum()) >= observed - 1e-9 for _ in range(RESAMPLES))
    return float(reached + 1) / (RESAMPLES + 1)


def _change(metric: str, pairs: Sequence[tuple[Row, Row]]) -> Change | None:
    both = [
        (first, second, before, after)
        for first, second in pairs
        if (before := first.values.get(metric)) is not None and (after := second.values.get(metric)) is not None
    ]
    if not both:
        return None
    fixed = tuple((first, second) for first, second, before, after in both if after > before)
    broken = tuple((first, second) for first, second, before, after in both if after < before)
    exact = metric in YES_NO
    return Change(
        metric=metric,
        n=len(both),
        before=sum(before for *_, before, _ in both) / len(both),
        after=sum(after for *_, after in both) / len(both),
        fixed=fixed,
        broken=broken,
        p=mcnemar(len(fixed), len(broken)) if exact else sign_flips([after - before for *_, before, after in both]),
        test="McNemar, exact" if exact else "paired randomisation",
    )
