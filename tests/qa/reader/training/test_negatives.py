import numpy as np

from qa.reader.training.examples import Asked, Context
from qa.reader.training.negatives import changed_question

NONE = np.zeros(1, np.int32)


def asked(text: str) -> Asked:
    return Asked("q", text, NONE, 0, (0, 0), (), "set")


def home(text: str) -> Context:
    return Context("", text, NONE, NONE, NONE, NONE)


def test_a_number_of_the_passage_becomes_one_it_lacks() -> None:
    passage = home("In 1998 the bridge opened.")
    for seed in range(20):
        changed = changed_question(asked("What opened in 1998?"), passage, [], np.random.default_rng(seed))
        assert changed is not None
        year = changed.removeprefix("What opened in ").removesuffix("?")
        assert year != "1998"
        assert abs(int(year) - 1998) <= 10


def test_a_name_becomes_another_from_the_same_article() -> None:
    passage = home("Anna Bell met Carl Dunn.")
    rng = np.random.default_rng(0)
    others = ["Whom did Anna Bell meet?", "Where was Eve Frost born?"]
    assert changed_question(asked("Whom did Anna Bell meet?"), passage, others, rng) == "Whom did Eve Frost meet?"


def test_a_question_without_either_stays_unasked() -> None:
    rng = np.random.default_rng(0)
    assert changed_question(asked("what is it"), home("It is a bridge."), ["Who is Eve Frost?"], rng) is None
