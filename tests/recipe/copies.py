"""A copy of the repository in which a recipe of docs/extending.md is carried out."""

import os
import shutil
import subprocess
from pathlib import Path

import compile_texts
from responder.core.frozen import frozen

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).parent


@frozen
class Edit:
    """A file that is there already: `text` is put before `mark`, where that is found first."""

    path: str
    mark: str
    text: str

    def make(self, copy: Path) -> None:
        """In the copy."""
        path = copy / self.path
        before, mark, after = path.read_text(encoding="utf-8").partition(self.mark)
        assert mark, f"{self.path} has no {self.mark!r}"
        path.write_text(before + self.text + mark + after, encoding="utf-8")


@frozen
class New:
    """A new file, which is kept with the suffix `.txt` under `tests/recipe/<recipe>`."""

    recipe: str
    path: str

    def make(self, copy: Path) -> None:
        """In the copy."""
        text = (FILES / self.recipe / f"{self.path}.txt").read_text(encoding="utf-8")
        (copy / self.path).write_text(text, encoding="utf-8")


def copied(to: Path) -> Path:
    """All committed and new files, compiled texts, and the environment of this one."""
    listed = _git("ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)
    for name in (".venv", ".venvs"):
        (to / name).symlink_to(ROOT / name)
    compile_texts.write(to / compile_texts.SOURCES.relative_to(ROOT))
    return to


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A program of the environment, on the code of the copy."""
    code = (copy / "functions", copy / "layers" / "responder", copy / "ops")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, code))}
    for name in [each for each in environment if each.startswith(("PYTEST_", "COV_", "PROOF", "RECIPE"))]:
        del environment[name]
    program = str(copy / ".venv" / "bin" / command[0])
    return subprocess.run(
        [program, *command[1:]], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def generated(copy: Path) -> None:
    """`make generate`."""
    for command in (("python", "-m", "liveness_ops.generate"), (*PYTEST, "--snapshot-update", SNAPSHOTS)):
        done = run(copy, *command)
        assert done.returncode == 0, done.stdout + done.stderr


def played(copy: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """These tests, in the copy."""
    return run(copy, *PYTEST, *tests)


def changed(copy: Path) -> set[str]:
    """What differs from this repository."""
    names = (str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file())
    ours = (name for name in names if not name.startswith((".venv", ".")) and "__pycache__" not in name)
    return {name for name in ours if _differs(copy / name, ROOT / name)}


def _differs(one: Path, other: Path) -> bool:
    return not other.exists() or one.read_bytes() != other.read_bytes()


def _git(*arguments: str) -> str:
    found = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout


PYTEST = ("pytest", "-q", "--no-header", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not e2e")
SNAPSHOTS = "tests/unit/alarms/test_each_playbook.py"
