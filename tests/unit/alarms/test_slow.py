"""Slow requests: every proven reason is proposed for, the first one names the cause."""

from typing import Any

import pytest

from alarms import create_session_timeouts, get_result_timeouts, slow_verification
from responder.cause import Cause
from responder.facts import Fault
from responder.playbook import Playbook
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    RESULT,
    Case,
    Twist,
    case,
    check,
    decided,
    failing,
    proposed,
    put,
    starts,
    throttled,
    unread,
    without,
)

pytestmark = pytest.mark.unit
THREE = [
    (create_session_timeouts.playbook, "create", CREATE),
    (get_result_timeouts.playbook, "result", RESULT),
    (slow_verification.playbook, "result", RESULT),
]
FEW = "say.few_reports"


def cases(which: str, mine: str) -> dict[str, Case]:
    look, timing = f"cold_starts.{which}", f"timing.{which}"

    def report(**more: object) -> Twist:
        return put(**{f"cold_starts__{which}": starts(mine, **more)})

    cold = {"cold": 20, "init_average": 0.8, "cold_average": 1.4, "warm_average": 0.9}
    unknown = ("check_dashboard", "developers_logs", "check_health", "escalate_lead")
    return {
        "the table": case("table_throttled", throttled(), on_demand_billing=ACTS),
        "two minutes suffice": case("table_throttled", throttled(2, 1), on_demand_billing=ACTS),
        "one minute does not": case("unknown", throttled(1, 900)),
        "three internal errors": case("internal", failing(Fault.INTERNAL, 3, function=mine)),
        "two internal errors": case("unknown", failing(Fault.INTERNAL, 2, function=mine)),
        "memory, just enough reports": case(
            "memory", report(memory_used=256, reports=20), memory_increase=ASKS
        ),
        "memory, exactly nine tenths": case(
            "memory", report(memory_size=1280, memory_used=1152), memory_increase=ASKS
        ),
        "cold, just enough reports": case(
            "cold_starts", report(**cold | {"reports": 20, "cold": 9}), provisioned_concurrency=ACTS
        ),
        "a slow first run alone": case(
            "cold_starts",
            report(**cold | {"init_average": None, "cold_average": 2.0}),
            provisioned_concurrency=ACTS,
        ),
        "a first run that is hardly slower": case(
            "unknown", report(**cold | {"init_average": None, "cold_average": 1.2})
        ),
        "internal errors": case(
            "internal", failing(Fault.INTERNAL, function=mine), steps=("check_health", "open_support_case")
        ),
        "rekognition throttles": case(
            "throttling", failing(Fault.THROTTLING, function=mine), steps=("check_quota",)
        ),
        "quota": case("quota", failing(Fault.QUOTA, function=mine), steps=("check_quota",)),
        "time-outs": case(
            "timeout", failing(Fault.TIMEOUT, function=mine), steps=("check_health", "check_vpc")
        ),
        "denied is not slow": case("unknown", failing(Fault.ACCESS_DENIED, function=mine)),
        "the table in the log alone": case(
            "unknown", failing(Fault.THROTTLING, function=mine, operation="PutItem")
        ),
        "memory is full": case("memory", report(memory_used=231), memory_increase=ASKS),
        "memory is not full": case("unknown", report(memory_used=230)),
        "memory, few reports": case("unknown", report(memory_used=256, reports=19)),
        "memory unknown": case("unknown", report(memory_used=None)),
        "size unknown": case("unknown", report(memory_used=256, memory_size=None)),
        "cold starts": case("cold_starts", report(**cold), provisioned_concurrency=ACTS),
        "slow initialisation alone": case(
            "cold_starts",
            report(**cold | {"init_average": 1.0, "cold_average": None}),
            provisioned_concurrency=ACTS,
        ),
        "cold but cheap": case("unknown", report(**cold | {"init_average": 0.4})),
        "costly but rare": case("unknown", report(**cold | {"cold": 19})),
        "cold, few reports": case(
            "cold_starts", report(**cold | {"reports": 19, "cold": 9}), provisioned_concurrency=FEW
        ),
        "table before cold starts": case(
            "table_throttled",
            throttled(),
            report(**cold),
            on_demand_billing=ACTS,
            provisioned_concurrency=ACTS,
        ),
        "everything at once": case(
            "table_throttled",
            throttled(),
            failing(Fault.INTERNAL, function=mine),
            report(memory_used=256, **cold),
            steps=("escalate_lead",),
            on_demand_billing=ACTS,
            memory_increase=ASKS,
            provisioned_concurrency=ACTS,
        ),
        "downstream before memory": case(
            "internal",
            failing(Fault.INTERNAL, function=mine),
            report(memory_used=256),
            memory_increase=ASKS,
        ),
        "nothing": case("unknown", steps=unknown),
        "no reports": case("unknown", report(memory_used=256, **cold), without(look)),
        "no table metrics": case("unknown", throttled(), without("table_pressure")),
        "no logs": case("unknown", failing(Fault.INTERNAL, function=mine), without("failures")),
        "all unread": case(
            "unknown", without("failures", look, timing, "table_pressure", "health", "changes")
        ),
    }


NAMES = list(cases("create", CREATE))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("playbook", "which", "mine"), THREE)
def test_case(playbook: Playbook, which: str, mine: str, name: str) -> None:
    check(playbook, cases(which, mine)[name])


@pytest.mark.parametrize(("playbook", "which", "mine"), THREE)
def test_it_says_whether_nothing_was_proven_or_nothing_could_be_seen(
    playbook: Playbook, which: str, mine: str
) -> None:
    assert decided(playbook).why.key == "why.nothing_proven"
    looks = ("failures", "table_pressure", f"timing.{which}", f"cold_starts.{which}")
    for blind in (*(without(look) for look in looks), unread(mine)):
        assert decided(playbook, blind).why.key == "why.looks_failed"


@pytest.mark.parametrize(("playbook", "which", "mine"), THREE)
def test_the_other_function_explains_nothing(playbook: Playbook, which: str, mine: str) -> None:
    other, name = ("result", RESULT) if which == "create" else ("create", CREATE)
    bad = put(**{f"cold_starts__{other}": starts(name, cold=200, init_average=9.0, memory_used=256)})
    verdict = decided(playbook, bad, failing(Fault.INTERNAL, function=name))
    assert (verdict.cause.kind, proposed(verdict)) == (Cause.UNKNOWN, {})


@pytest.mark.parametrize(("playbook", "which", "mine"), THREE)
def test_it_is_the_slow_function_that_gets_memory_and_warmth(
    playbook: Playbook, which: str, mine: str
) -> None:
    verdict = decided(
        playbook, put(**{f"cold_starts__{which}": starts(mine, cold=90, init_average=2.0, memory_used=256)})
    )
    assert [(each.remedy, each.scope) for each in verdict.proposals] == [
        ("memory_increase", which),
        ("provisioned_concurrency", which),
    ]


def test_what_a_cold_start_costs_is_initialisation_and_a_slower_first_run() -> None:
    more: dict[str, Any] = {"cold": 50, "init_average": 0.75, "cold_average": 2.0, "warm_average": 0.5}
    verdict = decided(slow_verification.playbook, put(cold_starts__result=starts(**more)))
    assert verdict.why.values == {"percent": 25.0, "seconds": 2.25, "samples": 200}
