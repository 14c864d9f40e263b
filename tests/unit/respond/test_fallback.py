"""Promises of what happens when the automation itself fails."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import pytest

from liveness_ops.template_tools.load import EVENTS
from responder.aws.items import to_item
from responder.core.change import Lease, LeaseState
from responder.core.context import Context
from responder.core.errors import Denied, Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.failures.handler import failure_report, keep_and_report
from responder.messages.language import say
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.respond.scene import ENVIRONMENT, Scene


def record(
    payload: Any,
    slug: str = "high-error-rate",
    kind: str = "Unreachable",
    words: str = "employee E-1234 was here",
) -> Json:
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:responder-{slug}:$LATEST"
    return {
        "version": "1.0",
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": payload,
        "responsePayload": {"errorType": kind, "errorMessage": words},
    }


def empty() -> FakeAws:
    aws = FakeAws()
    aws.dynamo.create("Incidents", "pk", "sk")
    return aws


def reported(aws: FakeAws, given: Any, parameters: Mapping[str, str] | None = None) -> Json:
    keep_and_report(given, Context(aws, Settings.read(ENVIRONMENT), NOW, NOW, parameters))
    body: Json = json.loads(json.loads(aws.sns.published[-1]["Message"])["lambda"])
    return body


def test_the_event_is_kept_whole_and_on_call_gets_the_manuals_steps() -> None:
    aws = empty()
    event = Scene().event()
    body = reported(aws, record(event))
    assert json.loads(aws.sqs.sent[0]["MessageBody"])["requestPayload"] == event
    assert body["kind"] == "failure"
    assert body["alarm"] == "FaceAuth-Liveness-HighErrorRate"
    assert any("rollout" in step["key"] or "rollout" in json.dumps(step) for step in body["steps"])


def test_the_event_is_kept_before_anyone_is_reported() -> None:
    aws = empty()
    reported(aws, record(Scene().event()))
    assert [call[0] for call in aws.calls if call[0] != "dynamodb"] == ["sqs", "sns"]


@pytest.mark.parametrize(("service", "operation"), [("sqs", "send_message"), ("sns", "publish")])
def test_either_is_tried_although_the_other_failed_and_lambda_tries_again(
    service: str, operation: str
) -> None:
    aws = empty()
    aws.fail(service, operation, Unreachable)
    with pytest.raises(Unreachable):
        reported(aws, record(Scene().event()))
    assert [call[0] for call in aws.calls if call[0] != "dynamodb"] == ["sqs", "sns"]


def test_that_the_event_could_not_be_kept_is_reported_with_the_right_that_is_missing() -> None:
    scene = Scene()
    scene.aws.fail("sqs", "send_message", Denied)
    with pytest.raises(Denied):
        reported(scene.aws, record(scene.event()))
    assert "could not be stored in the failures queue (missing permission sqs:SendMessage" in scene.mail


SAID = {
    "en": ("is stored", "could not be stored"),
    "ja": ("保存しています", "保存できませんでした"),
}


@all_rows("language", SAID)
@all_rows("slug", ["high-error-rate", "slack-post", "daily-check", "sessions-backup"])
@all_rows("words", ["", "dynamodb:Query AccessDenied"])
@all_rows("keeps", [True, False])
def test_of_one_event_a_mail_says_that_it_was_kept_or_that_it_was_not(
    language: str, slug: str, words: str, keeps: bool
) -> None:
    aws = empty()
    if not keeps:
        aws.fail("sqs", "send_message", Denied)
    given = record(Scene().event(), slug, "Denied" if words else "Unreachable", words)
    context = Context(aws, Settings.read({**ENVIRONMENT, "LANGUAGE": language}), NOW, NOW)
    with nullcontext() if keeps else pytest.raises(Denied):
        keep_and_report(given, context)
    mail = json.loads(aws.sns.published[-1]["Message"])["email"]
    assert [said in mail for said in SAID[language]] == [keeps, not keeps]


@pytest.mark.parametrize(
    "payload", [None, [], "text", {"detail": 3}, {"x": "y" * 200_000}, {"x": "顔" * 400_000}]
)
def test_whatever_failed_a_person_is_notified(payload: Any) -> None:
    aws = empty()
    body = reported(aws, record(payload))
    assert body["steps"]
    assert len(aws.sqs.sent[0]["MessageBody"].encode()) <= 262_144


def test_a_record_that_is_none_is_reported_too() -> None:
    body = reported(empty(), {})
    assert body["steps"]
    assert piece("did.some_function_failed") in body["headline"]
    named = {name: value["key"] for name, value in body["why"]["values"].items()}
    assert named == {"function": "why.some_function", "error": "why.some_error"}


def test_no_free_text_of_an_error_is_reported() -> None:
    aws = empty()
    reported(aws, record(Scene().event()))
    assert "E-1234" not in json.dumps(aws.sns.published)


@pytest.mark.parametrize(
    ("service", "operation", "right"),
    [
        ("sns", "publish", "sns:Publish"),
        ("lambda", "invoke", "lambda:InvokeFunction"),
        ("dynamodb", "update_item", "dynamodb:UpdateItem"),
    ],
)
def test_the_missing_permission_that_ended_a_run_is_named(service: str, operation: str, right: str) -> None:
    scene = Scene()
    scene.aws.fail(service, operation, Denied)
    with pytest.raises(Denied) as died:
        scene.alarm()
    reported(scene.aws, record(scene.event(), kind="Denied", words=str(died.value)))
    assert f"failed: missing permission {right}" in scene.mail


@pytest.mark.parametrize(
    "words",
    [
        "employee E-1234 was here",
        "dynamodb:Query AccessDeniedException for EMP123456",
        "dynamodb:EMP123456 AccessDeniedException",
        "dynamodb: Query AccessDeniedException",
        "",
    ],
)
def test_of_a_denial_only_our_own_words_are_reported(words: str) -> None:
    body = reported(empty(), record(Scene().event(), kind="Denied", words=words))
    assert body["why"]["values"]["error"] == "Denied"
    assert "1234" not in json.dumps(body["why"])


def test_a_failure_after_the_rollout_still_says_first_that_security_is_lowered() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("sns", "publish", Unreachable, times=1)
    with pytest.raises(Unreachable):
        scene.alarm()
    body = reported(scene.aws, record(scene.event()))
    assert body["security_lowered_by"] == "rollout_to_zero"
    assert scene.mail.startswith("[SECURITY LOWERED]")


def steps_of(body: Json) -> str:
    return "\n".join(each["text"] for each in body["steps"])


def test_no_step_makes_a_change_that_is_in_force() -> None:
    scene = Scene().faults(15)
    assert "(runbook: rollout_by_hand)" in steps_of(reported(scene.aws, record(scene.event())))
    scene.alarm()
    after = steps_of(reported(scene.aws, record(scene.event())))
    assert piece("step.rollout_by_hand") not in after


@pytest.mark.parametrize(
    ("slug", "state", "left"),
    [
        ("get-result-timeouts", LeaseState.IN_FORCE, False),
        ("get-result-timeouts", LeaseState.PARTIAL, True),
        ("create-session-timeouts", LeaseState.IN_FORCE, True),
    ],
)
def test_of_another_function_or_where_it_was_made_in_part_it_is_left(
    slug: str, state: LeaseState, left: bool
) -> None:
    settings = Settings.read(ENVIRONMENT)
    lease = Lease("memory_increase", settings.result_function, "one", state, NOW, None, {}, ())
    context = Context(empty(), settings, NOW, NOW)
    steps = failure_report(record(Scene().event(), slug), context, (lease,)).verdict.steps
    assert any("memory_by_hand" in say(step, "en") for step in steps) is left


@pytest.mark.parametrize("keeps", [True, False])
def test_the_way_to_the_event_is_a_step_where_the_event_was_kept(keeps: bool) -> None:
    aws = empty()
    if not keeps:
        aws.fail("sqs", "send_message", Denied)
    with nullcontext() if keeps else pytest.raises(Denied):
        reported(aws, record(Scene().event()))
    mail = json.loads(aws.sns.published[-1]["Message"])["email"]
    assert ("\n   liveness-ops failures " in mail) is keeps
    # Whether the follow-up lives is unknown: a person calls the next level.
    assert piece("step.escalate_lead") in mail
    assert piece("step.escalate") not in mail


def test_the_call_that_ended_a_run_is_named() -> None:
    scene = Scene()
    scene.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(Unreachable) as died:
        scene.alarm()
    reported(scene.aws, record(scene.event(), words=str(died.value)))
    assert "failed: no response to sns:Publish in time" in scene.mail


def test_on_call_is_notified_although_the_incidents_cannot_be_read() -> None:
    aws = empty()
    aws.fail("dynamodb", "query", Denied)
    body = reported(aws, record(Scene().event()))
    assert body["steps"]
    assert "guard.leases_unread" in [warning["key"] for warning in body["warnings"]]


def test_a_change_that_failed_is_reported_in_the_thread_of_its_incident() -> None:
    scene = Scene().faults(15)
    incident = scene.alarm()["incident"]
    scene.aws.tick(minutes=3)
    later = scene.event(at=scene.aws.now)
    scene.aws.tick(minutes=5)
    body = reported(scene.aws, record(later))
    assert body["incident"] == incident
    assert body["id"] not in [each["id"] for each in scene.reported[:-1]]
    assert reported(scene.aws, record(later))["id"] == body["id"]


def test_a_failure_after_the_incident_was_closed_is_reported_separately() -> None:
    scene = Scene()
    incident = scene.alarm()["incident"]
    scene.alarm(state="OK", at=scene.aws.now)
    scene.aws.tick(minutes=30)
    assert reported(scene.aws, record(scene.event(at=scene.aws.now)))["incident"] != incident


@pytest.mark.parametrize(
    "payload",
    [
        {"reason": "\ud800"},
        {"reason": "\ufffe\uffff\x00"},
        {"\udfff": 1},
        {"detail": {"state": {"reasonData": "[" * 100_000}}},
        {"detail": {"state": {"value": "ALARM", "timestamp": "9999-12-31T23:59:59.000+0000"}}},
        {"share": float("nan")},
    ],
)
def test_an_event_that_can_hardly_be_written_down_is_kept_and_reported(payload: Json) -> None:
    aws = empty()
    event = Scene().event()
    event["detail"]["state"].update(payload.get("detail", {}).get("state", {}))
    given = {**event, **{name: value for name, value in payload.items() if name != "detail"}}
    assert reported(aws, record(given))["steps"]
    assert json.dumps(json.loads(aws.sqs.sent[0]["MessageBody"])["requestPayload"]) == json.dumps(given)


@pytest.mark.parametrize("given", [None, [], "text", 7, {1: {2, 3}}])
def test_what_is_no_record_at_all_is_kept_and_reported(given: Any) -> None:
    aws = empty()
    assert reported(aws, given)["steps"]
    assert len(aws.sqs.sent) == 1


def test_an_event_that_cannot_be_written_as_json_is_reported_all_the_same() -> None:
    aws = empty()
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    assert reported(aws, {"requestPayload": nested})["steps"]
    assert json.loads(aws.sqs.sent[0]["MessageBody"]) == {"unreadable": "dict"}


def test_a_failure_is_reported_although_a_row_of_the_ledger_is_broken() -> None:
    aws = empty()
    aws.dynamo.put_item(TableName="Incidents", Item=to_item({"pk": "STACK", "sk": "LEASE#x", "data": "{"}))
    body = reported(aws, record(Scene().event()))
    assert body["steps"]
    (unread,) = [each for each in body["warnings"] if each["key"] == "guard.leases_unread"]
    assert unread["values"]["detail"]["values"] == {"row": "STACK LEASE#x"}


@pytest.mark.parametrize("status", ["FAILED", "STOPPED", "TIMED_OUT"])
def test_a_follow_up_that_ended_too_early_is_reported_with_its_incident(status: str) -> None:
    """Lambda has no destination for a durable function: EventBridge reports how its executions end."""
    aws, event = empty(), json.loads((EVENTS / "response-failed" / "follow_up_timed_out.json").read_text())
    event["detail"] |= {
        "status": status,
        "functionArn": record({}, "follow-up")["requestContext"]["functionArn"],
    }
    body = reported(aws, event)
    assert json.loads(aws.sqs.sent[0]["MessageBody"]) == event
    assert (body["kind"], body["slug"]) == ("failure", "follow-up")
    assert body["incident"] == "FaceAuth-Liveness-HighErrorRate-20260204T012512Z"
    mail = json.loads(aws.sns.published[-1]["Message"])["email"]
    assert status in mail
    assert "ALARM" not in mail.splitlines()[0]
    assert "follow-up" in mail.splitlines()[0]


@pytest.mark.parametrize("name", [None, "", 3, "x", "-g1", "a b-g1", "a" * 65 + "-g1", "line\nbreak-g1"])
def test_an_execution_without_a_sound_name_is_reported_too(name: Any) -> None:
    event = {
        "detail-type": "Durable Execution Status Change",
        "detail": {"durableExecutionName": name, "status": "FAILED"},
    }
    assert reported(empty(), event)["incident"].startswith("failure-")


@pytest.mark.parametrize("slug", ["high-error-rate", "slack-action"])
@pytest.mark.parametrize(("document", "accepted"), [("{", False), ("{}", True)])
def test_it_says_whether_answers_are_accepted(document: str, accepted: bool, slug: str) -> None:
    parameters = {f"{Settings.read(ENVIRONMENT).parameters_path}/settings": document}
    assert reported(empty(), record(Scene().event(), slug), parameters)["answered"] == accepted
