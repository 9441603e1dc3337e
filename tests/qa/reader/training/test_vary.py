"""Words changed for near ones."""

import numpy as np
import torch

from qa.reader.training.batch import collate
from qa.reader.training.features import joined
from qa.reader.training.vary import Variation

SPECIAL = (0, 100, 101, 102)


def words() -> torch.Tensor:
    """Vectors on a quarter of a circle, so that what is near is known; the special ones lie among them."""
    angles = torch.linspace(0, torch.pi / 2, 200)
    return torch.stack([angles.cos(), angles.sin()], 1) * torch.arange(1, 201)[:, None]


def test_only_words_are_changed_and_for_near_ones() -> None:
    torch.manual_seed(5)
    passage = np.arange(110, 180, dtype=np.int32)
    batch = collate(
        [joined(np.asarray([105, 106], np.int32), passage, (3, 5)), joined(passage[:4], passage[:9], None)], [0, 0]
    )
    variation = Variation(words(), SPECIAL)
    changed = torch.zeros_like(batch.ids, dtype=torch.bool)
    for _ in range(60):
        varied = variation.varied(batch)
        moved = varied.ids != batch.ids
        changed |= moved
        assert moved.float().mean() < 0.5
        # The eight nearest on a line are four on either side, or further where it ends or special ones are left out.
        assert ((varied.ids - batch.ids).abs() <= 8).all()
        assert not torch.isin(varied.ids[moved], torch.tensor(SPECIAL)).any()
        assert varied.first is batch.first
    fixed = torch.isin(batch.ids, torch.tensor(SPECIAL))
    assert torch.equal(changed, ~fixed)
