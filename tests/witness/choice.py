"""Which scenarios are played on both."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.scenario import Aws, Expect, Scenario, Step
from rehearsal.drill.words import BilingualText
from rehearsal.world.names import TABLE
from responder.core.remedy import RemedyName

# From the alarm to the filed report; and alarms without a playbook, or of another kind.
FOLLOWED = (
    "high-error-rate/followed",
    "high-error-rate/metric-math",
    "unknown-alarm/anomaly-band",
    "unknown-alarm/composite",
    "unknown-alarm/metric",
    "unknown-alarm/percentile",
)


def _switched(aws: Aws, _: datetime) -> None:
    """A table that is still UPDATING is not switched back."""
    waiter = aws.client("dynamodb").get_waiter("table_exists")
    waiter.wait(TableName=TABLE, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def _revert(remedy: RemedyName, scope: str = "", approved_by: str = "") -> Step:
    words = BilingualText(f"revert {remedy}", f"revert {remedy}")
    before = (_switched,) if remedy.spec.table else ()
    return Step(words, "revert", remedy, Expect(), scope, approved_by=approved_by, before=before)


# Reverts that no drill has: requested, and done once approved.
REVERTS: Mapping[str, tuple[Step, ...]] = {
    "sessions-table-throttles/acts-capacity": (
        _revert(RemedyName.ON_DEMAND_BILLING),
        _revert(RemedyName.ON_DEMAND_BILLING, approved_by="oncall"),
    ),
    "slow-session-creation/asks-memory": (
        _revert(RemedyName.MEMORY_INCREASE, "create"),
        _revert(RemedyName.MEMORY_INCREASE, "create", "oncall"),
    ),
    "session-creation-errors/asks-release": (_revert(RemedyName.ALIAS_ROLLBACK, "create", "oncall"),),
    "low-confidence/asks-two-people": (_revert(RemedyName.LOWER_THRESHOLD),),
}


def of_playbooks() -> tuple[Scenario, ...]:
    """Of each playbook one for each set of results and of steps after them, with reverts; and follow-ups."""
    plain = _first_of_kind(scenario for scenario in scenarios() if not scenario.follow)
    reverted = (replace(drill, then=(*drill.then, *REVERTS.get(drill.id, ()))) for drill in plain)
    return (*reverted, *(scenario for scenario in scenarios() if scenario.id in FOLLOWED))


def responses() -> tuple[Scenario, ...]:
    """The response alone of one scenario of each playbook, where there is one of one that acts."""
    by_alarm: dict[str, Scenario] = {}
    for scenario in sorted((drill for drill in scenarios() if reason(drill) is None), key=_rank):
        by_alarm.setdefault(scenario.alarm, replace(scenario, then=(), follow=None))
    return tuple(by_alarm.values())


def _rank(scenario: Scenario) -> int:
    """A table's switch to on-demand is an act of nearly every playbook, so the others come first."""
    acts = {remedy for remedy, result in scenario.expect.results.items() if result == "applied"}
    return 2 if not acts else int(acts == {RemedyName.ON_DEMAND_BILLING})


def reason(scenario: Scenario) -> str | None:
    """Why it cannot be played on moto; None where it can, as far as the scenario itself shows."""
    if scenario.denied:
        return "moto decides on no rights"
    if scenario.beside:
        return "alarms that go off at the same moment: functions run one after the other"
    if scenario.kind is not None and scenario.kind.operation == "put_log_alarm":
        return "moto knows no alarm on a query of logs"
    if scenario.kind is not None and "ActionsSuppressor" in scenario.kind.definition:
        return "moto suppresses no actions"
    return "calls that fail" if scenario.faults else None


def _first_of_kind(drills: Iterable[Scenario]) -> Iterator[Scenario]:
    seen = set[object]()
    for scenario in drills:
        results = frozenset(scenario.expect.results.values())
        kind = scenario.alarm, results, tuple(step.command for step in scenario.then)
        if kind not in seen and reason(scenario) is None:
            seen.add(kind)
            yield scenario
