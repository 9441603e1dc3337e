import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.training.predict import MAX_ANSWER, best_span

LOGITS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=60)


@given(LOGITS)
def test_the_best_span_is_the_best_of_all_allowed(pairs: list[tuple[int, int]]) -> None:
    start, end = (np.asarray(side, np.float32) for side in zip(*pairs, strict=True))
    first, last, score = best_span(start, end)
    spans = itertools.combinations_with_replacement(range(len(pairs)), 2)
    assert score == max(start[i] + end[j] for i, j in spans if j - i < MAX_ANSWER)
    assert 0 <= last - first < MAX_ANSWER
    assert start[first] + end[last] == score
