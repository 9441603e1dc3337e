"""Figures on the held-out part of the training sets."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.reader.training.changes import Changer
from qa.reader.training.examples import Ids, Questions
from qa.reader.training.figures import auroc, exact, f1
from qa.reader.training.predict import Run, read


def validate(
    run: Run, questions: Questions, wanted: Sequence[int], negatives: NDArray[np.int32], tokenizer: Tokenizer
) -> dict[str, float]:
    """EM and F1 given the passage, and how well scores tell right from wrong.

    `auroc`: against the best mined passage; `wins`: share of questions that score higher on their own passage;
    `auroc_changed`: against the same passage asked changed so that it does not answer.
    """
    asked = [questions.asked[i] for i in wanted]
    homes = [questions.contexts[q.context] for q in asked]
    right = read(run, [(q.ids, home) for q, home in zip(asked, homes, strict=True)])
    quotes = [home.text[r.start : r.end] for home, r in zip(homes, right, strict=True)]
    paired = [n for n in range(len(asked)) if negatives[n][0] >= 0]
    wrong = read(run, [(asked[n].ids, questions.contexts[int(negatives[n][0])]) for n in paired])
    altered = _changed(questions, wanted, tokenizer)
    near = read(run, [(ids, homes[n]) for n, ids in altered])
    scores = [r.score for r in right]
    return {
        "em": float(np.mean([exact(t, q.answers) for t, q in zip(quotes, asked, strict=True)])),
        "f1": float(np.mean([f1(t, q.answers) for t, q in zip(quotes, asked, strict=True)])),
        "auroc": auroc(scores + [w.score for w in wrong], [True] * len(right) + [False] * len(wrong)),
        "wins": float(np.mean([right[n].score > w.score for n, w in zip(paired, wrong, strict=True)])),
        "auroc_changed": auroc(
            [scores[n] for n, _ in altered] + [c.score for c in near], [True] * len(altered) + [False] * len(near)
        ),
    }


def _changed(questions: Questions, wanted: Sequence[int], tokenizer: Tokenizer) -> list[tuple[int, Ids]]:
    """Places in `wanted` of questions that can be made wrong, each with the changed question's token ids."""
    siblings: dict[str, list[str]] = {}
    for i in wanted:
        siblings.setdefault(questions.contexts[questions.asked[i].context].title, []).append(questions.asked[i].text)
    rng, changer = np.random.default_rng(0), Changer()
    made = []
    for n, i in enumerate(wanted):
        q = questions.asked[i]
        home = questions.contexts[q.context]
        text = changer.changed(q, home, siblings[home.title], rng)
        if text is not None:
            made.append((n, np.asarray(tokenizer.encode(text, add_special_tokens=False).ids, np.int32)))
    return made
