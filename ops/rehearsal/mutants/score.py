"""How many changes of the code the tests noticed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

NOTICED = ("killed", "timeout")
EQUIVALENT = Path(__file__).with_name("equivalent.yaml")


@dataclass(frozen=True, slots=True)
class Mutant:
    """`status` is mutmut's word; `diff` is empty where a test noticed."""

    name: str
    file: str
    status: str
    diff: str

    @property
    def changed(self) -> str:
        """The lines as mutated, in one, which identifies it among the others of its file."""
        lines = self.diff.splitlines()[2:]
        return " ".join(line[1:].strip() for line in lines if line.startswith("+"))


@dataclass(frozen=True, slots=True)
class Score:
    """Mutants by result. Those without an observable effect count neither way.

    `of`: how many there are, tried or not.
    """

    noticed: tuple[Mutant, ...]
    missed: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    of: int

    @property
    def percent(self) -> float:
        """The share of noticed mutants among those that change anything."""
        return 100 * len(self.noticed) / max(1, len(self.noticed) + len(self.missed))

    def line(self, part: str) -> str:
        """The score for the terminal."""
        tried = len(self.noticed) + len(self.missed) + len(self.equivalent)
        slow = sum(each.status == "timeout" for each in self.noticed)
        return (
            f"{part}: {self.percent:.1f} %, {tried} of {self.of} tried, {len(self.noticed)} noticed "
            f"({slow} by never ending), {len(self.missed)} missed, {len(self.equivalent)} change nothing"
        )

    def listed(self, part: str) -> str:
        """The score, then every mutant that was missed with its diff."""
        missed = (f"{each.name}: {each.status}\n{each.diff}" for each in self.missed)
        return "\n\n".join((self.line(part), *missed)) + "\n"


def score(mutants: Iterable[Mutant], known: Mapping[str, Mapping[str, str]], of: int) -> Score:
    """`known`: why a changed line is no change, by file and line. `of`: how many mutants there are."""
    found = tuple(mutants)
    noticed = tuple(each for each in found if each.status in NOTICED)
    left = tuple(each for each in found if each.status not in NOTICED)
    same = tuple(each for each in left if each.changed in known.get(each.file, {}))
    return Score(noticed, tuple(each for each in left if each not in same), same, of)


def equivalent() -> dict[str, dict[str, str]]:
    """The content of the list in this folder."""
    found: dict[str, dict[str, str]] = {}
    for group in yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or ():
        found.setdefault(group["file"], {}).update(dict.fromkeys(group["lines"], group["why"]))
    return found
