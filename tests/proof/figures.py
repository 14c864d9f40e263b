"""Figures of a proof: counted in tests, shown at the end of the run and on its page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from responder.messages.page import render

NAME = "proof"

PAGE = Path(__file__).with_name("page.html.j2")


@dataclass
class Run:
    """Of all tests of a run, those elsewhere too. `selected`: as on the command line. `failed`: ids."""

    selected: str = ""
    passed: int = 0
    skipped: int = 0
    failed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.passed} passed, {len(self.failed)} failed, {self.skipped} skipped"


def added(found: Iterable[Mapping[str, Mapping[str, float]]]) -> dict[str, Counter[str]]:
    """By part of the proof, its figures over all tests."""
    whole: dict[str, Counter[str]] = {}
    for each in found:
        for part, figures in each.items():
            whole.setdefault(part, Counter()).update(figures)
    return whole


def lines(found: Mapping[str, Mapping[str, float]]) -> list[str]:
    """For the terminal."""
    return [f"{part}: " + ", ".join(f"{n:g} {name}" for name, n in found[part].items()) for part in found]


def page(found: Mapping[str, Mapping[str, float]], run: Run, whole: bool, seconds: float) -> str:
    """One HTML file that needs nothing else."""
    scope = "every cell of what was selected" if whole else "a bounded part; make proof plays the whole"
    return render(PAGE, "en", found=found, run=run, scope=scope, seconds=seconds)
