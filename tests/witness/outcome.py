"""What a scenario led to, as plain data: the same from the local AWS and from moto."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.client import Call
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.scenario import Step
from rehearsal.drill.stack import STACK
from rehearsal.drill.step_result import StepResult

type Act = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """`acts` of a scenario on moto; `stubbed`: of its calls, by operation; `left_out`: why moto cannot play
    it; `error`: it broke off; `problems`: what differs from what the drill expects."""

    acts: list[Act]
    stubbed: dict[str, int]
    left_out: str = ""
    error: str = ""
    log: str = ""
    problems: tuple[str, ...] = ()


def acts(run: ScenarioRun) -> list[Act]:
    """Of the response, and of each step after it."""
    return json.loads(json.dumps([_act(step) for step in run.acts]))  # type: ignore[no-any-return]


def _act(done: StepResult) -> Act:
    reports = done.reports
    return {
        "step": "follow-up" if done.followed else name(done.step),
        "answer": done.answer if isinstance(done.answer, str) else "",
        "causes": [report["cause"]["key"] for report in reports if report.get("cause")],
        "proposals": sorted(
            _proposal(outcome) for report in reports for outcome in report.get("outcomes", ())
        ),
        "changes": {setting: list(values) for setting, values in done.changes.items()},
        "calls": calls_of(done.calls),
        "shown": [],
    }


def name(step: Step | None) -> str:
    """As tables show it."""
    return "response" if step is None else f"{step.command} {step.remedy}".strip()


def _proposal(outcome: Mapping[str, Any]) -> list[str]:
    because = (outcome.get("because") or {}).get("key", "")
    return [outcome["remedy"], outcome["scope"], outcome["result"], because]


def calls_of(made: Iterable[Call]) -> dict[str, int]:
    """By operation, of all of our functions together."""
    ours = (call for call in made if call.role.startswith(STACK) and call.allowed)
    return dict(sorted(Counter(f"{call.action.partition(':')[0]}:{call.operation}" for call in ours).items()))
