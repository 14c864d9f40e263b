"""Facts of a healthy service, and what can be wrong with them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from responder.core.cause import Cause
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.plain_data import Data, Json
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.text import Strings, text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.access import RoleAccess
from responder.evidence.changes import Affects, Dependency, Modification, Modifications
from responder.evidence.configuration import FunctionConfigurations, FunctionState, Starts
from responder.evidence.creation_time import CreationTimes
from responder.evidence.faults import ENDS_THE_INVOCATION, FailedRequest, FailureTally, Fault
from responder.evidence.health import HealthEvents
from responder.evidence.invocations import FunctionTraffic, Traffic
from responder.evidence.metrics import Spread
from responder.evidence.scores import Scores
from responder.evidence.service import Headroom, ServiceFigures
from responder.evidence.table import IndexThroughput, TableLoad, TableState
from responder.evidence.timing import Durations
from responder.respond.playbook import Playbook
from tests.fakes.gateway import NOW
from tests.unit.alarms.limits_world import limits

SETTINGS = Settings()
CREATE, RESULT = SETTINGS.functions
GET, START = "GetFaceLivenessSessionResults", "CreateFaceLivenessSession"
ACTS, ASKS, OBSERVES = Mode.AUTO, Mode.APPROVE, Mode.OBSERVE

WATCHED = {
    **dict.fromkeys((*SETTINGS.functions, *SETTINGS.rollout_functions), Dependency.FUNCTION),
    SETTINGS.service_role: Dependency.ROLE,
    SETTINGS.sessions_table: Dependency.TABLE,
}

type Variation = Callable[[Json], None]


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def series(*points: tuple[float, float]) -> Series:
    return Series(tuple(sorted((ago(minutes), value) for minutes, value in points)))


def spread(value: float) -> Spread:
    return Spread(100, value, value, value, value)


def healthy() -> Json:
    """What every look brings home when nothing is wrong; 200 requests an hour."""
    return dict(_healthy())


@cache
def _healthy() -> Data:
    traffic = FunctionTraffic(series((0, 0), (5, 50), (40, 150)), Series(), Series())
    units = IndexThroughput(5, 5, "ACTIVE")
    figures = [series((5, 50), (40, 150)), *[Series()] * 2, series((5, 50)), *[Series()] * 3]
    return {
        "failures": FailureTally(ago(180), (), {CREATE: ago(180), RESULT: ago(180)}, 0),
        "invocations": Traffic({CREATE: traffic, RESULT: traffic}),
        "service": ServiceFigures(*figures),
        "scores": scored(**{"pass": 200}),
        **{f"timing.{w}": Durations(n, *[spread(1.0)] * 3) for w, n in _BOTH},
        **{f"cold_starts.{w}": starts(n) for w, n in _BOTH},
        "configuration": FunctionConfigurations({name: state(name) for _, name in _BOTH}),
        "table": TableState("Sessions", "PROVISIONED", "ACTIVE", units, {"EmployeeIdIndex": units}),
        "table_pressure": TableLoad({}, 0, {"": 1.0}, {"": 1.0}, {}, 0.0),
        "changes": Modifications(ago(24 * 60), (), watched=WATCHED),
        "health": HealthEvents(()),
        "access": RoleAccess("role", "policy", ()),
        "headroom": Headroom(1.0, 25.0),
        "creation_time": created(0.9),
        **limits(),
    }


_BOTH = (("create", CREATE), ("result", RESULT))


def starts(function: str = RESULT, **more: Any) -> Starts:
    calm = Starts(function, ago(60), 200, 2, 0.4, 0.5, 1.2, 0.9, 256, 120, ago(60), 1.1)
    return replace(calm, **more)


def state(name: str, **more: Any) -> FunctionState:
    names = frozenset({"LIVENESS_SESSIONS_TABLE"})
    calm = FunctionState(name, "python3.12", 256, 15, "Active", "Successful", ago(999), "sha", names, True)
    calm = replace(calm, role=SETTINGS.service_role)
    return replace(calm, **more)


def scored(average: float = 96.0, **bands: int) -> Scores:
    samples = sum(bands.values())
    return Scores(samples, average if samples else None, None, None, None, bands, 96.0, 200, 90.0)


def created(p90: float, /, samples: int = 200, **recent: Any) -> CreationTimes:
    """SessionCreationTime at p90 over the hour; the last quarter is like it unless given."""
    hour = Spread(samples, p90 / 2, maximum=p90 * 2, p90=p90)
    return CreationTimes(hour, replace(hour, samples=samples // 4, **recent))


def edit(look: str, change: Callable[[Any], Any]) -> Variation:
    """Change what a look brought home, where it brought anything."""

    def variation(facts: Json) -> None:
        if look in facts:
            facts[look] = change(facts[look])

    return variation


def failing(
    fault: Fault,
    count: int = 30,
    *,
    code: str = "",
    operation: str | None = None,
    function: str = RESULT,
    minutes: float = 5,
    **more: Any,
) -> Variation:
    """Failed requests that left a line; 30 of 200 unless given. Lambda's own lines name no operation."""
    if operation is None:
        operation = "" if fault in ENDS_THE_INVOCATION else GET
    one = FailedRequest(function, ago(minutes), fault, code or fault.value, operation, **more)
    turned = (one.at,) * (count if fault.of_load else 0)

    def change(tally: FailureTally) -> FailureTally:
        return replace(
            tally, failures=(*tally.failures, *[one] * count), throttled=(*tally.throttled, *turned)
        )

    return edit("failures", change)


def silent(errors: float, function: str = RESULT) -> Variation:
    """Lambda Errors without a line."""

    def change(traffic: Traffic) -> Traffic:
        found = replace(traffic.functions[function], errors=series((5, errors)))
        return Traffic({**traffic.functions, function: found})

    return edit("invocations", change)


def quiet(invocations: float) -> Variation:
    """Hardly any traffic, all of it within 15 min."""
    one = FunctionTraffic(series((5, invocations)), Series(), Series())
    return put(invocations=Traffic({CREATE: one, RESULT: one}))


def idle(function: str, invocations: float) -> Variation:
    """Hardly any traffic on one of the two."""

    def change(traffic: Traffic) -> Traffic:
        one = replace(traffic.functions[function], invocations=series((5, invocations)))
        return Traffic({**traffic.functions, function: one})

    return edit("invocations", change)


def checks(good: float, bad: float) -> Variation:
    """SuccessCount and FailureCount of the last hour."""

    success, failure = series((5, good)), series((5, bad))
    return edit("service", lambda figures: replace(figures, success=success, failure=failure))


def throttled(minutes: int = 3, events: float = 40.0) -> Variation:
    return put(table_pressure=TableLoad({"": events}, minutes, {"": 9.0}, {"": 9.0}, {}, 0.0, events))


def turned_away(calls: float = 1, function: str = RESULT, minutes: float = 5) -> Variation:
    """Throttles of Lambda."""

    def change(traffic: Traffic) -> Traffic:
        found = replace(traffic.functions[function], throttles=series((minutes, calls)))
        return Traffic({**traffic.functions, function: found})

    return edit("invocations", change)


def capped(function: str = RESULT, minutes: float = 59) -> Variation:
    """The log was read only back to so many minutes ago."""

    def change(tally: FailureTally) -> FailureTally:
        return replace(tally, complete_since={**tally.complete_since, function: ago(minutes)})

    return edit("failures", change)


def changed(
    target: str = RESULT,
    minutes: float = 20,
    ours: bool = False,
    kind: Dependency = Dependency.FUNCTION,
    affects: Affects | None = None,
) -> Variation:
    """A deployment of a function, or a change of the permissions on anything else, unless given."""
    what = text("evidence.changes.modified")
    code = kind is Dependency.FUNCTION and affects is None
    broken = frozenset({Affects.CODE, Affects.CONFIGURATION} if code else {affects or Affects.RIGHTS})
    one = Modification(ago(minutes), target, what, "CloudTrail", "ci", ours, kind, broken)
    return edit("changes", lambda found: replace(found, changes=(*found.changes, one)))


def unread(function: str = RESULT) -> Variation:
    reason = text("failed.denied", action="logs:FilterLogEvents")
    return edit("failures", lambda tally: replace(tally, unread={function: reason}))


def put(**more: Any) -> Variation:
    return lambda facts: facts.update({name.replace("__", "."): fact for name, fact in more.items()})


def without(*names: str) -> Variation:
    """These looks failed."""

    def variation(facts: Json) -> None:
        for name in names:
            facts.pop(name, None)

    return variation


def decided(playbook: Playbook, *variations: Variation, since: datetime = NOW) -> Verdict:
    """The playbook's verdict, on the looks that it asks for and no others. `since`: when the alarm began."""
    facts = healthy()
    for variation in variations:
        variation(facts)
    asked = {each.name for each in playbook.evidence}
    assert asked <= _healthy().keys(), "a look that this world does not know"
    return playbook.decide(Facts({n: f for n, f in facts.items() if n in asked}, NOW, SETTINGS, since))


@frozen
class Case:
    """The fault, and the decision expected of the playbook."""

    cause: Cause
    variations: tuple[Variation, ...]
    proposals: Mapping[str, Mode | str]
    steps: Strings = ()


def case(cause: str, *variations: Variation, steps: Iterable[str] = (), **proposals: Mode | str) -> Case:
    """A proposal is given with what the evidence allows, or with what is short of it."""
    return Case(Cause[cause.upper()], variations, proposals, tuple(f"step.{step}" for step in steps))


def proposed(verdict: Verdict) -> dict[str, Mode | str]:
    """By remedy, in the order of the proposals."""
    return {
        each.remedy: each.samples_short.key if each.samples_short else each.at_most
        for each in verdict.proposals
    }


def check(playbook: Playbook, expected: Case) -> None:
    verdict = decided(playbook, *expected.variations)
    assert verdict.cause.kind is expected.cause
    assert proposed(verdict) == expected.proposals
    steps = [step.key for step in verdict.steps]
    assert steps[: len(expected.steps)] == list(expected.steps)
    assert steps, "a person is never left without a next step"
