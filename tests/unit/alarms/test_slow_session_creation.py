"""Session creation over 5 s: a confirmed cause, a fault that has passed, and a network that is only ever
suspected."""

from dataclasses import replace
from typing import Any

import pytest

from alarms.slow_session_creation import playbook
from responder.core.cause import Cause
from responder.evidence.configuration import FunctionConfigurations
from responder.evidence.faults import Fault
from responder.evidence.health import HealthEvents
from responder.evidence.table import TableLoad
from responder.evidence.timing import Durations
from tests.rows import all_rows
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    RESULT,
    Case,
    Variation,
    ago,
    case,
    changed,
    check,
    created,
    decided,
    edit,
    failing,
    put,
    spread,
    starts,
    state,
    throttled,
    unread,
    without,
)

COLD = {"cold": 40, "init_average": 2.4, "cold_average": 3.1, "warm_average": 0.9}
SLOW = put(creation_time=created(6.2))
UNKNOWN = ("check_dashboard", "developers_logs", "check_health", "escalate_lead")


def report(**more: object) -> Variation:
    return put(cold_starts__create=starts(CREATE, **more))


def vpc(inside: bool = True) -> Variation:
    return put(configuration=FunctionConfigurations({CREATE: replace(state(CREATE), in_vpc=inside)}))


def waits(own: float, whole: float = 6.0) -> Variation:
    return put(timing__create=Durations(CREATE, spread(whole), spread(whole), spread(own)))


def table(seconds: float = 0.006, **more: Any) -> Variation:
    calm = TableLoad({}, 0, {"": 1.0}, {"": 1.0}, {"PutItem": seconds}, 0.0)
    return put(table_pressure=replace(calm, **more))


def suspected(*variations: Variation) -> tuple[Variation, ...]:
    """All that is needed for the suspicion, and what is different about it."""
    return (SLOW, vpc(), waits(5.7), table(), *variations)


CASES = {
    "the table": case("table_throttled", SLOW, throttled(), on_demand_billing=ACTS),
    "internal errors": case(
        "internal",
        SLOW,
        failing(Fault.INTERNAL, function=CREATE),
        steps=("check_health", "open_support_case"),
    ),
    "rekognition throttles": case(
        "throttling", SLOW, failing(Fault.THROTTLING, function=CREATE), steps=("check_quota",)
    ),
    "a quota": case("quota", SLOW, failing(Fault.QUOTA, function=CREATE), steps=("check_quota",)),
    "time-outs": case(
        "slow_dependency",
        SLOW,
        failing(Fault.TIMEOUT, function=CREATE, operation=""),
        steps=("check_health", "check_vpc", "client_timeouts"),
    ),
    "memory": case("memory", SLOW, report(memory_used=240), memory_increase=ASKS),
    "cold starts": case("cold_starts", SLOW, report(**COLD), provisioned_concurrency=ACTS),
    "cold starts in a VPC": case(
        "cold_starts", SLOW, report(**COLD), vpc(), steps=("check_vpc",), provisioned_concurrency=ACTS
    ),
    "few cold starts": case(
        "cold_starts",
        SLOW,
        report(**COLD | {"reports": 19, "cold": 9}),
        provisioned_concurrency="say.few_reports",
    ),
    "everything at once": case(
        "table_throttled",
        SLOW,
        throttled(),
        report(memory_used=256, **COLD),
        on_demand_billing=ACTS,
        memory_increase=ASKS,
        provisioned_concurrency=ACTS,
    ),
    "fast again, while requests die": case(
        "slow_dependency", failing(Fault.TIMEOUT, 5, function=CREATE, operation="")
    ),
    "fast again": case("creation_fast", steps=("wait_and_watch",)),
    "fast again, few in the last quarter": case("creation_fast", put(creation_time=created(0.9, samples=40))),
    "the network, few in the last quarter": case(
        "network", *suspected(put(creation_time=created(6.2, samples=40)))
    ),
    "exactly 5 seconds": case("creation_fast", put(creation_time=created(5.0))),
    "fast again in the last quarter": case("creation_fast", put(creation_time=created(8.0, p90=1.0))),
    "slow in the last quarter": case("unknown", put(creation_time=created(1.0, p90=8.0)), steps=UNKNOWN),
    "fast over the hour, and the last few were slow": case(
        "unknown", put(creation_time=created(1.0, samples=40, p90=8.0))
    ),
    "the network": case("network", *suspected(), steps=("check_vpc", "check_health", "escalate_lead")),
    "the network, beside a table that takes its time": case("network", *suspected(table(0.4))),
    "nothing": case("unknown", SLOW, steps=UNKNOWN),
    "nothing, in a VPC": case("unknown", SLOW, vpc(), steps=("check_vpc", *UNKNOWN)),
    "few sessions": case("unknown", put(creation_time=created(9.0, samples=19))),
    "the time unread": case("unknown", *suspected(without("creation_time"))),
    "all unread": case(
        "unknown",
        without("creation_time", "failures", "cold_starts.create", "timing.create", "table_pressure"),
        without("configuration", "changes", "health", "table", "invocations"),
    ),
}


@all_rows("expected", CASES.values())
def test_case(expected: Case) -> None:
    check(playbook, expected)


# Each of these alone leaves another explanation.
HOLES = {
    "outside of a VPC": vpc(inside=False),
    "configuration unread": without("configuration"),
    "busy itself": waits(4.7),
    "hardly measured": edit(
        "timing.create", lambda times: replace(times, verification=replace(times.verification, samples=19))
    ),
    "durations unread": without("timing.create"),
    "one minute of throttling": table(throttled_minutes=1),
    "a slow table": table(0.5),
    "a table that fails": table(system_errors=1.0),
    "a table nobody measured": table(latency={}),
    "the table unread": without("table_pressure"),
    "a single internal error": failing(Fault.INTERNAL, 1, function=CREATE),
    "a single time-out": failing(Fault.TIMEOUT, 1, function=CREATE),
    "its log unread": unread(CREATE),
    "the logs unread": without("failures"),
    "reports unread": without("cold_starts.create"),
    "few reports": report(reports=19),
    "memory unknown": report(memory_used=None),
    "an event at AWS": put(health=HealthEvents((("REKOGNITION", "AWS_REKOGNITION_ISSUE", ago(30)),))),
    "a change just before": changed(CREATE),
    "few sessions": put(creation_time=created(9.0, samples=19)),
}


@all_rows("hole", HOLES.values())
def test_the_network_is_suspected_only_where_all_else_is_excluded(hole: Variation) -> None:
    assert decided(playbook, *suspected()).cause.kind is Cause.NETWORK
    verdict = decided(playbook, *suspected(hole))
    assert (verdict.cause.kind, verdict.proposals) == (Cause.UNKNOWN, ())


@pytest.mark.parametrize(
    "just",
    [
        waits(4.0, 5.0),
        edit("timing.create", lambda times: replace(times, duration=replace(times.duration, samples=20))),
        report(reports=20),
        report(memory_size=1280, memory_used=1151),
        failing(Fault.INTERNAL, 1, function=CREATE, minutes=61),
    ],
)
def test_what_is_just_excluded_does_not_keep_the_suspicion_back(just: Variation) -> None:
    assert decided(playbook, *suspected(just)).cause.kind is Cause.NETWORK


def test_a_cause_just_within_its_limit_prevents_the_network_suspicion() -> None:
    full = report(memory_size=1280, memory_used=1152)
    assert decided(playbook, *suspected(full)).cause.kind is Cause.MEMORY
    assert decided(playbook, *suspected(waits(5.7, 0.0))).cause.kind is Cause.UNKNOWN


def test_no_more_than_all_of_the_time_is_waited() -> None:
    assert decided(playbook, *suspected(waits(6.1))).why.values == {"percent": 100.0}


def test_changes_that_could_not_be_asked_for_are_not_excluded() -> None:
    found = decided(playbook, *suspected(without("changes")))
    assert found.cause.kind is Cause.NETWORK
    assert "out.changes" not in {each.kind.value for each in found.ruled_out}


def test_a_suspicion_says_what_was_excluded() -> None:
    verdict = decided(playbook, *suspected())
    assert [each.kind.value for each in verdict.ruled_out] == [
        "out.table",
        "out.table_fast",
        "out.downstream",
        "out.memory",
        "out.cold_starts",
        "out.health",
        "out.changes",
    ]
    assert verdict.why.values == {"percent": pytest.approx(95.0)}


def test_an_account_without_a_support_plan_can_still_suspect_its_network() -> None:
    verdict = decided(playbook, *suspected(without("health")))
    assert verdict.cause.kind is Cause.NETWORK
    assert "out.health" not in {each.kind.value for each in verdict.ruled_out}


def test_it_says_whether_nothing_was_proven_could_be_seen_or_was_enough() -> None:
    assert decided(playbook, SLOW).why.key == "why.nothing_proven"
    assert decided(playbook, SLOW, without("failures")).why.key == "why.looks_failed"
    assert decided(playbook, without("creation_time")).why.key == "why.looks_failed"
    just = decided(playbook, put(creation_time=created(9.0, samples=20)))
    assert just.why.key == "why.nothing_proven"
    few = decided(playbook, put(creation_time=created(9.0, samples=19))).why
    assert (few.key, few.values) == ("why.few_creations", {"count": 19, "enough": 20, "hours": 1})


def test_it_is_creation_that_gets_memory_and_warmth() -> None:
    verdict = decided(playbook, SLOW, report(memory_used=256, **COLD))
    assert {each.scope for each in verdict.proposals} == {"create"}
    other = put(cold_starts__result=starts(RESULT, memory_used=256, **COLD))
    assert decided(playbook, SLOW, other).proposals == ()
