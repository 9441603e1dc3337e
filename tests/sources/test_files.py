"""Files and folders, the hostile ones included: one clear line each, and the rest goes in."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.article import Article
from sources.errors import SourceError
from sources.files import LARGEST_FILE, count_files, read_bytes, read_file, read_paths

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def errors(*paths: Path) -> list[str]:
    return [str(item) for item in read_paths(paths, NOW) if isinstance(item, SourceError)]


def names(*paths: Path) -> list[str]:
    return [item.name for item in read_paths(paths, NOW) if isinstance(item, Article)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.txt").write_text("Title B\n\nText.")
    (tmp_path / "a.md").write_text("# Title A\n\nText.")
    (tmp_path / "c.jsonl").write_text('{"id": "c1", "text": "One."}\n{"id": "c2", "text": "Two."}\n')
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "d.HTML").write_text("<html><p>The council failed children for years.</p></html>")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "e.txt").write_text("Hidden")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    return tmp_path


def test_a_folder_in_the_order_of_its_names(folder: Path) -> None:
    assert names(folder) == ["a", "b", "c1", "c2", "d"]
    assert errors(folder) == []
    assert count_files([folder]) == 4
    assert names(folder, folder / "b.txt", folder / "inner") == ["a", "b", "c1", "c2", "d"]


def test_origins_are_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    [article] = read_file(Path("b.txt"), NOW)
    assert article.origin == str((folder / "b.txt").resolve())
    assert [item.origin for item in read_file(Path("c.jsonl"), NOW)] == [
        f"{folder.resolve()}/c.jsonl#c{n}" for n in (1, 2)
    ]
    assert article.id == read_file(folder / "b.txt", NOW)[0].id


def test_each_bad_file_is_one_line_that_names_it(folder: Path) -> None:
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(bytes(range(256)))
    (folder / "wrong.md").write_bytes("“damaged".encode()[:-8] + b"\xff")
    (folder / "front.md").write_text("---\ndate: never\n---\nText")
    (folder / "page.html").write_text("<html></html>")
    (folder / "none.jsonl").touch()
    (folder / "half.jsonl").write_text('{"id": "h1", "text": "One."}\n{"id": \n')
    (folder / "dangling.txt").symlink_to(folder / "gone.txt")
    with (folder / "huge.txt").open("wb") as stream:
        stream.truncate(100_000_000)
    os.mkfifo(folder / "pipe.txt")
    (folder / "folder.txt").mkdir()
    found = errors(folder)
    assert {Path(error.split(": ")[0].split(",")[0]).name for error in found} == {
        *("empty.txt", "binary.txt", "wrong.md", "front.md", "page.html", "none.jsonl", "half.jsonl"),
        *("dangling.txt", "huge.txt", "pipe.txt"),
    }
    assert len(found) == 10
    assert all("\n" not in error and error.startswith(str(folder)) for error in found)
    assert f"{folder}/huge.txt: has 100.0 MB; the limit is 50 MB a file" in found
    assert f"{folder}/half.jsonl, line 2" in "".join(found)
    assert names(folder) == ["a", "b", "c1", "c2", "h1", "d"]


def test_named_paths_that_cannot_be_used(folder: Path) -> None:
    assert "there is no such file" in errors(folder / "gone.txt")[0]
    assert "files ending in '.png' are not read; known are .txt" in errors(folder / "photo.png")[0]
    (folder / "empty").mkdir()
    assert "holds no file of a known format" in errors(folder / "empty")[0]
    assert "cannot be read" in errors(Path("a\0b.txt"))[0]
    assert "cannot be read" in errors(Path("n" * 5_000 + ".txt"))[0]
    with pytest.raises(SourceError, match="no such file"):
        read_file(folder / "gone.txt", NOW)


def test_folder_loops_end(folder: Path) -> None:
    (folder / "inner" / "up").symlink_to(folder)
    (folder / "inner" / "self").symlink_to(folder / "inner")
    (folder / "round.txt").symlink_to(folder / "round.txt")
    found = errors(folder)
    assert sorted(Path(error.split(": ")[0]).name for error in found) == ["round.txt", "self", "up"]
    assert sum("a folder that holds it" in error for error in found) == 2
    assert names(folder) == ["a", "b", "c1", "c2", "d"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read any file")
def test_an_unreadable_file(folder: Path) -> None:
    (folder / "b.txt").chmod(0)
    assert "cannot be read: Permission denied" in errors(folder)[0]


def test_a_file_that_vanishes_or_fails_while_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Path.open

    def refuse(path: Path, mode: str) -> object:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return original(path, mode)

    monkeypatch.setattr(Path, "open", refuse)
    assert errors(folder) == [f"{folder}/b.txt: cannot be read: Permission denied"]
    assert names(folder) == ["a", "c1", "c2", "d"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text(folder: Path) -> None:
    odd = os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")
    Path(odd).write_text("Title\n\nText.")
    [article] = read_file(Path(odd), NOW)
    article.origin.encode()
    assert article.name == "caf\\udce9"


def test_read_bytes(folder: Path) -> None:
    [article] = read_bytes(b"# T\n\nBody", name="n", origin="upload", media="md", now=NOW)
    assert (article.title, article.name, article.origin) == ("T", "n", "upload")
    assert len(read_bytes((folder / "c.jsonl").read_bytes(), name="c", origin="c", media="jsonl", now=NOW)) == 2
    with pytest.raises(SourceError, match="the format 'pdf' is not known"):
        read_bytes(b"x", name="n", origin="upload", media="pdf", now=NOW)
    with pytest.raises(SourceError, match=r"upload: has 50\.0 MB; the limit is 50 MB"):
        read_bytes(bytes(LARGEST_FILE + 1), name="n", origin="upload", media="txt", now=NOW)
    with pytest.raises(SourceError, match="line 2"):
        read_bytes(b'{"text": "a"}\n{', name="n", origin="upload", media="jsonl", now=NOW)
