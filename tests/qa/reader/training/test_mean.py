"""The mean of weights, worked out by hand."""

import pytest
import torch

from qa.reader.training.mean import mean


def test_each_number_is_the_weighted_mean_and_whole_numbers_stay() -> None:
    one = {"a": torch.tensor([1.0, 2.0]), "ids": torch.tensor([3, 4])}
    two = {"a": torch.tensor([5.0, -2.0]), "ids": torch.tensor([3, 4])}
    found = mean([(one, 0.75), (two, 0.25)])
    assert found["a"].tolist() == [2.0, 1.0]
    assert found["a"].dtype == torch.float32
    assert found["ids"].tolist() == [3, 4]


def test_shares_that_are_not_a_mean_are_refused() -> None:
    one = {"a": torch.tensor([1.0])}
    with pytest.raises(ValueError, match=r"shares sum to 1\.1; they must sum to 1"):
        mean([(one, 0.6), (one, 0.5)])


def test_networks_of_two_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="different networks"):
        mean([({"a": torch.tensor([1.0])}, 0.5), ({"a": torch.tensor([1.0, 2.0])}, 0.5)])
    with pytest.raises(ValueError, match="different networks"):
        mean([({"a": torch.tensor([1.0])}, 0.5), ({"b": torch.tensor([1.0])}, 0.5)])
