"""Two articles, an encoder that needs no model, and what both indexes of a catalog find."""

from index.catalog import Catalog
from index.filters import Filters
from tests.fakes import WordEncoder, article

ENCODER = WordEncoder()
RAIN = article("rain", "Rain fell on the town. The river rose by two metres.", publisher="Gazette")
FIRE = article("fire", "A fire closed the station. Nobody was hurt.", publisher="Herald")


def found(catalog: Catalog, question: str) -> list[str]:
    """The articles that both indexes find, by meaning and by words, which must agree."""
    snapshot = catalog.snapshot()
    dense = {key for key, _ in snapshot.dense(ENCODER.encode([question])[0], 50, Filters())}
    lexical = [key for key, _ in snapshot.lexical(question, 50, Filters())]
    assert set(lexical) <= dense
    return [snapshot.passages([key])[key][1].id for key in lexical]
