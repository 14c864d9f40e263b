"""What the code weighs: `make size`.

Counted are statements and expressions, docstrings aside, and the expressions of page templates. Where a line
is broken makes no difference.
"""

import ast
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[1]
# What each part may weigh. A commit that shrinks a part lowers its number.
LIMITS: Mapping[str, int] = {
    "shipped": 205_758,
    "console": 51_800,
    "rehearsal": 40_253,
    "local AWS": 36_231,
    "tests": 495_286,
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
    found = 0
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                # The text of a docstring is an expression, too.
                found -= 1
            case ast.stmt() | ast.expr():
                found += 1
    return found


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
