"""serve: the web form and the HTTP API."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from socket import socket
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.session import open_collection, settings, tell
from service.listen import listen_shared
from service.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; QUOTARY_HOST, else 127.0.0.1.")] = "",
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="QUOTARY_PORT, else 8000.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes to serve with; QUOTARY_WORKERS, else 1.")
    ] = None,
    with_sample: Annotated[bool, typer.Option("--with-sample", help="First add the bundled news briefs.")] = False,
) -> None:
    """Serve the web form and the HTTP API until Ctrl-C."""
    chosen = settings()
    chosen = replace(
        chosen,
        host=host or chosen.host,
        port=chosen.port if port is None else port,
        workers=workers or chosen.workers,
    )
    with ExitStack() as open_sockets:
        listening = [open_sockets.enter_context(one) for one in listen_shared(chosen.host, chosen.port, chosen.workers)]
        if chosen.workers == 1:
            with _ready(chosen, listening[0], with_sample=with_sample) as app:
                from service.processes import serve_alone

                serve_alone(app, listening[0])
        else:
            # Opened once beforehand: what is wrong is told once, and what takes long, such as a rebuild, is done once.
            with _ready(chosen, listening[0], with_sample=with_sample):
                pass
            from service.processes import serve_together

            serve_together(listening, chosen.workers)


@contextmanager
def _ready(chosen: Settings, listening: socket, *, with_sample: bool) -> Iterator["FastAPI"]:
    """The application over the open collection, of which a line is told."""
    with open_collection(chosen) as catalog:
        from service.app import create_app
        from service.build import open_pipelines

        if with_sample:
            from service.commands.collection import add_paths
            from sources.sample import sample_directory

            report, _ = add_paths(catalog, [sample_directory()])
            tell(f"the bundled sample: {len(report):,} articles, {len(report.added):,} of them new")
        app = create_app(chosen, catalog, open_pipelines(chosen, catalog, tell))
        port = listening.getsockname()[1]
        tell(f"{catalog.count():,} articles from {chosen.data}; open http://{_shown(chosen.host)}:{port}/")
        yield app


def _shown(host: str) -> str:
    """An IPv6 address stands in brackets in a URL."""
    return f"[{host}]" if ":" in host else host
