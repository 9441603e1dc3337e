"""A tokenizer of a few dozen pieces and question sets made on the spot, so that nothing is downloaded or shared."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from transformers import BertModel

from qa.reader.training import bundle
from qa.reader.training.export import export, trained
from qa.reader.training.features import joined
from qa.reader.training.model import ReaderModel, from_encoder
from tests.qa.reader.training.tiny import bert_config

UNKNOWN = "[UNK]"
WORDS = "the mayor of london opened a bridge in was it on and river bath who when where new long".split()


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """Pieces are whole words, single letters and single digits; uncased as BERT's."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.?!,;:'-"
    pieces = [f"[unused{i}]" for i in range(104)]
    pieces[0], pieces[100], pieces[101], pieces[102] = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
    pieces += [*letters, *(f"##{c}" for c in letters), *(w for w in WORDS if len(w) > 1), "мост", "##мост"]
    made = Tokenizer(WordPiece({p: i for i, p in enumerate(pieces)}, unk_token=UNKNOWN))
    made.normalizer = BertNormalizer()
    made.pre_tokenizer = BertPreTokenizer()
    made.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return made


@pytest.fixture(scope="session")
def question_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty articles of two passages each, two questions a passage, in the shared layout."""
    folder = tmp_path_factory.mktemp("sets") / "towns"
    folder.mkdir()
    corpus, queries = [], []
    for n in range(80):
        town = f"{'abcdefgh'[n % 8]}{'xyz'[n % 3]}{n}ton"
        text = f"The mayor of {town} opened a bridge on 3 May {1900 + n}. It was long. The river was new in {town}."
        corpus.append({"id": f"c{n}", "title": f"Article {n // 2}", "text": text})
        for k, answer in enumerate((f"3 May {1900 + n}", town)):
            question = (f"When was the bridge of {town} opened?", f"Where was a bridge opened in {1900 + n}?")[k]
            spans = [{"text": answer, "start": text.index(answer)}]
            row = {"id": f"q{n}-{k}", "question": question, "answers": [answer], "relevant": [f"c{n}"]}
            queries.append(row | {"answerable": True, "answer_spans": spans})
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return folder


@pytest.fixture(scope="session")
def encoder(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like an encoder's: a tiny BERT without a question-answering head."""
    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("encoder")
    config = bert_config(1200, 64, layers=2, positions=64)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def model(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> ReaderModel:
    checkpoint = tmp_path_factory.mktemp("run") / "checkpoint.pt"
    made = from_encoder(encoder)
    torch.nn.init.normal_(made.head.weight)
    for name, parameter in made.named_parameters():
        # As after training: no two weights are equal, which the exporter would keep once; word vectors do not change.
        if "word_embeddings" not in name:
            parameter.data += torch.randn_like(parameter) * 0.02
    torch.save({"model": made.state_dict()}, checkpoint)
    return trained(checkpoint, encoder)


@pytest.fixture(scope="session")
def made(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of a tiny encoder and of weights exported from it."""
    folder = tmp_path_factory.mktemp("bundled")
    torch.manual_seed(4)
    config = bert_config(tokenizer.get_vocab_size(), 32, layers=3, positions=384)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder / "encoder")
    tokenizer.save(str(folder / "encoder" / "tokenizer.json"))
    changed = from_encoder(folder / "encoder")
    for name, parameter in changed.named_parameters():
        if "word_embeddings" not in name:
            parameter.data += torch.randn_like(parameter) * 0.02
    torch.save({"model": changed.state_dict()}, folder / "checkpoint.pt")
    sample = joined(np.asarray([110, 111], np.int32), np.arange(104, 130, dtype=np.int32), None)
    export(trained(folder / "checkpoint.pt", folder / "encoder"), folder / "model.onnx", [sample])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "encoder_folder", lambda: folder / "encoder")
        bundle.write(folder, folder / "bundle")
    return folder / "bundle"
