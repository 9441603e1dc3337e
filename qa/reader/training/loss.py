"""What is minimised: the span's cross-entropy, and the right passage among those of one question."""

import torch
from torch import Tensor
from torch.nn import functional

from qa.reader.training.batch import Batch
from qa.reader.training.model import MASKED


def masked(logits: Tensor, allowed: Tensor) -> Tensor:
    """Logits [batch, tokens] where only [CLS] and the passage's tokens (`allowed`) count."""
    return logits.masked_fill(~allowed, MASKED)


def span_loss(start: Tensor, end: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Mean of the two cross-entropies; logits [batch, tokens] already masked, targets [batch] with 0 for null."""
    return (functional.cross_entropy(start, first) + functional.cross_entropy(end, last)) / 2


def odds(start: Tensor, end: Tensor) -> Tensor:
    """Log-odds that the passage answers, shape [batch]: all spans against null, start and end taken as independent."""
    return sum((torch.logsumexp(x[:, 1:], 1) - x[:, 0] for x in (start, end)), start.new_zeros(len(start)))


def rank_loss(passage_odds: Tensor, group: Tensor, answers: Tensor) -> Tensor:
    """Cross-entropy of the answering passage among its question's (normalised over them, as Clark & Gardner 2018).

    `group` [batch] numbers the question of each row; `answers` [batch] is true for a passage that answers.
    Questions with one passage, or none that answers, add nothing.
    """
    same = group[:, None] == group[None, :]
    among = torch.logsumexp(torch.where(same, passage_odds[None, :], -torch.inf), 1)
    counted = answers & (same.sum(1) > 1)
    # Rows that do not count add 0, not a number that is no number.
    losses = torch.where(counted, among - passage_odds, 0.0)
    return losses.sum() / counted.sum().clamp(min=1)


def soft_rank_loss(passage_odds: Tensor, told: Tensor, group: Tensor) -> Tensor:
    """Cross-entropy of the passages of each question under the share of its odds that a teacher gives them.

    All of shape [batch]; the mean over the questions with more than one passage.
    """
    same = group[:, None] == group[None, :]
    own, given = (
        side - torch.logsumexp(torch.where(same, side[None, :], -torch.inf), 1) for side in (passage_odds, told)
    )
    several = same.sum(1)
    counted = several > 1
    losses = torch.where(counted, -given.exp() * own, 0.0)
    # Each question's rows have its share of one.
    return losses.sum() / torch.where(counted, 1 / several, 0.0).sum().clamp(min=1)


def hard_loss(start: Tensor, end: Tensor, batch: Batch, rank_weight: float) -> Tensor:
    """Span loss of a batch's masked logits, plus the ranking loss where its weight is not 0."""
    loss = span_loss(start, end, batch.first, batch.last)
    if rank_weight:
        loss = loss + rank_weight * rank_loss(odds(start, end), batch.group, batch.answers)
    return loss
