"""A narrower network: the feed-forward blocks lose the neurons that their products miss least.

Of each block the neurons go one by one: that whose loss the others can make up for best, told by the second moments of
the block's inner values over real inputs; what the others then have to give is found by least squares (Optimal Brain
Surgeon, Hassibi & Stork 1993, with a neuron's whole column as the unit, as in Kurtić et al. 2023). A student
begins so and learns what is missing with the rest (`accelerated.py`).
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from qa.reader.training.batch import Batch, Packed
from qa.reader.training.model import ReaderModel
from qa.reader.training.skim import SkimModel, wanted

_DAMPING = 1e-3
"""Of the moments' mean, added to their diagonal: neurons that are nearly the same leave the inverse no number."""


def widths_of(model: ReaderModel) -> list[int]:
    """Neurons of each layer's feed-forward block."""
    return [int(layer.intermediate.dense.out_features) for layer in _layers(model)]


def widths_in(weights: Mapping[str, Tensor]) -> list[int]:
    """The same, of a model's weights by name."""
    names = (f"bert.encoder.layer.{n}.intermediate.dense.bias" for n in itertools.count())
    return [len(weights[name]) for name in itertools.takewhile(weights.__contains__, names)]


def resize(model: ReaderModel, widths: Sequence[int]) -> None:
    """Give each layer's block so many neurons, in place; the weights are new where that is another number."""
    size = model.bert.config.hidden_size
    for layer, old, new in zip(_layers(model), widths_of(model), widths, strict=True):
        if new != old:
            layer.intermediate.dense = nn.Linear(size, new)
            layer.output.dense = nn.Linear(new, size)


@torch.no_grad()
def narrow(model: SkimModel, batches: Sequence[Packed], widths: Sequence[int], share: float) -> list[float]:
    """Leave each layer's block so many neurons as `widths` has for it, in place.

    Args:
        model: trained.
        batches: inputs like those that it will get; a few thousand passages tell.
        widths: how many stay in each layer.
        share: of a passage's tokens, how many the deep layers see.

    Returns:
        for each layer, what its block's output loses of its square.
    """
    moments = _moments(model, batches, share)
    narrowed = []
    for layer, inner, width in zip(_layers(model), moments, widths, strict=True):
        wide, back = layer.intermediate.dense, layer.output.dense
        stay, weight, lost = fewest_missed(back.weight, inner, width)
        narrowed.append((wide.weight[stay].clone(), wide.bias[stay].clone(), weight, back.bias.clone(), lost))
    resize(model, widths)
    for layer, (first, first_bias, second, second_bias, _) in zip(_layers(model), narrowed, strict=True):
        layer.intermediate.dense.weight.copy_(first)
        layer.intermediate.dense.bias.copy_(first_bias)
        layer.output.dense.weight.copy_(second)
        layer.output.dense.bias.copy_(second_bias)
    return [lost for *_, lost in narrowed]


def fewest_missed(weight: Tensor, moments: Tensor, count: int) -> tuple[Tensor, Tensor, float]:
    """Which inputs of a product stay, the weights they then need, and the share of its output's square that is lost.

    Args:
        weight: [outputs, inputs].
        moments: the inputs' second moments, [inputs, inputs].
        count: how many inputs stay.
    """
    whole = weight.double()
    left, inputs = whole.clone(), len(moments)
    inverse = torch.linalg.inv(moments.double() + moments.diagonal().mean().double() * _DAMPING * torch.eye(inputs))
    stays = torch.ones(inputs, dtype=torch.bool)
    for _ in range(inputs - count):
        # What is lost with an input, when all others do what they can for it.
        loss = (left**2).sum(0) / inverse.diagonal()
        gone = int(loss.masked_fill(~stays, torch.inf).argmin())
        column = inverse[:, gone] / inverse[gone, gone]
        left -= left[:, gone : gone + 1] * column[None]
        inverse = inverse - column[:, None] * inverse[gone][None]
        stays[gone] = False
        left[:, gone] = 0
        # Kept out of the divisions above.
        inverse[gone, gone] = 1
    missed, moments = left - whole, moments.double()
    lost = float(((missed @ moments) * missed).sum() / ((whole @ moments) * whole).sum())
    return torch.nonzero(stays)[:, 0], left[:, stays].to(weight.dtype), lost


def _moments(model: SkimModel, batches: Sequence[Packed], share: float) -> list[Tensor]:
    """Of the inner values of each layer's block, over the tokens that it sees."""
    layers = _layers(model)
    sums = [torch.zeros(width, width) for width in widths_of(model)]

    def watch(place: int) -> Any:
        def add(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            with torch.autocast("cpu", enabled=False):
                rows = given[0].float().flatten(0, -2)
                sums[place] += rows.T @ rows

        return add

    hooks = [layer.output.dense.register_forward_pre_hook(watch(place)) for place, layer in enumerate(layers)]
    for packed in batches:
        count = wanted(packed, share)
        with torch.autocast("cpu", torch.bfloat16):
            model.eval().depths(Batch.of(packed), int(count.max()), torch.from_numpy(count))
    for hook in hooks:
        hook.remove()
    return sums


def _layers(model: ReaderModel) -> list[Any]:
    return list(model.bert.encoder.layer)
