"""The store: what goes in comes out, whole generations only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.filters import Filters
from index.split import split
from index.store import Store
from sources.article import Article, text_sha256
from sources.errors import CatalogError, DamagedIndexError
from tests.fakes import WHEN, article

RAIN = article(
    "rain", "Rain fell. It rained on.\n\nThe river rose.", publisher="Gazette", published_at=date(2021, 5, 4)
)
FIRE = article("fire", "A fire burned.", publisher="Herald")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "articles.sqlite")
    yield opened
    opened.close()


def put(store: Store, *articles: Article) -> None:
    with store.transaction():
        for one in articles:
            store.put(one, split(one))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=TEXT,
    text=TEXT,
    url=st.none() | TEXT,
    author=st.none() | TEXT,
    day=st.none() | st.dates(),
    language=st.none() | TEXT,
)
def test_an_article_and_its_passages_come_back_as_they_went_in(
    store: Store, title: str, text: str, url: str | None, author: str | None, day: date | None, language: str | None
) -> None:
    made = replace(
        article("a", text), title=title, url=url, author=author, published_at=day, language=language,
        text=text, sha256=text_sha256(text), added_at=WHEN,
    )  # fmt: skip
    put(store, made)
    assert store.article(made.id) == made
    passages = split(made)
    found = store.passages(store.keys(made.id))
    assert sorted(found.values(), key=lambda placed: placed[0].start) == [(passage, made) for passage in passages]


def test_every_transaction_is_one_generation_and_a_failed_one_none(store: Store) -> None:
    assert store.generation == 0
    put(store, RAIN, FIRE)
    assert store.generation == 1
    with pytest.raises(CatalogError, match="same key"), store.transaction():
        store.put(FIRE, split(RAIN))
    assert store.generation == 1
    assert store.article(FIRE.id) == FIRE
    assert len(store.keys(FIRE.id)) == 1


def test_a_reader_sees_its_generation_until_it_closes(store: Store) -> None:
    put(store, RAIN)
    reader = Store(store.path, readonly=True)
    put(store, FIRE)
    assert (reader.generation, reader.count_articles()) == (1, 1)
    assert (store.generation, store.count_articles()) == (2, 2)
    reader.close()


def test_a_former_revision_takes_its_passages_along(store: Store) -> None:
    put(store, RAIN)
    put(store, article("rain", "Dry."))
    assert store.count_passages() == 1
    store.delete(RAIN.id)
    assert store.count_passages() == 0


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(publishers=("gazette",)), {"rain"}),
        (Filters(publishers=("Gazette", "Herald")), {"rain", "fire"}),
        (Filters(published_from=date(2021, 5, 4), published_to=date(2021, 5, 4)), {"rain"}),
        (Filters(published_from=date(2021, 5, 5)), set()),
        (Filters(article_ids=(FIRE.id, "none")), {"fire"}),
    ],
)
def test_filters(store: Store, filters: Filters, names: set[str]) -> None:
    put(store, RAIN, FIRE)
    found = store.passages(store.matching_keys(filters))
    assert {made.name for _, made in found.values()} == names


def test_articles_without_a_date_are_counted_where_a_date_is_asked_for(store: Store) -> None:
    put(store, RAIN, FIRE)
    day = date(2021, 1, 1)
    assert store.undated(Filters(published_from=day)) == 1
    assert store.undated(Filters(published_from=day, publishers=("Gazette",))) == 0
    assert store.undated(Filters()) == 0


def test_pages_of_articles_are_in_order_and_complete(store: Store) -> None:
    made = [article(f"n{number}", f"Number {number}.") for number in range(7)]
    put(store, *made)
    seen: list[str] = []
    while page := store.articles(after=seen[-1] if seen else "", limit=3):
        seen += [one.id for one in page]
    assert seen == sorted(one.id for one in made) == store.article_ids()


def test_more_passages_than_one_statement_takes(store: Store) -> None:
    put(store, *(article(f"n{number}", f"Number {number}.") for number in range(1_200)))
    keys = store.keys()
    assert [passage.key for passage, _ in store.iter_passages(keys)] == keys


def test_a_database_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "articles.sqlite"
    path.write_bytes(b"GIF89a" * 1_000)
    with pytest.raises(DamagedIndexError, match=r"articles\.sqlite cannot be read"):
        Store(path)


def test_a_damaged_page_is_found_by_the_check(store: Store) -> None:
    put(store, *(article(f"n{number}", f"Number {number}. " * 40) for number in range(200)))
    store.check()
    store.close()
    data = bytearray(store.path.read_bytes())
    data[8_192:40_960] = b"\xff" * 32_768
    store.path.write_bytes(data)
    again = Store(store.path)
    with pytest.raises(DamagedIndexError, match="is damaged"):
        again.check()
    again.close()
