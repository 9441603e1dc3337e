"""The manifest: written whole, read back, compared with what is on disk."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.manifest import FILE_NAME, Checksum, Manifest
from sources.errors import DamagedIndexError


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    (tmp_path / "vectors").write_bytes(b"abc")
    return Manifest(
        generation=3, recipe=1, model="m", fingerprint="f", dimension=4, articles=2, passages=5,
        vectors=(Checksum.of(tmp_path, "vectors"),), terms=(),
    )  # fmt: skip


def test_it_comes_back_as_it_was_written(manifest: Manifest, tmp_path: Path) -> None:
    assert Manifest.read(tmp_path) is None
    manifest.write(tmp_path)
    replace(manifest, generation=4).write(tmp_path)
    assert Manifest.read(tmp_path) == replace(manifest, generation=4)
    assert [path.name for path in tmp_path.glob("*manifest*")] == [FILE_NAME]


def test_a_checksum_is_the_standard_one(manifest: Manifest) -> None:
    # The SHA-256 of "abc", from FIPS 180-4's examples.
    assert manifest.vectors[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert manifest.vectors[0].size == 3


@pytest.mark.parametrize(("content", "told"), [(b"abd", "has changed"), (b"ab", "2 bytes"), (None, "is missing")])
def test_a_file_that_differs_is_named(manifest: Manifest, tmp_path: Path, content: bytes | None, told: str) -> None:
    manifest.verify(tmp_path)
    if content is None:
        (tmp_path / "vectors").unlink()
    else:
        (tmp_path / "vectors").write_bytes(content)
    with pytest.raises(DamagedIndexError, match=f"^vectors .*{told}"):
        manifest.verify(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 99}', '{"format": 1}', '{"format": 1, "generation": 1, "x": 2}']
)
def test_anything_else_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(DamagedIndexError, match=r"manifest\.json"):
        Manifest.read(tmp_path)
