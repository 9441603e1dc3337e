"""Deciding: is the best passage good enough to be called an answer?"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from qa.hit import Scores
from sources.errors import ModelError


@dataclass(frozen=True, slots=True)
class Weights:
    """How much the scores of the stages count in a sum; an unseen score counts as 0.

    Attributes:
        dense, reader, lexical: of the cosine, of the reader's score and of BM25.
        missing: of the number of the question's names and numbers that the passage lacks.
    """

    dense: float
    reader: float
    lexical: float = 0.0
    missing: float = 0.0

    def total(self, scores: Scores) -> float:
        """The weighted sum of a passage's scores."""
        seen = (
            (self.dense, scores.dense),
            (self.lexical, scores.lexical),
            (self.reader, scores.reader),
            (self.missing, scores.missing),
        )
        return sum(weight * (score or 0.0) for weight, score in seen)

    @classmethod
    def from_mapping(cls, fields: Mapping[str, float]) -> "Weights":
        """Read the numbers; `lexical` and `missing` may be left out."""
        further = {name: float(fields[name]) for name in ("lexical", "missing") if name in fields}
        return cls(float(fields["dense"]), float(fields["reader"]), **further)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression from stage scores to the probability that a passage answers (Platt 1999).

    Fitted on questions that are used for nothing else; see docs/decisions.md for the command and the figures.

    Attributes:
        weights: of the scores in the log-odds.
        bias: the intercept.
        threshold: the smallest probability that counts as an answer, in [0, 1].
        order: the weights that order a question's passages, which need not be those that tell one question's answer
            from another's miss; the log-odds order them where there are none.
        promise: the weights that say which passages are worth reading on, `reader` being that of the skim's score; all
            are read where there are none.
        margin: how much less than the best a passage may promise and still be read on.
    """

    weights: Weights
    bias: float
    threshold: float
    order: Weights | None = None
    promise: Weights | None = None
    margin: float = math.inf

    def confidence(self, scores: Scores) -> float:
        """The probability, in [0, 1], that a passage with these scores answers."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.logit(scores)))))

    def logit(self, scores: Scores) -> float:
        """The log-odds that a passage with these scores answers."""
        return self.bias + self.weights.total(scores)

    def place(self, scores: Scores) -> float:
        """What a question's passages are ordered by, the largest first."""
        return self.logit(scores) if self.order is None else self.order.total(scores)

    def promising(self, scores: Scores) -> float:
        """How much a passage that was skimmed promises."""
        return 0.0 if self.promise is None else self.promise.total(replace(scores, reader=scores.skim))

    @classmethod
    def from_mapping(cls, fields: Mapping[str, Any], source: str) -> "Calibration":
        """Read the numbers; those that have a default may be left out.

        Raises:
            ModelError: one is missing or no number; names `source`.
        """
        try:
            order, promise = (
                Weights.from_mapping(fields[name]) if name in fields else None for name in ("order", "promise")
            )
            numbers = (float(fields["bias"]), float(fields["threshold"]))
            return cls(Weights.from_mapping(fields), *numbers, order, promise, float(fields.get("margin", math.inf)))
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{source}: the calibration needs the numbers dense, reader, bias, threshold") from error

    @classmethod
    def bundled(cls, reader: str) -> "Calibration":
        """The calibration shipped for a reader that has no weights of its own: `none` or `sentence`."""
        table = json.loads((files("qa") / "calibration.json").read_text("utf-8"))
        return cls.from_mapping(table[reader], f"qa/calibration.json, {reader}")
