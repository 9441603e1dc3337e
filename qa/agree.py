"""Saying the same thing once: equal answers become one, copies count once, different answers face each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.answer import Answer
from qa.asks import asked
from qa.similar import nearly_equal, one_statement
from qa.values import Value, Words, agree, differ, finer, value_of


@dataclass(eq=False, slots=True)
class _Group:
    """Answers that say the same, the most confident first.

    Attributes:
        value: the most that any of them says.
        first: the best place that any of them had among the answers.
        independent: those that stand on their own; `copies`: those that repeat one of these.
    """

    value: Value
    first: int
    independent: list[Answer]
    copies: list[Answer] = field(default_factory=list)


def grouped(question: str, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers with equal ones under one head.

    Every answer given is in the result once: as a head, in a head's `agrees_with` or in its `duplicates`. Heads are
    the most confident of their group, and stand in the order of the best place that their group had. `conflicts_with`
    holds the other heads whose date, amount or person is a different one; whole sentences never conflict.

    Args:
        question: tells what kind of answer is wanted.
        answers: best first, none of them grouped yet.
    """
    asks = asked(question)
    groups: list[_Group] = []
    for place, answer in sorted(enumerate(answers), key=lambda item: (-item[1].confidence, item[0])):
        _place(groups, place, answer, value_of(answer, asks))
    groups.sort(key=lambda group: group.first)
    heads = [group.independent[0] for group in groups]
    return tuple(
        replace(
            head,
            agrees_with=tuple(group.independent[1:]),
            duplicates=tuple(group.copies),
            conflicts_with=tuple(
                other for rival, other in zip(groups, heads, strict=True) if differ(group.value, rival.value)
            ),
        )
        for group, head in zip(groups, heads, strict=True)
    )


def _place(groups: list[_Group], place: int, answer: Answer, value: Value) -> None:
    """Put the answer into the first group that says the same, or a new one."""
    for group in groups:
        if agree(group.value, value) or _same_sentence(group.value, value):
            repeats = any(_copy(answer, other) for other in group.independent)
            (group.copies if repeats else group.independent).append(answer)
            group.value = finer(group.value, value)
            group.first = min(group.first, place)
            return
    groups.append(_Group(value, place, [answer]))


def _same_sentence(one: Value, other: Value) -> bool:
    """Whether both are whole sentences that say the same in nearly the same words."""
    if not (isinstance(one, Words) and one.whole and isinstance(other, Words) and other.whole):
        return False
    return one_statement(one.tokens, other.tokens)


def _copy(one: Answer, other: Answer) -> bool:
    """Whether two answers that say the same also say it in the same words, or at the same place."""
    if one.article.id == other.article.id and one.start < other.end and other.start < one.end:
        return True
    return nearly_equal(_sentence(one), _sentence(other)) or nearly_equal(_passage(one), _passage(other))


def _sentence(answer: Answer) -> str:
    return answer.sentence.of(answer.article.text)


def _passage(answer: Answer) -> str:
    return answer.passage.span.of(answer.article.text)
