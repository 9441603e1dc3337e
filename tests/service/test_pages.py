"""The web form's pages, as HTML: states, escaping, links, exact marks."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from index.catalog import Catalog
from index.encoder import Encoder
from service.app import create_app
from service.build import open_pipelines
from service.settings import Settings

SCRIPT = "<script>document.title='owned'</script>"
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Outline(HTMLParser):
    """Checks that tags nest, and gathers marks, links and ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.marks: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "mark":
            self.marks.append("")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "mark" in self.open:
            self.marks[-1] += data


def page(client: TestClient, path: str, status: int = 200) -> tuple[str, Outline]:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    outline = Outline(response.text)
    assert "script" not in outline.tags
    assert not re.search(r"<[^>]*\s(?:on\w+|style)=", response.text)
    assert len(outline.ids) == len(set(outline.ids))
    assert all(link.startswith(("/", "#", "https://", "http://")) for link in outline.links)
    return response.text, outline


def test_the_empty_page_offers_questions_that_work(client: TestClient) -> None:
    text, outline = page(client, "/")
    assert "Ask the articles" in text
    examples = [unescape(link) for link in outline.links if link.startswith("/?q=")]
    assert len(examples) >= 3
    for example in examples:
        assert page(client, example)[1].marks


def test_an_answer_is_marked_in_its_passage_with_its_source(client: TestClient) -> None:
    text, outline = page(client, "/?q=How+many+tickets+did+the+Quenchford+circus+sell")
    assert any("41,000" in mark for mark in outline.marks)
    assert "Circus Gazette" in text
    assert "2 January 2020" in text
    assert any(link.startswith("https://news.example/quenchford?a=1#top:~:text=") for link in outline.links)
    assert any(re.fullmatch(r"/articles/[^?]+\?start=\d+&end=\d+#quote", unescape(link)) for link in outline.links)


def test_a_refusal_is_plain_and_keeps_the_nearest_apart(client: TestClient) -> None:
    text, _ = page(client, "/?q=Who+won+the+1998+football+world+cup+final+in+Paris")
    assert "No answer in these articles" in text
    assert "The nearest passages, which do not answer" in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=", "the question is empty"),
        ("q=" + "x" * 1_001, "1,001 characters; at most 1,000"),
        ("q=a%00b", "control character U+0000"),
        ("q=rain&from=May", "&#39;May&#39; is not a day"),
        ("q=rain&from=2022-02-02&to=2021-01-01", "2022-02-02 is after"),
    ],
)
def test_a_wrong_question_is_explained_beside_the_box(client: TestClient, query: str, message: str) -> None:
    text, outline = page(client, f"/?{query}", 422)
    assert message in text
    assert 'aria-invalid="true" aria-describedby="error"' in text
    assert "error" in outline.ids


def test_what_was_typed_is_shown_again_and_never_as_markup(client: TestClient) -> None:
    text, _ = page(client, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&publisher=%3Cb%3E&from=2020-01-01&utm_source=x")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<option selected>&lt;b&gt;</option>" in text
    assert 'value="2020-01-01"' in text


def test_filters_reach_the_question(client: TestClient) -> None:
    text, _ = page(client, "/?q=what+happened+to+the+minister&publisher=Circus+Gazette")
    assert "Quenchford circus" in text
    assert "zorbian" not in text.lower()


def test_hostile_articles_stay_text(client: TestClient) -> None:
    for path in ("/?q=what+did+the+zorbian+minister+do", "/articles"):
        text, outline = page(client, path)
        assert "&lt;script&gt;" in text
        assert "img" not in outline.tags
        assert not any("javascript" in link for link in outline.links)


def test_an_article_shows_every_word_and_marks_exactly_the_range(client: TestClient, catalog: Catalog) -> None:
    for article in catalog.articles():
        _, plain = page(client, f"/articles/{article.id}")
        assert plain.marks == []
        assert "quote" not in plain.ids
        middle = len(article.text) // 2
        text, marked = page(client, f"/articles/{article.id}?start={middle}&end={middle + 40}#quote")
        assert marked.ids.count("quote") == 1
        shown = "".join("".join(mark.split()) for mark in marked.marks)
        assert shown == "".join(article.text[middle : middle + 40].split())
        body = re.sub(r"<[^>]+>", "", text.split('<div class="text"')[1].split("</div>")[0])
        words = "".join(unescape(body).split("\n", 1)[1].split())
        assert words.removeprefix(title := "".join(article.title.split())) == "".join(
            article.text.split()
        ).removeprefix(title)


@pytest.mark.parametrize(
    "query", ["start=1", "start=a&end=b", "start=5&end=5", "start=9&end=99999999", "start=-1&end=4"]
)
def test_a_range_that_is_none_is_a_plain_problem_page(client: TestClient, catalog: Catalog, query: str) -> None:
    text, _ = page(client, f"/articles/{catalog.articles()[0].id}?{query}", 422)
    assert "start" in text


def test_unknown_places_are_pages_too(client: TestClient) -> None:
    assert "no article has the id" in page(client, "/articles/none", 404)[0]
    assert "There is nothing at this address" in page(client, "/nothing/here", 404)[0]


def test_an_empty_collection_says_how_to_fill_it(empty_settings: Settings, encoder: Encoder) -> None:
    with Catalog.open(empty_settings.data, encoder) as catalog:
        client = TestClient(create_app(empty_settings, catalog, open_pipelines(empty_settings, catalog)))
        assert "No articles yet" in page(client, "/")[0]
        assert "The collection is empty" in page(client, "/?q=anything")[0]
        assert "0 articles" in page(client, "/articles")[0]


def test_the_list_of_articles_goes_on(client: TestClient, catalog: Catalog) -> None:
    _, outline = page(client, "/articles")
    assert sum(link.startswith("/articles/") for link in outline.links) == min(50, catalog.count())
    after = catalog.articles()[2].id
    assert sum(link.startswith("/articles/") for link in page(client, f"/articles?after={after}")[1].links) == (
        catalog.count() - 3
    )
