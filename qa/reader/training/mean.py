"""The mean of several runs' weights: one network, often better than each (model soups, Wortsman et al. 2022)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from qa.reader.training.model import from_encoder
from qa.reader.training.restore import restore_weights

State = Mapping[str, Tensor]


def state_of(path: Path, encoder: Path) -> State:
    """The weights in a run's folder, or in one that `export` wrote."""
    if (path / "checkpoint.pt").exists():
        state: State = torch.load(path / "checkpoint.pt", weights_only=True)["model"]
        return state
    model = from_encoder(encoder)
    restore_weights(model, path)
    return model.state_dict()


def mean(parts: Sequence[tuple[State, float]]) -> dict[str, Tensor]:
    """Number by number, each state counting as much as its share; what is no float is the first one's.

    Raises:
        ValueError: the shares do not sum to 1, or the states have not the same weights.
    """
    total = sum(share for _, share in parts)
    if abs(total - 1) > 1e-6:
        raise ValueError(f"the shares sum to {total:g}; they must sum to 1")
    first, _ = parts[0]
    for state, _ in parts:
        if {name: value.shape for name, value in state.items()} != {name: value.shape for name, value in first.items()}:
            raise ValueError("the runs have different networks; a mean needs one kind")
    return {
        name: sum((state[name].double() * share for state, share in parts), torch.zeros(())).float()
        if value.is_floating_point()
        else value
        for name, value in first.items()
    }
