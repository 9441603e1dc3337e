"""Take the README's example and screenshot anew from a real server over the bundled sample: `make docs`."""

import json
import os
import re
import shutil
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import sync_playwright

from service.app import create_app
from service.build import open_catalog, open_pipelines
from service.listen import listen
from service.settings import Settings
from sources.article import Article
from sources.files import read_paths
from sources.sample import sample_directory

ROOT = Path(__file__).resolve().parent.parent
QUERY = "q=When+was+the+improvement+notice+issued%3F"
BLOCK = re.compile(r"(?<=<!-- output: made by docs/refresh.py -->\n```json\n).*?(?=```\n)", re.DOTALL)


def main() -> None:
    """Write README.md and docs/screenshot.png."""
    with tempfile.TemporaryDirectory() as directory:
        kept = {name: value for name, value in os.environ.items() if name in ("QUOTARY_CACHE", "XDG_CACHE_HOME")}
        settings = Settings.from_mapping({**kept, "QUOTARY_DATA": directory})
        with open_catalog(settings, print) as catalog, listen("127.0.0.1", 0) as listening:
            found = read_paths([sample_directory()], datetime.now(UTC))
            catalog.add(item for item in found if isinstance(item, Article))
            app = create_app(settings, catalog, open_pipelines(settings, catalog))
            server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                address = f"http://127.0.0.1:{listening.getsockname()[1]}"
                write_example(httpx.get(f"{address}/v1/ask?{QUERY}&top_k=1", timeout=60).json())
                take_screenshot(f"{address}/?{QUERY}")
            finally:
                server.should_exit = True
                thread.join()


def write_example(response: Any) -> None:
    """Put the response into the README."""
    readme = ROOT / "README.md"
    output = json.dumps(response, indent=2, ensure_ascii=False) + "\n"
    readme.write_text(BLOCK.sub(lambda _: output, readme.read_text("utf-8")), "utf-8")


def take_screenshot(url: str) -> None:
    """Show the page to a real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 760}, color_scheme="light")
        page.goto(url)
        page.screenshot(path=ROOT / "docs" / "screenshot.png")
        browser.close()


if __name__ == "__main__":
    main()
