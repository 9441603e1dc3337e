"""The web form in real Chromium: without scripts, by keyboard, on a phone, in the dark, and checked by axe-core."""

from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from index.catalog import Catalog
from service.deep_link import deep_link
from sources.article import Span

ANSWER = "/?q=How+many+tickets+did+the+Quenchford+circus+sell"
REFUSAL = "/?q=Who+won+the+1998+football+world+cup+final+in+Paris"
STATES = ("/", ANSWER, REFUSAL, "/?q=", "/?q=inspectors&publisher=Quotary+sample", "/articles", "/nothing", "article")
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def address(server: str, state: str, catalog: Catalog) -> str:
    if state != "article":
        return server + state
    stored = next(article for article in catalog.articles() if "Quenchford" in article.title)
    return f"{server}/articles/{stored.id}?start=3&end=40#quote"


def test_ask_and_follow_the_quote_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server)
    page.get_by_label("Your question").fill("How many tickets did the Quenchford circus sell?")
    page.get_by_role("button", name="Ask").click()
    marked = page.locator("mark").first
    assert "41,000" in marked.inner_text()
    page.get_by_role("link", name="Quenchford circus 😀", exact=True).first.click()
    quote = page.locator("mark#quote")
    assert "41,000" in quote.inner_text()
    box = quote.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= page.viewport_size["height"]  # type: ignore[index]
    context.close()


def test_everything_can_be_done_by_keyboard(tab: Page, server: str) -> None:
    tab.goto(server)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    for _ in range(8):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.id") == "q":
            break
    tab.keyboard.type("Who was appointed commissioner?")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    assert tab.get_by_label("Publisher").is_visible()
    tab.get_by_label("Your question").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("mark")
    for _ in range(20):
        tab.keyboard.press("Tab")
        if "start=" in (tab.evaluate("document.activeElement.href") or ""):
            break
    tab.keyboard.press("Enter")
    tab.wait_for_selector("mark#quote")


@pytest.mark.parametrize("state", STATES)
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, server: str, catalog: Catalog, state: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    page.goto(address(server, state, catalog))
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, server: str, catalog: Catalog, state: str, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(address(server, state, catalog))
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    found = Axe().run(page).response
    assert found["passes"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]] == []
    page.close()


def test_dark_mode_is_dark(browser: Browser, server: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(server)
    red, *_ = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert red < 60
    page.close()


def test_hostile_articles_run_nothing(tab: Page, server: str) -> None:
    noise: list[str] = []
    tab.on("dialog", lambda dialog: noise.append(dialog.message))
    tab.on("pageerror", lambda error: noise.append(str(error)))
    tab.on("console", lambda message: noise.append(message.text))
    tab.on("request", lambda request: None if request.url.startswith(server) else noise.append(request.url))
    for path in ("/?q=what+did+the+zorbian+minister+do", "/articles", ANSWER, "/?q=<script>alert(1)</script>"):
        tab.goto(server + path)
        assert tab.title() != "owned"
    assert noise == []


def test_a_deep_link_takes_the_browser_to_the_words(browser: Browser) -> None:
    filler = "".join(f"<p>Nothing of note in paragraph {n}, it fell in 2019.</p>" for n in range(200))
    html = (
        f"<!doctype html><title>t</title>{filler}<p>In the end, it <b>rose</b> in 2019 &amp; stayed - so they say.</p>"
    )
    text = "\n\n".join(
        [f"Nothing of note in paragraph {n}, it fell in 2019." for n in range(200)]
        + ["In the end, it rose in 2019 & stayed - so they say."]
    )
    start = text.index("2019 & stayed - so")
    with _serving(html) as url:
        page = browser.new_page()
        page.goto(str(deep_link(url, text, Span(start, start + len("2019")))))
        page.wait_for_function("window.scrollY > 1000", timeout=5_000)
        page.goto("about:blank")
        page.goto(str(deep_link(url, text, Span(start, start + len("2019 & stayed - so")))))
        page.wait_for_function("window.scrollY > 1000", timeout=5_000)
        page.close()


class _Html(BaseHTTPRequestHandler):
    def __init__(self, body: bytes, *given: Any) -> None:
        self.body = body
        super().__init__(*given)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


class _serving:  # noqa: N801 (reads as a verb)
    def __init__(self, html: str) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Html, html.encode()))

    def __enter__(self) -> str:
        Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/page"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
