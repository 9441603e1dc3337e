"""Makes the ONNX form of a sentence-transformers model: export, fuse, quantise, compare, once and in seconds.

Three steps: torch traces the whole model, pooling and normalisation included; onnxruntime's optimizer fuses the
attention and normalisation layers; the weights become int8 (`onnx_weights`). What comes out is accepted only when it
gives the source's vectors on trial texts; else fp32 is tried. Of a BERT with int8 weights there is a native form too
(`native_file`), accepted in the same way.
"""

import contextlib
import io
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoder import Encoder, Vectors
from index.native import NativeLayers, library
from index.native_encoder import NativeEncoder
from index.native_file import NotNativeError, native_form
from index.onnx_encoder import OnnxEncoder
from index.onnx_form import NATIVE, NETWORK, TOKENIZER, ExportError, OnnxForm, checksum
from index.onnx_fuse import fuse
from index.onnx_smooth import Feeds
from index.onnx_weights import quantise
from index.torch_encoder import load_sentence_transformer
from sources.sample import sample_directory

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Part of the fingerprint: raise it whenever the weights change, and every index is made anew.
_WEIGHTS = 5
# Lowest cosine to the source's vectors. Measured on all-MiniLM-L6-v2: int8 0.995, fp32 1.0000 (1e-6 off).
ACCEPTED = {"int8": 0.98, "fp32": 0.999}
_OPSET = 17
# How much is read of each text that tells which channels are large.
_SAMPLE_TOKENS = 200
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_TRIAL = (
    "When was the commissioner appointed?",
    "who wrote it",
    "The committee met on 3 March 2021 and approved 4.2 million euros for the bridge, its chair said.",
    "Rain is expected in the north. Temperatures stay between 8 and 12 degrees; winds from the west, at times strong. "
    * 6,
)
_log = logging.getLogger(__name__)


def export(source: Path, directory: Path, content: str) -> OnnxForm:
    """Make the form of the model in `source` in the empty folder `directory`.

    Args:
        source: folder of a sentence-transformers model.
        directory: where the files go.
        content: hash of the model's files; the fingerprint is made of it.

    Raises:
        ModelError: the source cannot be loaded.
        ExportError: it cannot be traced, or neither int8 nor fp32 gives its vectors.
    """
    with _quiet():
        model = load_sentence_transformer(source, traceable=True)
    expected = model.encode(list(_TRIAL), normalize_embeddings=True, convert_to_numpy=True)
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        fused = Path(scratch) / NETWORK
        try:
            with _quiet():
                _trace(model, fused)
                config = model[0].config
                heads, hidden = getattr(config, "num_attention_heads", 0), getattr(config, "hidden_size", 0)
                fuse(fused, heads=heads, hidden=hidden)
            (directory / TOKENIZER).write_text(model.tokenizer.backend_tokenizer.to_str(), "utf-8")
        except Exception as error:  # any operator or architecture that tracing does not know
            raise ExportError(f"{source} cannot be exported to ONNX: {error}") from error
        for numbers, accepted in ACCEPTED.items():
            with _quiet():
                if numbers == "int8":
                    quantise(fused, directory / NETWORK, _samples(model))
                else:
                    shutil.copyfile(fused, directory / NETWORK)
            form = _describe(model, directory, f"{content[:32]}-{numbers}-{_WEIGHTS}", numbers, expected.shape[1])
            cosine = _cosine(OnnxEncoder(source.name, form), expected)
            if cosine >= accepted:
                form = replace(_with_native(model, form, expected), cosine=round(cosine, 6))
                form.write()
                return form
    raise ExportError(f"the ONNX form of {source} gives other vectors: cosine {cosine:.4f}, expected {accepted}")


def _describe(
    model: "SentenceTransformer", directory: Path, fingerprint: str, numbers: str, dimension: int
) -> OnnxForm:
    return OnnxForm(
        directory=directory,
        fingerprint=fingerprint,
        numbers=numbers,
        dimension=dimension,
        max_tokens=model.max_seq_length or model.tokenizer.model_max_length,
        pad_id=model.tokenizer.pad_token_id or 0,
        prompt=model.prompts.get(model.default_prompt_name or "") or "",
        cosine=0.0,
        checksums={name: checksum(directory / name) for name in (NETWORK, TOKENIZER)},
    )


def _with_native(model: "SentenceTransformer", form: OnnxForm, expected: Vectors) -> OnnxForm:
    """The form with its native counterpart, if the model is a BERT whose vectors that gives."""
    config: Any = model[0].config
    plain = (
        form.numbers == "int8"
        and (getattr(config, "model_type", ""), getattr(config, "hidden_act", "")) == ("bert", "gelu")
        and [type(part).__name__ for part in model][:2] == ["Transformer", "Pooling"]
        and len(model) - (type(model[-1]).__name__ == "Normalize") == 2
        and getattr(model[1], "pooling_mode", "") == "mean"
    )
    if not plain:
        return form
    import onnx

    path = form.directory / NATIVE
    try:
        path.write_bytes(native_form(onnx.load(str(form.network))))
    except NotNativeError as error:
        _log.info("%s gets no native form: %s", form.fingerprint, error)
        return form
    compiled = library()
    if compiled and _cosine(NativeEncoder("", form, NativeLayers(path, compiled)), expected) < ACCEPTED[form.numbers]:
        path.unlink()
        return form
    return replace(form, checksums={**form.checksums, NATIVE: checksum(path)})


def _cosine(encoder: Encoder, expected: Vectors) -> float:
    """The lowest cosine of an encoder's vectors to the expected ones of the trial texts."""
    return float(np.min(np.sum(encoder.encode(_TRIAL) * expected, axis=1)))


def _trace(model: "SentenceTransformer", path: Path) -> None:
    """Write the traced network: [batch, tokens] ids, mask and types to [batch, dimension] unit vectors."""
    import torch

    names = [name for name in model.tokenizer.model_input_names if name in _INPUTS]
    normalised = type(model[-1]).__name__ == "Normalize"

    class Network(torch.nn.Module):
        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            vectors: torch.Tensor = model(dict(zip(names, inputs, strict=True)))["sentence_embedding"]
            return vectors if normalised else torch.nn.functional.normalize(vectors, dim=1)

    network = Network()
    network.add_module("model", model)
    tokens = model.tokenizer(["one short text", "another text that is longer"], padding=True, return_tensors="pt")
    axes: dict[str, dict[int, str]] = {name: {0: "batch", 1: "tokens"} for name in names}
    with torch.no_grad():
        torch.onnx.export(
            network.eval(),
            tuple(tokens[name] for name in names),
            str(path),
            input_names=names,
            output_names=["vectors"],
            dynamic_axes={**axes, "vectors": {0: "batch"}},
            opset_version=_OPSET,
            # The newer exporter needs a further package and gives a graph that the fusions below do not match.
            dynamo=False,
        )


def _samples(model: "SentenceTransformer") -> list[Feeds]:
    """Inputs like those the network will get: the beginnings of the bundled briefs."""
    longest = min(_SAMPLE_TOKENS, model.max_seq_length or model.tokenizer.model_max_length)
    made: list[Feeds] = []
    for path in sorted(sample_directory().glob("*.md")):
        tokens = model.tokenizer([path.read_text("utf-8")], truncation=True, max_length=longest)
        made.append({name: np.asarray(tokens[name], np.int64) for name in _INPUTS if name in tokens})
    return made


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the tools' notes on their own progress from the user's terminal."""
    sink = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        warnings.simplefilter("ignore")
        yield
