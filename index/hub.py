"""From the name of a published model to its folder: a local one, or one fetched from the Hugging Face hub, once."""

import logging
from collections.abc import Callable
from pathlib import Path

from sources.errors import ModelError

_log = logging.getLogger(__name__)


def model_folder(name: str, notify: Callable[[str], None]) -> Path:
    """The folder with the model's files, absolute.

    Args:
        name: a folder, or a name on the hub; the hub's cache is looked at first.
        notify: told in one line when something is fetched.

    Raises:
        ModelError: there is no such folder or model, or the folder holds none.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise ModelError(f"{name} holds no model: neither modules.json nor config.json")
        return folder.resolve()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True)).resolve()
    except (OSError, ValueError) as error:  # not in its cache, or no valid name
        _log.debug("%s is not in the hub's cache: %s", name, error)
    notify(f"fetching the model {name}, once")
    try:
        return Path(snapshot_download(name)).resolve()
    except Exception as error:  # no network, no such name: the libraries below raise errors of several trees
        raise ModelError(
            f"no model {name!r}: it is no folder, and the Hugging Face hub does not give it ({error})"
        ) from error
