"""The network read at two depths: its first layers skim a passage, the others read what the skim left of it.

After the first layers a small head says where an answer may begin and end. The tokens far from any such place go no
further: the layers after these see the question and the share of the passage that is most likely to answer. (Tokens
dropped on the way as in PoWER-BERT, Goyal et al. 2020; what to drop is told by answers, not learned by attention.)
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from qa.reader.skimming import FADE, LEAST
from qa.reader.training.batch import Batch, Packed
from qa.reader.training.loss import masked
from qa.reader.training.model import MASKED, ReaderModel

SKIMMED = 2
"""Layers that see the whole passage."""


@dataclass(frozen=True, slots=True)
class Depths:
    """Logits [rows, tokens] of either depth, masked; in the deep ones a token that was dropped is masked too.

    Attributes:
        kept: which tokens the deep layers saw, [rows, tokens].
    """

    skim_start: Tensor
    skim_end: Tensor
    start: Tensor
    end: Tensor
    kept: Tensor


class SkimModel(ReaderModel):
    """A `ReaderModel` with a second head, `skim`, after its first layers.

    Its layers are BERT's own; only the order of work is this class's, so that tokens can be left out on the way.
    """

    def __init__(self, bert: BertModel, skimmed: int = SKIMMED) -> None:
        super().__init__(bert)
        self.skim = nn.Linear(bert.config.hidden_size, 2)
        nn.init.normal_(self.skim.weight, std=0.02)
        nn.init.zeros_(self.skim.bias)
        self.skimmed = skimmed

    def whole(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Start and end logits of all layers over all tokens, masked."""
        hidden, mask = self._embedded(batch)
        for layer in self.bert.encoder.layer:
            hidden = run_layer(layer, hidden, mask)
        return _heads(self.head, hidden, batch.allowed)

    def depths(self, batch: Batch, most: int, wanted: Tensor, sure: Tensor | None = None) -> Depths:
        """Logits of both depths.

        Args:
            batch: the inputs.
            most: the largest of `wanted`.
            wanted: how many tokens of each row the deep layers see, shape [rows].
            sure: tokens that they see in any case, [rows, tokens]; the answer's in training.
        """
        hidden, mask = self._embedded(batch)
        for layer in self.bert.encoder.layer[: self.skimmed]:
            hidden = run_layer(layer, hidden, mask)
        skim_start, skim_end = _heads(self.skim, hidden, batch.allowed)
        likely = nearness(torch.maximum(skim_start, skim_end).detach(), batch.types.bool() & batch.allowed)
        # The question and its markers always stay.
        likely = likely.masked_fill((batch.types == 0) & (batch.mask > 0), math.inf)
        if sure is not None:
            likely = likely.masked_fill(sure, math.inf)
        order = likely.topk(most, dim=1).indices
        seen = torch.arange(most, device=order.device)[None] < wanted[:, None]
        hidden = hidden.gather(1, order[:, :, None].expand(-1, -1, hidden.shape[-1]))
        for layer in self.bert.encoder.layer[self.skimmed :]:
            hidden = run_layer(layer, hidden, seen[:, None, None, :])
        allowed = batch.allowed.gather(1, order) & seen
        back = [
            skim_start.new_full(skim_start.shape, MASKED).scatter(1, order, side)
            for side in _heads(self.head, hidden, allowed)
        ]
        kept = torch.zeros_like(batch.allowed).scatter(1, order, seen)
        return Depths(skim_start, skim_end, back[0], back[1], kept)

    def _embedded(self, batch: Batch) -> tuple[Tensor, Tensor]:
        parts = self.bert.embeddings
        places = torch.arange(batch.ids.shape[1], device=batch.ids.device)
        hidden = (
            parts.word_embeddings(batch.ids)
            + parts.token_type_embeddings(batch.types)
            + parts.position_embeddings(places)[None]
        )
        return parts.dropout(parts.LayerNorm(hidden)), batch.mask[:, None, None, :].bool()


def run_layer(layer: Any, hidden: Tensor, mask: Tensor) -> Tensor:
    """One layer of BERT, [rows, tokens, size]; `mask` [rows, 1, 1, tokens] is true for what may be looked at."""
    own, out = layer.attention.self, layer.attention.output
    heads = own.num_attention_heads
    query, key, value = (
        part(hidden).unflatten(-1, (heads, -1)).transpose(1, 2) for part in (own.query, own.key, own.value)
    )
    mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)
    hidden = out.LayerNorm(hidden + out.dropout(out.dense(mixed)))
    wide = functional.gelu(layer.intermediate.dense(hidden))
    result: Tensor = layer.output.LayerNorm(hidden + layer.output.dropout(layer.output.dense(wide)))
    return result


def nearness(score: Tensor, within: Tensor) -> Tensor:
    """How near each token is to one with a high score: the best score less `FADE` for each token between.

    Args:
        score: [rows, tokens].
        within: tokens that count; the others get `MASKED`.
    """
    slope = torch.arange(score.shape[1], device=score.device) * FADE
    score = score.float().masked_fill(~within, MASKED)
    before = (score + slope).cummax(1).values - slope
    after = (score.flip(1) + slope).cummax(1).values.flip(1) - slope.flip(0)
    return torch.maximum(before, after).masked_fill(~within, MASKED)


def wanted(packed: Packed, share: float) -> NDArray[np.int64]:
    """How many tokens of each row the deep layers see, by the same rule as in use (`qa.reader.skimming.kept`)."""
    inside = packed.length - 1 - packed.passage
    return np.asarray(packed.second + np.minimum(inside, np.maximum(LEAST, np.ceil(share * inside))), np.int64)


def _heads(head: nn.Linear, hidden: Tensor, allowed: Tensor) -> tuple[Tensor, Tensor]:
    start, end = head(hidden).float().unbind(-1)
    return masked(start, allowed), masked(end, allowed)
