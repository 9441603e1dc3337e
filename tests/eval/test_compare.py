from itertools import product
from math import comb

import pytest

from eval.compare import compare, mcnemar, sign_flips
from sources.errors import GoldError
from tests.eval.builders import row


def test_mcnemar_by_hand() -> None:
    # 8 changed, 1 of them for the worse: both tails of 1 or fewer of 8 fair coins
    assert mcnemar(7, 1) == pytest.approx(2 * (comb(8, 0) + comb(8, 1)) / 2**8)
    assert mcnemar(1, 7) == mcnemar(7, 1)
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(0, 0) == 1.0


def test_sign_flips_are_near_the_exact_test() -> None:
    differences = [0.5, 0.25, 0.5, -0.1, 0.3, 0.2]
    observed = abs(sum(differences))
    flips = [
        abs(sum(sign * value for sign, value in zip(signs, differences, strict=True)))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    exact = sum(value >= observed - 1e-9 for value in flips) / len(flips)
    assert sign_flips(differences) == pytest.approx(exact, abs=0.01)
    assert sign_flips([0.0, 0.0]) == 1.0
    assert sign_flips([0.4] * 20) == pytest.approx(1 / 10_001, abs=1e-3)


def test_questions_are_paired_by_id() -> None:
    before = [row("a", values={"hit@1": 0.0}), row("b", values={"hit@1": 1.0}), row("old", values={"hit@1": 1.0})]
    after = [
        row("b", values={"hit@1": 0.0}),
        row("new", values={"hit@1": 1.0}),
        row("a", values={"hit@1": 1.0}),
    ]
    found = compare(before, after)
    (change,) = found.changes
    assert (change.metric, change.n, change.before, change.after) == ("hit@1", 2, 0.5, 0.5)
    assert [after.id for _, after in change.fixed] == ["a"]
    assert [after.id for _, after in change.broken] == ["b"]
    assert (change.p, change.test) == (1.0, "McNemar, exact")
    assert (found.only_before, found.only_after) == (1, 1)


def test_undefined_values_are_not_compared() -> None:
    before = [row("a", values={"f1": 0.2, "verdict": 1.0}), row("b", values={"f1": None, "verdict": 1.0})]
    after = [row("a", values={"f1": 0.5, "verdict": 1.0}), row("b", values={"f1": None, "verdict": 0.0})]
    assert [(it.metric, it.n, it.after) for it in compare(before, after).changes] == [
        ("verdict", 2, 0.5),
        ("f1", 1, 0.5),
    ]


def test_other_questions_cannot_be_compared() -> None:
    with pytest.raises(GoldError, match="no question in common"):
        compare([row("a")], [row("b")])
    with pytest.raises(GoldError, match="question 'a' was 'Who' in the baseline; it must be the same question"):
        compare([row("a", question="Who")], [row("a")])
