"""The ONNX form of an encoder on disk: a directory with the network, the tokenizer and a description of both."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from sources.errors import ModelError

NETWORK = "network.onnx"
NATIVE = "network.native"
TOKENIZER = "tokenizer.json"
DESCRIPTION = "encoder.json"
# Part of the cache's key: raise it whenever `onnx_export` makes other files.
VERSION = 6


class ExportError(ModelError):
    """This model has no ONNX form; it may still run on sentence-transformers."""


@dataclass(frozen=True, slots=True)
class OnnxForm:
    """What `OnnxEncoder` needs to know.

    Attributes:
        directory: where the files are.
        fingerprint: hash of the source model's content, with the numeric form of the weights.
        numbers: "int8" (weights, but for the sensitive ones) or "fp32".
        dimension: length of a vector.
        max_tokens: longest input of the model, markers included.
        pad_id: the padding token.
        prompt: put before each text, where the model's configuration names a default prompt.
        cosine: lowest cosine to the source model's own vectors over the trial texts.
        checksums: hex SHA-256 by file name.
    """

    directory: Path
    fingerprint: str
    numbers: str
    dimension: int
    max_tokens: int
    pad_id: int
    prompt: str
    cosine: float
    checksums: dict[str, str]

    @property
    def network(self) -> Path:
        """The ONNX file."""
        return self.directory / NETWORK

    @property
    def native(self) -> Path | None:
        """The same weights for the native layers, where they run such a model."""
        return self.directory / NATIVE if NATIVE in self.checksums else None

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file."""
        return self.directory / TOKENIZER

    def write(self) -> None:
        """Write the description beside the files."""
        fields = asdict(self)
        del fields["directory"]
        (self.directory / DESCRIPTION).write_text(json.dumps(fields, indent=1), "utf-8")

    @classmethod
    def read(cls, directory: Path) -> "OnnxForm":
        """The form in a directory, its files checked (some 40 ms for 70 MB).

        Raises:
            ModelError: a file is missing, or is not what was written.
        """
        path = directory / DESCRIPTION
        try:
            form = cls(directory=directory, **json.loads(path.read_text("utf-8")))
            for name, expected in form.checksums.items():
                if checksum(directory / name) != expected:
                    raise ModelError(f"{directory / name} has changed since it was made; expected SHA-256 {expected}")
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} describes no encoder: {error}") from error
        return form


def checksum(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
