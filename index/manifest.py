"""The manifest: what a data directory holds, with which model it was made, and the checksum of every derived file."""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from sources.errors import DamagedIndexError

FILE_NAME = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Checksum:
    """Size in bytes and hex SHA-256 of one file, named relative to the data directory."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, directory: Path, name: str) -> "Checksum":
        """Read the file and add it up."""
        path = directory / name
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(name, path.stat().st_size, digest)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation of the derived indexes.

    Attributes:
        generation: the store's generation that vectors and terms were made from.
        recipe: of the code that made it, see `index.derived.RECIPE`.
        model, fingerprint, dimension: of the encoder that made the vectors.
        articles, passages: how many there are.
        vectors: the files of the vector index, in the order its loader takes them.
        terms: the files of the lexical index.
    """

    generation: int
    recipe: int
    model: str
    fingerprint: str
    dimension: int
    articles: int
    passages: int
    vectors: tuple[Checksum, ...]
    terms: tuple[Checksum, ...]

    def write(self, directory: Path) -> None:
        """Replace the manifest in one step: a reader sees the old one or this one, whole."""
        text = json.dumps({"format": _FORMAT, **asdict(self)}, indent=1)
        with tempfile.NamedTemporaryFile("w", dir=directory, prefix=".manifest-", delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(directory / FILE_NAME)

    @classmethod
    def read(cls, directory: Path) -> "Manifest | None":
        """The manifest of a data directory, or None where there is none yet.

        Raises:
            DamagedIndexError: it is no manifest, or one of another format.
        """
        path = directory / FILE_NAME
        try:
            fields = json.loads(path.read_text("utf-8"))
            if fields.pop("format") != _FORMAT:
                raise DamagedIndexError(f"{path} has another format; this version of Quotary reads format {_FORMAT}")
            for part in ("vectors", "terms"):
                fields[part] = tuple(Checksum(**file) for file in fields[part])
            return cls(**fields)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedIndexError(f"{path} cannot be read: {error}") from error

    def verify(self, directory: Path) -> None:
        """Compare every derived file with its checksum.

        Raises:
            DamagedIndexError: names the first file that is missing or differs.
        """
        for expected in (*self.vectors, *self.terms):
            try:
                found = Checksum.of(directory, expected.name)
            except OSError as error:
                raise DamagedIndexError(f"{expected.name} is missing or unreadable: {error.strerror}") from error
            if found != expected:
                raise DamagedIndexError(
                    f"{expected.name} has changed: {found.size} bytes, SHA-256 {found.sha256[:12]}…; "
                    f"expected {expected.size} bytes, {expected.sha256[:12]}…"
                )
