"""What a command trains or looks at: questions, their mined wrong passages, and the stream of batches made of both."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import typer
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.reader.training.batches import Mix, Stream
from qa.reader.training.data import load, sides
from qa.reader.training.examples import Questions


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Questions and what was mined for them.

    Attributes:
        training, held: indices of the questions to train on and to validate with.
        wrong: of either, `train` and `held`, the wrong passages [questions, k] as `negatives.mine` gives them.
        mix: what the examples look like; a question's passages are together.
        stream: batches of the training questions.
    """

    questions: Questions
    training: list[int]
    held: list[int]
    wrong: Mapping[str, NDArray[np.int32]]
    mix: Mix
    stream: Stream

    @classmethod
    def open(
        cls, data: Path, tokenizer: Tokenizer, stories: Path, mined: Path, mix: str, *, seed: int, budget: int
    ) -> "Material":
        """Read it; `mix`: fields of Mix as JSON.

        Raises:
            typer.BadParameter: `mined` is of other questions.
        """
        questions = load(data, tokenizer, stories)
        wrong = np.load(mined)
        training, held = sides(questions)
        if len(training) != len(wrong["train"]):
            raise typer.BadParameter(f"{mined} has {len(wrong['train'])} questions, the sets have {len(training)}")
        chosen = Mix(**json.loads(mix) | {"together": True})
        stream = Stream(
            questions=questions,
            wanted=training,
            negatives=wrong["train"],
            tokenizer=tokenizer,
            mix=chosen,
            seed=seed,
            budget=budget,
        )
        return cls(questions, training, held, wrong, chosen, stream)
