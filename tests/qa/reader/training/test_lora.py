import torch
from torch import nn

from qa.reader.training.lora import LowRank


def test_nothing_changes_before_training_and_only_the_low_rank_part_learns() -> None:
    torch.manual_seed(0)
    linear = nn.Linear(6, 4)
    x = torch.randn(3, 6)
    before = linear(x)
    layer = LowRank(linear, rank=2)
    assert torch.equal(layer(x), before)
    assert sorted(n for n, p in layer.named_parameters() if p.requires_grad) == ["down", "up"]
    layer(x).sum().backward()
    torch.optim.SGD([layer.up], lr=0.1).step()
    change = (layer(x) - before).detach()
    assert change.abs().max() > 0
    assert torch.linalg.matrix_rank(change.T) <= 2
