"""The two networks that a `SkimModel` is shipped as: one that skims a passage, one that reads on what is left of it.

Each run is of one passage, so that there is no padding and neither takes a mask, which saves 4% of the time.
"""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertModel

from index.onnx_session import Session
from index.onnx_smooth import Feeds
from qa.reader.network import HIDDEN
from qa.reader.skimming import kept, spread
from qa.reader.training.batch import Batch, pack
from qa.reader.training.export import OUTPUTS, Shape, feeds, written
from qa.reader.training.features import Feature
from qa.reader.training.model import MASKED
from qa.reader.training.predict import Logits, Run
from qa.reader.training.skim import SkimModel, wanted

SKIM_OUTPUTS = (*OUTPUTS, HIDDEN)
SKIM_INPUTS = ("input_ids", "token_type_ids")


class Skim(nn.Module):
    """Token ids to the skim's logits, and to what the last of its layers gives before it is normalised.

    The deep network begins with that normalisation: the fusion of attention looks for one before each layer.
    """

    def __init__(self, model: SkimModel) -> None:
        super().__init__()
        self.bert = _layers(model.bert, slice(None, model.skimmed))
        self.norm, self.head = copy.deepcopy(_last_norm(model)), model.skim
        last: Any = self.bert.encoder.layer[-1]
        last.output.LayerNorm = nn.Identity()

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Start and end logits [batch, tokens], hidden states [batch, tokens, size]."""
        hidden = self.bert.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        hidden = self.bert.encoder(hidden).last_hidden_state
        start, end = self.head(self.norm(hidden)).unbind(-1)
        return start, end, hidden


class Deep(nn.Module):
    """The skim's hidden states of the tokens that are left to start and end logits."""

    def __init__(self, model: SkimModel) -> None:
        super().__init__()
        self.bert = _layers(model.bert, slice(model.skimmed, None))
        self.norm, self.head = copy.deepcopy(_last_norm(model)), model.head

    def forward(self, hidden_states: Tensor) -> tuple[Tensor, Tensor]:
        """Logits, each [batch, tokens]."""
        hidden = self.bert.encoder(self.norm(hidden_states)).last_hidden_state
        start, end = self.head(hidden).unbind(-1)
        return start, end


def export_depths(
    model: SkimModel, skim: Path, deep: Path, samples: Sequence[Feature], share: float
) -> tuple[str, str]:
    """Writes both networks in int8; returns their SHA-256.

    Args:
        model: trained, with an attention that can be fused (`export.make_fusible`).
        skim, deep: files to write.
        samples: inputs like those the network will get.
        share: of a passage's tokens, how many are read on.
    """
    model = model.eval()
    config, first, second = model.bert.config, Skim(model).eval(), Deep(model).eval()
    ids = torch.tensor([[101, 110, 102, 120, 102], [101, 111, 102, 121, 102]])
    types = torch.tensor([[0, 0, 0, 1, 1]] * 2)
    with torch.no_grad():
        hidden = first(ids, types)[2]
    skim_feeds = [_given(sample) for sample in samples]
    deep_feeds = [_left(first, one, sample, share) for one, sample in zip(skim_feeds, samples, strict=True)]
    size = config.num_attention_heads, config.hidden_size
    return (
        written(first, Shape((ids, types), SKIM_INPUTS, SKIM_OUTPUTS, *size), skim, skim_feeds),
        written(second, Shape((hidden,), (HIDDEN,), OUTPUTS, *size), deep, deep_feeds),
    )


def depths_run(skim: Path, deep: Path, share: float) -> Run:
    """Runs both networks on features, each by itself, as the reader will."""
    first, second = Session(skim), Session(deep)

    def one(feature: Feature) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        start, end, hidden = first.run(_given(feature))
        places = _places(feature, start[0], end[0], share)
        found = second.run({HIDDEN: hidden[:, places]})
        start, end = (spread(side[0], places, len(feature.ids)) for side in found)
        return start, end

    def run(features: list[Feature]) -> Logits:
        longest = max(len(feature.ids) for feature in features)
        sides = [one(feature) for feature in features]
        start, end = (
            np.stack([np.pad(side[n], (0, longest - len(side[n])), constant_values=MASKED) for side in sides])
            for n in range(2)
        )
        return start, end

    return run


def float_run(model: SkimModel, share: float) -> Run:
    """Runs the torch model, in float32."""

    def run(features: list[Feature]) -> Logits:
        packed = pack(features, [0] * len(features))
        count = wanted(packed, share)
        with torch.inference_mode():
            found = model.eval().depths(Batch.of(packed), int(count.max()), torch.from_numpy(count))
        return found.start.numpy(), found.end.numpy()

    return run


def _places(feature: Feature, start: NDArray[np.float32], end: NDArray[np.float32], share: float) -> NDArray[np.int64]:
    """Tokens that are read on: the question and its markers, and what `kept` says."""
    allowed = np.zeros(len(feature.ids), bool)
    allowed[feature.passage : -1] = True
    return np.concatenate((np.arange(feature.second), kept(start, end, allowed, share)))


def _left(skim: Skim, one: Feeds, sample: Feature, share: float) -> Feeds:
    with torch.no_grad():
        start, end, hidden = (side.numpy() for side in skim(*(torch.from_numpy(one[name]) for name in SKIM_INPUTS)))
    return {HIDDEN: hidden[:, _places(sample, start[0], end[0], share)]}


def _given(feature: Feature) -> Feeds:
    whole = feeds([feature])
    return {name: whole[name] for name in SKIM_INPUTS}


def _layers(bert: BertModel, part: slice) -> BertModel:
    some = copy.deepcopy(bert)
    some.encoder.layer = some.encoder.layer[part]
    return some


def _last_norm(model: SkimModel) -> nn.Module:
    last: Any = model.bert.encoder.layer[model.skimmed - 1]
    norm: nn.Module = last.output.LayerNorm
    return norm
