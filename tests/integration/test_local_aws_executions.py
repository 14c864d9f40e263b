"""A durable function is started as on AWS, under the rights of who starts it; its code runs elsewhere."""

import json
import time
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from liveness_ops.template_tools.load import EVENTS
from local_aws.client import ControlError, LocalAws
from responder.core.plain_data import Json
from tests.integration._local_aws import CALLS, allow, call, code_of, function, role

PAYLOAD = '{"incident": "one"}'


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    alias = f"arn:aws:lambda:{bare.region}:{bare.account}:function:follows:live"
    function(bare, "caller", role(bare, "caller", allow("lambda:InvokeFunction", alias)), CALLS)
    durable = {"ExecutionTimeout": 31_536_000, "RetentionPeriodInDays": 30}
    read = allow("ssm:GetParameter", f"arn:aws:ssm:{bare.region}:{bare.account}:parameter/liveness/mode")
    function(bare, "follows", role(bare, "follows", read), DurableConfig=durable)
    version = bare.client("lambda").publish_version(FunctionName="follows")["Version"]
    bare.client("lambda").create_alias(FunctionName="follows", Name="live", FunctionVersion=version)
    bare.client("ssm").put_parameter(Name="/liveness/mode", Value="auto", Type="String")
    bare.snapshot("clean")
    return bare


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore("clean")
    running.clear()
    return running


def start(aws: LocalAws, name: str = "one-g1", payload: str = PAYLOAD, **more: Any) -> Any:
    given: Json = {"FunctionName": "follows:live", "InvocationType": "Event"} | more
    return aws.client("lambda").invoke(DurableExecutionName=name, Payload=payload, **given)


@pytest.mark.parametrize("status", ["FAILED", "STOPPED", "TIMED_OUT", "SUCCEEDED"])
def test_the_end_of_an_execution_is_an_event(aws: LocalAws, status: str) -> None:
    pattern = {"source": ["aws.lambda"], "detail-type": ["Durable Execution Status Change"]}
    queue = aws.client("sqs").create_queue(QueueName="ends")["QueueUrl"]
    to = aws.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    aws.client("events").put_rule(Name="ends", EventPattern=json.dumps(pattern))
    aws.client("events").put_targets(Rule="ends", Targets=[{"Id": "ends", "Arn": to}])
    start(aws)
    (begun,) = aws.executions()
    assert begun.status == "RUNNING"
    aws.end_execution(begun.arn, status)
    assert [each.status for each in aws.executions()] == [status]
    (message,) = aws.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    event = json.loads(message["Body"])
    known = json.loads((EVENTS / "response-failed" / "follow_up_timed_out.json").read_text(encoding="utf-8"))
    assert set(event) >= set(known) and set(event["detail"]) == set(known["detail"])
    assert event["detail"]["durableExecutionName"] == "one-g1"
    assert event["detail"]["functionArn"].endswith(":function:follows:1")
    assert event["detail"]["status"] == status
    with pytest.raises(ControlError, match="cannot end"):
        aws.end_execution(begun.arn, "FAILED")


def has_run(aws: LocalAws, name: str) -> bool:
    groups = aws.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    return bool(groups["logGroups"])


def refused(aws: LocalAws, **given: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        start(aws, **given)
    return code_of(caught.value), str(caught.value)


def test_a_call_starts_an_execution_and_runs_nothing(aws: LocalAws) -> None:
    answer = start(aws)
    aws.wait_idle()
    (begun,) = aws.executions()
    assert (begun.function, begun.qualifier, begun.name) == ("follows", "live", "one-g1")
    assert begun.payload == {"incident": "one"}
    assert abs(begun.when - time.time()) < 30
    assert (answer["StatusCode"], answer["DurableExecutionArn"]) == (202, begun.arn)
    assert f":function:follows:1/durable-execution/{begun.name}/" in begun.arn
    assert not has_run(aws, "follows")


@pytest.mark.parametrize(
    "where",
    [
        {"FunctionName": "follows", "Qualifier": "live"},
        {"FunctionName": "arn:aws:lambda:{region}:{account}:function:follows:live"},
    ],
)
def test_each_way_to_name_the_alias_is_understood(aws: LocalAws, where: dict[str, str]) -> None:
    filled = {key: value.format(region=aws.region, account=aws.account) for key, value in where.items()}
    start(aws, **filled)
    assert [each.qualifier for each in aws.executions()] == ["live"]


def test_a_used_name_gives_the_execution_that_has_it(aws: LocalAws) -> None:
    first, second = start(aws), start(aws)
    assert first["DurableExecutionArn"] == second["DurableExecutionArn"]
    assert len(aws.executions()) == 1


def test_a_used_name_with_another_payload_is_refused(aws: LocalAws) -> None:
    start(aws)
    code, _ = refused(aws, payload='{"incident": "two"}')
    assert code == "DurableExecutionAlreadyStartedException"
    assert [each.payload for each in aws.executions()] == [{"incident": "one"}]


def test_another_name_is_another_execution(aws: LocalAws) -> None:
    start(aws)
    start(aws, "one-g2")
    assert [each.name for each in aws.executions()] == ["one-g1", "one-g2"]


@pytest.mark.parametrize("kind", ["Event", "RequestResponse"])
def test_a_call_without_alias_or_version_is_refused(aws: LocalAws, kind: str) -> None:
    code, message = refused(aws, FunctionName="follows", InvocationType=kind)
    assert code == "InvalidParameterValueException"
    assert "You cannot invoke a durable function using an unqualified ARN." in message
    assert aws.executions() == []


def test_an_alias_that_is_not_there_is_refused(aws: LocalAws) -> None:
    assert refused(aws, FunctionName="follows:gone")[0] == "ResourceNotFoundException"


def test_a_name_that_aws_does_not_take_is_refused(aws: LocalAws) -> None:
    assert refused(aws, name="one:two")[0] == "ValidationException"
    assert refused(aws, name="x" * 65)[0] == "ValidationException"


def test_who_starts_it_needs_the_right_on_the_alias(aws: LocalAws) -> None:
    given = {"InvocationType": "Event", "Payload": PAYLOAD}
    assert call(aws, "lambda", "invoke", FunctionName="follows:live", **given) == "ok"
    assert call(aws, "lambda", "invoke", FunctionName="follows:1", **given) == "AccessDeniedException"
    assert [(each.resource.split(":", 6)[-1], each.allowed) for each in aws.calls()] == [
        ("follows:live", True), ("follows:1", False),
    ]  # fmt: skip
    assert len(aws.executions()) == 1


def test_an_ordinary_function_is_run(aws: LocalAws) -> None:
    aws.client("lambda").invoke(FunctionName="caller", InvocationType="Event", Payload=b"{}")
    aws.wait_idle()
    assert aws.executions() == []
    assert has_run(aws, "caller")


def test_clear_and_restore_remove_every_execution(aws: LocalAws) -> None:
    start(aws)
    aws.clear()
    assert aws.executions() == []
    start(aws)
    aws.snapshot("started")
    aws.restore("started")
    assert aws.executions() == []


def test_code_outside_acts_under_the_functions_role(aws: LocalAws) -> None:
    given = aws.assume("follows")
    keys = (given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
    ssm = aws.client_with(keys, "ssm", config=Config(proxies={}, retries={"total_max_attempts": 1}))
    assert ssm.get_parameter(Name="/liveness/mode")["Parameter"]["Value"] == "auto"
    with pytest.raises(ClientError) as caught:
        ssm.get_parameter(Name="/other")
    assert code_of(caught.value) == "AccessDeniedException"
    assert [(each.role, each.action, each.allowed) for each in aws.calls()] == [
        ("follows", "ssm:GetParameter", True), ("follows", "ssm:GetParameter", False),
    ]  # fmt: skip


def test_a_durable_function_has_no_destination(aws: LocalAws) -> None:
    destination = {"Destination": f"arn:aws:sqs:{aws.region}:{aws.account}:dead"}
    put = aws.client("lambda").put_function_event_invoke_config
    for outcome in ("OnFailure", "OnSuccess"):
        with pytest.raises(ClientError) as caught:
            put(FunctionName="follows", Qualifier="live", DestinationConfig={outcome: destination})
        assert code_of(caught.value) == "InvalidParameterValueException"
    put(FunctionName="follows", Qualifier="live", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {}})
    put(FunctionName="caller", DestinationConfig={"OnFailure": destination})


def test_a_function_of_a_template_is_durable_too(aws: LocalAws) -> None:
    made = role(aws, "made")
    queue = f"arn:aws:sqs:{aws.region}:{aws.account}:dead"
    properties = {
        "FunctionName": "made", "Role": made, "Runtime": "python3.13", "Handler": "index.handler",
        "Code": {"ZipFile": "def handler(event, context): pass"},
        "DurableConfig": {"ExecutionTimeout": 3600}, "DeadLetterConfig": {"TargetArn": queue},
    }  # fmt: skip
    template = {"Resources": {"Made": {"Type": "AWS::Lambda::Function", "Properties": properties}}}
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="durable", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="durable", WaiterConfig={"Delay": 0.1})
    found = aws.client("lambda").get_function_configuration(FunctionName="made")
    assert found["DurableConfig"] == {"ExecutionTimeout": 3600}
    assert found["DeadLetterConfig"] == {"TargetArn": queue}
    assert refused(aws, FunctionName="made")[0] == "InvalidParameterValueException"


def test_a_schedule_of_a_template_keeps_its_time_zone(aws: LocalAws) -> None:
    target = {"Arn": function(aws, "due", role(aws, "due")), "RoleArn": role(aws, "clock")}
    plain = {"Name": "due", "ScheduleExpression": "cron(0 9 * * ? *)", "Target": target}
    cloudformation, scheduler = aws.client("cloudformation"), aws.client("scheduler")
    for step, zone in (("create", "Asia/Tokyo"), ("update", "Europe/Berlin"), ("update", "")):
        properties = {**plain, "FlexibleTimeWindow": {"Mode": "OFF"}} | (
            {"ScheduleExpressionTimezone": zone} if zone else {}
        )
        made = {"Resources": {"Due": {"Type": "AWS::Scheduler::Schedule", "Properties": properties}}}
        getattr(cloudformation, f"{step}_stack")(StackName="clock", TemplateBody=json.dumps(made))
        waiter = cloudformation.get_waiter(f"stack_{step}_complete")
        waiter.wait(StackName="clock", WaiterConfig={"Delay": 0.1})
        assert scheduler.get_schedule(Name="due")["ScheduleExpressionTimezone"] == (zone or "UTC")


@pytest.fixture(params=["rule", "schedule"])
def rounds(aws: LocalAws, request: pytest.FixtureRequest) -> LocalAws:
    """A function that is due, by EventBridge's own rule or by EventBridge Scheduler."""
    function(aws, "rounds", role(aws, "rounds"))
    arn = aws.client("lambda").get_function_configuration(FunctionName="rounds")["FunctionArn"]
    if request.param == "rule":
        aws.client("events").put_rule(Name="rounds", ScheduleExpression="rate(5 minutes)")
        aws.client("events").put_targets(Rule="rounds", Targets=[{"Id": "1", "Arn": arn}])
        aws.client("lambda").add_permission(
            FunctionName="rounds",
            StatementId="it",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
        )
        aws.age(1)
    else:
        aws.client("scheduler").create_schedule(
            Name="rounds",
            ScheduleExpression="at(2026-01-01T00:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": role(aws, "clock", allow("lambda:InvokeFunction"))},
        )
    return aws


def test_a_schedule_that_is_due_runs_only_where_schedules_are_switched_on(rounds: LocalAws) -> None:
    time.sleep(1.5)
    assert not has_run(rounds, "rounds")
    rounds.settings(schedules=1)
    end = time.monotonic() + 60
    while not has_run(rounds, "rounds"):
        assert time.monotonic() < end
        time.sleep(0.1)
    rounds.settings(schedules=0)
