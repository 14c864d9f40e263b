"""Which scenarios are played on both."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.scenario import Scenario
from responder.core.remedy import RemedyName

# Of its drills with a follow-up, this goes from the alarm to the filed report.
FOLLOWED = "high-error-rate/followed"


def of_playbooks() -> tuple[Scenario, ...]:
    """Of each playbook one for each set of results and of steps after them; and one follow-up."""
    found = [*_first_of_kind(each for each in scenarios() if not each.follow)]
    return (*found, *(each for each in scenarios() if each.id == FOLLOWED))


def responses() -> tuple[Scenario, ...]:
    """The response alone of one scenario of each playbook, where there is one of one that acts."""
    by_alarm: dict[str, Scenario] = {}
    for each in sorted(filter(lambda one: reason(one) is None, scenarios()), key=_rank):
        by_alarm.setdefault(each.alarm, replace(each, then=(), follow=None))
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
    if scenario.kind is not None:
        return "an alarm of another kind, which moto does not judge"
    return "calls that fail" if scenario.faults else None


def _first_of_kind(every: Iterable[Scenario]) -> Iterator[Scenario]:
    seen = set[object]()
    for each in every:
        results = frozenset(each.expect.results.values())
        kind = each.alarm, results, tuple(step.command for step in each.then)
        if kind not in seen and reason(each) is None:
            seen.add(kind)
            yield each
