"""Several server processes over one collection, as `quotary serve --workers` runs them."""

import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from service.build import open_models
from service.processes import Application, beforehand
from service.settings import Settings
from sources.errors import QuotaryError, SourceError

WORKERS = 2
ASKS = 24
QUESTION = {"q": "What became of the quenchberry?", "reader": "none"}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[subprocess.Popen[str]]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    data = tmp_path_factory.mktemp("workers")
    environment = {**kept, "QUOTARY_DATA": str(data), "QUOTARY_CACHE": str(settings.cache), "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", "0", "--with-sample"],
        env={**environment, "QUOTARY_WORKERS": str(WORKERS)},
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as started:
        yield started
        started.kill()


@pytest.fixture(scope="module")
def address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"open (http://127\.0\.0\.1:\d+)/", line):
            return found[1]
    pytest.fail("the server ended before it was ready")


def everyone(address: str) -> list[httpx.Response]:
    """The same question over a new connection each, many at once, so that all processes take some."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: httpx.get(f"{address}/v1/ask", params=QUESTION, timeout=60), range(ASKS)))


def test_all_see_what_one_has_stored(address: str) -> None:
    assert {answer.json()["passages"][0]["source"]["title"] for answer in everyone(address)} != {"Harvest"}
    article = {"title": "Harvest", "text": "The quenchberry was eaten by birds."}
    stored = httpx.post(f"{address}/v1/articles", json=article, timeout=60)
    assert stored.status_code == 201
    answers = [answer.json() for answer in everyone(address)]
    assert {answer["passages"][0]["source"]["title"] for answer in answers} == {"Harvest"}
    assert {answer["index_generation"] for answer in answers} == {stored.json()["index_generation"]}


def test_counts_are_those_of_all_processes(address: str) -> None:
    def counted() -> float:
        line = r'^quotary_questions_total{outcome="\w+"} (\S+)$'
        text = httpx.get(f"{address}/metrics", timeout=60).text
        assert "quotary_articles " in text
        return sum(float(number) for number in re.findall(line, text, re.MULTILINE))

    before = counted()
    everyone(address)
    assert {counted() for _ in range(8)} == {before + ASKS}


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_processes_are_forks_that_share_the_loaded_models(process: subprocess.Popen[str], address: str) -> None:
    command = cmdline(str(process.pid))
    assert [cmdline(str(pid)) for pid in serving(process)] == [command] * WORKERS


def test_where_there_is_no_fork_the_models_stay_behind(settings: Settings) -> None:
    loaded = Application(settings, open_models(settings, print))
    assert pickle.loads(pickle.dumps(loaded)) == Application(settings, None)  # noqa: S301 (our own object)


def test_what_is_wrong_beforehand_is_told_in_its_own_words() -> None:
    with pytest.raises(QuotaryError, match=r"^the tray: there is no bread$"):
        beforehand(partial(complain, "the tray"))
    beforehand(partial(complain, ""))


def complain(origin: str) -> None:
    if origin:
        raise SourceError(origin, "there is no bread")


def test_a_process_that_dies_is_replaced_and_nobody_notices_for_long(
    process: subprocess.Popen[str], address: str
) -> None:
    first = serving(process)
    assert len(first) == WORKERS
    os.kill(first[0], signal.SIGKILL)
    assert all(answer.status_code == 200 for answer in everyone(address))
    deadline = time.monotonic() + 30
    while (first[0] in serving(process) or len(serving(process)) < WORKERS) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(serving(process)) == WORKERS
    assert first[0] not in serving(process)


def test_ctrl_c_stops_all_quietly(process: subprocess.Popen[str], address: str) -> None:
    assert process.stderr is not None
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(30) == 130
    assert "Traceback" not in rest
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/healthz")


def serving(process: subprocess.Popen[str]) -> list[int]:
    """The ids of the processes that serve."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list a process's children")
    return [int(pid) for pid in children.read_text("ascii").split() if b"resource_tracker" not in cmdline(pid)]


def cmdline(pid: str) -> bytes:
    """The command of a process; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
