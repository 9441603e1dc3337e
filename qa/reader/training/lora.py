"""Low-rank changes to frozen weights (LoRA, Hu et al. 2021), to compare with training all of them."""

import torch
from torch import Tensor, nn

from qa.reader.training.model import ReaderModel


class LowRank(nn.Module):
    """y = Wx + b + BAx: W and b stay, A [rank, in] and B [out, rank] learn, B from 0, so nothing changes at first."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(requires_grad=False)
        self.down = nn.Parameter(torch.randn(rank, linear.in_features) * linear.in_features**-0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output, shape [..., out]."""
        changed: Tensor = self.linear(x) + (x @ self.down.T) @ self.up.T
        return changed


def adapt(model: ReaderModel, rank: int) -> None:
    """Gives every linear layer of the encoder a low-rank change, in place; only these and the head learn."""
    model.bert.requires_grad_(requires_grad=False)
    for parent in list(model.bert.encoder.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear):
                setattr(parent, name, LowRank(child, rank))
