"""What a scenario led to, as plain data: the same from the local AWS and from moto."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from local_aws.client import Call
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.scenario import Step
from rehearsal.drill.stack import STACK
from rehearsal.drill.step_result import StepResult
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Strings

type Act = Json


@dataclass
class Tally:
    """The calls of the functions, by who answered: a request is one call, also one of several items.

    `stubs`: those that a stub answered in the place of moto, by its name; `extended`: those whose answer an
    extension of ours changed, by its name. Without a name in either, the answer is moto's alone. `used`: the
    stubs and extensions that any call needed, also one of the administrator's.
    """

    calls: int = 0
    stubs: dict[str, int] = field(default_factory=dict)
    extended: dict[str, int] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.calls += other.calls
        self.stubs = dict(Counter(self.stubs) + Counter(other.stubs))
        self.extended = dict(Counter(self.extended) + Counter(other.extended))
        self.used = sorted({*self.used, *other.used})

    @property
    def by_extension(self) -> float:
        """Share of the calls."""
        return sum(self.extended.values()) / self.calls if self.calls else 0.0

    @property
    def by_moto(self) -> float:
        """Share of the calls that moto answered alone; none where none was made."""
        return 1 - sum(self.stubs.values()) / self.calls - self.by_extension if self.calls else 0.0


@frozen
class Played:
    """`acts` of a scenario on moto; `tally` of its calls; `left_out`: why moto cannot play it; `error`: it
    broke off; `problems`: what differs from what the drill expects."""

    acts: list[Act]
    tally: Tally = field(default_factory=Tally)
    left_out: str = ""
    error: str = ""
    log: str = ""
    problems: Strings = ()


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


def _proposal(outcome: Data) -> list[str]:
    because = (outcome.get("because") or {}).get("key", "")
    return [outcome["remedy"], outcome["scope"], outcome["result"], because]


def calls_of(made: Iterable[Call]) -> dict[str, int]:
    """By operation, of all of our functions together."""
    ours = (call for call in made if call.role.startswith(STACK) and call.allowed)
    return dict(sorted(Counter(f"{call.action.partition(':')[0]}:{call.operation}" for call in ours).items()))
