"""The whole of `make mutants`: stage, change, run, count. Mutmut is only used by its commands.

https://mutmut.readthedocs.io
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from rich.console import Console

from liveness_ops.template_tools.load import ROOT
from rehearsal.mutants.parts import PARTS
from rehearsal.mutants.score import NOTICED, Mutant, Score, equivalent, score
from rehearsal.mutants.stage import PYTEST, stage

OUT = ROOT / "out" / "mutants"
_MUTMUT = str(Path(sys.executable).with_name("mutmut"))
_AT_ONCE = "2"
_PATIENCE_S = 300
# Hypothesis then draws the same examples each time, and so does the score.
_STEADY = {"CI": "true"}


class MutantsError(Exception):
    """The tests fail without any change, or mutmut did: no score; `log` has what it said."""

    def __init__(self, log: Path) -> None:
        super().__init__(log)
        self.log = log


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mutants: all, so many drawn at random (`sample`), or (`afresh`) those that the last run missed or
    did not try, and those of files that were changed since."""

    afresh: bool = False
    sample: int = 0
    seed: int = 0

    def of(self, names: Sequence[str]) -> Sequence[str]:
        """All, or those that were drawn; the same seed draws the same."""
        if not 0 < self.sample < len(names):
            return names
        return sorted(random.Random(self.seed).sample(names, self.sample))  # noqa: S311  # nosec B311 - a draw, no secret


def run(name: str, console: Console, wanted: Wanted) -> Score:
    """One part, from staging to `out/mutants/<part>.txt`.

    Raises:
        MutantsError: there is no score to report.
    """
    last = OUT / f"{name}.json"
    before = _read(last) if wanted.afresh and last.exists() else []
    texts = {file: (OUT / name / file).read_bytes() for file in {each.file for each in before}}
    stage(PARTS[name], OUT / name)
    same = {file for file, text in texts.items() if _bytes(OUT / name / file) == text}
    kept = settled(before, same)
    with (OUT / f"{name}.log").open("w+", encoding="utf-8") as log:
        of, tried = Trial(OUT / name, PARTS[name].tests, log).run({each.name for each in kept}, wanted)
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


@dataclass(frozen=True, slots=True)
class Trial:
    """Mutants in a stage (`folder`), tried by `tests`; `log` gets what mutmut says."""

    folder: Path
    tests: Sequence[str]
    log: IO[str]

    def run(self, but: Container[str], wanted: Wanted) -> tuple[int, list[Mutant]]:
        """How many mutants there are, and the results of those that were tried; `but`: names to leave out.

        Raises:
            MutantsError: the tests fail without any change.
        """
        # This makes the mutants, and reads which test runs what; then mutmut says that none has this name.
        self._mutmut("run", "none")
        names = list(self._status())
        chosen = wanted.of([each for each in names if each not in but])
        if not names or (chosen and self._mutmut("run", "--max-children", _AT_ONCE, *chosen)):
            raise MutantsError(Path(self.log.name))
        status = self._status()
        return len(names), [self._mutant(each, status[each]) for each in chosen]

    def _status(self) -> Mapping[str, str]:
        """By mutant, in mutmut's words: `    responder.code.x_more__mutmut_1: killed`."""
        said = self._output("results", "--all", "true")
        return dict(line.strip().rsplit(": ", 1) for line in said.splitlines() if "__mutmut_" in line)

    def _mutant(self, name: str, status: str) -> Mutant:
        module = name.rpartition(".")[0].replace(".", "/")
        file = f"{module}.py" if (self.folder / f"{module}.py").exists() else f"{module}/__init__.py"
        diff = "" if status == "killed" else self._output("show", name).partition("\n")[2].strip("\n")
        found = Mutant(name, file, status, diff)
        if status == "killed" or found.changed in equivalent().get(file, {}):
            return found
        status = self._alone(name, self.folder / file)
        self.log.write(f"again, alone: {status} {name}\n")
        return Mutant(name, file, status, "" if status in NOTICED else diff)

    def _alone(self, name: str, file: Path) -> str:
        """In a separate process: it ran out of time on a busy machine, or it changes what is only called
        while the code is imported, which a fork has done before."""
        before = file.read_bytes()
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", *PYTEST, *self.tests]
        try:
            self._output("apply", name)
            return "killed" if self._run(command, subprocess.DEVNULL, _PATIENCE_S) else "survived"
        except subprocess.TimeoutExpired:
            return "timeout"
        finally:
            file.write_bytes(before)

    def _mutmut(self, *arguments: str) -> int:
        return self._run([_MUTMUT, *arguments], self.log)

    def _output(self, *arguments: str) -> str:
        """What mutmut says, which is put into the log as well."""
        begin = self.log.seek(0, os.SEEK_END)
        self._mutmut(*arguments)
        self.log.seek(begin)
        return self.log.read()

    def _run(self, command: Sequence[str], out: IO[str] | int, seconds: float | None = None) -> int:
        return subprocess.run(  # noqa: S603  # our own arguments
            command,
            cwd=self.folder,
            env=os.environ | _STEADY,
            stdout=out,
            stderr=out,
            timeout=seconds,
            check=False,
        ).returncode


def _read(path: Path) -> list[Mutant]:
    return [Mutant(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
