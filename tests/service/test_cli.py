"""The command line as a user runs it: real processes, exit statuses, pipes, one line per error."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from service.settings import Settings

COMMAND = [sys.executable, "-c", "from service.cli import main; main()"]
RAIN = """---
title: Rain at Wexcombe
publisher: Gazette
date: 2021-05-04
---
Rain fell on Wexcombe. The river Ash rose by two metres on 3 May 2021.
"""
QUESTION = "When did the river Ash rise?"


class Cli:
    """Runs `quotary` in a directory of its own."""

    def __init__(self, directory: Path, cache: Path) -> None:
        self.directory = directory
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {
            **kept,
            "QUOTARY_DATA": str(directory / "data"),
            "QUOTARY_CACHE": str(cache),
            "HF_HUB_OFFLINE": "1",
            "COLUMNS": "200",
        }

    def __call__(self, *words: str, status: int = 0, stdin: str = "", **environment: str) -> tuple[str, str]:
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=self.directory,
            env={**self.environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr + done.stdout
        assert "Traceback" not in done.stderr
        return done.stdout, done.stderr


@pytest.fixture
def cli(tmp_path: Path, settings: Settings, encoder: object) -> Cli:
    (tmp_path / "rain.md").write_text(RAIN, "utf-8")
    return Cli(tmp_path, settings.cache)


def test_from_a_file_to_a_verified_answer_and_back(cli: Cli) -> None:
    assert cli("add", "rain.md")[0] == "1 added, 0 replaced, 0 unchanged\n"
    assert cli("add", "rain.md")[0] == "0 added, 0 replaced, 1 unchanged\n"
    article_id, day, publisher, title = cli("list")[0].rstrip("\n").split("\t")
    assert (day, publisher, title) == ("2021-05-04", "Gazette", "Rain at Wexcombe")
    assert "The river Ash rose" in cli("show", article_id)[0]
    assert json.loads(cli("show", article_id, "--json")[0])["id"] == article_id
    assert json.loads(cli("list", "--json")[0])["publisher"] == "Gazette"

    asked = json.loads(cli("ask", QUESTION, "--json")[0])
    assert asked["answerable"]
    assert "3 May 2021" in asked["passages"][0]["text"]
    assert cli("verify", stdin=json.dumps(asked))[0].startswith("holds  ")
    assert "3 May 2021" in cli("ask", QUESTION)[0]

    (cli.directory / "rain.md").write_text(RAIN.replace("3 May", "9 May"), "utf-8")
    assert cli("add", ".")[0] == "0 added, 1 replaced, 0 unchanged\n"
    stale, _ = cli("verify", "-", stdin=json.dumps(asked), status=1)
    assert "FAILS" in stale
    assert "has changed" in stale
    assert "9 May 2021" in cli("ask", QUESTION)[0]

    assert re.search(r"1 articles, \d+ passages", cli("reindex")[0])
    assert "Articles:   1" in cli("status")[0]
    assert cli("doctor")[0].endswith(" passages checked, 0 damaged\n")
    assert json.loads(cli("status", "--json")[0])["articles"] == 1
    assert cli("remove", article_id)[0] == "1 removed\n"
    assert cli("list")[0] == ""


def test_no_answer_has_its_own_status_and_says_so(cli: Cli) -> None:
    cli("add", "rain.md")
    out, _ = cli("ask", "Who won the 1998 football world cup final in Paris?", status=3)
    assert out.startswith("No answer in these articles.")
    out, _ = cli("ask", QUESTION, "--publisher", "Nobody", status=3)
    assert "No article passes the filters" in out
    assert json.loads(cli("ask", QUESTION, "--to", "2020-01-01", "--json", status=3)[0])["passages"] == []


def test_a_bad_file_is_named_and_the_rest_goes_in(cli: Cli) -> None:
    (cli.directory / "empty.txt").touch()
    (cli.directory / "binary.txt").write_bytes(b"\0\1\2\xff" * 100)
    out, err = cli("add", ".", "missing.txt", status=1)
    assert out == "1 added, 0 replaced, 0 unchanged, 3 failed\n"
    lines = err.splitlines()
    assert len(lines) == 3
    for name in ("empty.txt", "binary.txt", "missing.txt"):
        assert sum(name in line for line in lines) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ask", ""], "question: the question is empty"),
        (["ask", "x" * 10_000], "10,000 characters"),
        (["ask", "rain", "--from", "May"], "--from: 'May' is not a day; write it as 2022-02-28"),
        (["ask", "rain", "--reader", "gpt"], "reader: 'gpt' is not known"),
        (["ask", "rain", "--top-k", "0"], "top_k: 0 is out of range"),
        (["ask", "rain", "--top-k", "many"], "--top-k"),
        (["show", "nope"], "no article has the id 'nope'"),
        (["remove", "nope"], "no article has the id 'nope'"),
        (["verify", "nope.json"], "nope.json"),
        (["unknown"], "unknown"),
        (["add"], "PATH"),
    ],
)
def test_wrong_usage_is_one_plain_message_and_status_two(cli: Cli, words: list[str], message: str) -> None:
    _, err = cli(*words, status=2)
    assert message in err


def test_a_wrong_setting_is_named(cli: Cli) -> None:
    assert "QUOTARY_PORT='x' is not allowed" in cli("status", status=2, QUOTARY_PORT="x")[1]
    assert "cannot be used as data directory" in cli("status", status=2, QUOTARY_DATA="rain.md")[1]


def test_the_doctor_finds_a_changed_text_and_opening_repairs_a_damaged_index(cli: Cli) -> None:
    cli("add", "rain.md")
    data = cli.directory / "data"
    with sqlite3.connect(data / "articles.sqlite") as database:
        table, column = next(
            (table, column)
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for _, column, *_ in database.execute(f"PRAGMA table_info({table})").fetchall()
            if database.execute(f"SELECT 1 FROM {table} WHERE {column} LIKE 'Rain fell%'").fetchall()  # noqa: S608
        )
        database.execute(f"UPDATE {table} SET {column} = replace({column}, '3 May', '4 May')")  # noqa: S608
    database.close()
    assert "damaged: rain-" in cli("doctor", status=1)[0]
    for file in data.rglob("*"):
        if file.is_file() and "vectors" in str(file.relative_to(data)):
            file.write_bytes(b"damaged")
    assert "rebuilding" in cli("status")[1]
    assert cli("status")[1] == ""


def test_a_closed_pipe_is_no_error(cli: Cli) -> None:
    cli("add", "rain.md")
    shell = f"{sys.executable} -c 'from service.cli import main; main()' list | true"
    done = subprocess.run(["bash", "-c", shell], env=cli.environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")


def test_help_lists_every_command_also_those_of_other_packages(cli: Cli) -> None:
    out, _ = cli("--help")
    for name in ("add", "ask", "doctor", "eval", "list", "reindex", "remove", "serve", "show", "status", "verify"):
        assert re.search(rf"\b{name}\b", out)
    assert "3 no answer" in out


def test_serve_answers_and_stops_quietly_on_ctrl_c(cli: Cli) -> None:
    cli("add", "rain.md")
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], env=cli.environment, stderr=subprocess.PIPE, text=True, cwd=cli.directory
    ) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.search(r"open (http://127\.0\.0\.1:[1-9]\d*/)", told)
        assert found, told
        for _ in range(100):
            try:
                assert httpx.get(found[1]).status_code == 200
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        body = httpx.get(f"{found[1]}v1/ask", params={"q": QUESTION}).json()
        assert "3 May 2021" in body["passages"][0]["text"]
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(20) in (0, 130)
        assert "Traceback" not in rest


def test_a_port_in_use_is_one_plain_line(cli: Cli, server: str) -> None:
    port = server.rsplit(":", 1)[1]
    _, err = cli("serve", "--port", port, status=2)
    assert f"port {port} of 127.0.0.1 cannot be used" in err
