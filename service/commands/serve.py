"""serve: the web form and the HTTP API."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
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
        port_in_use = listening[0].getsockname()[1]
        if chosen.workers == 1:
            with _ready(chosen, port_in_use, with_sample=with_sample) as app:
                from service.processes import serve_alone

                serve_alone(app, listening[0])
        else:
            from service.processes import beforehand, serve_together

            beforehand(partial(_try, chosen, port_in_use, with_sample=with_sample))
            serve_together(chosen, listening)


def _try(chosen: Settings, port: int, *, with_sample: bool) -> None:
    """Open everything once: what is wrong is told once, and what takes long, such as a rebuild, is done once."""
    with _ready(chosen, port, with_sample=with_sample):
        pass


@contextmanager
def _ready(chosen: Settings, port: int, *, with_sample: bool) -> Iterator["FastAPI"]:
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
        tell(f"{catalog.count():,} articles from {chosen.data}; open http://{_shown(chosen.host)}:{port}/")
        yield app


def _shown(host: str) -> str:
    """An IPv6 address stands in brackets in a URL."""
    return f"[{host}]" if ":" in host else host
