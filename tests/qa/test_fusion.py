"""Fusion by hand arithmetic."""

import pytest

from qa.fusion import ConvexCombination, Fusion, ReciprocalRank, WeightedSum

DENSE = [(1, 0.6), (2, 0.2)]
LEXICAL = [(2, 8.0), (3, 4.0)]


def test_convex_combination_by_hand() -> None:
    fused = dict(ConvexCombination(0.7).fuse(DENSE, LEXICAL))
    # cosines from [-1, 0.6] and BM25 from [0, 8] scaled to [0, 1]
    assert fused[1] == pytest.approx(0.7 * (1.6 / 1.6) + 0.3 * 0)
    assert fused[2] == pytest.approx(0.7 * (1.2 / 1.6) + 0.3 * (8 / 8))
    assert fused[3] == pytest.approx(0.7 * (1.2 / 1.6) + 0.3 * (4 / 8))


def test_weighted_sum_by_hand() -> None:
    fused = WeightedSum(0.02).fuse(DENSE, LEXICAL)
    assert [key for key, _ in fused] == [1, 2, 3]
    assert [score for _, score in fused] == pytest.approx([0.6 + 0.0, 0.2 + 0.02 * 8.0, 0.2 + 0.02 * 4.0])


def test_reciprocal_rank_by_hand() -> None:
    fused = ReciprocalRank(60).fuse(DENSE, LEXICAL)
    assert fused == [(2, 1 / (60 + 2) + 1 / (60 + 1)), (1, 1 / (60 + 1)), (3, 1 / (60 + 2))]


@pytest.mark.parametrize("fusion", [ConvexCombination(0.7), WeightedSum(0.1), ReciprocalRank()])
def test_one_empty_ranking_leaves_the_order_of_the_other(fusion: Fusion) -> None:
    assert [key for key, _ in fusion.fuse(DENSE, [])] == [1, 2]
    assert [key for key, _ in fusion.fuse([], LEXICAL)] == [2, 3]
    assert fusion.fuse([], []) == []


@pytest.mark.parametrize("fusion", [ConvexCombination(0.5), WeightedSum(0.1), ReciprocalRank()])
def test_equal_scores_are_in_order_of_key(fusion: Fusion) -> None:
    assert [key for key, _ in fusion.fuse([(9, 0.5), (4, 0.5)], [(4, 3.0), (9, 3.0)])] == [4, 9]
