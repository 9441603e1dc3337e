"""A reader's folder is what it says, or the message tells what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.decide import Calibration
from qa.reader.weights import ReaderWeights
from sources.errors import ModelError
from tests.qa.reader.tiny import CALIBRATION, make_reader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_reader(tmp_path / "reader", {})


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "reader.json"
    fields = json.loads(path.read_text("utf-8"))
    change(fields)
    path.write_text(json.dumps(fields), "utf-8")


def test_all_is_read_and_the_name_tells_the_network(folder: Path) -> None:
    weights = ReaderWeights.load(folder)
    digest = json.loads((folder / "reader.json").read_text("utf-8"))["sha256"]["model.onnx"]
    assert weights == ReaderWeights(
        name=f"tiny {digest[:8]}",
        network=folder / "model.onnx",
        tokenizer=folder / "tokenizer.json",
        max_tokens=64,
        max_answer_tokens=8,
        titled=False,
        calibration=Calibration.from_mapping(CALIBRATION, "here"),
    )


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_one_changed_byte_is_noticed(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(
        ModelError, match=rf"{name} is not the file it should be: SHA-256 \w{{12}}…, expected \w{{12}}…"
    ):
        ReaderWeights.load(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "reader.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"lack {name}: No such file"):
        ReaderWeights.load(folder)


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").mkdir()
    with pytest.raises(ModelError, match=r"lack model\.onnx: Is a directory"):
        ReaderWeights.load(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"reader"', "{}", '{"sha256": []}', "\x00"])
def test_a_description_that_is_none(folder: Path, text: str) -> None:
    (folder / "reader.json").write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"reader\.json does not describe a reader"):
        ReaderWeights.load(folder)


def test_a_description_that_is_not_even_text(folder: Path) -> None:
    (folder / "reader.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(ModelError, match="does not describe a reader"):
        ReaderWeights.load(folder)


@pytest.mark.parametrize("field", ["name", "max_tokens", "max_answer_tokens", "calibration", "sha256"])
def test_a_missing_field_is_named(folder: Path, field: str) -> None:
    rewrite(folder, lambda fields: fields.pop(field))
    with pytest.raises(ModelError, match=f"does not describe a reader: KeyError.*{field}"):
        ReaderWeights.load(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_no_file_goes_unchecked(folder: Path, name: str) -> None:
    rewrite(folder, lambda fields: fields["sha256"].pop(name))
    with pytest.raises(ModelError, match=f"does not describe a reader: KeyError.*{name}"):
        ReaderWeights.load(folder)


@pytest.mark.parametrize(("field", "value"), [("max_tokens", 0), ("max_tokens", "many"), ("max_answer_tokens", -1)])
def test_lengths_that_leave_no_room(folder: Path, field: str, value: object) -> None:
    rewrite(folder, lambda fields: fields.update({field: value}))
    with pytest.raises(ModelError, match="does not describe a reader"):
        ReaderWeights.load(folder)


def test_a_calibration_without_its_numbers(folder: Path) -> None:
    rewrite(folder, lambda fields: fields["calibration"].pop("bias"))
    with pytest.raises(ModelError, match="the calibration needs the numbers"):
        ReaderWeights.load(folder)
