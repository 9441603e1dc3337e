"""The same thing said once."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from qa.agree import grouped
from qa.answer import Answer
from tests.qa.quotes import answer

WHEN = "When was the trust set up?"


def quotes(answers: tuple[Answer, ...]) -> list[str]:
    return [found.quote for found in answers]


def test_the_best_quote_leads_and_the_others_agree() -> None:
    answers = (
        answer("gazette", "The trust began work on [February 28, 2022], six years after the report.", 0.8),
        answer("herald", "It was on [28 February 2022] that ministers handed the services to a trust.", 0.9),
        answer("post", "Since [February 2022] a trust has run them.", 0.7),
    )
    (head,) = grouped(WHEN, answers)
    assert head == replace(answers[1], agrees_with=(answers[0], answers[2]))


def test_different_dates_face_each_other() -> None:
    answers = (
        answer("gazette", "The trust began work on [28 February 2022].", 0.8, published=date(2022, 3, 1)),
        answer("herald", "Ministers handed the services over on [1 April 2023].", 0.7, published=date(2023, 4, 2)),
        answer("post", "Nobody at the hall recalls the day; some say it was [in spring].", 0.6),
    )
    first, second, third = grouped(WHEN, answers)
    assert first == replace(answers[0], conflicts_with=(answers[1],))
    assert second == replace(answers[1], conflicts_with=(answers[0],))
    assert third == answers[2]


def test_a_coarse_date_stands_with_the_day_it_was_joined_by() -> None:
    answers = (
        answer("a", "It was set up in [February 2022] by ministers.", 0.9),
        answer("b", "The order of [28 February 2022] set up the body that runs it now.", 0.8),
        answer("c", "Work started, the chair recalls, on [21 February 2022].", 0.7),
    )
    first, second = grouped(WHEN, answers)
    assert quotes(first.agrees_with) == ["28 February 2022"]
    assert quotes(first.conflicts_with) == ["21 February 2022"]
    assert quotes(second.conflicts_with) == ["February 2022"]


def test_the_year_follows_from_the_publication_day() -> None:
    answers = (
        answer("a", "The school shut on [3 November] for good.", 0.9, published=date(2022, 11, 10)),
        answer("b", "Its last day of lessons had been [3 November 2022].", 0.8),
        answer("c", "Pupils left it on [3 November 2021], a register shows.", 0.7),
    )
    first, second = grouped("When did it shut?", answers)
    assert quotes(first.agrees_with) == ["3 November 2022"]
    assert quotes(second.conflicts_with) == ["3 November"]


def test_syndicated_copy_counts_once() -> None:
    story = (
        "The council was told to act at once by the inspectors.",
        "Parents said that it had come too late for them.",
    )
    answers = (
        answer("agency", "The trust took over on [28 February 2022].", 0.9, around=story),
        answer("gazette", "The trust took over on [28 February 2022].", 0.8, around=story),
        answer("herald", "Services left the hall's hands on [28 February 2022], to loud applause.", 0.7),
        answer("echo", "Services left the hall's hands on [28 February 2022], to applause.", 0.6),
    )
    (head,) = grouped(WHEN, answers)
    assert head.agrees_with == (answers[2],)
    assert head.duplicates == (answers[1], answers[3])
    assert head.conflicts_with == ()


def test_copy_with_another_date_in_it_is_no_copy() -> None:
    answers = (
        answer("a", "The trust took over the children's services of the council on [28 February 2022].", 0.9),
        answer("b", "The trust took over the children's services of the council on [21 February 2022].", 0.8),
    )
    first, second = grouped(WHEN, answers)
    assert (first.duplicates, second.duplicates) == ((), ())
    assert first.conflicts_with == (answers[1],)


def test_sentences_never_conflict_and_nearly_equal_ones_are_copies() -> None:
    answers = (
        answer("a", "[The home was shut because inspectors found that it was unsafe for children.]", 0.9),
        answer("b", "[The home was shut because the inspectors found that it was unsafe for children.]", 0.8),
        answer("c", "[The home was not shut because inspectors found that it was unsafe for children.]", 0.7),
    )
    for question in ("Why was the home shut?", "When was the home shut?"):
        first, second = grouped(question, answers)
        assert first == replace(answers[0], duplicates=(answers[1],))
        assert second == answers[2]


def test_overlapping_quotes_of_one_article_are_one() -> None:
    one = answer("a", "It was [28 February 2022], a Monday, that they met at the hall.", 0.9)
    same = replace(one, start=one.start + 3, confidence=0.8)
    assert grouped(WHEN, (one, same)) == (replace(one, duplicates=(same,)),)


def test_people_and_amounts() -> None:
    (head, other) = grouped(
        "Who led the review?",
        (
            answer("a", "[Alan Wood] led the review of the services.", 0.7),
            answer("b", "The job of leading it went to [Sir Alan Wood].", 0.9),
            answer("c", "Ministers had asked [Dame Louise Casey] to do that.", 0.6),
        ),
    )
    assert (head.quote, quotes(head.agrees_with)) == ("Sir Alan Wood", ["Alan Wood"])
    assert quotes(head.conflicts_with) == ["Dame Louise Casey"]
    assert quotes(other.conflicts_with) == ["Sir Alan Wood"]
    heads = grouped(
        "How long was the sentence?",
        (
            answer("a", "He was jailed for [29 years] at the crown court.", 0.9),
            answer("b", "Judges gave him [29 months] in all.", 0.8),
            answer("c", "A term of [twenty-nine years] was handed down.", 0.7),
        ),
    )
    assert [quotes(found.agrees_with) for found in heads] == [["twenty-nine years"], []]
    assert all(not found.conflicts_with for found in heads)


def test_places_asked_for_in_the_plural_do_not_conflict() -> None:
    answers = tuple(answer(name, f"Commissioners went to [{name}] that year.") for name in ("Doncaster", "Birmingham"))
    assert grouped("Which councils had commissioners?", answers) == answers


def test_nothing_of_nothing() -> None:
    assert grouped(WHEN, ()) == ()


SENTENCES = st.sampled_from(
    [
        "It began on [28 February 2022].",
        "It began on [28 Feb 2022], they say.",
        "In [February 2022] it all began.",
        "It began on [1 March 2021].",
        "It took [29 years].",
        "It took [twenty-nine years] and a day at court.",
        "It took [29 months].",
        "[Sir Alan Wood] said so.",
        "That was [Alan Wood] who said so.",
        "[Dame Louise Casey] said so.",
        "[The council closed the home.]",
        "[The council did not close the home.]",
        "The 😀 [council] closed it.",
    ]
)


@given(
    st.lists(st.tuples(SENTENCES, st.sampled_from([0.5, 0.7, 0.9]), st.integers(0, 3)), max_size=8),
    st.sampled_from([WHEN, "Who said so?", "How long did it take?", "Why?", "What is it?"]),
)
def test_nothing_is_lost_and_every_quote_stays_exact(rows: list[tuple[str, float, int]], question: str) -> None:
    answers = [answer(f"{place}-{name}", marked, sure) for place, (marked, sure, name) in enumerate(rows)]
    heads = grouped(question, answers)
    plain = [replace(head, agrees_with=(), conflicts_with=(), duplicates=()) for head in heads]
    found = [
        one for head, bare in zip(heads, plain, strict=True) for one in (bare, *head.agrees_with, *head.duplicates)
    ]
    assert sorted(map(answers.index, found)) == list(range(len(answers)))
    for head in heads:
        members = (*head.agrees_with, *head.duplicates)
        assert all(head.confidence >= member.confidence for member in members)
        assert all(other in plain for other in head.conflicts_with)
        assert all(bool(one.agrees_with or one.duplicates or one.conflicts_with) is False for one in members)
        mine = replace(head, agrees_with=(), conflicts_with=(), duplicates=())
        for other in heads:
            bare = replace(other, agrees_with=(), conflicts_with=(), duplicates=())
            assert (mine in other.conflicts_with) == (bare in head.conflicts_with)
    if answers:
        first = heads[0]
        everyone = (plain[0], *first.agrees_with, *first.duplicates)
        assert answers[0] in everyone
    assert grouped(question, answers) == heads
