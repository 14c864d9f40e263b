"""A check that died is reported as such: what was not checked, and how to check it manually."""

import json

import pytest

from liveness_ops.console.letters import Letter, read
from responder.core.context import Context
from responder.core.errors import Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.failures.handler import keep_and_report
from tests.fakes import FakeAws
from tests.unit.checks.reports import NOW
from tests.unit.console.test_failures import FUNCTION, record

SETTINGS = Settings(
    stack="responder",
    region="ap-northeast-1",
    language="en",
    incidents_table="Incidents",
    topic="arn:topic",
    failures_queue="queue",
)


def failed(rhythm: str) -> tuple[FakeAws, str, Json]:
    """The mail and what machines get of a run that failed for good."""
    aws = FakeAws(NOW)
    aws.dynamo.create("Incidents", "pk", "sk")
    arn = f"arn:aws:lambda:ap-northeast-1:123456789012:function:responder-{rhythm}-check:$LATEST"
    kept = {
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted"},
        "requestPayload": {"source": "aws.scheduler", "detail-type": "Scheduled Event"},
        "responsePayload": {"errorType": "Unreachable"},
    }
    keep_and_report(kept, Context(aws, SETTINGS, NOW, NOW))
    (sent,) = aws.sns.published
    bodies = json.loads(sent["Message"])
    return aws, bodies["email"], json.loads(bodies["lambda"])


@pytest.mark.parametrize("rhythm", ["daily", "weekly", "monthly"])
def test_on_call_is_notified_that_no_one_looked_and_how_to(rhythm: str) -> None:
    aws, mail, message = failed(rhythm)
    assert mail.startswith(
        f"The {rhythm.capitalize()} check could not be run; the state of the service is unchecked"
    )
    assert f"liveness-ops check {rhythm} --region ap-northeast-1 --stack responder" in mail
    assert f"/aws/lambda/responder-{rhythm}-check" in mail
    assert (message["severity"], message["kind"]) == ("medium", "failure")
    assert len(aws.sqs.sent) == 1


@pytest.mark.parametrize("slug", ["daily-check", "monthly-check", "sessions-backup"])
def test_a_dead_check_that_is_reported_twice_has_one_id(slug: str) -> None:
    """The queue refuses the first attempt after on-call was notified: Lambda tries again, a minute later."""
    aws = FakeAws(NOW)
    aws.dynamo.create("Incidents", "pk", "sk")
    aws.fail("sqs", "send_message", Unreachable)
    kept = {
        "requestContext": {"functionArn": f"arn:aws:lambda:x:1:function:responder-{slug}:$LATEST"},
        "requestPayload": {"source": "aws.scheduler", "time": "2026-02-03T23:50:00Z"},
    }
    with pytest.raises(Unreachable):
        keep_and_report(kept, Context(aws, SETTINGS, aws.now, aws.now))
    aws.tick(seconds=61)
    keep_and_report(kept, Context(aws, SETTINGS, aws.now, aws.now))
    answer = [json.loads(json.loads(each["Message"])["lambda"]) for each in aws.sns.published]
    assert len(answer) == 2
    assert len({each["id"] for each in answer}) == len({each["incident"] for each in answer}) == 1
    assert answer[0]["incident"] == "failure-20260203T235000Z"


@pytest.mark.parametrize("time", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "soon", None, 7])
def test_a_time_that_cannot_be_that_of_the_order_is_not_believed(time: object) -> None:
    aws = FakeAws(NOW)
    aws.dynamo.create("Incidents", "pk", "sk")
    arn = "arn:aws:lambda:x:1:function:responder-daily-check:$LATEST"
    kept = {"requestContext": {"functionArn": arn}, "requestPayload": {"time": time}}
    answer = keep_and_report(kept, Context(aws, SETTINGS, NOW, NOW))
    assert answer["incident"] == "failure-20260204T000000Z"


def test_a_kept_failure_of_a_check_is_known_as_one() -> None:
    event = {"detail-type": "Scheduled Event", "source": "aws.scheduler"}
    body = json.dumps(record(event, FUNCTION.replace("high-error-rate", "daily-check")))
    found = read(Letter("failures", "https://queue", "1", 0, body, "receipt", {}))
    assert (found.what, found.function) == ("check", "responder-daily-check")
