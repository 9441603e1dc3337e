"""What is read on of a passage."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reader.skimming import FADE, LEAST, kept
from qa.reader.training.skim import nearness


def likely(places: dict[int, float], tokens: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    logits = np.full(tokens, -20, np.float32)
    for place, logit in places.items():
        logits[place] = logit
    return logits


def test_what_is_near_a_likely_place_is_kept_and_the_rest_is_not() -> None:
    allowed = np.arange(600) >= 60
    start, end = likely({160: 5.0}, 600), likely({450: 5.0, 5: 99.0}, 600)
    # 90 of 540: 45 around each of the two places, for both are as likely; what is not allowed does not count.
    expected = [*range(138, 183), *range(428, 473)]
    assert kept(start, end, allowed, 90 / 540).tolist() == expected


def test_a_likelier_place_keeps_more_around_it() -> None:
    allowed = np.ones(300, bool)
    found = kept(likely({50: 6.0, 250: 6.0 - 10 * FADE}, 300), likely({}, 300), allowed, 0.5)
    assert len(found) == 150
    # Ten more on each side.
    assert (found < 150).sum() - (found > 150).sum() in range(19, 23)


def test_little_is_kept_whole() -> None:
    nothing = np.zeros(LEAST + 10, np.float32)
    assert kept(nothing, nothing, np.arange(LEAST + 10) >= 10, 0.1).tolist() == list(range(10, LEAST + 10))
    assert kept(nothing, nothing, np.zeros(LEAST + 10, bool), 0.5).tolist() == []


@settings(deadline=None)
@given(seed=st.integers(0, 1000), tokens=st.integers(1, 400), share=st.floats(0.05, 1))
def test_in_use_as_in_training(seed: int, tokens: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    start, end = rng.normal(0, 5, (2, tokens)).astype(np.float32)
    allowed = rng.random(tokens) < 0.8
    found = kept(start, end, allowed, share)
    assert np.all(np.diff(found) > 0)
    assert allowed[found].all()
    if allowed.any():
        near = nearness(torch.from_numpy(np.maximum(start, end))[None], torch.from_numpy(allowed)[None])[0].numpy()
        dropped = np.setdiff1d(np.flatnonzero(allowed), found)
        assert not len(dropped) or near[found].min() >= near[dropped].max() - 1e-3
