"""add, remove, list, show, reindex: what is in the collection."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.session import open_collection, progress_bar, settings, tell
from sources.article import Article
from sources.errors import SourceError

if TYPE_CHECKING:
    from index.catalog import Catalog
    from index.report import AddReport

SOME_FAILED = 1
PAGE = 500
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    for name, command in (("add", add), ("remove", remove), ("list", list_), ("show", show), ("reindex", reindex)):
        app.command(name)(command)


def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files (.txt .md .html .jsonl) and folders.")],
) -> None:
    """Add articles from files and folders. The same thing again changes nothing; changed content replaces."""
    with open_collection(settings()) as catalog:
        report, failed = add_paths(catalog, paths)
    print(
        f"{len(report.added):,} added, {len(report.replaced):,} replaced, {len(report.unchanged):,} unchanged"
        + (f", {failed:,} failed" if failed else "")
    )
    if failed:
        raise typer.Exit(SOME_FAILED)


def remove(ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As 'quotary list' shows them.")]) -> None:
    """Remove articles: all that are named or, where one is unknown, none."""
    with open_collection(settings()) as catalog:
        catalog.remove(ids)
    print(f"{len(set(ids)):,} removed")


def list_(as_json: AsJson = False) -> None:
    """List the articles: id, date, publisher, title, separated by tabs."""
    with open_collection(settings()) as catalog:
        for article in _all(catalog):
            if as_json:
                from service.wire import article_item

                print(json.dumps(article_item(article), ensure_ascii=False))
            else:
                day = article.published_at.isoformat() if article.published_at else "-"
                print(article.id, day, article.publisher or "-", _line(article.title), sep="\t")


def show(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="As 'quotary list' shows it.")],
    as_json: AsJson = False,
) -> None:
    """Show one article with its text."""
    with open_collection(settings()) as catalog:
        article = catalog.article(article_id)
    if as_json:
        from service.wire import article_full

        print(json.dumps(article_full(article), ensure_ascii=False))
        return
    facts = {
        "Publisher": article.publisher,
        "Author": article.author,
        "Published": article.published_at,
        "URL": article.url,
        "Read from": article.origin,
        "SHA-256": article.sha256,
    }
    print(article.title)
    for name, value in facts.items():
        if value:
            print(f"{name}: {value}")
    print(f"\n{article.text}")


def reindex() -> None:
    """Cut every article into passages anew and rebuild both indexes from them."""
    with open_collection(settings()) as catalog:
        with progress_bar("Indexing passages", None) as update:
            catalog.reindex(update)
        status = catalog.status()
    print(f"{status.articles:,} articles, {status.passages:,} passages, generation {status.generation}")


def add_paths(catalog: "Catalog", paths: Sequence[Path]) -> tuple["AddReport", int]:
    """Add what is in `paths`, with a progress bar; each failure is one line on stderr, and counted."""
    from sources.files import read_paths

    failures: list[SourceError] = []

    def readable() -> Iterator[Article]:
        for item in read_paths(paths, datetime.now(UTC)):
            if isinstance(item, SourceError):
                failures.append(item)
                tell(str(item))
            else:
                yield item

    with progress_bar("Adding articles", None) as update:
        report = catalog.add(readable(), lambda articles, _passages: update(articles, None))
    return report, len(failures)


def _all(catalog: "Catalog") -> Iterator[Article]:
    after = ""
    while page := catalog.articles(after, PAGE):
        yield from page
        after = page[-1].id


def _line(text: str) -> str:
    """For a line of a table: control characters could move a terminal's cursor."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8")
