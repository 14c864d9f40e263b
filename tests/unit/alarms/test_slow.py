"""Slow requests: every proven reason is proposed for, the first one names the cause."""

from dataclasses import replace

import pytest

from alarms import (
    create_session_timeouts,
    get_result_timeouts,
    high_error_rate,
    slow_session_creation,
    slow_verification,
)
from responder.core.cause import Cause
from responder.core.modes import Severity
from responder.core.plain_data import Json
from responder.core.text import Text, text
from responder.evidence.faults import FailedRequest, Fault
from responder.evidence.table import TableLoad
from responder.respond.playbook import Playbook
from tests.rows import all_rows
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    GET,
    RESULT,
    Case,
    Variation,
    ago,
    case,
    check,
    created,
    decided,
    edit,
    failing,
    idle,
    proposed,
    put,
    starts,
    throttled,
    unread,
    without,
)

THREE = [
    (create_session_timeouts.playbook, "create", CREATE),
    (get_result_timeouts.playbook, "result", RESULT),
    (slow_verification.playbook, "result", RESULT),
]
FEW = "say.few_reports"
FELT: Json = {"cold": 90, "init_average": 7.0, "cold_average": 8.0}


def cases(function: str, mine: str) -> dict[str, Case]:
    look, timing = f"cold_starts.{function}", f"timing.{function}"

    def report(**more: object) -> Variation:
        return put(**{f"cold_starts__{function}": starts(mine, **more)})

    cold = {"cold": 20, "init_average": 7.0, "cold_average": 8.0, "warm_average": 0.9}
    late = failing(Fault.TIMEOUT, 3, function=mine, operation="")
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
        "a slow first run alone": case("unknown", report(**cold | {"init_average": 0.4})),
        "an initialisation that is not known": case("unknown", report(**cold | {"init_average": None})),
        "no warm run to compare with": case(
            "unknown", report(**cold | {"warm_average": None, "warm_high": None})
        ),
        "warm runs are slow, too": case("unknown", report(**cold | {"warm_average": 7.1})),
        "a tenth of the warm runs is slow": case("unknown", report(**cold | {"warm_high": 11.3})),
        "two cold starts": case("unknown", report(**cold | {"reports": 20, "cold": 2})),
        "three of twenty": case(
            "cold_starts", report(**cold | {"reports": 20, "cold": 3}), provisioned_concurrency=ACTS
        ),
        # requests that wait for something
        "time-outs": case("slow_dependency", late, steps=("check_health", "check_vpc", "client_timeouts")),
        "two time-outs": case("unknown", failing(Fault.TIMEOUT, 2, function=mine, operation="")),
        "time-outs in the reports alone": case("slow_dependency", report(timed_out=3), without("failures")),
        "cold starts beside time-outs": case("slow_dependency", late, report(**cold)),
        "full memory beside time-outs": case("slow_dependency", late, report(memory_used=256)),
        "cold starts beside calls without an answer": case(
            "read_timeout", failing(Fault.READ_TIMEOUT, 3, function=mine, operation=""), report(**cold)
        ),
        "time-outs under a throttled table": case(
            "table_throttled", late, throttled(), report(**cold), on_demand_billing=ACTS
        ),
        "killed for memory beside time-outs": case(
            "slow_dependency", late, report(memory_used=256, out_of_memory=3), memory_increase=ASKS
        ),
        "killed for memory, and few others": case(
            "memory", report(memory_used=256, reports=17, out_of_memory=3), memory_increase=ASKS
        ),
        "internal errors": case(
            "internal", failing(Fault.INTERNAL, function=mine), steps=("check_health", "open_support_case")
        ),
        "rekognition throttles": case(
            "throttling", failing(Fault.THROTTLING, function=mine), steps=("check_quota",)
        ),
        "quota": case("quota", failing(Fault.QUOTA, function=mine), steps=("check_quota",)),
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
        "cold, and not over the line": case("unknown", report(**cold | {"cold_average": 1.0})),
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
            steps=("check_health", "open_support_case", "escalate_lead"),
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


@all_rows("name", NAMES)
@all_rows(("playbook", "function", "mine"), THREE)
def test_case(playbook: Playbook, function: str, mine: str, name: str) -> None:
    check(playbook, cases(function, mine)[name])


@pytest.mark.parametrize(("playbook", "function", "mine"), THREE)
def test_it_says_whether_nothing_was_proven_or_nothing_could_be_seen(
    playbook: Playbook, function: str, mine: str
) -> None:
    assert decided(playbook).why.key == "why.nothing_proven"
    looks = ("failures", "table_pressure", f"timing.{function}", f"cold_starts.{function}")
    for blind in (*(without(look) for look in looks), unread(mine)):
        assert decided(playbook, blind).why.key == "why.looks_failed"


@pytest.mark.parametrize(("playbook", "function", "mine"), THREE)
def test_the_other_function_explains_nothing(playbook: Playbook, function: str, mine: str) -> None:
    other, name = ("result", RESULT) if function == "create" else ("create", CREATE)
    bad = put(**{f"cold_starts__{other}": starts(name, memory_used=256, **FELT)})
    verdict = decided(playbook, bad, failing(Fault.INTERNAL, function=name))
    assert (verdict.cause.kind, proposed(verdict)) == (Cause.UNKNOWN, {})


@pytest.mark.parametrize(("playbook", "function", "mine"), THREE)
def test_it_is_the_slow_function_that_gets_memory_and_warmth(
    playbook: Playbook, function: str, mine: str
) -> None:
    verdict = decided(playbook, put(**{f"cold_starts__{function}": starts(mine, memory_used=256, **FELT)}))
    assert [(each.remedy, each.scope) for each in verdict.proposals] == [
        ("memory_increase", function),
        ("provisioned_concurrency", function),
    ]


LINES = [
    (create_session_timeouts.playbook, "create", CREATE, 9.0),
    (get_result_timeouts.playbook, "result", RESULT, 14.0),
    (slow_verification.playbook, "result", RESULT, 10.0),
    (slow_session_creation.playbook, "create", CREATE, 5.0),
]
SLOW = put(creation_time=created(6.2))


@all_rows(("playbook", "function", "mine", "line"), LINES)
@all_rows(
    ("change", "explains"),
    [
        ({}, True),
        ({"cold": 19}, False),
        ({"warm_average": 0.51, "init_average": 0.6}, False),
        ({"warm_high": 0.81}, False),
        ({"cold_average": 0.54}, False),
        ({"init_average": 0.43, "cold_average": 0.6}, False),
    ],
)
def test_cold_starts_explain_it_where_all_of_it_holds(
    playbook: Playbook, function: str, mine: str, line: float, change: dict[str, float], explains: bool
) -> None:
    """Each number at its edge, and each just not met; times are parts of the alarm's line."""
    parts = {"init_average": 0.45, "cold_average": 0.56, "warm_average": 0.12, "warm_high": 0.8, **change}
    more: Json = {
        name: value * line if name in parts and name != "cold" else value for name, value in parts.items()
    }
    found = put(**{f"cold_starts__{function}": starts(mine, **{"cold": 20, **more})})
    assert ("provisioned_concurrency" in proposed(decided(playbook, SLOW, found))) is explains


def both(*variations: Variation) -> Variation:
    def variation(facts: Json) -> None:
        for each in variations:
            each(facts)

    return variation


DEPENDENCIES: dict[Cause, list[Variation]] = {
    Cause.SLOW_REKOGNITION: [
        failing(Fault.INTERNAL, 3),
        failing(Fault.READ_TIMEOUT, 3, code="ReadTimeoutError", service="rekognition", operation=""),
    ],
    Cause.SLOW_TABLE: [
        put(table_pressure=TableLoad({}, 0, {}, {}, {"PutItem": 0.5}, 0.0)),
        put(table_pressure=TableLoad({}, 0, {}, {}, {"PutItem": 0.01}, 1.0)),
        failing(Fault.INTERNAL, 3, operation="GetItem"),
    ],
    Cause.SLOW_IMAGES: [
        failing(Fault.THROTTLING, 3, code="SlowDown", operation="PutObject"),
        # The bucket's key is asked for on behalf of the call.
        failing(
            Fault.READ_TIMEOUT,
            3,
            code="ReadTimeoutError",
            service="kms",
            operation="",
            during="PutObject",
        ),
    ],
    Cause.SLOW_NETWORK: [
        failing(Fault.CONNECTION, 3, code="ConnectTimeoutError", service="rekognition", operation=""),
        both(
            failing(Fault.READ_TIMEOUT, 3, code="ReadTimeoutError", service="s3", operation=""),
            failing(Fault.INTERNAL, 3),
        ),
    ],
    Cause.SLOW_DEPENDENCY: [
        both(),
        failing(Fault.INTERNAL, 2),
        failing(Fault.UNEXPECTED, 30),
        failing(Fault.INTERNAL, 30, function=CREATE),
        failing(Fault.INTERNAL, 30, minutes=61),
    ],
}


@all_rows(("cause", "shows"), [(cause, shows) for cause, found in DEPENDENCIES.items() for shows in found])
@all_rows("playbook", [get_result_timeouts.playbook, high_error_rate.playbook])
def test_what_the_requests_wait_for_is_named_by_what_shows_it(
    playbook: Playbook, cause: Cause, shows: Variation
) -> None:
    hang = failing(Fault.TIMEOUT, 40, operation="")
    assert decided(playbook, hang, shows).cause.kind is cause


def test_the_other_lines_of_a_killed_request_show_what_it_waited_for() -> None:
    late = edit(
        "failures",
        lambda tally: replace(
            tally,
            failures=(FailedRequest(RESULT, ago(5), Fault.TIMEOUT, "Task.TimedOut", "", GET),) * 3,
        ),
    )
    assert decided(get_result_timeouts.playbook, late).cause.kind is Cause.SLOW_REKOGNITION


def test_the_cause_says_how_many_die_of_it() -> None:
    def share(*variations: Variation) -> Text:
        said = decided(get_result_timeouts.playbook, failing(Fault.TIMEOUT, 10, operation=""), *variations)
        found = said.cause.values["share"]
        assert isinstance(found, Text)
        return found

    assert share().values == {"killed": 10, "invocations": 50, "percent": 20.0, "minutes": 15}
    assert share(without("invocations")) == text("say.killed", killed=10)


@pytest.mark.parametrize(("playbook", "function", "mine", "line"), LINES)
def test_severity_follows_the_share_of_requests_that_die(
    playbook: Playbook, function: str, mine: str, line: float
) -> None:
    def severity(fault: Fault, count: int, *variations: Variation) -> Severity:
        bad = failing(fault, count, function=mine, operation="")
        return decided(playbook, SLOW, bad, *variations).severity

    for fault in (Fault.TIMEOUT, Fault.MEMORY):
        assert severity(fault, 5) is Severity.HIGH
        assert severity(fault, 4) is Severity.MEDIUM
        assert severity(fault, 5, idle(mine, 100)) is Severity.MEDIUM
        assert severity(fault, 5, without("failures")) is Severity.MEDIUM
    # A request that gets an answer, also a bad one, does not wait until the timeout.
    assert severity(Fault.INTERNAL, 40) is Severity.MEDIUM
