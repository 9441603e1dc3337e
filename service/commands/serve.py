"""serve: the web form and the HTTP API."""

from contextlib import closing
from dataclasses import replace
from typing import Annotated

import typer

from service.commands.session import open_collection, settings, tell
from service.listen import listen


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; QUOTARY_HOST, else 127.0.0.1.")] = "",
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="QUOTARY_PORT, else 8000.")] = None,
    with_sample: Annotated[bool, typer.Option("--with-sample", help="First add the bundled news briefs.")] = False,
) -> None:
    """Serve the web form and the HTTP API until Ctrl-C."""
    chosen = settings()
    chosen = replace(chosen, host=host or chosen.host, port=chosen.port if port is None else port)
    with closing(listen(chosen.host, chosen.port)) as listening, open_collection(chosen) as catalog:
        import uvicorn

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
        uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[listening])


def _shown(host: str) -> str:
    """An IPv6 address stands in brackets in a URL."""
    return f"[{host}]" if ":" in host else host
