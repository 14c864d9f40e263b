"""What the code weighs: `make size`.

Counted are statements and expressions, and the expressions of page templates. Docstrings, annotations and
aliases for types weigh nothing, and where a line is broken makes no difference.
"""

import ast
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[1]
# Fields of a statement that hold types.
_ASIDE = {"annotation", "returns", "type_params"}
# What each part may weigh. A commit that needs more raises its number and says why.
LIMITS: Mapping[str, int] = {
    "shipped": 190_200,
    "console": 47_950,
    "rehearsal": 36_850,
    "local AWS": 32_350,
    "tests": 481_900,
}
_PARTS = {
    "ops/liveness_ops": "console",
    "ops/rehearsal": "rehearsal",
    "ops/local_aws": "local AWS",
    "tests": "tests",
}


def part(path: Path) -> str:
    """Of a file, by its path in the checkout. A folder that is not known counts as shipped."""
    return next((name for top, name in _PARTS.items() if path.is_relative_to(top)), "shipped")


def weight(text: str) -> int:
    """Of a Python module."""
    return _nodes(ast.parse(text))


def _nodes(tree: ast.AST) -> int:
    """Statements and expressions of a tree, itself included."""
    match tree:
        case ast.TypeAlias() | ast.Expr(value=ast.Constant(value=str())):
            return 0
    below = (node for name, value in ast.iter_fields(tree) if name not in _ASIDE for node in _trees(value))
    return isinstance(tree, ast.stmt | ast.expr) + sum(map(_nodes, below))


def _trees(value: object) -> Iterator[ast.AST]:
    """What a field holds: a tree, a list with trees, or neither."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, ast.AST):
            yield each


def weight_of_template(text: str) -> int:
    """Of a page template: its expressions, without the text between them."""
    tree = Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(text)
    return sum(not isinstance(node, nodes.TemplateData) for node in tree.find_all(nodes.Expr))


def files() -> Iterator[Path]:
    """Those of git, and new ones that it does not ignore, by their path in the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", "*.j2"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    named = map(Path, filter(None, listed.split("\0")))
    return (path for path in named if (ROOT / path).is_file())


def sizes() -> Counter[str]:
    """Of each part."""
    found = Counter[str]()
    for path in files():
        text = (ROOT / path).read_text(encoding="utf-8")
        found[part(path)] += weight(text) if path.suffix == ".py" else weight_of_template(text)
    return found


def main() -> None:
    """A line for each part."""
    found = sizes()
    for name, limit in LIMITS.items():
        print(f"{name:10} {found[name]:8,} of {limit:,}")  # noqa: T201


if __name__ == "__main__":
    main()
