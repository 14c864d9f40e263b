"""Who was denied what, from FaceAuth's real lines; nothing else of a line ever leaves."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.errors import Denied as CallDenied
from responder.core.finding import Tone
from responder.core.settings import Settings
from responder.evidence.classify import parse
from responder.evidence.denied import (
    DeniedCall,
    DeniedCalls,
    DeniedRequests,
    DeniedTarget,
    denials_of,
    denied_call,
)
from responder.evidence.faults import DenyingPolicy
from responder.evidence.logs import Event
from responder.messages.language import say
from tests.fakes import FakeAws
from tests.rows import all_rows
from tests.unit.evidence.worlds import CREATE, ID, NOW, RESULT, Logs, ago, context

SETTINGS = Settings(bucket="face-auth-images-123456789012-us-east-1", account="123456789012")
ROLE = "arn:aws:sts::123456789012:assumed-role/FaceAuthLambdaExecutionRole/FaceAuth-GetLivenessResult"
SESSION = "8f5cbd1c-63a1-4d57-9c64-aaaaaaaaaaaa"
OBJECT = f'"arn:aws:s3:::{SETTINGS.bucket}/liveness-audit/{SESSION}/audit-log.json"'
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/FaceAuth-LivenessSessions"
FAILED = "Liveness service error: Failed to get liveness session result: "
AUDIT = "Failed to store audit log: "


def error(operation: str, tail: str, code: str = "AccessDenied") -> str:
    return f"An error occurred ({code}) when calling the {operation} operation{tail}"


def user(action: str, resource: str, why: str = "", who: str = ROLE) -> str:
    return f": User: {who} is not authorized to perform: {action} on resource: {resource}{why}"


def in_text(said: str, level: str = "ERROR", request: str = ID.format(1)) -> str:
    return f"[{level}]\t2026-02-04T10:25:00.123Z\t{request}\t{said}\n"


def in_json(said: str, level: str = "ERROR", request: str = ID.format(1)) -> str:
    line = {"timestamp": "2026-02-04T10:25:00Z", "level": level, "message": said, "logger": "root"}
    return json.dumps({**line, "requestId": request})


BOTH = pytest.mark.parametrize("form", [in_text, in_json])


def of(message: str) -> DeniedCall | None:
    line = parse(message)
    assert line is not None
    return denied_call(line, SETTINGS)


S3, KMS = "s3:PutObject", "kms:GenerateDataKey"
NOT_BY_ROLE = " because no identity-based policy allows the {} action"
PUBLIC = " because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access."
BLOCKED = " because public {} are blocked by the BlockPublicAcls block public access setting."
NEEDED: list[tuple[str, tuple[str, DenyingPolicy, DeniedTarget]]] = [
    (error("PutObject", ": Access Denied"), (S3, DenyingPolicy.UNSAID, DeniedTarget.UNNAMED)),
    (
        error("PutObject", user(S3, OBJECT, NOT_BY_ROLE.format(S3))),
        (S3, DenyingPolicy.NOT_ALLOWED, DeniedTarget.OURS),
    ),
    (
        error("PutObject", user(S3, OBJECT, " with an explicit deny in a resource-based policy")),
        (S3, DenyingPolicy.BUCKET_DENIES, DeniedTarget.OURS),
    ),
    (
        error("PutObject", user(S3, OBJECT, " with an explicit deny in an identity-based policy")),
        (S3, DenyingPolicy.ROLE_DENIES, DeniedTarget.OURS),
    ),
    (
        error(
            "PutObject",
            user(S3, OBJECT, " with an explicit deny in an identity-based policy: arn:aws:iam::1:policy/P"),
        ),
        (S3, DenyingPolicy.ROLE_DENIES, DeniedTarget.OURS),
    ),
    (
        error(
            "PutObject",
            user(
                "s3:PutObjectAcl",
                OBJECT,
                PUBLIC,
            ),
        ),
        ("s3:PutObjectAcl", DenyingPolicy.PUBLIC_BLOCK, DeniedTarget.OURS),
    ),
    (
        error("PutObject", user("s3:PutObjectAcl", OBJECT, BLOCKED.format("access control lists (ACLs)"))),
        ("s3:PutObjectAcl", DenyingPolicy.PUBLIC_BLOCK, DeniedTarget.OURS),
    ),
    (
        error(
            "PutObject", user(S3, OBJECT, " because no permissions boundary allows the s3:PutObject action")
        ),
        (S3, DenyingPolicy.BOUNDARY, DeniedTarget.OURS),
    ),
    (
        error("PutObject", user(S3, OBJECT, " with an explicit deny in a service control policy")),
        (S3, DenyingPolicy.ORGANIZATION, DeniedTarget.OURS),
    ),
    (
        error(
            "PutObject", user(S3, OBJECT, " because no VPC endpoint policy allows the s3:PutObject action")
        ),
        (S3, DenyingPolicy.ENDPOINT, DeniedTarget.OURS),
    ),
    (
        error("PutObject", user(S3, OBJECT, " because no session policy allows the s3:PutObject action")),
        (S3, DenyingPolicy.SESSION, DeniedTarget.OURS),
    ),
    (
        error("PutObject", user(KMS, "arn:aws:kms:us-east-1:123456789012:key/1", NOT_BY_ROLE.format(KMS))),
        (KMS, DenyingPolicy.NOT_ALLOWED, DeniedTarget.UNNAMED),
    ),
    (
        error(
            "PutObject",
            user(
                KMS,
                "arn:aws:kms:us-east-1:1:key/1",
                f" because no resource-based policy allows the {KMS} action",
            ),
        ),
        (KMS, DenyingPolicy.NOT_GRANTED, DeniedTarget.UNNAMED),
    ),
    (
        error("PutObject", user(S3, '"arn:aws:s3:::another-persons/x"', NOT_BY_ROLE.format(S3))),
        (S3, DenyingPolicy.NOT_ALLOWED, DeniedTarget.OTHER),
    ),
    (
        error(
            "UpdateItem",
            user("dynamodb:UpdateItem", TABLE, NOT_BY_ROLE.format("dynamodb:UpdateItem")),
            "AccessDeniedException",
        ),
        ("dynamodb:UpdateItem", DenyingPolicy.NOT_ALLOWED, DeniedTarget.OURS),
    ),
    (
        error(
            "Query",
            user("dynamodb:Query", f"{TABLE}/index/EmployeeIdIndex"),
            "AccessDeniedException",
        ),
        ("dynamodb:Query", DenyingPolicy.UNSAID, DeniedTarget.OURS),
    ),
    (
        error(
            "GetFaceLivenessSessionResults",
            f": User: {ROLE} is not authorized to perform: rekognition:GetFaceLivenessSessionResults"
            + NOT_BY_ROLE.format("rekognition:GetFaceLivenessSessionResults"),
            "AccessDeniedException",
        ),
        ("rekognition:GetFaceLivenessSessionResults", DenyingPolicy.NOT_ALLOWED, DeniedTarget.UNNAMED),
    ),
    (error("HeadObject", ": Forbidden", "403"), ("s3:GetObject", DenyingPolicy.UNSAID, DeniedTarget.UNNAMED)),
    (
        error("PutObject", " (reached max retries: 4): Access Denied"),
        (S3, DenyingPolicy.UNSAID, DeniedTarget.UNNAMED),
    ),
    (error("CopyObject", ": Access Denied"), ("", DenyingPolicy.UNSAID, DeniedTarget.UNNAMED)),
]


@BOTH
@pytest.mark.parametrize(
    "prefix", [FAILED, FAILED.removeprefix("Liveness service error: "), AUDIT, "Unexpected error: "]
)
@all_rows(("said", "meant"), NEEDED)
def test_what_aws_names_is_read(form: Any, prefix: str, said: str, meant: Any) -> None:
    found = of(form(prefix + said))
    assert found is not None
    assert (found.action, found.reason, found.target) == meant


@BOTH
def test_a_denied_metric_is_read_though_the_service_only_logs_a_warning(form: Any) -> None:
    tail = user("cloudwatch:PutMetricData", "arn:aws:cloudwatch:us-east-1:1:*")
    found = of(form(f"Failed to send metric SessionCreated: {error('PutMetricData', tail)}", "WARNING"))
    assert found is not None and found.service == "cloudwatch"


def test_a_denial_names_the_role_that_was_denied() -> None:
    other = ROLE.replace("FaceAuthLambdaExecutionRole", "Somebody")
    user_arn = "arn:aws:iam::123456789012:user/assumed-role"
    for who, own in ((ROLE, True), (other, False), (user_arn, False)):
        found = of(in_text(FAILED + error("PutObject", user(S3, OBJECT, who=who))))
        assert found is not None and found.own_role is own


NO_DENIAL = [
    in_text(f"Session not found: {error('PutObject', ': Access Denied')}", "WARNING"),
    in_text(f"Invalid employee_id format: {error('PutObject', ': Access Denied')}", "WARNING"),
    in_text(FAILED + error("PutObject", ": Access Denied"), "INFO"),
    in_text(FAILED + error("PutObject", ": slow", "SlowDown")),
    in_text(error("PutObject", ": Access Denied")),
    in_text(f"Invalid session: {error('PutObject', ': Access Denied')}"),
    in_text(f"Failed to greet: {error('PutObject', ': Access Denied')}"),
    in_text(f"Unexpected error: 'x' {error('PutObject', ': Access Denied')}"),
    in_text(f"Unexpected error: {error('put object', ': Access Denied')}"),
    in_text("Traceback (most recent call last):\n" + error("PutObject", ": Access Denied")),
    in_json("AccessDenied"),
    '{"level": "ERROR", "message": ["(AccessDenied)"]}',
]


@all_rows("message", NO_DENIAL)
def test_what_a_caller_sent_never_poses_as_a_denial(message: str) -> None:
    assert of(message) is None


def test_what_a_caller_sent_is_not_counted_either() -> None:
    sent = in_text("Session not found: x (AccessDenied)", "WARNING")
    assert denials_of(RESULT, [event(sent)], SETTINGS) == ((), 0)


def test_a_key_cannot_pose_as_the_reason() -> None:
    key = (
        f'"arn:aws:s3:::{SETTINGS.bucket}/liveness-audit/x with an explicit deny in a service control policy"'
    )
    for why, meant in (
        (NOT_BY_ROLE.format(S3), DenyingPolicy.NOT_ALLOWED),
        (" for now", DenyingPolicy.UNSAID),
    ):
        found = of(in_text(AUDIT + error("PutObject", user(S3, key, why))))
        assert found is not None and found.reason is meant


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_none_of_it_comes_out(anything: str) -> None:
    line = parse(in_text(FAILED + error("PutObject", user(S3, OBJECT, anything))))
    assert line is not None
    found = denied_call(line, SETTINGS)
    assert found is None or set(map(str, asdict(found).values())) <= {
        "AccessDenied", "PutObject", S3, "True", *DenyingPolicy, *DeniedTarget
    }  # fmt: skip


def event(message: str, minutes: float = 2) -> Event:
    return Event(NOW - timedelta(minutes=minutes), "stream", message)


def test_two_lines_of_one_request_are_one_denial_and_the_more_specific_one_counts() -> None:
    bare = in_text("Failed to get liveness session result: " + error("PutObject", ": Access Denied"))
    full = in_text(FAILED + error("PutObject", user(S3, OBJECT, NOT_BY_ROLE.format(S3))))
    for lines in ((bare, full), (full, bare)):
        found, unparsed = denials_of(RESULT, [event(line) for line in lines], SETTINGS)
        assert [each.what.reason for each in found] == [DenyingPolicy.NOT_ALLOWED]
        assert unparsed == 0


def test_a_denial_in_a_form_no_one_knows_is_counted_and_not_guessed_at() -> None:
    odd = in_text("Unexpected error: upload of x/y failed (AccessDenied)")
    found, unparsed = denials_of(RESULT, [event(odd), event(odd)], SETTINGS)
    assert (found, unparsed) == ((), 1)


def look(aws: FakeAws) -> DeniedRequests:
    return DeniedCalls().look(context(aws, bucket=SETTINGS.bucket))


def test_both_logs_are_read_and_one_that_cannot_be_is_named(aws: FakeAws, logs: Logs) -> None:
    logs.put(RESULT, ago(minutes=3), in_text(FAILED + error("PutObject", ": Access Denied")))
    created = "Failed to create liveness session: " + error("PutItem", ": no", "AccessDeniedException")
    logs.put(CREATE, ago(minutes=4), in_json(created, request="a"))
    assert [each.function for each in look(aws).denials] == [CREATE, RESULT]
    aws.fail("logs", "filter_log_events", CallDenied, where={"logGroupName": f"/aws/lambda/{CREATE}"})
    found = look(aws)
    assert (len(found.denials), list(found.unread)) == (1, [CREATE])


def test_a_huge_log_that_could_not_be_read_to_its_end_is_never_called_clean(
    aws: FakeAws, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("responder.evidence.logs.PAGES", 0)
    logs.page = 1
    for function in (CREATE, RESULT):
        for _ in range(2):
            logs.put(function, ago(minutes=20), "nothing of ours")
    found = look(aws)
    assert found.complete_since == {CREATE: ago(minutes=15), RESULT: ago(minutes=15)}
    (reported,) = DeniedCalls().findings(found, context(aws))
    assert (reported.tone, reported.said.key) == (Tone.INFO, "evidence.denied.none_seen")
    assert [each.key for each in reported.details] == ["evidence.failures.capped"] * 2


def test_no_log_at_all_is_no_fact(aws: FakeAws, logs: Logs) -> None:
    aws.fail("logs", "filter_log_events", CallDenied, times=2)
    with pytest.raises(CallDenied):
        look(aws)


def test_nothing_of_a_key_a_session_or_a_role_session_is_reported(aws: FakeAws, logs: Logs) -> None:
    logs.put(RESULT, ago(minutes=3), in_text(FAILED + error("PutObject", user(S3, OBJECT))))
    logs.put(CREATE, ago(minutes=3), in_text(f"Unexpected error: {SESSION} (AccessDenied)"))
    found = look(aws)
    findings = DeniedCalls().findings(found, context(aws))
    reported = " ".join(
        say(each, language) for f in findings for each in (f.said, *f.details) for language in ("ja", "en")
    )
    assert "s3:PutObject" in reported and "FaceAuthLambdaExecutionRole" in reported
    for secret in (SESSION, "audit-log", "liveness-audit", "assumed-role", "123456789012"):
        assert secret not in reported + repr(found)
