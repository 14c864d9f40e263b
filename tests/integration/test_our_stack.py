"""template.yaml in the local AWS: what the template tests read is what is made of it."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from liveness_ops.policy import all_needs
from liveness_ops.policy import attached as shared_of
from liveness_ops.template_tools.event_stub import alarms_of
from liveness_ops.template_tools.load import defaults, template
from local_aws.client import LocalAws
from rehearsal.world import request_endings
from rehearsal.world.functions import STREAM, group
from rehearsal.world.lines import Format
from rehearsal.world.names import CREATE, LIVENESS, NAMESPACE, RESULT
from rehearsal.world.seed import put_lines
from rehearsal.world.traffic import Ending, Requests, unfold
from responder.core.plain_data import Json
from responder.core.settings_document import EMPTY, parse
from tests.integration import _stacks
from tests.integration._local_aws import Web

STACK = "liveness-responder"
FOLLOW_UP = f"{STACK}-follow-up:live"
# Not the default of the template, which would prove nothing.
ZONE = "America/Sao_Paulo"
DENIED_ALARM = "FaceAuth-Images-AccessDenied"
SURE_ALARM = "FaceAuth-Liveness-SureFaults"
QUICK: Any = {"Delay": 0.2, "MaxAttempts": 150}


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    for name in LIVENESS:  # their first run made them, long ago
        bare.client("logs").create_log_group(logGroupName=group(name))
        bare.client("logs").create_log_stream(logGroupName=group(name), logStreamName=STREAM)
    _stacks.without_code(bare)
    _stacks.create(bare, STACK, **given(bare, {"OnCallEmail": "on-call@example.com"}))
    return bare


def given(aws: LocalAws, parameters: dict[str, str]) -> Json:
    """What CreateStack is reported."""
    values = {"InitialMode": "observe", "CorrectedAlarms": "on", "CheckZone": ZONE, **parameters}
    return {
        "TemplateURL": f"{aws.endpoint}/template/one",
        "Parameters": _stacks.parameters(values),
        "Capabilities": _stacks.CAPABILITIES,
    }


@pytest.fixture(scope="module")
def outputs(aws: LocalAws) -> dict[str, str]:
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


@pytest.fixture(scope="module")
def follow_up(aws: LocalAws) -> Json:
    found: Json = aws.client("lambda").get_function_configuration(FunctionName=FOLLOW_UP)
    return found


def test_the_follow_up_can_be_started_by_its_alias_alone(
    aws: LocalAws, outputs: dict[str, str], follow_up: Json
) -> None:
    assert outputs["FollowUpAlias"].endswith(f":function:{FOLLOW_UP}")
    assert follow_up["Environment"]["Variables"]["FOLLOW_UP"] == FOLLOW_UP
    assert follow_up["DurableConfig"] == {"ExecutionTimeout": 31_536_000, "RetentionPeriodInDays": 30}
    given = {"InvocationType": "Event", "Payload": '{"incident": "one"}', "DurableExecutionName": "one-g1"}
    aws.client("lambda").invoke(FunctionName=FOLLOW_UP, **given)
    assert [(each.name, each.payload) for each in aws.executions()] == [("one-g1", {"incident": "one"})]


def test_a_follow_up_that_ends_too_early_is_stored_and_reported(aws: LocalAws, follow_up: Json) -> None:
    assert ":liveness-responder-Unfollowed-" in follow_up["DeadLetterConfig"]["TargetArn"]
    # Lambda refuses a destination for it, so EventBridge reports it.
    options = aws.client("lambda").get_function_event_invoke_config(FunctionName=FOLLOW_UP)
    assert not any(options.get("DestinationConfig", {}).values())
    events = aws.client("events")
    (rule,) = [each for each in events.list_rules()["Rules"] if "Durable" in each.get("EventPattern", "")]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"].endswith(f":function:{STACK}-response-failed")


# Every way in which one ends: tests/template/test_rules.py.
def test_the_end_of_a_follow_up_that_failed_reaches_response_failed(aws: LocalAws) -> None:
    aws.clear()
    given = {"InvocationType": "Event", "Payload": '{"incident": "two"}', "DurableExecutionName": "two-g1"}
    aws.client("lambda").invoke(FunctionName=FOLLOW_UP, **given)
    before = len(runs(aws, "response-failed"))
    (begun,) = aws.executions()
    aws.end_execution(begun.arn, "TIMED_OUT")
    aws.wait_idle()
    # Its package is empty here: it fails three times, as on AWS.
    assert len(runs(aws, "response-failed")) == before + 3


def test_a_follow_up_that_succeeded_is_not_reported_as_failed(aws: LocalAws) -> None:
    aws.clear()
    given = {"InvocationType": "Event", "Payload": '{"incident": "two"}', "DurableExecutionName": "two-g1"}
    aws.client("lambda").invoke(FunctionName=FOLLOW_UP, **given)
    before = len(runs(aws, "response-failed"))
    aws.end_execution(aws.executions()[0].arn, "SUCCEEDED")
    aws.wait_idle()
    assert len(runs(aws, "response-failed")) == before


def runs(aws: LocalAws, function: str) -> list[Json]:
    """One line for each invocation that ended."""
    logs = aws.client("logs")
    found = logs.filter_log_events(
        logGroupName=f"/aws/lambda/{STACK}-{function}", filterPattern='"REPORT RequestId"'
    )
    return list(found["events"])


def test_no_alarm_goes_off_in_the_first_day(aws: LocalAws) -> None:
    """There is no traffic, and nothing has values but the watchdog's rounds, from the sixth minute on."""
    aws.snapshot("new")
    aws.clear()
    cloudwatch, begun = aws.client("cloudwatch"), datetime.now(UTC)
    made = cloudwatch.get_paginator("describe_alarms").paginate().build_full_result()["MetricAlarms"]
    assert len(made) >= 20
    counted = {"MetricName": "OpenIncidents", "Dimensions": [{"Name": "Stack", "Value": STACK}], "Value": 0}
    minutes = [0, 2, 5, 10, 15, 16, 20, 25, 30, 31, 45, 60, 90]
    # Then only what looks back on hours sees anything new.
    minutes += [60 * hours for hours in (2, 3, 6, 12, 22, 23, 24)]
    for before, minute in pairwise((5, *minutes)):
        aws.move_clock(begun + timedelta(minutes=minute))
        data = [
            {**counted, "Timestamp": begun + timedelta(minutes=each)}
            for each in range(6, minute + 1, 5)
            if each > before
        ]
        if data:
            cloudwatch.put_metric_data(Namespace="LivenessResponder", MetricData=data)
        aws.evaluate_alarms()
        raised = cloudwatch.describe_alarms(StateValue="ALARM")["MetricAlarms"]
        assert [each["AlarmName"] for each in raised] == [], f"after {minute} min"
    assert aws.inbox() == []
    aws.restore("new")


def test_only_the_follow_up_may_checkpoint(aws: LocalAws) -> None:
    """SAM attaches AWS's own policy for it; both its rights need the token of the very execution."""
    given = {
        name: attached(aws, name) for name in ("follow-up", "watchdog", "response-failed", "high-error-rate")
    }
    assert "AWSLambdaBasicDurableExecutionRolePolicy" in given.pop("follow-up")
    assert all(each == {"AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"} for each in given.values())


def test_each_role_has_the_shared_policies_of_which_its_function_needs_every_right(aws: LocalAws) -> None:
    made = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in aws.client("cloudformation")
        .get_paginator("list_stack_resources")
        .paginate(StackName=STACK)
        for each in page["StackResourceSummaries"]
    }
    for function, needs in all_needs().items():
        if function in made:
            found = aws.client("iam").list_attached_role_policies(RoleName=made[f"{function}Role"])
            ours = {each["PolicyArn"] for each in found["AttachedPolicies"]} & set(made.values())
            assert ours == {made[name] for name in shared_of(needs)}, function


def attached(aws: LocalAws, name: str) -> set[str]:
    role = aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{name}")["Role"]
    found = aws.client("iam").list_attached_role_policies(RoleName=role.rsplit("/", 1)[1])
    return {each["PolicyName"] for each in found["AttachedPolicies"] if ":iam::aws:" in each["PolicyArn"]}


def test_the_dashboard_is_json_with_every_name_filled_in(aws: LocalAws, outputs: dict[str, str]) -> None:
    text = aws.client("cloudwatch").get_dashboard(DashboardName=STACK)["DashboardBody"]
    body = json.loads(text)
    assert len(body["widgets"]) > 10
    assert {type(each[key]) for each in body["widgets"] for key in ("x", "y", "width", "height")} == {int}
    assert "${" not in text
    assert not re.search(r'"(Ref|Fn::\w+)"', text)
    assert outputs["DashboardUrl"].endswith(f"#dashboards/dashboard/{STACK}")


def test_the_watchdog_is_invoked_every_five_minutes(aws: LocalAws) -> None:
    events = aws.client("events")
    (rule,) = [each for each in events.list_rules()["Rules"] if each.get("ScheduleExpression")]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(5 minutes)", "ENABLED")
    # The queue of undelivered events takes them from rules of this name only.
    assert rule["Name"].startswith(f"{STACK}-")
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"].endswith(f":function:{STACK}-watchdog")


def test_every_schedule_runs_in_the_owners_time_zone(aws: LocalAws) -> None:
    scheduler = aws.client("scheduler")
    names = [each["Name"] for each in scheduler.list_schedules()["Schedules"]]
    assert len(names) == 4
    zones = {name: scheduler.get_schedule(Name=name)["ScheduleExpressionTimezone"] for name in names}
    assert set(zones.values()) == {ZONE}, zones


def test_an_event_that_a_schedule_cannot_deliver_is_stored(aws: LocalAws) -> None:
    """Under the schedule's own role: the queue's policy lets no other caller in for it."""
    iam, scheduler = aws.client("iam"), aws.client("scheduler")
    for each in scheduler.list_schedules()["Schedules"]:
        target = scheduler.get_schedule(Name=each["Name"])["Target"]
        role = target["RoleArn"].rpartition("/")[2]
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        policies = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
        granted = {(each["Action"], each["Resource"]) for policy in policies for each in policy["Statement"]}
        assert granted == {
            ("lambda:InvokeFunction", target["Arn"]),
            ("sqs:SendMessage", target["DeadLetterConfig"]["Arn"]),
        }


def test_a_missing_heartbeat_of_the_watchdog_raises_an_alarm(aws: LocalAws, outputs: dict[str, str]) -> None:
    name = f"LivenessResponder-WatchdogSilent-{STACK}"
    aws.clear()
    # On a new stack no round has been made yet: that is no news.
    aws.evaluate_alarms()
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert (alarm["StateValue"], aws.inbox()) == ("INSUFFICIENT_DATA", [])
    aws.move_clock(datetime.now(UTC) + timedelta(minutes=31))
    aws.evaluate_alarms()
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    assert [mail.topic for mail in aws.inbox()] == [outputs["LastResortTopic"]]
    beat = {"MetricName": "OpenIncidents", "Dimensions": [{"Name": "Stack", "Value": STACK}], "Value": 0}
    aws.client("cloudwatch").put_metric_data(Namespace="LivenessResponder", MetricData=[beat])
    aws.evaluate_alarms()
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    aws.move_clock(None)
    assert alarm["StateValue"] == "OK"


def state(aws: LocalAws, name: str) -> str:
    """After CloudWatch has looked."""
    aws.evaluate_alarms()
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[f"{name}-{STACK}"])["MetricAlarms"]
    return str(alarm["StateValue"])


def test_a_daily_check_that_is_not_invoked_raises_an_alarm_after_a_day(
    aws: LocalAws, outputs: dict[str, str]
) -> None:
    name, now = "LivenessResponder-DailyCheckSilent", datetime.now(UTC)
    cloudwatch = aws.client("cloudwatch")

    def beats(*hours: int) -> None:
        ours = {"MetricName": "OpenIncidents", "Dimensions": [{"Name": "Stack", "Value": STACK}], "Value": 0}
        data = [{**ours, "Timestamp": now - timedelta(hours=each)} for each in hours]
        cloudwatch.put_metric_data(Namespace="LivenessResponder", MetricData=data)

    beats(*range(25))
    aws.clear()
    assert state(aws, name) == "OK"
    beats(25, 26)
    assert state(aws, name) == "ALARM"
    assert [mail.topic for mail in aws.inbox()] == [outputs["LastResortTopic"]]
    called = [{"Name": "FunctionName", "Value": f"{STACK}-daily-check"}]
    run = {"MetricName": "Invocations", "Dimensions": called, "Value": 1}
    cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=[run])
    assert state(aws, name) == "OK"


def test_the_bucket_of_reports_is_closed(aws: LocalAws, outputs: dict[str, str]) -> None:
    s3, bucket = aws.client("s3"), outputs["ReportsBucket"]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Resource"] == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


def test_each_alarm_on_the_service_is_made_as_written(aws: LocalAws) -> None:
    cloudwatch = aws.client("cloudwatch")
    written = alarms_of(template())
    found = cloudwatch.describe_alarms(AlarmNames=list(written), MaxRecords=100)["MetricAlarms"]
    assert {each["AlarmName"] for each in found} == set(written)
    for each in found:
        alarm = written[each["AlarmName"]]
        assert each["Threshold"] == float(alarm["Threshold"])
        answer = {one["Id"]: one.get("Expression") for one in each.get("Metrics", ())}
        assert answer == {one["Id"]: one.get("Expression") for one in alarm.get("Metrics", ())}


def test_the_lines_of_both_functions_are_counted(aws: LocalAws) -> None:
    for name in LIVENESS:
        found = aws.client("logs").describe_metric_filters(logGroupName=group(name))["metricFilters"]
        made = sorted(one["metricName"] for each in found for one in each["metricTransformations"])
        prefix = "CreateSession" if name == CREATE else "GetResult"
        timeouts = [f"{prefix}TimeoutsInJson", f"{prefix}TimeoutsInText"]
        assert made == sorted(["AccessDenied"] * 2 + timeouts + ["SureFaults"] * 4)
        assert {one["metricNamespace"] for each in found for one in each["metricTransformations"]} == {
            f"LivenessResponder/{STACK}"
        }


# Every ending in both forms: tests/template/test_metric_filters.py.
@pytest.mark.parametrize(
    ("function", "form", "ending", "alarm"),
    [
        (
            CREATE,
            Format.TEXT,
            request_endings.service_error("AccessDeniedException", request_endings.CREATE_SESSION),
            DENIED_ALARM,
        ),
        (
            RESULT,
            Format.JSON,
            request_endings.audit_log_failed("AccessDenied", "Access Denied"),
            DENIED_ALARM,
        ),
        (
            CREATE,
            Format.JSON,
            request_endings.timed_out(10.0),
            "FaceAuth-CreateLivenessSession-Timeouts-Corrected",
        ),
        (
            RESULT,
            Format.TEXT,
            request_endings.timed_out(10.0),
            "FaceAuth-GetLivenessResult-Timeouts-Corrected",
        ),
        (
            CREATE,
            Format.TEXT,
            request_endings.service_error("InternalServerError", request_endings.CREATE_SESSION),
            SURE_ALARM,
        ),
        (RESULT, Format.JSON, request_endings.service_error("AccessDeniedException", "GetItem"), SURE_ALARM),
        (RESULT, Format.TEXT, request_endings.import_error(), SURE_ALARM),
    ],
    ids=[
        *("create-denied", "result-denied", "create-timeouts", "result-timeouts"),
        *("create-sure", "result-sure", "result-import"),
    ],
)
def test_the_log_lines_of_the_service_alone_bring_its_alarms_to_alarm(
    aws: LocalAws, function: str, form: Format, ending: Ending, alarm: str
) -> None:
    """Those of the last hour, and not one fewer than the alarm's threshold."""
    now = datetime.now(UTC).replace(hour=1, minute=14, second=0, microsecond=0) + timedelta(days=1)
    aws.snapshot("nothing written")
    aws.move_clock(now)
    try:
        aws.evaluate_alarms()
        put_lines(aws, unfold((Requests(function, 5, request_endings.passed(), since=3),), now), form)
        assert alarm_state(aws, alarm) == "OK"
        (described,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        least = int(described["Threshold"])
        put_lines(aws, unfold((Requests(function, least - 1, ending, since=3),), now, part=1), form)
        assert alarm_state(aws, alarm) == "OK"
        put_lines(aws, unfold((Requests(function, 1, ending, since=3),), now, part=2), form)
        assert alarm_state(aws, alarm) == "ALARM"
    finally:
        aws.move_clock(None)
        aws.restore("nothing written")


def alarm_state(aws: LocalAws, name: str) -> str:
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def test_a_rate_is_judged_where_enough_checks_failed(aws: LocalAws) -> None:
    cloudwatch, name = aws.client("cloudwatch"), "FaceAuth-Liveness-LowSuccessRate-Corrected"

    def state(success: int, failure: int) -> str:
        aws.clear()
        counts = {"SuccessCount": success, "FailureCount": failure}
        data = [
            {"MetricName": each, "Values": [1.0], "Counts": [float(n)]} for each, n in counts.items() if n
        ]
        cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)
        aws.evaluate_alarms()
        (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return str(alarm["StateValue"])

    least = int(defaults(template())["MinimumFailedChecks"])
    assert state(success=2, failure=least - 1) == "OK"
    assert state(success=2 * least, failure=least) == "ALARM"


def test_a_stack_without_an_address_is_not_created(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    with pytest.raises(ClientError, match="OnCallEmail is needed"):
        cloudformation.create_stack(StackName="silent", **given(aws, {}))


def test_a_creation_that_failed_leaves_no_tables(aws: LocalAws) -> None:
    """A second stack cannot have the alarms' names, which is found out after its first tables are made."""
    cloudformation, dynamodb = aws.client("cloudformation"), aws.client("dynamodb")
    before = dynamodb.list_tables()["TableNames"]
    cloudformation.create_stack(StackName="again", **given(aws, {"OnCallEmail": "on-call@example.com"}))
    with pytest.raises(WaiterError, match="ROLLBACK"):
        cloudformation.get_waiter("stack_create_complete").wait(StackName="again", WaiterConfig=QUICK)
    events = cloudformation.describe_stack_events(StackName="again")["StackEvents"]
    made = {each["LogicalResourceId"] for each in events if each["ResourceStatus"] == "CREATE_COMPLETE"}
    assert made & {"Approvals", "Claims", "Incidents"}
    assert dynamodb.list_tables()["TableNames"] == before


SLACK = {
    "SlackSecretArn": "arn:aws:secretsmanager:us-east-1:000000000000:secret:slack-a1B2c3",
    "SlackChannel": "T0123ABC/C0123ABC",
    "CorrectedAlarms": "off",
    "OurAlarms": "off",
    "OnCallEmail": "on-call@example.com",
}


# Of all levels.
ONE_ADDRESS = {f"{level}Email": "one@example.com" for level in ("OnCall", "Level2", "Level3", "Level4")}


@pytest.fixture
def young(aws: LocalAws) -> Iterator[LocalAws]:
    """A young account."""
    aws.settings(concurrent_executions=10)
    yield aws
    aws.settings(concurrent_executions=1000)


def failed(aws: LocalAws, name: str, end: str, parameters: dict[str, str]) -> set[str]:
    """What could not be made of this stack, which ends so."""
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName=name, **given(aws, parameters))
    while (found := cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]) != end:
        assert "IN_PROGRESS" in found
        time.sleep(0.2)
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    events = [each for page in pages for each in page["StackEvents"]]
    return {each["LogicalResourceId"] for each in events if each["ResourceStatus"] == "CREATE_FAILED"}


def test_a_young_account_cannot_reserve_anything_for_slack(young: LocalAws) -> None:
    found = failed(young, "reserved", "ROLLBACK_COMPLETE", SLACK | {"ReservedConcurrency": "slack"})
    assert found == {"SlackAction"}


def test_without_a_reservation_slack_reaches_its_url_without_an_aws_signature(young: LocalAws) -> None:
    """In a small team, where one address is of several levels."""
    parameters = SLACK | ONE_ADDRESS | {"ReservedConcurrency": "none"}
    assert failed(young, "talking", "CREATE_COMPLETE", parameters) == set()
    (stack,) = young.client("cloudformation").describe_stacks(StackName="talking")["Stacks"]
    found = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    status, _ = Web(found["SlackActionUrl"]).send(young)
    assert status == 502  # let in; the function has no code here


def test_no_deployment_writes_over_what_people_have_set(aws: LocalAws) -> None:
    """Neither a new first approver nor new tags, which CloudFormation hands on to every resource."""
    ssm, cloudformation = aws.client("ssm"), aws.client("cloudformation")
    first, settings, modes = (f"/{STACK}/{each}" for each in ("first-settings", "settings", "modes"))
    set_by_people = {settings: '{"soak_minutes": 15}', modes: '{"everywhere": "observe"}'}
    assert parse(ssm.get_parameter(Name=first)["Parameter"]["Value"]) == EMPTY
    assert sorted(ssm.get_parameters(Names=[settings, modes])["InvalidParameters"]) == [modes, settings]
    for name, value in set_by_people.items():
        ssm.put_parameter(Name=name, Value=value, Type="String")
    arn = "arn:aws:iam::123456789012:user/eve"
    message = {"OnCallEmail": "on-call@example.com", "FirstApprover": arn, "InitialMode": "auto"}
    tags = [{"Key": "team", "Value": "faceauth"}]
    cloudformation.update_stack(StackName=STACK, Tags=tags, **given(aws, message))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=STACK, WaiterConfig=QUICK)
    assert parse(ssm.get_parameter(Name=first)["Parameter"]["Value"]).people.who(arn)
    assert (
        json.loads(ssm.get_parameter(Name=f"/{STACK}/first-modes")["Parameter"]["Value"])["everywhere"]
        == "auto"
    )
    for name, value in set_by_people.items():
        versions = ssm.get_parameter_history(Name=name)["Parameters"]
        assert [(each["Version"], each["Value"]) for each in versions] == [(1, value)]
