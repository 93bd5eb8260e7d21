"""The house rules of docs/decisions/0001 as tests: who imports whom, how large, how named."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "triage"
SOURCES = sorted(PACKAGE.rglob("*.py"))
EVERYTHING = sorted([*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])

TOOL = {"core", "errors"}
VERB = {"core", "errors", "messages", "languages", "settings", "desk", "casework"}
MAY_IMPORT = {
    "core": {"core"},
    "errors": set(),
    "messages": {"messages"},
    "languages": set(),
    "settings": set(),
    "evidence": {*TOOL, "evidence"},
    "classifier": {*TOOL, "classifier"},
    "store": {*TOOL, "store", "settings"},
    "rulebook": {*TOOL, "rulebook"},
    "desk": {*TOOL, "settings", "evidence", "classifier", "store"},
    "casework": {*VERB, "evidence", "classifier", "store"},
    "channels": {*VERB, "channels"},
    "web": {*VERB, "store", "web"},  # reads through the store, writes through casework
}
ENTRY_POINTS = {"__init__", "__main__", "app", "cli", "worker", "server", "logs"}
HTTP = {"flask", "werkzeug", "flask_babel", "flask_limiter", "flask_wtf", "cheroot", "wtforms"}
WITHOUT_HTTP = ("core", "evidence", "classifier", "store", "casework")
EMPTY_NAMES = re.compile(
    r"(^|_)(utils?|helpers?|commons?|managers?|misc)(_|$)|^(Base|process_|do_)|^(data|info)$"
    r"|(Utils?|Helper|Manager|Service|Handler)$"
)
# What a library calls by this name: SQLAlchemy's and cheroot's.
GIVEN_NAMES = {"Base", "process_bind_param", "process_result_value", "process_conn"}
MOST_LINES, MOST_FUNCTION_LINES, MOST_PARAMETERS = 399, 59, 6


def part(path: Path) -> str:
    """The box of the diagram that a file is in: ``triage/<part>/…`` or ``triage/<part>.py``."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def parts(*names: str) -> Iterator[Path]:
    return (path for path in SOURCES if part(path) in names)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Every module that a file names in an import, wherever it stands."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(str(node.module))
            if node.module == "triage":
                found |= {f"triage.{alias.name}" for alias in node.names}
    return found


def ours(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("triage.")} - {
        "__version__"
    }


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def place(path: Path, node: ast.stmt | None = None) -> str:
    return f"{path.relative_to(ROOT)}{f':{node.lineno}' if node else ''}"


def none(offenders: Iterable[str]) -> None:
    found = list(offenders)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("box", MAY_IMPORT)
def test_imports_point_inwards(box: str) -> None:
    none(
        f"{place(path)} imports triage.{name}, {box} may not"
        for path in parts(box)
        for name in sorted(ours(path) - MAY_IMPORT[box])
    )


def test_the_diagram_knows_every_part_of_the_package() -> None:
    none({part(path) for path in SOURCES} - MAY_IMPORT.keys() - ENTRY_POINTS)


def test_the_core_needs_nothing_but_python() -> None:
    allowed = set(sys.stdlib_module_names) | {"triage"}
    none(
        f"{place(path)} imports {name}"
        for path in parts("core")
        for name in imports(path)
        if name.split(".")[0] not in allowed
    )


def test_only_the_edges_know_http() -> None:
    none(
        f"{place(path)} imports {name}"
        for path in parts(*WITHOUT_HTTP)
        for name in imports(path)
        if name.split(".")[0] in HTTP
    )


def test_transactions_are_opened_in_casework_only() -> None:
    none(
        f"{place(path, node)} commits"
        for path in parts("core", "evidence", "classifier", "channels", "web")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr in ("commit", "flush")
    )


def test_no_file_is_too_long_to_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in EVERYTHING}
    none(f"{place(path)} has {n} lines" for path, n in lengths.items() if n > MOST_LINES)


def test_no_function_is_too_long_to_see_at_once() -> None:
    none(
        f"{place(path, f)} {f.name} has {f.end_lineno - f.lineno + 1} lines"
        for path in EVERYTHING
        if "migrations" not in path.parts  # a schema is a list, however long
        for f in functions(path)
        if f.end_lineno is not None and f.end_lineno - f.lineno >= MOST_FUNCTION_LINES
    )


def test_no_function_takes_more_than_six_parameters() -> None:
    def parameters(f: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
        every = [*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs]
        return [a.arg for a in every if a.arg not in ("self", "cls")]

    none(
        f"{place(path, f)} {f.name} takes {len(parameters(f))}"
        for path in SOURCES
        for f in functions(path)
        if len(parameters(f)) > MOST_PARAMETERS
    )


def test_every_module_says_what_it_owns_in_its_first_line() -> None:
    none(
        place(path)
        for path in EVERYTHING
        if path.stat().st_size and not path.read_text(encoding="utf-8").startswith('"""')
    )


def test_no_name_is_empty_of_meaning() -> None:
    none(place(path) for path in SOURCES if EMPTY_NAMES.search(path.stem))
    none(
        f"{place(path, node)} {node.name}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and EMPTY_NAMES.search(node.name)
        if node.name not in GIVEN_NAMES
    )
