"""The drill as data: JUnit's XML, as CI systems read it, and JSON with the fields of `data`."""

import json
from pathlib import Path
from typing import Any

from rehearsal.drill import words
from rehearsal.drill.difference import Difference, raw
from rehearsal.drill.results import DrillResult, ScenarioResult, play_all
from responder.messages.page import render

TEMPLATE = Path(__file__).with_name("junit.xml.j2")


def write(result: DrillResult, folder: Path) -> list[Path]:
    """Write both and say where."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "junit.xml": junit(result),
        "results.json": f"{json.dumps(data(result), ensure_ascii=False, indent=1)}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def junit(result: DrillResult) -> str:
    """A suite per alarm, a case per scenario; a difference is a failure. The output of a suite says how many
    scenarios of its alarm were left out."""
    return render(TEMPLATE, result.language, result=result, words=words)


def data(result: DrillResult) -> dict[str, Any]:
    """Sums, how many scenarios were left out, the command that plays all, and those played, in the order of
    the drill; seconds are wall time."""
    return {
        "language": str(result.language),
        "seconds": round(result.seconds, 3),
        "scenarios": len(result.scenarios),
        "as_expected": result.passed,
        "left_out": len(result.others),
        "play_all": play_all(result.messages),
        "outcomes": dict(zip(result.outcomes, result.counts(result.scenarios), strict=True)),
        "results": [_scenario(each) for each in result.scenarios],
    }


def _scenario(one: ScenarioResult) -> dict[str, Any]:
    return {
        "alarm": one.scenario.alarm,
        "scenario": one.scenario.name,
        "part": one.scenario.part,
        "world": str(one.scenario.world),
        "broken": one.title,
        "cause": one.cause,
        "outcomes": list(one.outcomes),
        "became": one.became,
        "changes": one.changes,
        "seconds": round(one.seconds, 3),
        "second_run": one.played.again,
        "as_expected": one.passed,
        "differences": [_difference(each, one) for each in one.differences],
        "replay": one.replay,
    }


def _difference(each: Difference, one: ScenarioResult) -> dict[str, str]:
    return {"what": each.what(one.language), "expected": raw(each.expected), "actual": raw(each.found)}
