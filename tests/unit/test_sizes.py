"""House rules that no linter knows: small functions, nothing happens at import."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_FUNCTION_LINES = 40
READS_ENVIRONMENT = {"environ", "getenv"}
AWS_ENTRY_POINTS = {"client", "resource", "Session"}


def python_files(*folders: str) -> list[Path]:
    return sorted(
        path.relative_to(ROOT)
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if ".aws-sam" not in path.parts
    )


CODE = python_files("layers", "functions", "ops")
SHIPPED = python_files("layers", "functions")


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """A function's body waits for its call; its decorators and defaults do not."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            now: list[ast.AST] = [*node.decorator_list, node.args]
        case ast.Lambda():
            now = [node.args]
        case _:
            now = list(ast.iter_child_nodes(node))
    for child in now:
        yield child
        yield from run_at_import(child)


def touches_the_world(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr=attr):
            return attr in READS_ENVIRONMENT
        case ast.Call(func=ast.Attribute(value=ast.Name(id="boto3"), attr=attr)):
            return attr in AWS_ENTRY_POINTS
        case ast.ImportFrom(module="os", names=names):
            return any(name.name in READS_ENVIRONMENT for name in names)
        case ast.ImportFrom(module="boto3", names=names):
            return any(name.name in AWS_ENTRY_POINTS for name in names)
    return False


def effects(source: ast.Module) -> list[int]:
    return [getattr(node, "lineno", 0) for node in run_at_import(source) if touches_the_world(node)]


def statements(block: ast.AST) -> Iterator[ast.stmt]:
    """All of a file, not what they consist of: much less than `ast.walk` goes through."""
    for part in ("body", "handlers", "orelse", "finalbody", "cases"):
        for each in getattr(block, part, ()):
            if isinstance(each, ast.stmt):
                yield each
            yield from statements(each)


def long_functions(source: ast.Module) -> list[str]:
    return [
        f"{node.name} (line {node.lineno})"
        for node in statements(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MAX_FUNCTION_LINES
    ]


def test_functions_are_small() -> None:
    found = {str(path): long_functions(parse(path)) for path in CODE}
    assert {path: names for path, names in found.items() if names} == {}


def test_nothing_happens_at_import() -> None:
    found = {str(path): effects(parse(path)) for path in SHIPPED}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import boto3\nclient = boto3.client('s3')",
        "import os\nTABLE = os.environ['TABLE']",
        "import os\ndef f(table=os.getenv('TABLE')): ...",
        "import os\nclass C:\n    table = os.environ.get('TABLE')",
        "import boto3\n@decorate(boto3.Session())\ndef f(): ...",
        "from os import environ",
        "from boto3 import client",
    ],
)
def test_effects_at_import_are_found(source: str) -> None:
    assert effects(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "import boto3, os\ndef f():\n    return boto3.client(os.environ['X'])",
        "import os\nf = lambda: os.getenv('X')",
    ],
)
def test_effects_of_a_call_are_fine(source: str) -> None:
    assert not effects(ast.parse(source))
