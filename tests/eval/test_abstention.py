from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from eval.abstention import Bin, area, auroc, calibration_error, reliability, risk_coverage
from tests.eval.builders import scored

CONFIDENCES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=8)


def test_auroc_by_hand() -> None:
    rows = [
        scored("a", confidence=0.9, right=True),
        scored("b", confidence=0.4, right=False),
        scored("c", confidence=0.4, right=False, answerable=False),
        scored("d", confidence=0.1, right=False, answerable=False),
    ]
    found = auroc(rows)
    assert found is not None
    # of four pairs, three are in order and one is a tie
    assert found.value == pytest.approx((3 + 0.5) / 4)
    assert (found.n, found.low <= found.value <= found.high) == (4, True)
    assert auroc(rows[:2]) is None


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_the_share_of_pairs_in_order(yes: list[float], no: list[float]) -> None:
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in product(yes, no)]
    assert area(np.array(yes), np.array(no)) == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    yes, no = rng.normal(0.6, 0.3, 200).round(1), rng.normal(0.4, 0.3, 150).round(1)
    labels = [1] * len(yes) + [0] * len(no)
    assert area(yes, no) == pytest.approx(roc_auc_score(labels, [*yes, *no]))


def test_reliability_by_hand() -> None:
    rows = [
        scored("a", confidence=0.82, right=True),
        scored("b", confidence=0.88, right=False),
        scored("c", confidence=1.0, right=True),
        # the best passage cannot answer what has no answer
        scored("d", confidence=0.0, right=True, answerable=False),
    ]
    assert reliability(rows) == (
        Bin(0.0, 0.1, 1, 0.0, 0.0),
        Bin(0.8, 0.9, 2, pytest.approx(0.85), 0.5),  # type: ignore[arg-type]
        Bin(0.9, 1.0, 1, 1.0, 1.0),
    )
    assert calibration_error(rows) == pytest.approx((1 * 0 + 2 * abs(0.85 - 0.5) + 1 * 0) / 4)


def test_risk_coverage_by_hand() -> None:
    rows = [
        scored("a", confidence=0.9, right=True),
        scored("b", confidence=0.5, right=False),
        scored("c", confidence=0.5, right=True),
        scored("d", confidence=0.1, right=False),
    ]
    # the two at 0.5 enter together
    assert risk_coverage(rows) == ((1 / 4, 0.0), (3 / 4, 1 / 3), (1.0, 2 / 4))
