"""Running the application with uvicorn (the only file that imports it): in this process, or in several.

Several: a process of its own has an interpreter lock of its own. Where the system can fork, the models are loaded once
before that, so that all processes read the same memory and the processor's caches hold it once. Each opens the
collection for itself, mapping the same index files, and sees what another one stores as soon as it is committed.
"""

import gc
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from socket import socket
from typing import Any

from fastapi import FastAPI
from uvicorn import Config, Server
from uvicorn.supervisors.multiprocess import SIGNALS, Multiprocess, Process

from service.build import Models, open_catalog, open_models, pipelines
from service.settings import Settings
from sources.errors import QuotaryError

# prometheus-client's own name: with it set before the library is loaded, counts are kept in files there, and any
# process can add up those of all.
METRICS_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
_QUIET: dict[str, Any] = {"log_level": "warning", "access_log": False, "server_header": False}
# A macOS program that has used the system's libraries cannot fork safely; Windows cannot at all.
START: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def serve_alone(app: FastAPI, listening: socket) -> None:
    """Serve on a socket in this process until told to stop.

    Raises:
        KeyboardInterrupt: it was Ctrl-C.
    """
    Server(Config(app, **_QUIET)).run(sockets=[listening])


def beforehand(work: Callable[[], None]) -> None:
    """Do work in a process that ends with it: threads that libraries start for it here would not survive a fork.

    Raises:
        QuotaryError: the work raised one; with its words.
    """
    with ProcessPoolExecutor(1, START) as pool:
        if complaint := pool.submit(_complaint, work).result():
            raise QuotaryError(complaint)


def serve_together(settings: Settings, listening: list[socket]) -> None:
    """Serve with `settings.workers` processes until told to stop, each on a socket of its own where there are as many.

    Raises:
        ModelError: a model of the settings cannot be loaded.
        KeyboardInterrupt: it was Ctrl-C.
    """
    with tempfile.TemporaryDirectory(prefix="quotary-metrics-") as directory:
        os.environ[METRICS_DIRECTORY] = directory
        application = Application(settings, _shared_models(settings))
        config = Config(application, factory=True, workers=settings.workers, **_QUIET)
        supervisor = _Supervisor(config, sockets=listening)
        supervisor.run()
    if supervisor.interrupted:
        raise KeyboardInterrupt


@dataclass(frozen=True)
class Application:
    """Makes the application of one process, which closes what it opened when the server stops.

    Attributes:
        settings: of the command that serves.
        models: loaded already; None to load them. They are not copied to a process that is no fork.
    """

    settings: Settings
    models: Models | None

    def __call__(self) -> FastAPI:
        """Open the collection and put the application over it."""
        from service.app import create_app  # loads prometheus-client, which looks for its directory then

        models = self.models or open_models(self.settings, lambda _: None)
        catalog = open_catalog(self.settings, lambda _: None, models.encoder)
        ways = pipelines(models, catalog)
        return create_app(self.settings, catalog, ways, shared_metrics=True, stopped=catalog.close)

    def __reduce__(self) -> tuple[type["Application"], tuple[Settings, None]]:
        """The settings alone."""
        return type(self), (self.settings, None)


class _Supervisor(Multiprocess):
    """Starts the processes, starts one that died anew, and remembers whether Ctrl-C ended them."""

    interrupted = False

    def init_processes(self) -> None:
        """Start each with a socket of its own. One that takes a dead one's place later gets all, and is no fork."""
        gc.freeze()  # a collection writes to every object it looks at, and what is written to is no longer shared
        for number in range(self.processes_num):
            sockets = [self.sockets[number % len(self.sockets)]]
            process = Process(self.config, sockets)
            if isinstance(self.config.app, Application) and self.config.app.models:
                process.process = START.Process(target=_forked, args=(process, sockets))
            process.start()
            self.processes.append(process)

    def handle_int(self) -> None:
        """Stop, for Ctrl-C."""
        self.interrupted = True
        super().handle_int()


def _shared_models(settings: Settings) -> Models | None:
    """The loaded models, for forks; None where there are no forks or a model would not work in one."""
    if START.get_start_method() != "fork":
        return None
    models = open_models(settings, lambda _: None)
    # PyTorch, on which named models may run, starts threads of its own.
    return None if "torch" in sys.modules else models


def _forked(process: Process, sockets: list[socket]) -> None:
    for received in SIGNALS:
        signal.signal(received, signal.SIG_DFL)  # not the supervisor's way; the server sets its own
    with suppress(KeyboardInterrupt):
        process.target(sockets)


def _complaint(work: Callable[[], None]) -> str:
    """What the work complained of; errors of ours do not all survive being sent between processes."""
    try:
        work()
    except QuotaryError as error:
        return str(error)
    return ""
