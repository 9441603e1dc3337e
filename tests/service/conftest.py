"""The real application over the bundled sample and a few hostile articles: in process, over a socket, in a browser."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright

from index.catalog import Catalog
from index.encoder import Encoder
from service.app import create_app
from service.build import open_encoder, open_pipelines
from service.listen import listen
from service.settings import Settings
from sources.article import Article
from sources.files import read_paths
from sources.sample import sample_directory

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def hostile_articles() -> list[Article]:
    """Markup in every field, astral and right-to-left characters, a word without end, a link that is script."""
    script = "<script>document.title='owned'</script>"
    return [
        Article.create(
            name="markup",
            origin="test:markup",
            title=f"Zorbian markup {script}",
            text=f"The zorbian minister {script} resigned on 3 May 2021 <b onclick=alert(1)>today</b> & said nothing.",
            url="javascript:alert(1)",
            publisher=f"Evil {script}",
            author='"><img src=x onerror=alert(1)>',
            published_at=date(2021, 5, 4),
            added_at=NOW,
        ),
        Article.create(
            name="astral",
            origin="test:astral",
            title="Quenchford circus 😀",
            text="😀😀 The Quenchford circus 🎪 sold 41,000 tickets 🎟️ in its first week. مرحبا بالعالم في السيرك. "
            + "W" * 400,
            url="https://news.example/quenchford?a=1#top",
            publisher="Circus Gazette",
            published_at=date(2020, 1, 2),
            added_at=NOW,
        ),
    ]


def sample_articles() -> list[Article]:
    """The bundled briefs."""
    return [item for item in read_paths([sample_directory()], NOW) if isinstance(item, Article)]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("data")
    kept = {name: value for name, value in os.environ.items() if name in ("QUOTARY_CACHE", "XDG_CACHE_HOME")}
    return Settings.from_mapping({**kept, "QUOTARY_DATA": str(data)})


@pytest.fixture(scope="session")
def encoder(settings: Settings) -> Encoder:
    return open_encoder(settings, print)


@pytest.fixture(scope="session")
def catalog(settings: Settings, encoder: Encoder) -> Iterator[Catalog]:
    with Catalog.open(settings.data, encoder) as opened:
        opened.add([*sample_articles(), *hostile_articles()])
        yield opened


@pytest.fixture(scope="session")
def app(settings: Settings, catalog: Catalog) -> FastAPI:
    return create_app(settings, catalog, open_pipelines(settings, catalog), now=lambda: NOW)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def server(app: FastAPI) -> Iterator[str]:
    """The address of a real server on a free port."""
    with listen("127.0.0.1", 0) as listening:
        running = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        deadline = time.monotonic() + 30
        while not running.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
        yield address
        running.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: nothing of the web form was tried in a browser")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def empty_settings(tmp_path: Path, settings: Settings) -> Settings:
    return Settings.from_mapping({"QUOTARY_DATA": str(tmp_path / "data"), "QUOTARY_CACHE": str(settings.cache)})
