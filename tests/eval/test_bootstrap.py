import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bootstrap import Estimate, mean


def test_the_interval_of_a_proportion_is_near_the_normal_one() -> None:
    found = mean([1.0] * 60 + [0.0] * 40)
    half = 1.96 * np.sqrt(0.6 * 0.4 / 100)
    assert (found.value, found.n) == (0.6, 100)
    assert found.low == pytest.approx(0.6 - half, abs=0.02)
    assert found.high == pytest.approx(0.6 + half, abs=0.02)


def test_the_same_values_give_the_same_interval() -> None:
    assert mean([0.0, 1.0, 0.5]) == mean([0.0, 1.0, 0.5])
    assert mean([1.0, 1.0]) == Estimate(1.0, 2, 1.0, 1.0)


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_interval_lies_within_the_values(values: list[float]) -> None:
    found = mean(values)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
