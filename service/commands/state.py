"""status and doctor: how the collection is."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from service.commands.session import open_collection, progress_bar, settings
from sources.article import text_sha256

SOMETHING_WRONG = 1
PAGE = 500


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("status")(status)
    app.command("doctor")(doctor)


def status(as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False) -> None:
    """Show directory, counts, model and settings. Opening checks every file and repairs what can be repaired."""
    chosen = settings()
    with open_collection(chosen) as catalog:
        found = catalog.status()
    if as_json:
        print(json.dumps({**asdict(found), "reader": chosen.reader}, ensure_ascii=False))
        return
    lines = {
        "Directory": found.directory,
        "Articles": f"{found.articles:,}",
        "Passages": f"{found.passages:,}",
        "Generation": found.generation,
        "Model": f"{found.model} ({found.dimension} dimensions, {found.fingerprint[:16]}), on {found.runtime}",
        "Reader": chosen.reader,
    }
    for name, value in lines.items():
        print(f"{name + ':':<12}{value}")
    for warning in found.warnings:
        print(f"Repaired:   {warning}")


def doctor() -> None:
    """Read everything through: the database, every index file, every article's checksum. Exit status 1 on damage."""
    wrong = 0
    with open_collection(settings()) as catalog:
        found = catalog.status()
        store = catalog.snapshot().store
        store.check()
        with progress_bar("Checking articles", found.articles) as update:
            done, after = 0, ""
            while page := store.articles(after, PAGE):
                for article in page:
                    if text_sha256(article.text) != article.sha256:
                        wrong += 1
                        print(f"damaged: {article.id}: the text no longer has its checksum; add the article again")
                done, after = done + len(page), page[-1].id
                update(done, None)
    for warning in found.warnings:
        print(f"repaired: {warning}")
    print(f"{found.articles:,} articles and {found.passages:,} passages checked, {wrong:,} damaged")
    if wrong:
        raise typer.Exit(SOMETHING_WRONG)
