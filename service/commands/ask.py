"""ask and verify: questions and the proof of their answers."""

import json
import sys
import uuid
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.session import open_collection, settings, tell
from sources.errors import QuestionError

if TYPE_CHECKING:
    from rich.console import Console

    from qa.answer import Answer, Result
    from qa.hit import Hit

DOES_NOT_HOLD = 1
NO_ANSWER = 3


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("ask")(ask)
    app.command("verify")(verify)


def ask(
    question: Annotated[str, typer.Argument(help="In quotation marks.")],
    *,
    top_k: Annotated[int, typer.Option(help="How many passages, 1 to 50.")] = 5,
    publisher: Annotated[list[str] | None, typer.Option(help="Only this publisher; may be repeated.")] = None,
    from_: Annotated[str, typer.Option("--from", metavar="DAY", help="Published on this day or later.")] = "",
    to: Annotated[str, typer.Option("--to", metavar="DAY", help="Published on this day or earlier.")] = "",
    article: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this article; may be repeated.")] = None,
    as_of: Annotated[str, typer.Option(metavar="DAY", help="As if asked on this day.")] = "",
    reader: Annotated[str, typer.Option(help="'none' leaves out the reader: retrieval alone.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="The response of the HTTP API.")] = False,
) -> None:
    """Ask a question. Exit status 3 when the articles do not answer."""
    from index.filters import Filters
    from qa.question import Question
    from service.build import open_pipeline

    if reader not in ("default", "none"):
        raise QuestionError("reader", f"{reader!r} is not known; use default or none")
    filters = Filters(tuple(publisher or ()), _day("--from", from_), _day("--to", to), tuple(article or ()))
    checked = Question(question, top_k, filters, _day("--as-of", as_of))
    chosen = settings()
    with open_collection(chosen) as catalog:
        result = open_pipeline(chosen, catalog, reader, tell).ask(checked)
    if as_json:
        from service.wire import ask_response

        print(json.dumps(ask_response(result, uuid.uuid4().hex), ensure_ascii=False, indent=2))
    else:
        _print(result)
    if not result.answerable:
        raise typer.Exit(NO_ANSWER)


def verify(
    file: Annotated[Path, typer.Argument(help="What 'ask --json' printed; '-' reads standard input.")] = Path("-"),
) -> None:
    """Check every quote of a response against the stored articles. Exit status 1 when one does not hold."""
    from service.verify import verify as check

    quotes = _quotes(_load(file))
    failed = 0
    with open_collection(settings()) as catalog:
        for quote in quotes:
            article = catalog.article(quote["article_id"])
            verdict = check(
                article, start=quote["start"], end=quote["end"], quote=quote["quote"], sha256=quote["sha256"]
            )
            failed += not verdict.holds
            place = f"{article.id}[{quote['start']}:{quote['end']}]"
            print(f"{'holds' if verdict.holds else 'FAILS'}  {place}  {verdict.reason}")
    print(f"{len(quotes) - failed:,} of {len(quotes):,} quotes hold")
    if failed:
        raise typer.Exit(DOES_NOT_HOLD)


def _day(option: str, value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QuestionError(option, f"{value!r} is not a day; write it as 2022-02-28") from error


def _load(file: Path) -> Any:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
        return json.loads(text)
    except (OSError, ValueError) as error:
        raise QuestionError(str(file), f"is not the JSON that 'quotary ask --json' prints ({error})") from error


def _quotes(response: Any) -> list[dict[str, Any]]:
    """Every quote and passage of a response as the fields to verify."""
    try:
        related = ("agrees_with", "conflicts_with", "duplicates")
        answers = [
            quote
            for answer in response["answers"]
            for quote in (answer, *(other for name in related for other in answer[name]))
        ]
        return [
            {
                "article_id": str(item["article_id"]),
                "start": int(item["start"]),
                "end": int(item["end"]),
                "quote": str(item["quote"] if "quote" in item else item["text"]),
                "sha256": str(item["article_sha256"]),
            }
            for item in (*answers, *response["passages"])
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise QuestionError("verify", f"this is not a response of 'quotary ask --json' ({error!r})") from error


def _print(result: "Result") -> None:
    from rich.console import Console
    from rich.markup import escape

    from qa.answer import NoAnswer

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    for warning in result.warnings:
        console.print(f"[dim]{escape(warning)}[/]")
    if isinstance(result.outcome, NoAnswer):
        console.print(f"[bold]No answer in these articles.[/] {escape(result.outcome.reason)}")
        for hit in result.outcome.nearest:
            _print_hit(console, hit)
        return
    for place, answer in enumerate(result.outcome, 1):
        _print_answer(console, answer, place)


def _print_answer(console: "Console", answer: "Answer", place: int) -> None:
    from rich.text import Text

    text, sentence = answer.article.text, answer.sentence
    begin, end = min(sentence.start, answer.start), max(sentence.end, answer.end)
    quote = Text(f"\n{place}. “")
    quote.append(text[begin : answer.start])
    quote.append(answer.quote, style="bold underline")
    quote.append(text[answer.end : end] + "”")
    console.print(quote)
    console.print(Text(f"   {_byline(answer)} · {answer.confidence:.0%} confident", style="dim"))
    for label, others in (
        ("also in", answer.agrees_with),
        ("differs", answer.conflicts_with),
        ("repeated in", answer.duplicates),
    ):
        for other in others:
            console.print(Text(f"   {label}: “{other.quote}” {_byline(other)}", style="dim"))


def _print_hit(console: "Console", hit: "Hit") -> None:
    from rich.text import Text

    passage = Text(f"\n{hit.rank}. {hit.text}")
    shift = len(f"\n{hit.rank}. ") - hit.passage.start
    for span in hit.highlights:
        passage.stylize("underline", span.start + shift, span.end + shift)
    console.print(passage)
    console.print(Text(f"   {_byline(hit)}", style="dim"))


def _byline(item: "Answer | Hit") -> str:
    article = item.article
    day = article.published_at.isoformat() if article.published_at else None
    return " · ".join(part for part in (article.title, article.publisher, day, article.id) if part)
