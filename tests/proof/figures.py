"""Figures of a proof: counted in tests, shown at the end of the run and on its page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

NAME = "proof"

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #ccc;"
    "text-align:left;vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".bad{color:#a00000;font-weight:bold}"
)


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
    rows = "".join(
        f"<tr><td>{escape(part)}</td><td>{escape(name)}</td><td class=n>{number:g}</td></tr>"
        for part, figures in found.items()
        for name, number in figures.items()
    )
    bad = "".join(f"<li class=bad>{escape(each)}</li>" for each in run.failed)
    scope = "every cell of what was selected" if whole else "a bounded part; make proof plays the whole"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Proof</title><style>{STYLE}</style>"
        f"<h1>Proof</h1><p>{scope}, {seconds:.0f} s</p>"
        f"<p>Selected: <code>{escape(run.selected)}</code></p><p>{run}</p>"
        f"{f'<h2>Failed</h2><ul>{bad}</ul>' if bad else '<p>Nothing failed.</p>'}"
        f"<table><tr><th>part<th>figure<th>number</tr>{rows}</table></html>\n"
    )
