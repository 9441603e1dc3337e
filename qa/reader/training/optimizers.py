"""What moves the weights: AdamW for all, or Muon for the encoder's matrices and AdamW for the rest."""

from typing import Any, Literal, get_args

from torch.optim import AdamW, Muon, Optimizer

from qa.reader.training.model import ReaderModel

Kind = Literal["adamw", "muon"]
_DECAY = 0.01
_BETAS = (0.9, 0.98)


class Optimizers:
    """Steps over all weights that learn.

    Muon (Jordan et al. 2024) makes each matrix's step orthogonal. Its steps are scaled to the size of AdamW's
    (Liu et al. 2025, section 2.2), so that one learning rate serves both.

    Raises:
        ValueError: `kind` is neither name.
    """

    def __init__(self, model: ReaderModel, kind: str) -> None:
        if kind not in get_args(Kind):
            raise ValueError(f"there is no optimiser {kind!r}; there are {', '.join(get_args(Kind))}")
        learning = {name: p for name, p in model.named_parameters() if p.requires_grad}
        matrices = [name for name, p in learning.items() if p.ndim == 2 and name.startswith("bert.encoder.")]
        inner = [learning.pop(name) for name in matrices] if kind == "muon" else []
        groups = [
            {"params": [p for p in learning.values() if p.ndim > 1], "weight_decay": _DECAY},
            {"params": [p for p in learning.values() if p.ndim < 2], "weight_decay": 0.0},
        ]
        self._all: list[Optimizer] = [AdamW(groups, betas=_BETAS, fused=True)]
        if inner:
            self._all.insert(0, Muon(inner, weight_decay=_DECAY, adjust_lr_fn="match_rms_adamw"))

    def step(self, rate: float) -> None:
        """Move every weight by its gradient at this learning rate; no gradient is left."""
        for optimizer in self._all:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def state(self) -> list[dict[str, Any]]:
        """What a checkpoint keeps."""
        return [optimizer.state_dict() for optimizer in self._all]

    def restore(self, states: list[dict[str, Any]]) -> None:
        """Put back what a checkpoint kept.

        Raises:
            ValueError: it was made with other optimisers.
        """
        if len(states) != len(self._all):
            raise ValueError(
                f"the checkpoint has {len(states)} optimisers, the run {len(self._all)}: another --optimizer"
            )
        for optimizer, state in zip(self._all, states, strict=True):
            optimizer.load_state_dict(state)
