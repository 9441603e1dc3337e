"""Pairs of question and passage: which tokens are the passage's, and where they are in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.pairs import PairTokenizer
from tests.qa.reader.tiny import make_reader

PASSAGE = "😀 The trust began on 28 February 2022."


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> PairTokenizer:
    return PairTokenizer(make_reader(tmp_path_factory.mktemp("pairs"), 1) / "tokenizer.json", max_tokens=48)


def test_the_passage_alone_is_marked_and_found_at_its_place(tokenizer: PairTokenizer) -> None:
    pair = tokenizer.pair("when was it 2022", PASSAGE)
    words = [PASSAGE[start:end] for start, end in pair.offsets[pair.passage]]
    assert words[-4:] == ["28", "February", "2022", "."]
    assert "".join(words).replace(" ", "") == PASSAGE.replace(" ", "")


def test_the_three_inputs_have_one_row_of_one_length(tokenizer: PairTokenizer) -> None:
    pair = tokenizer.pair("when", PASSAGE)
    assert {matrix.shape for matrix in pair.feeds.values()} == {(1, len(pair.passage))}
    assert pair.feeds["attention_mask"].all()
    assert pair.feeds["token_type_ids"][0][pair.passage].all()
    assert not pair.feeds["token_type_ids"][0][0]


@given(st.text(max_size=400), st.text(max_size=400))
def test_offsets_lie_in_the_passage_in_order(tokenizer: PairTokenizer, question: str, passage: str) -> None:
    pair = tokenizer.pair(question, passage)
    assert len(pair.passage) == len(pair.offsets) <= 48
    ends = pair.offsets[pair.passage].ravel()
    assert all(0 <= end <= len(passage) for end in ends)
    assert (ends[::2] <= ends[1::2]).all()
    assert (ends[2::2] >= ends[:-2:2]).all()
