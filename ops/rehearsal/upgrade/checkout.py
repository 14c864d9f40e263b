"""A version of this project: its files in a folder, run with the environments of this checkout."""

import os
import subprocess
import sysconfig
import tempfile
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local_aws.client import LocalAws
from rehearsal.drill.build import ROOT

_TOOLS, _OWN = ".venvs", ".venv"
# What `make` would bring up to date first: the environments are those of this checkout.
_READY = (".venvs/uv/bin/uv", ".venv/.synced", ".venv/.installed", ".venvs/sam/.synced")
# A version's own modules.
_SOURCES = ("functions", "layers/responder", "ops")
_REQUIREMENTS = ("requirements-dev.txt", "layers/*/requirements.txt")
_LAST_LINES = 40


class UpgradeError(Exception):
    """Something is not as it has to be; the message says what."""


class CommitError(Exception):
    """The commit cannot be checked out; the message is one line."""


def need(holds: object, problem: str) -> None:
    """Raises UpgradeError with the problem where it does not hold."""
    if not holds:
        raise UpgradeError(problem)


@dataclass(frozen=True)
class Checkout:
    """`name`: as it is shown."""

    root: Path
    name: str

    def deploy(self, aws: LocalAws, region: str, parameters: Mapping[str, str]) -> None:
        """`make deploy`, asking nothing. Raises UpgradeError."""
        given = " ".join(f"{name}={value}" for name, value in parameters.items())
        old = [word for each in _READY for word in ("-o", each)]
        words = ["make", "--no-print-directory", *old, "deploy", f"REGION={region}", "YES=1"]
        self.run(aws, *words, f"PARAMETERS={given}" if given else "PARAMETERS=")

    def run(
        self,
        aws: LocalAws,
        *words: str,
        person: Mapping[str, str] | None = None,
        expected: tuple[int, ...] = (0,),
    ) -> str:
        """Standard output of a command of this version. Raises UpgradeError."""
        done = subprocess.run(  # noqa: S603 - our own commands
            words,
            cwd=self.root,
            env={**self.environment(), **aws.environment(), **(person or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in expected:
            output = "\n".join((done.stdout + done.stderr).splitlines()[-_LAST_LINES:])
            raise UpgradeError(f"{self.name}: {' '.join(words)}\nended with {done.returncode}:\n{output}")
        return done.stdout

    def environment(self) -> dict[str, str]:
        """Without this shell's own AWS, make and SAM CLI settings."""
        dropped = ("AWS_", "SAM_", "MAKE", "MFLAGS", "LIVENESS_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        return {**kept, "SAM_CLI_TELEMETRY": "0"}

    def requirements(self) -> dict[str, str]:
        """The pinned packages, by file."""
        found = (path for each in _REQUIREMENTS for path in sorted(self.root.glob(each)))
        return {str(path.relative_to(self.root)): path.read_text(encoding="utf-8") for path in found}


PRESENT = Checkout(ROOT, "this checkout")


@contextmanager
def checked_out(commit: str) -> Iterator[Checkout]:
    """The commit in a temporary worktree. Raises CommitError."""
    short = _known(commit)
    with tempfile.TemporaryDirectory(prefix="upgrade-") as folder:
        root = Path(folder) / short
        try:
            _git("worktree", "add", "--quiet", "--detach", str(root), short)
            _environments(root)
            yield Checkout(root, short)
        finally:
            with suppress(subprocess.CalledProcessError):
                _git("worktree", "remove", "--force", str(root))


def _environments(root: Path) -> None:
    """Tools and packages are those of this checkout; the project and its commands are those in `root`."""
    (root / _TOOLS).symlink_to(ROOT / _TOOLS)
    venv.EnvBuilder(symlinks=True).create(root / _OWN)
    (packages,) = (root / _OWN).glob("lib/python*/site-packages")
    # As plain paths: what this checkout's packages would add to them is left out.
    paths = [*(root / each for each in _SOURCES), sysconfig.get_path("purelib")]
    (packages / "version.pth").write_text("".join(f"{path}\n" for path in paths))
    there, here = str(ROOT / _OWN), str(root / _OWN)
    for each in (ROOT / _OWN / "bin").iterdir():
        script = root / _OWN / "bin" / each.name
        if each.is_file() and each.read_bytes().startswith(f"#!{there}/".encode()):
            script.write_text(each.read_text(encoding="utf-8").replace(there, here), encoding="utf-8")
            script.chmod(0o755)


def _known(commit: str) -> str:
    """Its short id."""
    if not commit:
        raise CommitError("Which commit? make upgrade FROM=<commit>")
    try:
        return _git("rev-parse", "--verify", "--quiet", "--short", f"{commit}^{{commit}}")
    except subprocess.CalledProcessError:
        shallow = _git("rev-parse", "--is-shallow-repository") == "true"
        more = ": this clone is shallow, `git fetch --unshallow` completes it" if shallow else ""
        raise CommitError(f"No commit {commit} here{more}") from None


def _git(*words: str) -> str:
    """What it prints. Raises CalledProcessError."""
    done = subprocess.run(  # noqa: S603  # nosec B607
        ["git", *words],  # noqa: S607 - the git of this user
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
