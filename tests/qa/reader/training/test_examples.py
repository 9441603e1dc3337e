from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from qa.reader.training.examples import context, fullest, read_sets, split, token_span

TEXTS = st.text(st.sampled_from("the mayor OF Lóndon 1998, é日.?!😀'\n"), min_size=1, max_size=60)


@given(text=TEXTS, data=st.data())
def test_token_span_covers_exactly_the_tokens_that_the_answer_touches(
    tokenizer: Tokenizer, text: str, data: st.DataObject
) -> None:
    home = context("", text, tokenizer.encode(text, add_special_tokens=False))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    touched = [i for i in range(len(home.ids)) if home.starts[i] < end and home.ends[i] > start]
    assert token_span(home.starts, home.ends, start, end) == ((touched[0], touched[-1]) if touched else None)


@given(text=TEXTS)
def test_offsets_are_code_points_of_the_text_as_it_stands(tokenizer: Tokenizer, text: str) -> None:
    home = context("", text, tokenizer.encode(text, add_special_tokens=False))
    assert home.text == text
    pieces = [text[s:e] for s, e in zip(home.starts, home.ends, strict=True)]
    assert "".join(pieces).split() == "".join(text.split()).split()


def test_every_target_gives_back_its_answer(tokenizer: Tokenizer, question_set: Path) -> None:
    questions = read_sets([question_set], tokenizer)
    assert len(questions.asked) == 160
    for q in questions.asked:
        assert q.target is not None
        home = questions.contexts[q.context]
        assert home.text[home.starts[q.target[0]] : home.ends[q.target[1]]] == q.answers[0]


def test_the_fuller_answer_is_learned_unless_it_is_much_longer() -> None:
    text = "On 28 February 2022 the council of the old city voted to close the road."
    short, date, sentence = (text.index("28"), 5), (3, 19), (0, len(text))
    assert fullest([short, short, date], text) == date
    assert fullest([short, short, sentence], text) == short
    assert fullest([date, short, date, short, short], text) == date


def test_no_article_is_on_both_sides(tokenizer: Tokenizer, question_set: Path) -> None:
    questions = read_sets([question_set], tokenizer)
    train, held = split(questions, 0.25, seed=1)
    titles = [{questions.contexts[questions.asked[i].context].title for i in side} for side in (train, held)]
    assert len(titles[1]) == 10
    assert not titles[0] & titles[1]
    assert sorted(train + held) == list(range(160))
    assert split(questions, 0.25, seed=1) == (train, held)


def test_heads_begin_sentences(tokenizer: Tokenizer) -> None:
    text = "The mayor of London. It was new! On"
    home = context("", text, tokenizer.encode(text, add_special_tokens=False))
    assert [text[home.starts[h] :][:3] for h in home.heads] == ["The", "It ", "On"]
    assert home.heads.dtype == np.int32
