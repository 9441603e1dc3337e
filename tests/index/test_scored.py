"""The order of a ranking."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.scored import best_first

FOUND = st.dictionaries(st.integers(0, 50), st.floats(-1, 1), max_size=20).map(lambda found: list(found.items()))


@given(FOUND)
def test_every_one_once_by_falling_score_then_by_rising_key(found: list[tuple[int, float]]) -> None:
    ordered = best_first(found)
    assert sorted(ordered) == sorted(found)
    assert all((-a[1], a[0]) < (-b[1], b[0]) for a, b in pairwise(ordered))
