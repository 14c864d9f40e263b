"""Errors of one function: a wrong environment explains them before the log does."""

import pytest

from alarms import create_session_errors, get_result_errors
from responder.core.cause import AwsService, Cause
from responder.core.text import Strings
from responder.evidence.configuration import FunctionConfigurations
from responder.evidence.faults import Fault
from responder.respond.playbook import Playbook
from tests.rows import all_rows
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    OBSERVES,
    RESULT,
    Case,
    Variation,
    case,
    changed,
    check,
    decided,
    failing,
    put,
    quiet,
    silent,
    state,
    throttled,
    unread,
    without,
)

TWINS = [(create_session_errors.playbook, CREATE, RESULT), (get_result_errors.playbook, RESULT, CREATE)]


def differing(name: str, **more: Strings) -> Variation:
    return put(configuration=FunctionConfigurations({name: state(name, **more)}))


def wrong(name: str) -> Variation:
    return differing(
        name, expected_missing=("LIVENESS_SESSIONS_TABLE",), expected_wrong=("FACE_AUTH_BUCKET",)
    )


def cases(mine: str) -> dict[str, Case]:
    def fails(fault: Fault, count: int = 30) -> Variation:
        return failing(fault, count, function=mine)

    by_hand = ("repair_environment_by_hand", "developers_logs", "escalate_lead")
    return {
        "import errors": case("import_error", fails(Fault.IMPORT_ERROR), rollout_to_zero=ACTS),
        "a bad release": case(
            "release", fails(Fault.IMPORT_ERROR), changed(mine), alias_rollback=ASKS, rollout_to_zero=ACTS
        ),
        "time-outs": case("slow_dependency", fails(Fault.TIMEOUT), rollout_to_zero=ASKS),
        "out of memory": case("memory", fails(Fault.MEMORY), rollout_to_zero=ASKS),
        "denied": case(
            "access_denied", fails(Fault.ACCESS_DENIED), propose_change=OBSERVES, rollout_to_zero=ACTS
        ),
        "internal": case("internal", fails(Fault.INTERNAL), rollout_to_zero=ACTS),
        "throttled": case(
            "throttling", fails(Fault.THROTTLING), propose_change=OBSERVES, rollout_to_zero=ASKS
        ),
        "quota": case("quota", fails(Fault.QUOTA), propose_change=OBSERVES, rollout_to_zero=ASKS),
        "configuration": case("configuration", fails(Fault.CONFIGURATION), rollout_to_zero=ASKS),
        "exceptions": case("unexpected", fails(Fault.UNEXPECTED), rollout_to_zero=ASKS),
        "unsorted": case("other", fails(Fault.OTHER), rollout_to_zero=ASKS),
        "the table": case(
            "table_throttled",
            failing(Fault.THROTTLING, function=mine, operation="PutItem"),
            throttled(),
            on_demand_billing=ACTS,
        ),
        "the table, in the log alone": case(
            "table_throttled",
            failing(Fault.THROTTLING, function=mine, operation="PutItem"),
            steps=("capacity_by_hand", "escalate_lead"),
        ),
        "time-outs under a throttled table": case(
            "table_throttled", fails(Fault.TIMEOUT), throttled(), on_demand_billing=ACTS
        ),
        "a wrong environment under a throttled table": case(
            "environment",
            wrong(mine),
            silent(30, mine),
            throttled(),
            on_demand_billing=ACTS,
            repair_environment=ASKS,
            rollout_to_zero=ASKS,
        ),
        "a wrong environment that nothing fails over": case("unknown", wrong(mine)),
        "one variable missing": case(
            "environment",
            differing(mine, expected_missing=("A",)),
            silent(30, mine),
            steps=by_hand,
            repair_environment=ASKS,
            rollout_to_zero=ASKS,
        ),
        "one variable wrong": case(
            "unknown", differing(mine, expected_wrong=("A",)), silent(30, mine), rollout_to_zero=ASKS
        ),
        "with faults": case(
            "environment",
            wrong(mine),
            failing(Fault.CONFIGURATION, function=mine, operation="PutItem"),
            repair_environment=ASKS,
            rollout_to_zero=ASKS,
        ),
        "with sure faults": case(
            "environment",
            wrong(mine),
            failing(Fault.ACCESS_DENIED, function=mine, operation="PutItem"),
            repair_environment=ASKS,
            rollout_to_zero=ACTS,
        ),
        "with silent errors": case(
            "environment", wrong(mine), silent(30, mine), repair_environment=ASKS, rollout_to_zero=ASKS
        ),
        "with few faults": case(
            "environment",
            wrong(mine),
            failing(Fault.CONFIGURATION, 3, function=mine, operation="PutItem"),
            quiet(9),
            repair_environment=ASKS,
            rollout_to_zero="say.sample_short",
        ),
        "without logs": case(
            "environment", wrong(mine), without("failures"), silent(30, mine), repair_environment=ASKS
        ),
        "environment unread": case(
            "internal", fails(Fault.INTERNAL), without("configuration"), rollout_to_zero=ACTS
        ),
        "sessions ended": case("sessions_ended", fails(Fault.SESSION_ENDED)),
        "ended beside silent errors": case(
            "unknown", fails(Fault.SESSION_ENDED), silent(6, mine), rollout_to_zero=ASKS
        ),
        "nothing": case("unknown"),
        "logs unread": case("unknown", fails(Fault.INTERNAL), without("failures")),
        "its log unread": case("unknown", unread(mine), silent(30, mine)),
        "all unread": case(
            "unknown", without("failures", "invocations", "configuration", "changes", "health")
        ),
    }


@all_rows("name", cases(CREATE))
@all_rows(("playbook", "mine", "other"), TWINS)
def test_case(playbook: Playbook, mine: str, other: str, name: str) -> None:
    check(playbook, cases(mine)[name])


@pytest.mark.parametrize(("playbook", "mine", "other"), TWINS)
def test_the_other_function_s_faults_are_the_other_alarm_s(playbook: Playbook, mine: str, other: str) -> None:
    verdict = decided(playbook, failing(Fault.INTERNAL, function=other), silent(30, other), wrong(other))
    assert verdict.cause.kind is Cause.UNKNOWN
    assert verdict.proposals == ()


@all_rows(("playbook", "mine", "other"), TWINS)
@all_rows(
    ("fault", "code", "operation", "service"),
    [
        (Fault.INTERNAL, "InternalServerError", "PutItem", AwsService.DYNAMODB),
        (Fault.INTERNAL, "InternalServerError", "GetFaceLivenessSessionResults", AwsService.REKOGNITION),
        (Fault.RESPONSE, "ResponseParserError", "PutObject", AwsService.S3),
        (Fault.INTERNAL, "InternalServerError", "Decrypt", AwsService.KMS),
        (Fault.OTHER, "Odd", "", None),
    ],
)
def test_the_service_whose_calls_fail_is_known(
    playbook: Playbook,
    mine: str,
    other: str,
    fault: Fault,
    code: str,
    operation: str,
    service: AwsService | None,
) -> None:
    verdict = decided(playbook, failing(fault, function=mine, code=code, operation=operation))
    assert verdict.cause.kind is fault.cause
    assert verdict.service is service


@pytest.mark.parametrize(("playbook", "mine", "other"), TWINS)
def test_variables_are_named_and_never_their_values(playbook: Playbook, mine: str, other: str) -> None:
    verdict = decided(playbook, wrong(mine), silent(30, mine))
    assert verdict.cause.values == {
        "function": mine,
        "variables": "LIVENESS_SESSIONS_TABLE, FACE_AUTH_BUCKET",
    }
    assert verdict.why.values == {"variables": "LIVENESS_SESSIONS_TABLE, FACE_AUTH_BUCKET"}


@pytest.mark.parametrize(("playbook", "mine", "other"), TWINS)
def test_the_environment_is_mended_before_the_check_is_switched_off(
    playbook: Playbook, mine: str, other: str
) -> None:
    verdict = decided(playbook, wrong(mine), silent(30, mine))
    assert [each.remedy for each in verdict.proposals] == ["repair_environment", "rollout_to_zero"]
    assert verdict.proposals[0].scope == ("create" if mine == CREATE else "result")
