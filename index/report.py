"""What a catalog tells of itself and of what it did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding did, by article id, in the order the articles came."""

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    def __add__(self, other: "AddReport") -> "AddReport":
        return AddReport(self.added + other.added, self.replaced + other.replaced, self.unchanged + other.unchanged)

    def __len__(self) -> int:
        return len(self.added) + len(self.replaced) + len(self.unchanged)


@dataclass(frozen=True, slots=True)
class CatalogStatus:
    """The state of a catalog, for people and health checks."""

    directory: str
    generation: int
    articles: int
    passages: int
    model: str
    fingerprint: str
    dimension: int
    runtime: str
    warnings: tuple[str, ...]
