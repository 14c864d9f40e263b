"""Every dead-letter queue of the stack with what AWS really puts there, by the path itself wherever one leads
there: a caller that is not let in, a function that fails for good, a teller that fails too."""

import json
import time
from collections.abc import Mapping

from local_aws.client import Fault, LocalAws
from rehearsal.drill.stack import STACK
from responder.core.plain_data import Data, Json
from tests.proof.deployed_stack import WAITS, DeployedStack
from tests.proof.service_faults import FAULTS

ONE, FAILS, TWICE = "high-error-rate", "low-confidence", "get-result-errors"
SNAPSHOT = "letters"
EMPLOYEE, SESSION, PRESSER = "EMP-4711", "0a1b2c3d-session-0001", "U0PRESSED"
SECRETS = (EMPLOYEE, SESSION, PRESSER, "xoxb-", "Traceback")
_AT_ONCE = [0.05, 0.05]
_PATIENCE = 20.0
_OPEN_INCIDENT = "FaceAuth-Liveness-HighErrorRate-20260101T000000Z"


def fill(stack: DeployedStack) -> None:
    """The alarms of `ONE` and `FAILS` are on; their events have not been answered."""
    aws = stack.aws
    stack.begin(FAULTS, [ONE], "with rules")
    aws.settings(retry_waits=_AT_ONCE)
    try:
        _not_delivered(stack)
        _failed(stack)
        _not_notified(stack)
        _not_posted(stack)
    finally:
        aws.release()
        aws.settings(retry_waits=WAITS, schedules=0)
    _by_hand(aws)
    stack.keep(SNAPSHOT)


def _not_delivered(stack: DeployedStack) -> None:
    """By EventBridge, an alarm and a round; by Scheduler, a check."""
    aws = stack.aws
    deny_invoke(aws, ONE, "events.amazonaws.com")
    deny_invoke(aws, "watchdog", "events.amazonaws.com")
    _overdue(aws, f"{STACK}-daily-check")
    stack.set(ONE)
    aws.settings(schedules=1)
    wait_for(aws, "Undelivered", 3)
    aws.settings(schedules=0)


def _failed(stack: DeployedStack) -> None:
    """An alarm, a message for Slack, the work of a button, a round: kept, and reported where that is
    possible."""
    aws = stack.aws
    aws.inject([deny_all_calls(aws, name) for name in (FAILS, "slack-post", "watchdog")])
    stack.set(FAILS)
    click = {"kind": "approve", "user": PRESSER, "channel": "C0ONCALL", "incident": _OPEN_INCIDENT}
    stack.send("slack-action", {"job": {"id": "v0", "click": click, "at": "cut off"}})
    stack.send("watchdog", {"detail-type": "Scheduled Event", "source": "aws.events"})
    aws.wait_idle(240)
    aws.release()


def _not_notified(stack: DeployedStack) -> None:
    aws = stack.aws
    aws.inject([deny_all_calls(aws, name) for name in (TWICE, "response-failed")])
    stack.send(TWICE, stack.event(TWICE))
    aws.wait_idle(240)
    aws.release()


def _not_posted(stack: DeployedStack) -> None:
    """What is reported of another failure does not reach SlackPost."""
    aws = stack.aws
    topic = deny_invoke(aws, "slack-post", "sns.amazonaws.com")
    aws.inject([deny_all_calls(aws, FAILS)])
    stack.send(FAILS, stack.event(FAILS, seconds=1))
    wait_for(aws, "Unposted", 1)
    aws.client("lambda").add_permission(
        FunctionName=f"{STACK}-slack-post",
        StatementId="again",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )


def _by_hand(aws: LocalAws) -> None:
    """Whose paths do not run here: an execution ends, a mail server refuses, and an unreadable message."""
    given = {"RequestID": "1", "ErrorCode": "200", "ErrorMessage": f"{EMPLOYEE} {SESSION}"}
    put(aws, "Unfollowed", {"incident": _OPEN_INCIDENT, "generation": 1}, given)
    attributes = {"incident": {"Type": "String", "Value": _OPEN_INCIDENT}}
    mail = {"Type": "Notification", "Message": f"{EMPLOYEE}", "MessageAttributes": attributes}
    put(aws, "Unmailed", mail, {"RequestID": "1", "ErrorCode": "550", "ErrorMessage": EMPLOYEE})
    put(aws, "FailedTwice", f"no JSON of {EMPLOYEE} in {SESSION}", {})


def fail(stack: DeployedStack, function: str, event: Data) -> None:
    """For good: it is kept by `ResponseFailed`."""
    stack.aws.settings(retry_waits=_AT_ONCE)
    stack.aws.inject([deny_all_calls(stack.aws, function)])
    stack.send(function, dict(event))
    stack.aws.wait_idle(240)
    stack.aws.release()
    stack.aws.settings(retry_waits=WAITS)


def put(aws: LocalAws, queue: str, body: object, attributes: Mapping[str, str]) -> str:
    """As a service does; the message's id."""
    given = {
        name: {"DataType": "Number" if name == "ErrorCode" else "String", "StringValue": value}
        for name, value in attributes.items()
    }
    text = body if isinstance(body, str) else json.dumps(body)
    sent = aws.client("sqs").send_message(QueueUrl=url(aws, queue), MessageBody=text, MessageAttributes=given)
    return str(sent["MessageId"])


def deny_invoke(aws: LocalAws, function: str, service: str) -> str:
    """The function's policy does not admit this service; on whose behalf it did."""
    client, name = aws.client("lambda"), f"{STACK}-{function}"
    policy = json.loads(client.get_policy(FunctionName=name)["Policy"])
    (mine,) = [each for each in policy["Statement"] if each["Principal"].get("Service") == service]
    client.remove_permission(FunctionName=name, StatementId=mine["Sid"])
    (source,) = mine["Condition"]["ArnLike"].values()
    return str(source)


def _overdue(aws: LocalAws, schedule: str) -> None:
    """The clock was to call it long ago, and its role may not."""
    client, iam = aws.client("scheduler"), aws.client("iam")
    found = client.get_schedule(Name=schedule)
    role = found["Target"]["RoleArn"].rsplit("/", 1)[-1]
    deny = {"Effect": "Deny", "Action": "lambda:InvokeFunction", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam.put_role_policy(RoleName=role, PolicyName="not-any-more", PolicyDocument=document)
    kept = {name: found[name] for name in ("FlexibleTimeWindow", "Target")}
    client.update_schedule(Name=schedule, ScheduleExpression="at(2026-01-01T00:00:00)", **kept)


def deny_all_calls(aws: LocalAws, function: str) -> Fault:
    """Nothing that it calls answers."""
    found = aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{function}")
    role = found["Role"].rsplit("/", 1)[-1]
    return Fault("*", "*", "AccessDeniedException", role=role, times=100_000)


def wait_for(aws: LocalAws, queue: str, number: int) -> None:
    """Until so many are in it."""
    end = time.monotonic() + _PATIENCE
    while waiting(aws, queue) < number:
        assert time.monotonic() < end, f"{waiting(aws, queue)} messages in {queue}\n{aws.log()}"
        time.sleep(0.05)


def waiting(aws: LocalAws, queue: str) -> int:
    """How many can be received."""
    name = "ApproximateNumberOfMessages"
    found = aws.client("sqs").get_queue_attributes(QueueUrl=url(aws, queue), AttributeNames=[name])
    return int(found["Attributes"][name])


def url(aws: LocalAws, queue: str) -> str:
    """By the stack's output."""
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    reported: Json = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    return str(reported[f"{queue}Queue"])
