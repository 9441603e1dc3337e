import math

import torch

from qa.reader.training.loss import masked, odds, rank_loss, soft_rank_loss, span_loss

LN2 = math.log(2)


def test_a_masked_token_takes_no_part() -> None:
    logits = masked(torch.tensor([[0.0, 50.0, 0.0]]), torch.tensor([[True, False, True]]))
    target = torch.tensor([2])
    assert span_loss(logits, logits, target, target).item() == torch.tensor(LN2).item()


def test_the_span_loss_is_the_mean_of_both_ends() -> None:
    start, end = torch.zeros(1, 4), torch.zeros(1, 4)
    end[0, 2] = math.log(5)  # 5 / (5 + 1 + 1 + 1)
    loss = span_loss(start, end, torch.tensor([1]), torch.tensor([2]))
    assert math.isclose(loss.item(), (math.log(4) + math.log(8 / 5)) / 2, rel_tol=1e-6)


def test_odds_are_all_spans_against_null() -> None:
    start = torch.tensor([[1.0, 0.0, 0.0]])  # log(1 + 1) - 1
    end = torch.tensor([[0.0, math.log(3), 0.0]])  # log(3 + 1) - 0
    assert math.isclose(odds(start, end).item(), LN2 - 1 + 2 * LN2, rel_tol=1e-6)


def test_the_rank_loss_compares_passages_of_one_question_only() -> None:
    scores = torch.tensor([1.0, 0.0, 3.0, -2.0])
    group = torch.tensor([0, 0, 1, 2])
    answers = torch.tensor([True, False, True, False])
    assert math.isclose(rank_loss(scores, group, answers).item(), math.log(1 + math.exp(-1)), rel_tol=1e-6)
    assert rank_loss(scores, torch.arange(4), answers).item() == 0.0


def test_the_soft_rank_loss_is_least_where_the_odds_differ_as_the_teachers_do() -> None:
    told = torch.tensor([math.log(3), 0.0, 5.0, 0.0, 0.0])  # three to one; alone; one to one
    group = torch.tensor([0, 0, 1, 2, 2])
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    moved = told + torch.tensor([2.0, 2.0, -9.0, 1.0, 1.0])
    assert math.isclose(soft_rank_loss(moved, told, group).item(), (entropy + LN2) / 2, rel_tol=1e-6)
    assert soft_rank_loss(told.flip(0), told, group) > (entropy + LN2) / 2
    assert soft_rank_loss(told, told, torch.arange(5)).item() == 0.0


def test_the_soft_rank_loss_moves_the_passages_apart() -> None:
    scores = torch.zeros(3, requires_grad=True)
    soft_rank_loss(scores, torch.tensor([2.0, 0.0, 1.0]), torch.tensor([7, 7, 8])).backward()  # type: ignore[no-untyped-call]
    assert scores.grad is not None
    assert scores.grad[0] < 0 < scores.grad[1]
    assert scores.grad[2] == 0
