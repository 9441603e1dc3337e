"""The README tells the truth: its example, its settings, its commands."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from service.app import create_app
from service.build import open_catalog, open_pipelines
from service.cli import app
from service.settings import Settings
from sources.article import Article
from sources.files import read_paths
from sources.sample import sample_directory
from tests.fakes import WHEN

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_is_what_the_sample_gives_today(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    shown = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])  # type: ignore[index]
    path = re.search(r"curl 'http://127.0.0.1:8000(.*)'", README)
    assert path
    settings = Settings.from_mapping({"QUOTARY_DATA": str(tmp_path)})
    with open_catalog(settings, print) as catalog:
        catalog.add(item for item in read_paths([sample_directory()], WHEN) if isinstance(item, Article))
        client = TestClient(create_app(settings, catalog, open_pipelines(settings, catalog)))
        given = client.get(path[1]).json()

    assert set(shown) == set(given)
    assert shown["answerable"] == given["answerable"]
    for ours, theirs in zip(shown["answers"], given["answers"], strict=True):
        for name in ("quote", "article_id", "start", "end", "article_sha256", "sentence", "context", "source"):
            assert ours[name] == theirs[name], "run 'make docs'"
        assert ours["confidence"] == pytest.approx(theirs["confidence"], abs=0.15), "run 'make docs'"


def test_every_setting_and_no_other_is_listed() -> None:
    listed = set(re.findall(r"`(QUOTARY_[A-Z]+)`", README))
    assert listed == {f"QUOTARY_{field.name.upper()}" for field in fields(Settings)}


def test_every_command_that_is_shown_exists() -> None:
    names = set(get_command(app).commands) | {"eval"}  # type: ignore[attr-defined]
    shown = {word for line in re.findall(r"quotary ([a-z]+)", README) for word in [line]}
    assert shown - {"status", "sample"} <= names
    assert {"add", "ask", "verify", "serve", "eval"} <= shown


def test_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"\bmake ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_to_files_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).is_file(), target
