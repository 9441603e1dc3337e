import json
from pathlib import Path

from tokenizers import Tokenizer

from qa.reader.training.vocabulary import is_latin, kept, prune_tokenizer


def test_latin_greek_and_signs_stay() -> None:
    assert [p for p in ("café", "##ł", "α", "€", "½", "##12", "мост", "日", "##ש") if is_latin(p)] == [
        "café",
        "##ł",
        "α",
        "€",
        "½",
        "##12",
    ]


def test_the_pruned_tokenizer_gives_the_same_pieces_under_new_ids(tokenizer: Tokenizer, tmp_path: Path) -> None:
    source, target = tmp_path / "whole.json", tmp_path / "pruned.json"
    source.write_text(tokenizer.to_str(), "utf-8")
    new_ids = prune_tokenizer(source, target)
    pruned = Tokenizer.from_file(str(target))
    before, after = (t.encode("The mayor of London, 1998!") for t in (tokenizer, pruned))
    assert after.tokens == before.tokens
    assert after.ids == new_ids[before.ids].tolist()
    assert pruned.encode("мост").tokens == ["[UNK]"]
    assert tokenizer.encode("мост").tokens == ["мост"]
    size = len(json.loads(target.read_text("utf-8"))["model"]["vocab"])
    assert size == tokenizer.get_vocab_size() - 2


def test_special_pieces_keep_their_ids() -> None:
    pieces = [*(f"[unused{i}]" for i in range(110)), "the"]
    assert kept(pieces) == [*range(104), 110]
