"""The writer's lock: one at a time, across threads and lock objects."""

import threading
from pathlib import Path

import pytest

from index.lock import WriterLock
from sources.errors import CatalogError


def test_the_same_thread_may_take_it_again(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "lock")
    with lock.held(), lock.tried() as got:
        assert got


def test_another_thread_must_wait(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "lock")
    got: list[bool] = []

    def attempt() -> None:
        with lock.tried() as free:
            got.append(free)

    with lock.held():
        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join()
    attempt()
    assert got == [False, True]


def test_another_process_must_wait_and_is_told_for_how_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.lock.SECONDS", 0.1)
    # Two lock objects hold the file apart just as two processes do.
    ours, theirs = WriterLock(tmp_path / "lock"), WriterLock(tmp_path / "lock")
    with ours.held():
        with theirs.tried() as free:
            assert not free
        with pytest.raises(CatalogError, match="another process has been writing"), theirs.held():
            pass
    with theirs.held():
        pass
