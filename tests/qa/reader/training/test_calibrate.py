import numpy as np

from qa.reader.training.calibrate import Top, confidence, fit, quality


def test_confidence_matches_the_share_that_is_right() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(0, 3, 4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-(0.8 * scores - 0.5)))
    found = [Top(float(s), 0.0, bool(r)) for s, r in zip(scores, right, strict=True)]
    fitted = fit(found, with_cosine=False)
    assert abs(fitted.reader - 0.8) < 0.08
    assert abs(fitted.bias + 0.5) < 0.12
    assert fitted.dense == 0.0
    figures = quality(fitted, found)
    assert figures["ece"] < 0.03
    assert figures["auroc"] > 0.85
    assert abs(fitted.threshold - 0.5) < 0.15


def test_the_cosine_counts_where_it_helps() -> None:
    found = [Top(0.0, c / 100, c > 50) for c in range(100)]
    fitted = fit(found, with_cosine=True)
    assert fitted.dense > 5
    assert confidence(fitted, Top(0.0, 0.9, right=True)) > 0.9
    assert confidence(fitted, Top(0.0, 0.1, right=False)) < 0.1
