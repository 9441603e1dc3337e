"""Running the application with uvicorn (the only file that imports it): in this process, or in several.

A process of its own has an interpreter lock of its own. Nothing is handed over but the listening socket and the
environment; each process maps the same index files, and sees what another one stores as soon as it is committed.
"""

import os
import tempfile
from socket import socket

from fastapi import FastAPI
from uvicorn import Config, Server
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from service.app import create_app
from service.build import open_catalog, open_pipelines
from service.settings import Settings

# prometheus-client's own name: with it set before the library is loaded, counts are kept in files there, and any
# process can add up those of all.
METRICS_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"


def serve_alone(app: FastAPI, listening: socket) -> None:
    """Serve on a socket in this process until told to stop.

    Raises:
        KeyboardInterrupt: it was Ctrl-C.
    """
    Server(Config(app, log_level="warning", server_header=False)).run(sockets=[listening])


def application() -> FastAPI:
    """The application of one process of several, from its environment; closes what it opened when the server stops."""
    settings = Settings.from_mapping(os.environ)
    catalog = open_catalog(settings, lambda _: None)
    pipelines = open_pipelines(settings, catalog)
    return create_app(settings, catalog, pipelines, shared_metrics=True, stopped=catalog.close)


class _Supervisor(Multiprocess):
    """Starts the processes, starts one that died anew, and remembers whether Ctrl-C ended them."""

    interrupted = False

    def init_processes(self) -> None:
        """Start each with a socket of its own. One that takes a dead one's place later gets all of them."""
        for number in range(self.processes_num):
            process = Process(self.config, [self.sockets[number % len(self.sockets)]])
            process.start()
            self.processes.append(process)

    def handle_int(self) -> None:
        """Stop, for Ctrl-C."""
        self.interrupted = True
        super().handle_int()


def serve_together(listening: list[socket], workers: int) -> None:
    """Serve with so many processes until told to stop, each on a socket of its own where there are as many.

    Raises:
        KeyboardInterrupt: it was Ctrl-C.
    """
    config = Config(f"{__name__}:application", factory=True, workers=workers, log_level="warning", server_header=False)
    with tempfile.TemporaryDirectory(prefix="quotary-metrics-") as directory:
        os.environ[METRICS_DIRECTORY] = directory
        supervisor = _Supervisor(config, sockets=listening)
        supervisor.run()
    if supervisor.interrupted:
        raise KeyboardInterrupt
