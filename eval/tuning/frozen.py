"""The test split stays out of everything that is fitted or chosen."""

from collections.abc import Iterable

from sources.errors import GoldError


def refuse_test_split(ids: Iterable[str]) -> None:
    """See that no question of the test split is among these.

    Raises:
        GoldError: one is.
    """
    if any(id_.startswith("test-") for id_ in ids):
        raise GoldError("these rows hold questions of the test split, on which nothing may be fitted or chosen")
