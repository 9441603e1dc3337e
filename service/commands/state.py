"""status and doctor: how the collection is."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from service.commands.session import open_collection, settings

SOMETHING_WRONG = 1


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("status")(status)


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
        "Model": f"{found.model} ({found.dimension} dimensions, {found.fingerprint[:16]})",
        "Reader": chosen.reader,
    }
    for name, value in lines.items():
        print(f"{name + ':':<12}{value}")
    for warning in found.warnings:
        print(f"Repaired:   {warning}")
