"""The house's rules, read from the source: import directions, one file per heavy library, docstrings, quiet imports."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "sources": set(),
    "index": {"sources"},
    "qa": {"sources", "index"},
    "service": {"sources", "index", "qa"},
    "eval": {"sources", "index", "qa"},
}
"""Room -> the rooms it may import."""
HEAVY = (
    "faiss",
    "tantivy",
    "trafilatura",
    "sentence_transformers",
    "sqlite3",
    "jinja2",
    "prometheus_client",
    "uvicorn",
    "dateutil",
    "nameparser",
    "rapidfuzz",
    "text_to_num",
)
HEAVY_ELSEWHERE = {
    "prometheus_client": {"service/operations.py"},  # the name of its media type
    "sentence_transformers": {"qa/reader/cross_encoder.py"},  # another class of it, for another seam
}
"""Further files that may use a heavy library, and for what."""
TORCH = {"index/onnx_export.py", "index/torch_encoder.py", "qa/reader/torch_network.py", "qa/reader/cross_encoder.py"}
"""Where models are exported, or run that have no exported form. Training and measuring are free to use it."""
LONGEST = 300
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
RELATIVE = [str(path.relative_to(ROOT)) for path in MODULES]


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything imported anywhere in a file, functions and type-checking blocks included."""
    return _imports(ast.parse(path.read_text("utf-8")))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative imports hide the direction"
            yield node.module or ""


@pytest.mark.parametrize("module", RELATIVE)
def test_imports_go_one_way(module: str) -> None:
    room = module.partition("/")[0]
    used = {name.split(".")[0] for name in imports(ROOT / module)} & ({*ROOMS, "tests"})
    assert used <= ROOMS[room] | {room}


@pytest.mark.parametrize("library", HEAVY)
def test_each_heavy_library_is_imported_in_one_file(library: str) -> None:
    users = {module for module in RELATIVE if library in _run_time_imports(ROOT / module)}
    users = {user for user in users if not user.startswith(("qa/reader/training/", "eval/"))}
    assert len(users - HEAVY_ELSEWHERE.get(library, set())) == 1, users


def test_torch_stays_where_models_are_made() -> None:
    users = {module for module in RELATIVE if any(name.split(".")[0] == "torch" for name in imports(ROOT / module))}
    assert {user for user in users if not user.startswith(("qa/reader/training/", "eval/"))} <= TORCH


@pytest.mark.parametrize("module", RELATIVE)
def test_no_file_is_long(module: str) -> None:
    assert len((ROOT / module).read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("module", RELATIVE)
def test_everything_public_has_a_docstring(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    missing = [] if ast.get_docstring(tree) else ["the module"]
    for node in _public(tree):
        if not ast.get_docstring(node):
            missing.append(node.name)
    assert missing == []


def test_asserts_check_no_input() -> None:
    found = [
        f"{module}:{node.lineno}"
        for module in RELATIVE
        for node in ast.walk(ast.parse((ROOT / module).read_text("utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_importing_does_nothing_and_leaves_the_heavy_libraries_alone() -> None:
    """Every module in one fresh process: nothing printed, no thread left, torch and the like not loaded."""
    names = [_dotted(module) for module in RELATIVE if not module.startswith(("eval/", "qa/reader/training"))]
    code = (
        "import sys, threading, importlib\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'scipy', 'onnx'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_command_line_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys, service.cli\n"
        "heavy = {'fastapi', 'uvicorn', 'faiss', 'tantivy', 'onnxruntime', 'numpy', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_nothing_names_a_path_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    paths = tuple(f"/{name}/" for name in ("work", "tmp", "opt", "root"))
    found = [
        name
        for name in listed
        if Path(name).suffix in {".py", ".md", ".toml", ".txt", ".html", ".json", ""} and (ROOT / name).is_file()
        for line in (ROOT / name).read_text("utf-8", "replace").splitlines()
        if any(path in line for path in paths)
    ]
    assert found == []


def _run_time_imports(path: Path) -> set[str]:
    """First parts of what a file imports when it runs: `if TYPE_CHECKING:` blocks left out."""
    tree = ast.parse(path.read_text("utf-8"))
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    ]
    return {name.split(".")[0] for name in _imports(tree)}


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                for member in node.body:
                    if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and not member.name.startswith("_"):
                        yield member


def _dotted(module: str) -> str:
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
