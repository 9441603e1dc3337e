import io
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

from rich.console import Console

from eval.compare import compare
from eval.metrics import summarise
from eval.page import page, worst
from eval.report import Heading, as_json, number, print_report
from tests.eval.builders import row, scored

HEADING = Heading("<made>", 2, 3, "hybrid", 10, {"encoder": "words", "reader": "none"})
ROWS = [
    scored("a", confidence=0.9, right=True, values={"hit@1": 1.0, "em": 0.0, "verdict": 1.0}),
    scored("b", confidence=0.7, right=False, values={"hit@1": 0.0, "em": 0.0, "verdict": 1.0}),
    row("c", answerable=False, confidence=0.8, answered=True, quote="a <b>", values={"verdict": 0.0}),
    row("d", answerable=False, confidence=0.1, values={"verdict": 1.0}, quotes=4),
]
BEFORE = [
    scored("a", confidence=0.9, right=False, values={"hit@1": 0.0, "em": 0.0, "verdict": 1.0}),
    scored("b", confidence=0.7, right=True, values={"hit@1": 1.0, "em": 0.0, "verdict": 1.0}),
]


def test_the_terminal_report_names_figures_kinds_and_changes() -> None:
    out = io.StringIO()
    print_report(Console(file=out, width=120), HEADING, summarise(ROWS), compare(BEFORE, ROWS))
    text = out.getvalue()
    assert "<made>: 2 articles, 3 passages; hybrid retrieval; encoder words, reader none" in text
    assert "4 questions, 2 of them unanswerable" in text
    assert "hit@1 fixed: a What is a?" in text
    assert "hit@1 broken: b What is b?" in text
    assert "4 of 4 quotes, sentences and passages are exactly the source's words" in text
    assert "0 questions only in the baseline, 2 only here" in text


def test_a_share_is_not_rounded_up_to_one() -> None:
    assert [number(value) for value in (1.0, 0.99999, 0.5, 0.0)] == ["1.0000", "0.9999", "0.5000", "0.0000"]


def test_the_json_summary_has_figures_and_changes() -> None:
    found = as_json(HEADING, summarise(ROWS), compare(BEFORE, ROWS))
    assert found["corpus"] == "<made>"
    assert found["metrics"]["hit@1"]["value"] == 0.5
    assert found["metrics"]["hit@1"]["n"] == 2
    assert found["baseline"]["changes"][0]["fixed"] == ["a"]
    assert found["baseline"]["changes"][0]["broken"] == ["b"]
    assert as_json(HEADING, summarise(ROWS), None)["baseline"] is None


def test_the_worst_failures_are_the_most_confident() -> None:
    assert [it.id for it in worst(ROWS)] == ["a", "c", "b"]  # a is right, but refused


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not any(name in ("src", "href") for name, _ in attrs), "the page must need nothing else"
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_escapes_what_it_shows() -> None:
    text = page(HEADING, summarise(ROWS), ROWS, compare(BEFORE, ROWS))
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    assert outline.seen.count("svg") == 2
    assert outline.seen.count("circle") == 4  # bins with questions: 0.1, 0.7, 0.8, 0.9
    assert "script" not in outline.seen
    assert "&lt;made&gt;" in text
    assert "a &lt;b&gt;" in text
    assert "a <b>" not in text
    for chart in text.split("<figure>")[1:]:
        ET.fromstring(chart.split("<figcaption>")[0])  # noqa: S314 (our own text)
