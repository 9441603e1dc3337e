import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.training.batch import collate
from qa.reader.training.examples import Context
from qa.reader.training.features import joined, window, without_sentence


def home(total: int, heads: list[int]) -> Context:
    ids = np.arange(1000, 1000 + total, dtype=np.int32)
    return Context("", "", ids, ids, ids, np.asarray(heads, np.int32))


@given(data=st.data())
def test_a_window_holds_the_answer_and_keeps_its_size(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 120))
    heads = sorted({0, *data.draw(st.lists(st.integers(0, total - 1), max_size=8))})
    size = data.draw(st.integers(1, 130))
    first = data.draw(st.integers(0, total - 1))
    last = data.draw(st.integers(first, total - 1))
    rng = np.random.default_rng(data.draw(st.integers(0, 9)))
    start, end = window(home(total, heads), size, (first, last), rng)
    assert 0 <= start <= first <= last < end <= total
    assert end - start <= max(size, last - first + 1)


def test_a_window_begins_a_sentence_where_one_fits() -> None:
    rng = np.random.default_rng(0)
    assert {window(home(100, [0, 40, 70]), 50, (60, 62), rng)[0] for _ in range(20)} == {40}


def test_the_target_moves_with_the_question() -> None:
    f = joined(np.asarray([7, 8], np.int32), np.asarray([20, 21, 22], np.int32), (1, 2))
    assert f.ids.tolist() == [101, 7, 8, 102, 20, 21, 22, 102]
    assert (f.second, f.passage, f.start, f.end) == (4, 4, 5, 6)
    assert joined(f.ids, f.ids, None).start == 0


def test_a_cut_passage_lacks_the_sentence_and_the_answer() -> None:
    rest = without_sentence(home(60, [0, 20, 40]), (25, 27))
    assert rest is not None
    assert rest.tolist() == [*range(1000, 1020), *range(1040, 1060)]


def test_nothing_is_cut_where_the_answer_stays_or_too_little_would() -> None:
    assert without_sentence(home(30, [0, 20]), (3, 4)) is None
    again = home(60, [0, 20, 40])
    again.ids[50] = again.ids[25]
    assert without_sentence(again, (25, 25)) is None


def test_a_title_stands_before_the_passage_and_holds_no_answer() -> None:
    f = joined(np.asarray([7], np.int32), np.asarray([20, 21], np.int32), (0, 1), np.asarray([30, 31], np.int32))
    assert f.ids.tolist() == [101, 7, 102, 30, 31, 20, 21, 102]
    assert (f.second, f.passage, f.start, f.end) == (3, 5, 5, 6)
    batch = collate([f], [0])
    assert batch.types[0].tolist() == [0, 0, 0, 1, 1, 1, 1, 1]
    assert batch.allowed[0].nonzero().flatten().tolist() == [0, 5, 6]
