"""Where a standing local AWS is noted down: one for each checkout, held by the process that keeps it."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from liveness_ops.whole_file import write_whole
from rehearsal.drill.build import ROOT

# A separate folder for a second one besides that of the checkout: for tests.
_VARIABLE = "LIVENESS_LOCAL_FOLDER"


def folder() -> Path:
    """`out/local` of the checkout, unless the environment names another one."""
    return Path(os.environ.get(_VARIABLE) or ROOT / "out" / "local")


def noted() -> Mapping[str, Any] | None:
    """`pid`, `endpoint`, `region`, `world` and `people` of the running one; None where none runs."""
    if not starting():
        return None
    try:
        found: dict[str, Any] = json.loads((folder() / "standing.json").read_text())
    except (OSError, ValueError):
        return None
    return found


def starting() -> bool:
    """One is being started, or runs: its keeper has the lock, which others only ask for."""
    try:
        with (folder() / "lock").open("r") as lock:
            return not _free(lock)
    except OSError:
        return False


@contextmanager
def kept() -> Iterator[bool]:
    """Held by this process until it ends, however it ends; False where another one has it."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        _forget()
        yield True
        _forget()


def note(found: Mapping[str, Any]) -> None:
    """Write the note, readable by this user only, because it has keys (of the local AWS)."""
    write_whole(folder() / "standing.json", json.dumps(found))


def _forget() -> None:
    with suppress(OSError):
        (folder() / "standing.json").unlink()


def _free(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
