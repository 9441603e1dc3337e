"""Public question sets as token ids, with every answer kept as exact code points and as tokens."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.reader.titled import TITLE_END

Ids = NDArray[np.int32]
_EXTRA_WORDS = 4
"""How many words a fuller answer may add to the one most annotators gave ("28" -> "28 February 2022")."""
NOTHING: Ids = np.zeros(0, np.int32)
LONGEST_TITLE = 24
"""Tokens of a title that stand before its passage; longer headlines are cut."""
_SAME_TITLE = 500
"""A title of so many passages names a collection ("Filtered Reddit Comments"), no article."""
_SENTENCE_ENDS = (".", "?", "!", ";")


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """A passage in tokens.

    Attributes:
        text: the passage, unchanged.
        ids: token ids, shape [n]; no special tokens.
        starts, ends: half-open code-point offsets of each token into `text`, shape [n].
        heads: tokens that begin a sentence (roughly: the first, and each one after a full stop), ascending.
        above: token ids of what stands before it, as `title_ids` gives them, shape [m].
    """

    title: str
    text: str
    ids: Ids
    starts: Ids
    ends: Ids
    heads: Ids
    above: Ids = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question, the passage that it was asked of (an index into the contexts) and the answer to learn.

    Attributes:
        ids: token ids of the question, shape [n]; no special tokens.
        target: first and last token (both inside) of the answer to learn; None where nothing answers.
        answers: every accepted answer's text.
    """

    id: str
    text: str
    ids: Ids
    context: int
    target: tuple[int, int] | None
    answers: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Questions:
    """Question sets read together: passages, and the questions that point into them."""

    contexts: tuple[Context, ...]
    asked: tuple[Asked, ...]
    sha256: dict[str, str]


def token_span(starts: Ids, ends: Ids, start: int, end: int) -> tuple[int, int] | None:
    """First and last token that overlap the code points [start, end); None when no token does."""
    first = int(np.searchsorted(ends, start, side="right"))
    last = int(np.searchsorted(starts, end, side="left")) - 1
    return (first, last) if first <= last else None


def fullest(spans: Sequence[tuple[int, int]], text: str) -> tuple[int, int]:
    """The span most annotators gave, or a longer one around it that adds a few words at most (a whole date)."""
    (start, end), _ = Counter(spans).most_common(1)[0]
    words = len(text[start:end].split())
    around = [
        s for s in spans if s[0] <= start and s[1] >= end and len(text[s[0] : s[1]].split()) <= words + _EXTRA_WORDS
    ]
    return max(around, key=lambda s: s[1] - s[0])


def read_sets(folders: Sequence[Path], tokenizer: Tokenizer) -> Questions:
    """Reads sets in the shared layout (corpus.jsonl, queries.jsonl).

    Answered questions without a usable span are left out.
    """
    contexts: list[Context] = []
    asked: list[Asked] = []
    sums: dict[str, str] = {}
    for folder in folders:
        corpus, queries = folder / "corpus.jsonl", folder / "queries.jsonl"
        for file in (corpus, queries):
            sums[f"{folder.name}/{file.name}"] = hashlib.sha256(file.read_bytes()).hexdigest()
        rows = list(_rows(corpus))
        place = {row["id"]: len(contexts) + i for i, row in enumerate(rows)}
        encoded = tokenizer.encode_batch([row["text"] for row in rows], add_special_tokens=False)
        per_title = Counter(row["title"] for row in rows)
        told = [row["title"] if per_title[row["title"]] < _SAME_TITLE else "" for row in rows]
        titles = [title_ids(title, tokenizer) for title in told]
        contexts.extend(context(r["title"], r["text"], e, t) for r, e, t in zip(rows, encoded, titles, strict=True))
        wanted = [q for q in _rows(queries) if (q["answer_spans"] or not q["answerable"]) and q["relevant"]]
        encoded = tokenizer.encode_batch([q["question"] for q in wanted], add_special_tokens=False)
        for q, e in zip(wanted, encoded, strict=True):
            at = place[q["relevant"][0]]
            home = contexts[at]
            spans = [(a["start"], a["start"] + len(a["text"])) for a in q["answer_spans"]]
            spans = [s for s, a in zip(spans, q["answer_spans"], strict=True) if home.text[s[0] : s[1]] == a["text"]]
            target = token_span(home.starts, home.ends, *fullest(spans, home.text)) if spans else None
            if (target is not None or not q["answerable"]) and e.ids:
                ids = np.asarray(e.ids, np.int32)
                asked.append(Asked(q["id"], q["question"], ids, at, target, tuple(q["answers"]), folder.name))
    return Questions(tuple(contexts), tuple(asked), sums)


def title_ids(title: str, tokenizer: Tokenizer) -> Ids:
    """Token ids of what stands before a passage: its title and a bar; none without a title."""
    words = tokenizer.encode(title, add_special_tokens=False).ids[:LONGEST_TITLE]
    bar = tokenizer.encode(TITLE_END, add_special_tokens=False).ids
    return np.asarray([*words, *bar] if words else [], np.int32)


def context(title: str, text: str, encoded: Any, above: Ids = NOTHING) -> Context:
    """A passage from its text, the tokenizer's encoding of it (the library's type is not public) and `title_ids`."""
    offsets = np.asarray(encoded.offsets, np.int32).reshape(-1, 2)
    tokens = encoded.tokens
    heads = [0, *(i + 1 for i in range(len(tokens) - 1) if tokens[i] in _SENTENCE_ENDS)]
    ids = np.asarray(encoded.ids, np.int32)
    return Context(title, text, ids, offsets[:, 0].copy(), offsets[:, 1].copy(), np.asarray(heads, np.int32), above)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def split(
    questions: Questions, share: float, seed: int, never_held: Collection[str] = ()
) -> tuple[list[int], list[int]]:
    """Indices of the training and validation questions; no article (title; passage where titles repeat) is in both.

    Questions of the sets `never_held` all train, and the others are parted as if those were not there.
    """
    per_title = Counter(c.title for c in questions.contexts)

    def article(q: Asked) -> str:
        home = questions.contexts[q.context]
        return (
            f"{q.source}/{home.title}"
            if per_title[home.title] < _SAME_TITLE and home.title
            else f"{q.source}/#{q.context}"
        )

    names = sorted({article(q) for q in questions.asked if q.source not in never_held})
    np.random.default_rng(seed).shuffle(names)
    held = set(names[: round(share * len(names))])
    sides: tuple[list[int], list[int]] = ([], [])
    for i, q in enumerate(questions.asked):
        sides[article(q) in held].append(i)
    return sides
