"""Figures on a set in the shared layout, each question with the paragraph it was asked of."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from qa.reader.training.examples import Context, context, title_ids
from qa.reader.training.figures import auroc, exact, f1
from qa.reader.training.predict import Run, read


@dataclass(frozen=True, slots=True)
class Row:
    """One question: the quote, its score against the null answer, and how right it is (0 where nothing answers)."""

    id: str
    answerable: bool
    quote: str
    score: float
    em: float
    f1: float


def rows(run: Run, folder: Path, tokenizer: Tokenizer, limit: int = 0, seed: int = 0) -> list[Row]:
    """A row a question, or for `limit` questions drawn at random."""
    lines = (folder / "corpus.jsonl").read_text("utf-8").splitlines()
    homes = {c["id"]: c for c in map(json.loads, lines)}
    asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    if limit:
        asked = [asked[i] for i in np.random.default_rng(seed).permutation(len(asked))[:limit]]
    contexts: dict[str, Context] = {}
    for name in {q["relevant"][0] for q in asked}:
        title, text = homes[name]["title"], homes[name]["text"]
        encoded_text = tokenizer.encode(text, add_special_tokens=False)
        contexts[name] = context(title, text, encoded_text, title_ids(title, tokenizer))
    encoded = tokenizer.encode_batch([q["question"] for q in asked], add_special_tokens=False)
    pairs = [(np.asarray(e.ids, np.int32), contexts[q["relevant"][0]]) for q, e in zip(asked, encoded, strict=True)]
    made = []
    for q, (_, home), found in zip(asked, pairs, read(run, pairs), strict=True):
        quote = home.text[found.start : found.end]
        answers = q["answers"] if q["answerable"] else []
        made.append(Row(q["id"], q["answerable"], quote, found.score, exact(quote, answers), f1(quote, answers)))
    return made


def summary(found: list[Row], threshold: float) -> dict[str, float]:
    """EM and F1 of the answerable ones given that each is answered; with refusals below the threshold, SQuAD 2.0's.

    `threshold` is a score (best span less null). SQuAD 2.0 (Rajpurkar et al. 2018): a refusal is right, EM and F1 1,
    exactly where nothing answers.
    """
    has, no = [r for r in found if r.answerable], [r for r in found if not r.answerable]
    figures = {"questions": float(len(found)), "em": _mean([r.em for r in has]), "f1": _mean([r.f1 for r in has])}
    if no:
        refused = [float(r.score < threshold) for r in no]
        figures |= {
            "auroc": auroc([r.score for r in found], [r.answerable for r in found]),
            "has_em": _mean([r.em * (r.score >= threshold) for r in has]),
            "has_f1": _mean([r.f1 * (r.score >= threshold) for r in has]),
            "no": _mean(refused),
            "all_em": _mean([r.em * (r.score >= threshold) for r in has] + refused),
            "all_f1": _mean([r.f1 * (r.score >= threshold) for r in has] + refused),
        }
    return figures


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else 0.0
