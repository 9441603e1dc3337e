"""What a machine without the encoder's package needs to train: tokenizer, word vectors, and layers to start from."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from index.onnx_weights import rounded, unrounded
from qa.reader.training.data import encoder_folder, plain_tokenizer
from qa.reader.training.model import from_encoder
from qa.reader.training.narrow import resize, widths_in
from qa.reader.training.restore import restore_weights
from qa.reader.training.skim import SkimModel
from qa.reader.training.vocabulary import kept, prune_tokenizer, vocabulary

_CONFIG = "config.json"


def write(weights: Path, out: Path) -> None:
    """Write the bundle: pruned tokenizer and word vectors, the encoder's layers and those of exported `weights`.

    Matrices are rounded to int8 with a scale for each row, a quarter of the size; what is lost, training mends.
    """
    out.mkdir(parents=True, exist_ok=True)
    encoder = encoder_folder()
    shutil.copyfile(encoder / _CONFIG, out / _CONFIG)
    stay = kept(vocabulary(plain_tokenizer(encoder / "tokenizer.json")))
    prune_tokenizer(encoder / "tokenizer.json", out / "tokenizer.json")
    base = from_encoder(encoder)
    states = {"base": {k: v.clone() for k, v in base.state_dict().items() if not k.startswith("head.")}}
    words = states["base"]["bert.embeddings.word_embeddings.weight"][torch.tensor(stay)]
    restore_weights(base, weights)
    states["shipped"] = dict(base.state_dict())
    np.savez_compressed(out / "words.npz", **_rounded({"words": words}))
    for name, state in states.items():
        write_start(state, out, name)


def write_start(state: Mapping[str, Tensor], bundle: Path, name: str) -> None:
    """Add a model's layers to a bundle, as something to begin with."""
    layers = {k: v for k, v in state.items() if "word_embeddings" not in k}
    np.savez_compressed(bundle / f"{name}.npz", **_rounded(layers))


def open_model(bundle: Path, start: str, dropout: float) -> SkimModel:
    """A network that begins with the bundle's layers of that name; its word vectors do not learn."""
    state = _whole(bundle / f"{start}.npz") | {
        "bert.embeddings.word_embeddings.weight": _whole(bundle / "words.npz")["words"]
    }
    config = BertConfig.from_pretrained(
        str(bundle / _CONFIG),
        vocab_size=len(state["bert.embeddings.word_embeddings.weight"]),
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=0.0,
    )
    model = SkimModel(BertModel(config, add_pooling_layer=False))
    resize(model, widths_in(state))
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or any(not name.startswith(("head.", "skim.")) for name in missing):
        raise ValueError(f"{bundle} does not fit the network: {missing} missing, {unexpected} unknown")
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    return model


def save_halves(model: SkimModel, out: Path, name: str) -> None:
    """The weights that learn, in two files of half precision: the word vectors are as they were."""
    state = {k: v.detach().half().cpu() for k, v in model.state_dict().items() if "word_embeddings" not in k}
    names = sorted(state)
    for part, some in enumerate((names[: len(names) // 2], names[len(names) // 2 :])):
        torch.save({k: state[k] for k in some}, out / f"{name}.{part}.pt")


def load_halves(model: SkimModel, folder: Path, name: str) -> None:
    """Put back what `save_halves` wrote."""
    state = {k: v for part in range(2) for k, v in torch.load(folder / f"{name}.{part}.pt", weights_only=True).items()}
    resize(model, widths_in(state))
    words = model.state_dict()
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in (words | state).items()})


def _rounded(state: Mapping[str, Tensor]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in state.items():
        if value.ndim == 2:
            made[f"{name}/codes"], made[f"{name}/scales"] = rounded(value.numpy(), value.shape[1])
        else:
            made[name] = value.numpy()
    return made


def _whole(path: Path) -> dict[str, Tensor]:
    files = np.load(path)
    codes = {name.removesuffix("/codes") for name in files if name.endswith("/codes")}
    whole = {name: unrounded(files[f"{name}/codes"], files[f"{name}/scales"]) for name in codes}
    whole |= {name: files[name] for name in files if name.split("/")[0] not in codes}
    return {name: torch.from_numpy(value) for name, value in whole.items()}
