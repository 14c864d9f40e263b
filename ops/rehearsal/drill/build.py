"""`sam build`, skipped while nothing it reads has changed."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
SAM = ROOT / ".venvs" / "sam" / "bin" / "sam"
BUILT = ROOT / ".aws-sam" / "build"
_STAMP = BUILT / ".fingerprint"
_LOCK = BUILT.parent / "building.lock"
_READ = ("template.yaml", "samconfig.toml", "functions", "layers")


class SamError(RuntimeError):
    """SAM CLI failed; the message ends with its last words."""


def build() -> bool:
    """Build unless it is built; True where it had to. Who comes meanwhile waits, and finds it built."""
    with alone():
        wanted = _fingerprint()
        if _STAMP.exists() and _STAMP.read_text() == wanted:
            return False
        sam({}, "build")
        _STAMP.write_text(wanted)
        return True


@contextmanager
def alone() -> Iterator[None]:
    """No other process builds, or deploys what is built, as long as it holds this too."""
    _LOCK.parent.mkdir(exist_ok=True)
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def built() -> str:
    """What identifies this build; "-" where there is none."""
    return _STAMP.read_text() if _STAMP.exists() else "-"


def sam(environment: Mapping[str, str], *arguments: str) -> None:
    """Run SAM CLI in the project, with this interpreter's pip as the one it builds with.

    Raises:
        SamError: it failed.
    """
    if not SAM.exists():
        raise SamError(f"{SAM.relative_to(ROOT)} is missing: `make setup` makes it")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    done = subprocess.run(  # noqa: S603 - our own SAM CLI, and no shell
        [str(SAM), *arguments],
        cwd=ROOT,
        env={**inherited, "PATH": path, "SAM_CLI_TELEMETRY": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        raise SamError(f"sam {arguments[0]} failed:\n{words}")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in _files():
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in _READ:
        start = ROOT / name
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        yield from (p for p in found if p.is_file() and p.suffix != ".pyc" and "__pycache__" not in p.parts)
