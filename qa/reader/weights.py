"""The weights of the bundled reader: found, checked, described."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from qa.decide import Calibration
from sources.errors import ModelError

DESCRIPTION, TOKENIZER = "reader.json", "tokenizer.json"
NETWORK = "model.onnx"
SKIM, DEEP = "skim.onnx", "deep.onnx"
"""In the place of the one network: what reads every passage, and what reads on what that leaves."""

# Markers, a word of the question and a few of the passage: less reads nothing.
SHORTEST = 16


@dataclass(frozen=True, slots=True)
class ReaderWeights:
    """A folder with one network or two, their tokenizer and `reader.json`, all checked.

    Attributes:
        name: for the response's `models`: name and the first digits of the (deep) network's checksum.
        network, tokenizer: the files; of two networks the one that skims.
        deep: the network that reads on, if there are two.
        share: of a passage's tokens, how many are read on, in (0, 1].
        max_tokens: question, passage and markers together are cut to this.
        max_answer_tokens: the longest span that counts as an answer.
        titled: whether they read an article's title before the passage.
        calibration: from scores to confidence, fitted with these weights.
    """

    name: str
    network: Path
    tokenizer: Path
    max_tokens: int
    max_answer_tokens: int
    titled: bool
    calibration: Calibration
    deep: Path | None = None
    share: float = 1.0

    @classmethod
    def load(cls, directory: Path) -> "ReaderWeights":
        """Read the description and compare every file with its checksum.

        Raises:
            ModelError: a file is missing, unreadable or not the one described.
        """
        path = directory / DESCRIPTION
        try:
            fields = json.loads(path.read_text("utf-8"))
            networks = (SKIM, DEEP) if DEEP in fields["sha256"] else (NETWORK,)
            checksums = {name: str(fields["sha256"][name]) for name in (*networks, TOKENIZER)}
            weights = cls(
                name=f"{fields['name']} {checksums[networks[-1]][:8]}",
                network=directory / networks[0],
                tokenizer=directory / TOKENIZER,
                max_tokens=int(fields["max_tokens"]),
                max_answer_tokens=int(fields["max_answer_tokens"]),
                titled=bool(fields.get("titled", False)),
                calibration=Calibration.from_mapping(fields["calibration"], str(path)),
                deep=directory / DEEP if DEEP in networks else None,
                share=float(fields.get("share", 1.0)),
            )
            if weights.max_tokens < SHORTEST or weights.max_answer_tokens < 1:
                raise ValueError(f"max_tokens must be {SHORTEST} or more, max_answer_tokens 1 or more")  # noqa: TRY301
            if not 0 < weights.share <= 1:
                raise ValueError(f"share must be above 0 and at most 1, not {weights.share:g}")  # noqa: TRY301
        except OSError as error:
            raise ModelError(f"the reader's weights in {directory} lack {DESCRIPTION}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} does not describe a reader: {error!r}") from error
        for name, expected in checksums.items():
            _check(directory / name, expected)
        return weights


def _check(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"the reader's weights lack {path.name}: {error.strerror}") from error
    if found != expected:
        raise ModelError(
            f"{path} is not the file it should be: SHA-256 {found[:12]}…, expected {expected[:12]}…; "
            "install Quotary again"
        )
