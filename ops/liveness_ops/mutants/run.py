"""The whole of `make mutants`: stage, change, run, count."""

import json
import os
import subprocess
import sys
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from liveness_ops.mutants.parts import PARTS
from liveness_ops.mutants.score import Mutant, Score, equivalent, score
from liveness_ops.mutants.stage import stage
from liveness_ops.template_tools.load import ROOT

OUT = ROOT / "out" / "mutants"
INSIDE = Path(__file__).with_name("inside.py")
# Hypothesis then draws the same examples each time, and so does the score.
_STEADY = {"CI": "true"}


class MutantsError(Exception):
    """The tests fail without any change, or mutmut did: no score; `log` has what it said."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"no score, see {log.relative_to(ROOT)}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mutants: all, so many by lot (`sample`), or (`afresh`) those that the last run missed or did
    not try, and those of files that were changed since."""

    afresh: bool = False
    sample: int = 0
    seed: int = 0


def run(name: str, console: Console, wanted: Wanted) -> Score:
    """One part, from staging to `out/mutants/<part>.txt`.

    Raises:
        MutantsError: there is no score to tell.
    """
    last = OUT / f"{name}.json"
    before = _read(last) if wanted.afresh and last.exists() else []
    texts = {file: (OUT / name / file).read_bytes() for file in {each.file for each in before}}
    stage(PARTS[name], OUT / name)
    same = {file for file, text in texts.items() if _bytes(OUT / name / file) == text}
    kept = settled(before, same)
    but = [each.name for each in kept]
    of, tried = _tried(name, {"but": but, "sample": wanted.sample, "seed": wanted.seed})
    mutants = (*kept, *tried)
    last.write_text(json.dumps([asdict(each) for each in mutants]), encoding="utf-8")
    found = score(mutants, equivalent(), of)
    (OUT / f"{name}.txt").write_text(found.listed(name), encoding="utf-8")
    console.print(found.line(name), highlight=False)
    return found


def settled(before: Sequence[Mutant], same: Container[str]) -> tuple[Mutant, ...]:
    """What need not be tried again: `same` are the files that were not changed since."""
    found = score(before, equivalent(), 0)
    return tuple(each for each in (*found.noticed, *found.equivalent) if each.file in same)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _tried(name: str, wanted: Mapping[str, object]) -> tuple[int, Sequence[Mutant]]:
    folder, log = OUT / name, OUT / f"{name}.log"
    (folder / "wanted.json").write_text(json.dumps(wanted), encoding="utf-8")
    command = [sys.executable, str(INSIDE)]
    with log.open("wb") as said:
        ended = subprocess.run(  # noqa: S603  # our own arguments
            command, cwd=folder, env=os.environ | _STEADY, stdout=said, stderr=said, check=False
        )
    if ended.returncode:
        raise MutantsError(log)
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return found["of"], [Mutant(**each) for each in found["mutants"]]


def _read(path: Path) -> list[Mutant]:
    return [Mutant(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
