"""What a reader holds stays whole while generations pass."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.catalog import Catalog
from tests.fakes import WordEncoder, article

RAIN = article("rain", "Rain fell on the town. The river rose by two metres.", publisher="Gazette")
FIRE = article("fire", "A fire closed the station. Nobody was hurt.", publisher="Herald")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "data", WordEncoder()) as opened:
        yield opened


def test_a_store_that_someone_holds_outlives_its_generation(catalog: Catalog) -> None:
    catalog.add([RAIN])
    store = catalog.snapshot().store
    catalog.add([FIRE])
    assert [article.id for article in store.articles()] == [RAIN.id]


def test_reading_goes_on_while_generations_pass(catalog: Catalog) -> None:
    catalog.add([RAIN])
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not done.is_set():
            try:
                wrong.extend(a for a in [catalog.article(RAIN.id)] if a != RAIN)
            except Exception as error:  # noqa: BLE001 (whatever it is, the test shows it)
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(30):
        catalog.add([article(f"a{number}", f"Bread number {number} was baked.")])
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
