"""A copy of the code, laid out as it is imported: mutmut identifies modules by their path."""

import ast
import shutil
from pathlib import Path

from liveness_ops.template_tools.load import ROOT
from rehearsal.mutants.parts import Part

SOURCES = {
    "responder": "layers/responder/responder",
    "alarms": "functions/alarms",
    "checks": "functions/checks",
    "liveness_ops": "ops/liveness_ops",
    "rehearsal": "ops/rehearsal",
    "local_aws": "ops/local_aws",
    "tests": "tests",
    "events": "events",
}
# Few examples of each property: that one fails is all that is asked.
PYTEST = ("-p", "no:cacheprovider", "--hypothesis-profile=mutants")
_MARKERS = ("unit", "slow", "long", "proof", "template")


def stage(part: Part, folder: Path) -> None:
    """Everything that the part's tests import, and mutmut's settings."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, source in SOURCES.items():
        shutil.copytree(ROOT / source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for single in ("template.yaml", *(path.name for path in (ROOT / "functions").glob("*.py"))):
        shutil.copy(ROOT / ("functions" if single.endswith(".py") else ".") / single, folder / single)
    for pattern in part.files:
        for path in folder.glob(pattern):
            path.write_text(plain(path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "setup.cfg").write_text(settings(part, folder), encoding="utf-8")
    markers = "".join(f"\n    {name}:" for name in _MARKERS)
    (folder / "pytest.ini").write_text(
        f"[pytest]\naddopts = --import-mode=importlib\npythonpath = .\nmarkers ={markers}\n", encoding="utf-8"
    )


def plain(source: str) -> str:
    """`@property` as a call after the method: mutmut leaves decorated functions alone."""
    lines = source.splitlines()
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(found, key=lambda each: each.lineno, reverse=True):
        if [ast.unparse(each) for each in node.decorator_list] == ["property"]:
            indent = " " * node.col_offset
            lines.insert(node.end_lineno or node.lineno, f"{indent}{node.name} = property({node.name})")
            del lines[node.decorator_list[0].lineno - 1]
    return "\n".join(lines) + "\n"


def settings(part: Part, folder: Path) -> str:
    """Mutmut's, for a stage in `folder`."""
    beside = sorted(path.name for path in folder.iterdir() if path.name not in ("responder", "alarms"))
    lists = {
        "source_paths": ("responder", "alarms"),
        "only_mutate": part.files,
        "also_copy": (*beside, "pytest.ini"),
        "pytest_add_cli_args": PYTEST,
        "pytest_add_cli_args_test_selection": part.tests,
    }
    given = "".join("\n    ".join((f"{name}=", *own)) + "\n" for name, own in lists.items())
    # Each mutant is a fork of a process that has read the tests. A stage is made anew, so nothing is kept.
    return (
        f"[mutmut]\n{given}process_isolation=forkserver\ntrack_dependencies=no\nuse_git_change_detection=no\n"
    )
