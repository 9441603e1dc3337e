"""What the page and the wire make of answers that agree, differ or repeat: from hand-made results."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from pydantic import TypeAdapter

from index.catalog import Catalog
from index.passage import Passage
from qa.answer import Answer, NoAnswer, Result
from qa.hit import Hit, Scores
from qa.question import Question
from service.app import create_app
from service.rendering import STATIC
from service.responses import AskResponse
from service.settings import Settings
from service.views import outcome
from service.wire import ask_response
from sources.article import Span
from tests.fakes import article

TEXTS = {
    "Gazette": "Heading\n\nThe river rose on 3 May 2021. Nobody was hurt.\n\n• Schools shut.",
    "Herald": "On 3 May 2021 the river rose.",
    "Mirror": "The river rose on 9 May 2021, the mayor said.",
    "Courier": "The river rose on 3 May 2021. Nobody was hurt.",
}


def answer(name: str, quote: str, **related: tuple[Answer, ...]) -> Answer:
    stored = article(name, TEXTS[name], publisher=name, published_at=date(2021, 5, 4), url=f"https://{name}.example/")
    start = stored.text.index(quote)
    line = next(part for part in stored.text.split("\n") if quote in part)
    sentence_start = stored.text.index(line)
    sentence = Span(sentence_start, stored.text.index(".", start) + 1)
    return Answer(
        article=stored,
        start=start,
        end=start + len(quote),
        sentence=sentence,
        passage=Passage.of(stored, Span(0, len(stored.text)), (sentence,)),
        confidence=0.875,
        scores=Scores(dense=0.5),
        **related,
    )


def result(*answers: Answer) -> Result:
    hits = tuple(
        Hit(found.passage, found.article, rank, 1 / rank, found.scores, (Span(found.start, found.end),))
        for rank, found in enumerate((*answers, answer("Mirror", "9 May 2021")), 1)
    )
    return Result(
        Question("When did the river rise?"), answers, hits, 7, {"encoder": "e"}, {"total": 1.23456}, ("Mind.",)
    )


@pytest.fixture
def told() -> Result:
    return result(
        answer(
            "Gazette",
            "3 May 2021",
            agrees_with=(answer("Herald", "3 May 2021"),),
            conflicts_with=(answer("Mirror", "9 May 2021"),),
            duplicates=(answer("Courier", "3 May 2021"),),
        )
    )


class Told:
    """A pipeline that always says the same."""

    def __init__(self, found: Result) -> None:
        self.found = found

    def ask(self, question: Question) -> Result:
        return replace(self.found, question=question)


@pytest.fixture
def told_client(settings: Settings, catalog: Catalog, told: Result) -> TestClient:
    pipelines: Any = {"default": Told(told), "none": Told(told)}
    return TestClient(create_app(settings, catalog, pipelines))


def test_the_wire_carries_related_answers_with_their_own_sources(told: Result) -> None:
    body = ask_response(told, "id")
    TypeAdapter(AskResponse).validate_python(body, strict=True)
    first = body["answers"][0]
    assert first["quote"] == "3 May 2021"
    assert first["context"]["before"] + first["quote"] + first["context"]["after"] == TEXTS["Gazette"]
    assert [other["source"]["publisher"] for other in first["agrees_with"]] == ["Herald"]
    assert [other["quote"] for other in first["conflicts_with"]] == ["9 May 2021"]
    assert [other["source"]["deep_link"] for other in first["duplicates"]] == [
        "https://Courier.example/#:~:text=3%20May%202021"
    ]
    assert body["timing_ms"] == {"total": 1.235}
    assert body["warnings"] == ["Mind."]
    assert ask_response(told, "id", highlight=False)["passages"][0]["highlights"] == []


def test_a_card_shows_the_paragraph_and_keeps_the_passage_at_hand(told: Result) -> None:
    view = outcome(told)
    card = view.answers[0]
    assert card.before == ""
    assert [(piece.text, piece.marked) for piece in card.sentence] == [
        ("The river rose on ", False),
        ("3 May 2021", True),
        (".", False),
    ]
    assert card.after == " Nobody was hurt."
    assert ["".join(piece.text for piece in line) for line in card.passage] == TEXTS["Gazette"].split("\n\n")
    assert [shown.title for shown in view.passages] == ["Mirror"]


def test_a_passage_of_one_paragraph_is_not_shown_twice() -> None:
    assert outcome(result(answer("Herald", "3 May 2021"))).answers[0].passage == ()


def test_a_passage_that_agrees_or_repeats_is_not_listed_again(told: Result) -> None:
    same, copy = answer("Herald", "3 May 2021"), answer("Courier", "3 May 2021")
    hits = tuple(Hit(found.passage, found.article, 1, 1.0, found.scores) for found in (same, copy))
    assert [shown.title for shown in outcome(replace(told, hits=(*told.hits, *hits))).passages] == ["Mirror"]


def test_every_answer_of_a_passage_is_marked(told: Result) -> None:
    text = "Commissioners went to Doncaster. Birmingham followed.\n\n• Tower Hamlets was last."
    stored = article("list", text)
    first, second, third = Span(22, 31), Span(33, 43), Span(57, 70)
    sentences = (Span(0, 32), Span(33, 53), Span(55, len(text)))
    passage = Passage.of(stored, Span(0, len(text)), sentences)
    found = Answer(stored, first.start, first.end, sentences[0], passage, 0.9, Scores())
    hit = Hit(passage, stored, 1, 1.0, Scores(), (first, second, third))
    (card,) = outcome(replace(told, outcome=(found,), hits=(hit,))).answers
    assert "".join(piece.text for piece in card.sentence) + card.after == text.split("\n", maxsplit=1)[0]
    assert [piece.text for piece in card.sentence if piece.marked] == ["Doncaster", "Birmingham"]
    pieces = [piece.text for line in card.passage for piece in line if piece.marked]
    assert pieces == ["Doncaster", "Birmingham", "Tower Hamlets"]


def test_a_refusal_shows_the_nearest_hits(told: Result) -> None:
    refused = replace(told, outcome=NoAnswer("Nothing fits.", 0.2, 0.5, told.hits))
    view = outcome(refused)
    assert (view.answers, view.reason, len(view.passages)) == ((), "Nothing fits.", len(told.hits))
    body = ask_response(refused, "id")
    assert body["no_answer"] == {"reason": "Nothing fits.", "confidence": 0.2, "threshold": 0.5}
    assert body["answers"] == []


def test_the_page_shows_who_agrees_and_who_differs(told_client: TestClient) -> None:
    page = told_client.get("/?q=When+did+the+river+rise").text
    for heading in ("Also said by", "Other answers in these articles", "Repeated elsewhere"):
        assert heading in page
    assert "88% confident" in page
    assert "Mind." in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_related_answers(browser: Browser, told_client: TestClient, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 740})
    style = (STATIC / "style.css").read_text("utf-8")
    text = told_client.get("/?q=When+did+the+river+rise").text
    styled = text.replace('<link rel="stylesheet" href="/static/style.css">', f"<style>{style}</style>")
    assert style in styled
    page.set_content(styled)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    found = Axe().run(page).response
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
