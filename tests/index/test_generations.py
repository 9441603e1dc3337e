"""Generations: what a long run of commits leaves behind."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import index.generations
from index.catalog import Catalog
from index.generations import DATABASE
from index.snapshot import Snapshot
from index.split import split
from tests.fakes import WordEncoder, article


def test_the_log_does_not_grow_with_the_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.generations, "LOG_BYTES", 100_000)
    log = tmp_path / f"{DATABASE}-wal"
    largest = 0
    with Catalog.open(tmp_path, WordEncoder()) as catalog:
        for number in range(25):
            catalog.add([article(f"a{number}", f"Number {number} said something. " + "Much more was said. " * 200)])
            largest = max(largest, log.stat().st_size)
        held = catalog.snapshot()  # a reader that stays: the log may grow, and nothing may break
        for number in range(25, 30):
            catalog.add([article(f"a{number}", f"Number {number} said something else.")])
        assert held.store.count_articles() == 25
        assert catalog.count() == 30
    assert largest < 300_000


def test_all_who_ask_after_a_commit_of_another_process_see_it(tmp_path: Path) -> None:
    """Two catalogs stand for two processes, one of them with many threads."""
    with Catalog.open(tmp_path, WordEncoder()) as ours, Catalog.open(tmp_path, WordEncoder()) as theirs:
        for number in range(5):
            theirs.add([article(f"a{number}", f"Number {number} said something.")])
            newest = theirs.snapshot().generation
            together = threading.Barrier(8)

            def ask(together: threading.Barrier = together) -> int:
                together.wait()
                return ours.snapshot().generation

            with ThreadPoolExecutor(8) as pool:
                seen = [pool.submit(ask) for _ in range(8)]
            assert {one.result() for one in seen} == {newest}


def test_what_another_process_committed_is_seen_while_it_writes_on(tmp_path: Path) -> None:
    with Catalog.open(tmp_path, WordEncoder()) as ours, Catalog.open(tmp_path, WordEncoder()) as theirs:
        theirs.add([article("first", "Something was said.")])
        with theirs._generations.writing():
            assert ours.snapshot().generation == theirs.snapshot().generation
            before = ours.snapshot()
            second = article("second", "Something else was said.")
            with theirs._generations.store.transaction():
                theirs._generations.store.put(second, split(second))
            assert ours.snapshot() is before


def test_a_commit_cut_short_leaves_the_generation_before_it_to_who_has_not_seen_that_yet(tmp_path: Path) -> None:
    with Catalog.open(tmp_path, WordEncoder()) as ours, Catalog.open(tmp_path, WordEncoder()) as theirs:
        before = ours.snapshot()
        theirs.add([article("first", "Something was said.")])
        second = article("second", "Something else was said.")
        with theirs._generations.store.transaction():
            theirs._generations.store.put(second, split(second))
        assert ours.snapshot() is before
        ours.add([article("third", "A third thing was said.")])
        assert [found.title for found in ours.articles()] == ["first", "second", "third"]
        assert consistent(ours.snapshot())


def test_readers_see_whole_generations_whatever_others_write(tmp_path: Path) -> None:
    with Catalog.open(tmp_path, WordEncoder()) as ours, Catalog.open(tmp_path, WordEncoder()) as theirs:
        done = threading.Event()

        def write() -> None:
            try:
                for number in range(30):
                    theirs.add([article(f"a{number % 4}", f"Number {number} said something.")])
                    if number % 10 == 9:
                        theirs.reindex()
            finally:
                done.set()

        def read() -> int:
            seen = set()
            while not done.is_set():
                snapshot = ours.snapshot()
                assert consistent(snapshot)
                seen.add(snapshot.generation)
            return len(seen)

        with ThreadPoolExecutor(3) as pool:
            writer, *readers = [pool.submit(write), pool.submit(read), pool.submit(read)]
        writer.result()
        assert min(reader.result() for reader in readers) > 1
        assert ours.snapshot().generation == theirs.snapshot().generation


def test_a_thread_that_writes_is_waited_for_once_and_not_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.generations, "WAITING_SECONDS", 0.2)
    with Catalog.open(tmp_path, WordEncoder()) as ours, Catalog.open(tmp_path, WordEncoder()) as theirs:
        old = ours.snapshot().generation
        begun, done = threading.Event(), threading.Event()

        def write() -> None:
            with ours._generations._lock.parting_threads(20):  # as one does who waits for another process's lock
                begun.set()
                done.wait(20)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(write)
            begun.wait(20)
            theirs.add([article("new", "Something new was said.")])
            start = time.monotonic()
            assert [ours.snapshot().generation for _ in range(200)] == [old] * 200
            assert time.monotonic() - start < 10, "each of 200 waited as long as the first"
            done.set()
        assert ours.snapshot().generation == theirs.snapshot().generation


def consistent(snapshot: Snapshot) -> bool:
    """Whether store, vectors and terms hold the same passages."""
    keys = set(snapshot.store.keys())
    return keys == snapshot._vectors.keys() == snapshot._terms.keys()
