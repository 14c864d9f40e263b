"""What a service cannot hand over to a function goes to its dead-letter queue, where that lets it in."""

import json
import time
from typing import Any

import pytest

from local_aws.client import LocalAws
from tests.integration._local_aws import TRUST, allow, function, role

PATTERN = {"source": ["drill"]}


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    bare.settings(retry_waits=[0.01, 0.01])
    function(bare, "target", role(bare, "target"))
    bare.client("sqs").create_queue(QueueName="dead")
    bare.snapshot("clean")
    return bare


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore("clean")
    return running


def target(aws: LocalAws) -> str:
    return f"arn:aws:lambda:{aws.region}:{aws.account}:function:target"


def dead(aws: LocalAws) -> str:
    return f"arn:aws:sqs:{aws.region}:{aws.account}:dead"


def let_in(aws: LocalAws, service: str, source: str) -> None:
    """Into the queue."""
    statement = allow("sqs:SendMessage", dead(aws), Principal={"Service": service})
    statement["Condition"] = {"ArnEquals": {"aws:SourceArn": source}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.client("sqs").set_queue_attributes(QueueUrl="dead", Attributes={"Policy": policy})


def may_call(aws: LocalAws, service: str, source: str) -> None:
    """The function."""
    aws.client("lambda").add_permission(
        FunctionName="target", StatementId="it", Action="lambda:InvokeFunction", Principal=service,
        SourceArn=source,
    )  # fmt: skip


def letters(aws: LocalAws) -> list[tuple[Any, dict[str, str]]]:
    """Body and attributes of what is in the queue now."""
    aws.wait_idle()
    found = aws.client("sqs").receive_message(
        QueueUrl="dead", MessageAttributeNames=["All"], MaxNumberOfMessages=10
    )
    return [
        (
            json.loads(each["Body"]),
            {name: given["StringValue"] for name, given in each.get("MessageAttributes", {}).items()},
        )
        for each in found.get("Messages", [])
    ]


def ran(aws: LocalAws) -> int:
    aws.wait_idle()
    groups = aws.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/target")["logGroups"]
    if not groups:
        return 0
    found = aws.client("logs").filter_log_events(
        logGroupName="/aws/lambda/target", filterPattern='"REPORT RequestId"'
    )
    return len(found["events"])


def rule(aws: LocalAws) -> str:
    events = aws.client("events")
    arn = events.put_rule(Name="rule", EventPattern=json.dumps(PATTERN))["RuleArn"]
    events.put_targets(
        Rule="rule", Targets=[{"Id": "1", "Arn": target(aws), "DeadLetterConfig": {"Arn": dead(aws)}}]
    )
    return str(arn)


def send(aws: LocalAws) -> None:
    aws.client("events").put_events(Entries=[{"Source": "drill", "DetailType": "d", "Detail": '{"a": 1}'}])


def test_an_event_for_a_function_that_does_not_let_its_rule_in_is_a_dead_letter(aws: LocalAws) -> None:
    arn = rule(aws)
    let_in(aws, "events.amazonaws.com", arn)
    send(aws)
    ((event, reported),) = letters(aws)
    assert (event["source"], event["detail"]) == ("drill", {"a": 1})
    assert (reported["RULE_ARN"], reported["TARGET_ARN"]) == (arn, target(aws))
    assert (reported["ERROR_CODE"], reported["RETRY_ATTEMPTS"]) == ("NO_PERMISSIONS", "0")
    assert ran(aws) == 0


def test_a_function_that_is_gone_is_another_reason(aws: LocalAws) -> None:
    let_in(aws, "events.amazonaws.com", rule(aws))
    aws.client("lambda").delete_function(FunctionName="target")
    send(aws)
    ((_, reported),) = letters(aws)
    assert reported["ERROR_CODE"] == "NO_RESOURCE"


def test_a_rule_that_the_function_lets_in_is_delivered(aws: LocalAws) -> None:
    may_call(aws, "events.amazonaws.com", rule(aws))
    send(aws)
    assert (ran(aws), letters(aws)) == (1, [])


@pytest.mark.parametrize("source", ["", "arn:aws:events:ap-northeast-1:000000000000:rule/other"])
def test_a_queue_that_does_not_let_the_rule_in_gets_nothing(aws: LocalAws, source: str) -> None:
    rule(aws)
    if source:
        let_in(aws, "events.amazonaws.com", source)
    send(aws)
    assert (ran(aws), letters(aws)) == (0, [])


def topic(aws: LocalAws) -> str:
    sns = aws.client("sns")
    arn = sns.create_topic(Name="topic")["TopicArn"]
    redrive = json.dumps({"deadLetterTargetArn": dead(aws)})
    sns.subscribe(
        TopicArn=arn, Protocol="lambda", Endpoint=target(aws), Attributes={"RedrivePolicy": redrive}
    )
    return str(arn)


def publish(aws: LocalAws, arn: str) -> None:
    given = {"incident": {"DataType": "String", "StringValue": "i"}}
    aws.client("sns").publish(TopicArn=arn, Message="hello", MessageAttributes=given)


def test_a_message_for_a_function_that_does_not_let_the_topic_in_is_a_dead_letter(aws: LocalAws) -> None:
    arn = topic(aws)
    let_in(aws, "sns.amazonaws.com", arn)
    publish(aws, arn)
    ((body, message),) = letters(aws)
    assert (body["Type"], body["Message"]) == ("Notification", "hello")
    assert body["MessageAttributes"]["incident"]["Value"] == "i"
    assert message["ErrorCode"] == "403"
    assert ran(aws) == 0


def test_a_topic_that_the_function_lets_in_is_delivered(aws: LocalAws) -> None:
    arn = topic(aws)
    may_call(aws, "sns.amazonaws.com", arn)
    publish(aws, arn)
    assert (ran(aws), letters(aws)) == (1, [])


def test_a_queue_that_does_not_let_the_topic_in_gets_nothing(aws: LocalAws) -> None:
    publish(aws, topic(aws))
    assert (ran(aws), letters(aws)) == (0, [])


def test_what_a_topic_hands_over_is_tried_again_as_everything_asynchronous(aws: LocalAws) -> None:
    sender = role(aws, "fails", allow(["sqs:SendMessage", "logs:*"]))
    fails = function(aws, "fails", sender, "def handler(event, context):\n    raise KeyError('gone')\n")
    destination = {"OnFailure": {"Destination": dead(aws)}}
    aws.client("lambda").put_function_event_invoke_config(FunctionName="fails", DestinationConfig=destination)
    arn = topic(aws)
    aws.client("sns").subscribe(TopicArn=arn, Protocol="lambda", Endpoint=fails)
    aws.client("lambda").add_permission(
        FunctionName="fails", StatementId="it", Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com", SourceArn=arn,
    )  # fmt: skip
    publish(aws, arn)
    ((record, _),) = letters(aws)
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["requestPayload"]["Records"][0]["Sns"]["Message"] == "hello"


def schedule(aws: LocalAws, name: str, *may: dict[str, object]) -> None:
    """Due since long; the clock looks at it while it is let. A restore does not know that it has fired."""
    trust = json.dumps(TRUST).replace("lambda.", "scheduler.")
    iam = aws.client("iam")
    arn = iam.create_role(RoleName="clock", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    policy = {"Version": "2012-10-17", "Statement": [allow("logs:*"), *may]}
    iam.put_role_policy(RoleName="clock", PolicyName="p", PolicyDocument=json.dumps(policy))
    aws.client("scheduler").create_schedule(
        Name=name, ScheduleExpression="at(2026-01-01T00:00:00)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target(aws), "RoleArn": arn, "DeadLetterConfig": {"Arn": dead(aws)}},
    )  # fmt: skip
    aws.settings(schedules=1)
    end = time.monotonic() + 30
    while not handled(aws, name):
        assert time.monotonic() < end
        time.sleep(0.05)
    aws.settings(schedules=0)


def handled(aws: LocalAws, name: str) -> bool:
    """The schedule has fired: the function ran, or a dead letter is there, or the run is lost."""
    wanted = "ApproximateNumberOfMessages"
    found = aws.client("sqs").get_queue_attributes(QueueUrl="dead", AttributeNames=[wanted])["Attributes"]
    lost = f"schedule/default/{name} lost a run"
    return bool(int(found[wanted]) or ran(aws)) or lost in aws.log()


def test_a_run_that_the_role_of_its_schedule_may_not_start_is_a_dead_letter(aws: LocalAws) -> None:
    schedule(aws, "due", allow("sqs:SendMessage", dead(aws)))
    ((request, reported),) = letters(aws)
    assert (request["FunctionName"], request["InvocationType"]) == (target(aws), "Event")
    assert json.loads(request["Payload"])["source"] == "aws.scheduler"
    assert reported["ERROR_CODE"] == "AccessDeniedException"
    assert reported["SCHEDULE_ARN"].endswith(":schedule/default/due")
    assert ran(aws) == 0


def test_a_run_that_the_role_may_start_is_started(aws: LocalAws) -> None:
    schedule(aws, "started", allow("lambda:InvokeFunction", target(aws)))
    assert (ran(aws), letters(aws)) == (1, [])


def test_a_role_that_may_not_send_loses_the_run(aws: LocalAws) -> None:
    schedule(aws, "lost")
    assert (ran(aws), letters(aws)) == (0, [])


def test_a_schedule_runs_only_once_schedules_are_switched_on(aws: LocalAws) -> None:
    schedule(aws, "first", allow("lambda:InvokeFunction", target(aws)))
    before = ran(aws)
    found = aws.client("scheduler").get_schedule(Name="first")
    more = {name: found[name] for name in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
    aws.client("scheduler").create_schedule(Name="another", **more)
    time.sleep(0.7)
    assert ran(aws) == before


def test_a_plain_dead_letter_of_lambda_says_why(aws: LocalAws) -> None:
    sender = role(aws, "fails", allow(["sqs:SendMessage", "logs:*"]))
    function(
        aws, "fails", sender, "def handler(event, context):\n    raise KeyError('gone')\n",
        DeadLetterConfig={"TargetArn": dead(aws)},
    )  # fmt: skip
    aws.client("lambda").invoke(FunctionName="fails", InvocationType="Event", Payload=b'{"a": 1}')
    ((event, reported),) = letters(aws)
    assert event == {"a": 1}
    assert set(reported) == {"RequestID", "ErrorCode", "ErrorMessage"}
    assert (reported["ErrorCode"], reported["ErrorMessage"]) == ("200", "'gone'")


def test_an_empty_queue_answers_when_the_time_that_was_asked_for_is_over_or_at_once(aws: LocalAws) -> None:
    took = []
    for waits in (1, 0):
        aws.settings(long_polls=waits)
        began = time.monotonic()
        assert "Messages" not in aws.client("sqs").receive_message(QueueUrl="dead", WaitTimeSeconds=1)
        took.append(time.monotonic() - began)
    aws.settings(long_polls=1)
    assert took[1] < 1 <= took[0]
