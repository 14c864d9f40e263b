"""A check that died is told as such: nobody looked, and how to look by hand."""

import json

import pytest

from liveness_ops.console.letters import read
from liveness_ops.console.queues import Letter
from responder.context import Context
from responder.settings import Settings
from responder.shell.fallback import keep_and_tell
from tests.fakes import FakeAws
from tests.unit.checks.reports import NOW
from tests.unit.console.test_failures import FUNCTION, record

pytestmark = pytest.mark.unit

SETTINGS = Settings(
    stack="responder",
    region="ap-northeast-1",
    language="en",
    incidents_table="Incidents",
    topic="arn:topic",
    failures_queue="queue",
)


@pytest.mark.parametrize("rhythm", ["daily", "weekly", "monthly"])
def test_on_call_is_told_that_nobody_looked_and_how_to(rhythm: str) -> None:
    aws = FakeAws(NOW)
    aws.dynamo.create("Incidents", "pk", "sk")
    arn = f"arn:aws:lambda:ap-northeast-1:123456789012:function:responder-{rhythm}-check:$LATEST"
    kept = {
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted"},
        "requestPayload": {"source": "aws.scheduler", "detail-type": "Scheduled Event"},
        "responsePayload": {"errorType": "Unreachable"},
    }
    keep_and_tell(kept, Context(aws, SETTINGS, NOW, NOW))
    (sent,) = aws.sns.published
    bodies = json.loads(sent["Message"])
    mail, told = bodies["email"], json.loads(bodies["lambda"])
    assert mail.startswith(f"The {rhythm.capitalize()} check could not be carried out; nobody has looked")
    assert f"liveness-ops check {rhythm} --region ap-northeast-1 --stack responder" in mail
    assert f"/aws/lambda/responder-{rhythm}-check" in mail
    assert (told["severity"], told["kind"]) == ("medium", "failure")
    assert len(aws.sqs.sent) == 1


def test_a_kept_failure_of_a_check_is_known_as_one() -> None:
    event = {"detail-type": "Scheduled Event", "source": "aws.scheduler"}
    body = json.dumps(record(event, FUNCTION.replace("high-error-rate", "daily-check")))
    found = read(Letter("failures", "https://queue", "1", 0, body, "receipt", {}))
    assert (found.what, found.function) == ("check", "responder-daily-check")
