"""The whole of `make mutants`: stage, change, run, count."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from liveness_ops.mutants.parts import PARTS
from liveness_ops.mutants.score import Mutant, Score, equivalent, score
from liveness_ops.mutants.stage import stage
from liveness_ops.template_tools.load import ROOT

OUT = ROOT / "out" / "mutants"
_CHILDREN = 2
# Hypothesis then draws the same examples each time, and so does the score.
_STEADY = {"CI": "true"}


class MutantsError(Exception):
    """The tests fail without any change, or mutmut did: no score; `log` has what it said."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"no score, see {log.relative_to(ROOT)}")


def run(name: str, console: Console) -> Score:
    """One part, from staging to `out/mutants/<part>.txt`.

    Raises:
        MutantsError: there is no score to tell.
    """
    folder = OUT / name
    stage(PARTS[name], folder)
    log = OUT / f"{name}.log"
    with log.open("wb") as said:
        # Its progress redraws one line a thousand times; a file takes that better than a terminal.
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(_CHILDREN)]
        ended = subprocess.run(command, cwd=folder, env=_environment(), stdout=said, stderr=said, check=False)  # noqa: S603  # our own arguments
    if ended.returncode:
        raise MutantsError(log)
    found = score(_mutants(folder), equivalent())
    (OUT / f"{name}.txt").write_text(found.listed(name), encoding="utf-8")
    console.print(found.line(name), highlight=False)
    return found


def _mutants(folder: Path) -> list[Mutant]:
    command = [sys.executable, str(Path(__file__).with_name("results.py"))]
    told = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, check=True)  # noqa: S603  # our own arguments
    return [Mutant(**each) for each in json.loads(told.stdout)]


def _environment() -> Mapping[str, str]:
    return os.environ | _STEADY
