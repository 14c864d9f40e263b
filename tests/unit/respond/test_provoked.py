"""A caller of the service cannot cause the liveness check to be switched off: through the whole response."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from alarms import create_session_errors, get_result_errors, high_error_rate, low_success_rate
from rehearsal.world.lines import Format
from rehearsal.world.request_endings import (
    CREATE_SESSION,
    GET,
    audit_log_failed,
    crashed,
    metric_failed,
    not_found,
    out_of_memory,
    service_error,
    timed_out,
)
from rehearsal.world.traffic import Ending, Requests
from tests.rows import all_rows
from tests.unit.respond.scene import CREATE, RESULT, Scene
from tests.unit.respond.seeded import TABLE, seeded

INTERNAL = service_error("InternalServerError", GET)
THROTTLED = service_error("ThrottlingException", GET, retries=4)
SURE, ASKED = {"rollout_to_zero": "applied"}, {"rollout_to_zero": "asked"}
BOOKS = {
    each.slug: each
    for each in (
        create_session_errors.playbook,
        get_result_errors.playbook,
        high_error_rate.playbook,
        low_success_rate.playbook,
    )
}


def scene(slug: str, *traffic: Requests, form: Format = Format.TEXT) -> Scene:
    return seeded(BOOKS[slug], *traffic, form=form)


def throttle(found: Scene, minutes: int = 10, events: float = 400) -> Scene:
    """The table is PROVISIONED, and turns writes away."""
    times = [found.aws.now - timedelta(minutes=each + 1) for each in range(minutes)]
    values = [(at, events) for at in times]
    found.figures.put("AWS/DynamoDB", "WriteThrottleEvents", values, TableName=TABLE)
    used = [(at, 5 * 60.0) for at in times]
    found.figures.put("AWS/DynamoDB", "ConsumedWriteCapacityUnits", used, TableName=TABLE)
    return found


def turned_away(found: Scene, function: str = RESULT) -> Scene:
    """Lambda turns calls of a function away."""
    values = [(found.aws.now - timedelta(minutes=7), 3.0)]
    found.figures.put("AWS/Lambda", "Throttles", values, FunctionName=function)
    return found


def some(function: str, ending: Ending, count: int, minutes: float = 14) -> Requests:
    return Requests(function, count, ending, minutes)


def answered(found: Scene) -> dict[str, str]:
    """The result of each remedy that the rule is about."""
    results: dict[str, str] = found.alarm()["results"]
    return {name: result for name, result in results.items() if name != "propose_change"}


def untouched(found: Scene) -> bool:
    return found.percentages() == ["50"] * 4


PROVOKED: dict[str, tuple[str, tuple[Requests, ...]]] = {
    "sessions that do not exist": ("high-error-rate", (some(RESULT, not_found(), 40),)),
    "a flood that Rekognition throttles": ("high-error-rate", (some(RESULT, THROTTLED, 60),)),
    "a flood in which some requests time out": (
        "high-error-rate",
        (some(RESULT, THROTTLED, 60), some(RESULT, timed_out(15.0), 12)),
    ),
    "six requests of six megabytes": ("high-error-rate", (some(CREATE, out_of_memory(), 6),)),
    "the same, by the function's own alarm": (
        "create-session-errors",
        (some(CREATE, out_of_memory(), 6),),
    ),
    "requests that time out": ("get-result-errors", (some(RESULT, timed_out(15.0), 30),)),
    "requests that time out, by the success rate": (
        "low-success-rate",
        (some(RESULT, timed_out(15.0), 30),),
    ),
}


@all_rows("form", Format)
@all_rows("what", PROVOKED)
def test_what_a_caller_can_provoke_is_at_most_asked(what: str, form: Format) -> None:
    slug, bad = PROVOKED[what]
    good = (some(RESULT, Ending(), 160), some(CREATE, Ending(), 60))
    found = scene(slug, *good, *bad, form=form)
    assert answered(found) in ({}, ASKED)
    assert untouched(found)
    assert found.leases() == []


@pytest.mark.parametrize("slug", ["high-error-rate", "create-session-errors", "get-result-errors"])
def test_a_throttled_table_under_time_outs_is_switched_and_the_check_stays_on(slug: str) -> None:
    function, limit = (CREATE, 10.0) if slug == "create-session-errors" else (RESULT, 15.0)
    found = throttle(scene(slug, some(function, Ending(), 60), some(function, timed_out(limit), 30)))
    found.aws.dynamo.add(TABLE, (5, 5), indexes={"EmployeeIdIndex": (5, 5)})
    assert answered(found) == {"on_demand_billing": "applied"}
    assert found.reported[-1]["cause"]["key"] == "cause.table_throttled"
    assert untouched(found)


def test_without_throttling_sure_faults_switch_the_check_off() -> None:
    """The control: faults that no caller can cause, with nothing throttled."""
    found = scene("high-error-rate", some(RESULT, Ending(), 84), some(RESULT, INTERNAL, 36))
    assert answered(found) == SURE
    assert found.percentages() == ["0"] * 4


def throttled_index(found: Scene, name: str = "ByEmployee") -> Scene:
    """The table has an index of another name, which turns writes away; the table's own figures stay calm."""
    found.aws.dynamo.add(TABLE, indexes={"EmployeeIdIndex": (0, 0), name: (5, 5)})
    at = [(found.aws.now - timedelta(minutes=each + 1), 400.0) for each in range(10)]
    where = {"TableName": TABLE, "GlobalSecondaryIndexName": name}
    found.figures.put("AWS/DynamoDB", "WriteThrottleEvents", at, **where)
    return found


HELD: dict[str, Callable[[Scene], Scene]] = {
    "the table": throttle,
    "the table, once within the hour": lambda found: throttle(found, minutes=1, events=1),
    "an index, whatever its name": throttled_index,
    "calls of the function": turned_away,
    "calls of the other function": lambda found: turned_away(found, CREATE),
}
ESCAPED = "An error occurred ({}) when calling the GetItem operation (reached max retries: 9): slow down"
# A line of each kind that the service is known to write, once within the hour, at the edge of it.
SAID: dict[str, tuple[str, Ending]] = {
    "of a request that failed": (CREATE, service_error("ThrottlingException", CREATE_SESSION)),
    "of a request that failed, before it was killed": (
        RESULT,
        replace(timed_out(15.0), lines=service_error("ThrottlingException", GET).lines),
    ),
    "of an audit log that was not stored": (RESULT, audit_log_failed("SlowDown", "reduce your request rate")),
    "of a metric that was not sent": (CREATE, metric_failed("Throttling")),
    "of an exception that nothing catches": (RESULT, crashed("ClientError", ESCAPED.format("Throttling"))),
    "of one that is named by its code": (
        RESULT,
        crashed("ThrottlingException", ESCAPED.format("ThrottlingException")),
    ),
    **{
        f"with the code {code}": (RESULT, service_error(code, GET))
        for code in (
            *("429", "503", "509", "RequestThrottledException", "BandwidthLimitExceeded", "SlowDown"),
            *("ServiceUnavailable", "RequestThrottled", "PriorRequestNotComplete", "LimitExceededException"),
            *("KMS.ThrottlingException", "SubscriptionRequiredLimitExceeded"),
        )
    },
}


@pytest.mark.parametrize("what", HELD)
def test_while_anything_is_throttled_sure_faults_ask(what: str) -> None:
    found = scene("high-error-rate", some(RESULT, Ending(), 84), some(RESULT, INTERNAL, 36))
    found.aws.dynamo.add(TABLE, indexes={"EmployeeIdIndex": (0, 0)})
    only_asks(HELD[what](found))


@all_rows("form", Format)
@all_rows("what", SAID)
def test_one_line_that_a_call_was_turned_away_has_sure_faults_ask(what: str, form: Format) -> None:
    function, ending = SAID[what]
    line = some(function, ending, 1, 50)
    only_asks(
        scene("high-error-rate", some(RESULT, Ending(), 84), some(RESULT, INTERNAL, 36), line, form=form)
    )


@pytest.mark.parametrize("form", Format)
def test_other_errors_beside_a_request_that_continues_do_not_hold_the_act(form: Format) -> None:
    beside = (
        some(RESULT, audit_log_failed("AccessDenied", "(SlowDown) when calling"), 9),
        some(RESULT, metric_failed("InvalidParameterValue"), 9),
    )
    found = scene(
        "high-error-rate", some(RESULT, Ending(), 84), some(RESULT, INTERNAL, 36), *beside, form=form
    )
    assert answered(found) == SURE


def only_asks(found: Scene) -> None:
    assert answered(found)["rollout_to_zero"] == "asked"
    assert found.reported[-1]["outcomes"][-1]["because"]["key"] == "guard.throttled"
    assert untouched(found)
