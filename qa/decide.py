"""Deciding: is the best passage good enough to be called an answer?"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from qa.hit import Scores
from sources.errors import ModelError


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression from stage scores to the probability that a passage answers (Platt 1999).

    Fitted on questions that are used for nothing else; see docs/decisions.md for the command and the figures.

    Attributes:
        dense, reader: weights of the cosine and of the reader's score.
        bias: the intercept.
        threshold: the smallest probability that counts as an answer, in [0, 1].
        lexical, missing: weights of BM25 and of the number of the question's names and numbers that the passage lacks.
        settled: log-odds of one of the first passages from which on the others are not read; infinite: all are read.
    """

    dense: float
    reader: float
    bias: float
    threshold: float
    lexical: float = 0.0
    missing: float = 0.0
    settled: float = math.inf

    def confidence(self, scores: Scores) -> float:
        """The probability, in [0, 1], that a passage with these scores answers."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.logit(scores)))))

    def logit(self, scores: Scores) -> float:
        """The log-odds that a passage with these scores answers; an unseen score counts as 0."""
        seen = (
            (self.dense, scores.dense),
            (self.lexical, scores.lexical),
            (self.reader, scores.reader),
            (self.missing, scores.missing),
        )
        return self.bias + sum(weight * (score or 0.0) for weight, score in seen)

    @classmethod
    def from_mapping(cls, fields: Mapping[str, float], source: str) -> "Calibration":
        """Read the numbers; `lexical`, `missing` and `settled` may be left out.

        Raises:
            ModelError: one is missing or no number; names `source`.
        """
        try:
            needed = {name: float(fields[name]) for name in ("dense", "reader", "bias", "threshold")}
            further = {name: float(fields[name]) for name in ("lexical", "missing", "settled") if name in fields}
            return cls(**needed, **further)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{source}: the calibration needs the numbers dense, reader, bias, threshold") from error

    @classmethod
    def bundled(cls, reader: str) -> "Calibration":
        """The calibration shipped for a reader that has no weights of its own: `none` or `sentence`."""
        table = json.loads((files("qa") / "calibration.json").read_text("utf-8"))
        return cls.from_mapping(table[reader], f"qa/calibration.json, {reader}")
