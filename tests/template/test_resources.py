"""The stores, the queues, the topics, the alarms and the modes."""

import json
import re
from typing import Any

import pytest

from liveness_ops.policy import all_needs
from liveness_ops.template_tools.load import defaults, parse, resolve, resources, template
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.remedy import REMEDIES
from responder.core.settings_document import CLASSES, EMPTY, Person
from responder.core.settings_document import parse as parse_settings
from responder.core.switches import EVERYTHING, read_stop, stops_path, switches
from responder.core.text import Strings
from tests.rows import all_rows
from tests.template.dead_letters import paths
from tests.template.metric_math import value

FOURTEEN_DAYS = 14 * 24 * 3600
TABLES = {
    "Incidents": ("pk", "sk", "expires"),
    "Claims": ("id", "", "expiration"),
    "Approvals": ("pk", "sk", "expires"),
}


def remedies() -> dict[str, Mode]:
    return {name.value: spec.ceiling for name, spec in REMEDIES.items()}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_retained_encrypted_and_restorable(template: Json, name: str) -> None:
    table = template["Resources"][name]
    properties = table["Properties"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    hash_key, range_key, expiry = TABLES[name]
    keys = [key["AttributeName"] for key in properties["KeySchema"]]
    assert keys == [key for key in (hash_key, range_key) if key]
    assert properties["TimeToLiveSpecification"] == {"AttributeName": expiry, "Enabled": True}


def test_there_is_no_other_table(template: Json) -> None:
    assert set(resources(template, "AWS::DynamoDB::Table")) == set(TABLES)


def test_queues_keep_for_fourteen_days(template: Json) -> None:
    queues = resources(template, "AWS::SQS::Queue")
    assert set(queues) == {"Failures", "Undelivered", "FailedTwice", "Unfollowed", "Unmailed", "Unposted"}
    for queue in queues.values():
        assert queue["MessageRetentionPeriod"] == FOURTEEN_DAYS
        assert queue["SqsManagedSseEnabled"] is True


def let_in(template: Json, queue: str) -> Any:
    """The only statement of the queue's policy."""
    policy = template["Resources"][f"{queue}Policy"]["Properties"]
    assert policy["Queues"] == [{"Ref": queue}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sqs:SendMessage")
    assert statement["Resource"] == {"Fn::GetAtt": [queue, "Arn"]}
    return statement


def test_only_rules_of_this_stack_write_what_was_not_delivered(template: Json) -> None:
    rules = let_in(template, "Undelivered")
    assert rules["Principal"] == {"Service": "events.amazonaws.com"}
    ((operator, condition),) = rules["Condition"].items()
    allowed = [each["Fn::GetAtt"] for each in condition["aws:SourceArn"]]
    ours = [path.name.replace(".", "") for path in paths(template) if path.kind == "rule"]
    assert operator == "ArnEquals"
    assert sorted(allowed) == sorted([name, "Arn"] for name in ours)


def test_only_the_two_topics_write_what_was_not_mailed(template: Json) -> None:
    topics = let_in(template, "Unmailed")
    assert topics["Principal"] == {"Service": "sns.amazonaws.com"}
    assert topics["Condition"] == {
        "ArnEquals": {"aws:SourceArn": [{"Ref": "Notifications"}, {"Ref": "LastResort"}]}
    }


# They go off where nothing happens.
SILENCE = {"WatchdogSilentAlarm", "DailyCheckSilentAlarm"}


def on_ourselves(template: Json) -> dict[str, Json]:
    """The stack's alarms on the service have no action: EventBridge gets their events."""
    alarms = resources(template, "AWS::CloudWatch::Alarm")
    return {name: each for name, each in alarms.items() if "AlarmActions" in each}


def test_every_queue_of_undelivered_messages_notifies_the_last_resort(template: Json) -> None:
    alarms = on_ourselves(template)
    assert {str(alarm["AlarmActions"]) for alarm in alarms.values()} == {"[{'Ref': 'LastResort'}]"}
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in alarms.values()
        for dimension in alarm.get("Dimensions", ())
        if dimension["Name"] == "QueueName"
    }
    # ResponseFailed reports what it stores in Failures itself.
    assert watched == set(resources(template, "AWS::SQS::Queue")) - {"Failures"}
    for name in set(alarms) - SILENCE:
        assert (alarms[name]["Threshold"], alarms[name]["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        assert alarms[name]["TreatMissingData"] == "notBreaching"


def test_a_missing_heartbeat_of_the_watchdog_notifies_the_last_resort(template: Json) -> None:
    alarm = template["Resources"]["WatchdogSilentAlarm"]["Properties"]
    assert alarm["TreatMissingData"] == "breaching"
    assert (alarm["Statistic"], alarm["Threshold"], alarm["ComparisonOperator"]) == (
        "SampleCount", 1, "LessThanThreshold",
    )  # fmt: skip
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 15 * 60
    assert (alarm["Namespace"], alarm["MetricName"]) == ("LivenessResponder", "OpenIncidents")
    assert alarm["Dimensions"] == [{"Name": "Stack", "Value": {"Ref": "AWS::StackName"}}]


def in_alarm(alarm: Json, hours: int, runs: set[int], beats: set[int]) -> bool:
    """As CloudWatch judges it so long after the stack was made. `runs`, `beats`: hours with one."""
    given = {"runs": dict.fromkeys(runs, 1.0), "beats": dict.fromkeys(beats, 12.0)}
    found = value(alarm["Metrics"], given)
    last = [found.get(hours - back) for back in range(alarm["EvaluationPeriods"])]
    return all(each is not None and each < alarm["Threshold"] for each in last)


def test_a_daily_check_that_is_not_invoked_notifies_the_last_resort(template: Json) -> None:
    alarm = template["Resources"]["DailyCheckSilentAlarm"]["Properties"]
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("LessThanThreshold", "notBreaching")
    watched = {each["Id"]: each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each}
    assert watched["runs"]["Metric"] == {
        "Namespace": "AWS/Lambda",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": "DailyCheck"}}],
    }
    silent = template["Resources"]["WatchdogSilentAlarm"]["Properties"]
    beat = {name: silent[name] for name in ("Namespace", "MetricName", "Dimensions")}
    assert watched["beats"]["Metric"] == beat
    # More than a day takes periods of an hour at least, and seven days are the most.
    (period,) = {each["Period"] for each in watched.values()}
    assert period >= 3600 and period * alarm["EvaluationPeriods"] <= 7 * 86_400
    alive = set(range(200))
    # It has run at nine each day; then it does not, and by noon of the next day it is reported.
    assert not any(in_alarm(alarm, hour, {9, 33}, alive) for hour in range(33 + 26))
    assert in_alarm(alarm, 33 + 26, {9, 33}, alive)
    # The clock goes back: 25 hours between two runs, the later one at the end of its hour.
    assert not any(in_alarm(alarm, hour, {9, 33}, alive) for hour in range(33 + 25 + 1))


def test_a_stack_has_a_day_before_its_daily_check_is_missed(template: Json) -> None:
    alarm = template["Resources"]["DailyCheckSilentAlarm"]["Properties"]
    # Silence before the stack existed does not count.
    assert not any(in_alarm(alarm, hour, set(), set(range(200))) for hour in range(25))
    assert in_alarm(alarm, 25, set(), set(range(200)))
    # Where nothing at all runs, the silence of the watchdog is what is reported.
    assert not any(in_alarm(alarm, hour, set(), set(range(20))) for hour in range(100))


def test_a_failed_follow_up_notifies_the_last_resort(template: Json) -> None:
    alarm = template["Resources"]["FollowUpFailedAlarm"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "DurableExecutionFailed")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "FollowUp"}}]


def test_the_bucket_of_reports_is_retained_encrypted_and_not_public(template: Json) -> None:
    bucket, policy = template["Resources"]["ReportsBucket"], template["Resources"]["ReportsBucketPolicy"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    # The stack that takes the bucket over makes its own; CloudFormation refuses a second one.
    assert "DeletionPolicy" not in policy
    properties = bucket["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert "BucketEncryption" in properties
    rules = properties["LifecycleConfiguration"]["Rules"]
    assert {rule["Status"] for rule in rules} == {"Enabled"}
    assert {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule} == {
        "incidents/": 400,
        "checks/": 400,
    }
    assert [rule for rule in rules if "AbortIncompleteMultipartUpload" in rule and "Prefix" not in rule]
    # With versions every report would outlive its expiry as an old version.
    assert "VersioningConfiguration" not in properties


def test_reports_travel_encrypted_only(template: Json) -> None:
    (statement,) = template["Resources"]["ReportsBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert {str(where) for where in statement["Resource"]} == {
        "{'Fn::GetAtt': ['ReportsBucket', 'Arn']}", "{'Fn::Sub': '${ReportsBucket.Arn}/*'}",
    }  # fmt: skip


def test_the_last_resort_is_used_for_nothing_else(text: str, template: Json) -> None:
    alarms = len(on_ourselves(template))
    subscription, output, statements = 1, 1, 2  # who may write to Unmailed; what the self-test may read
    looks = [need for needs in all_needs().values() for need in needs if need.resource == "${LastResort}"]
    reads = {"sns:ListSubscriptionsByTopic", "sns:GetSubscriptionAttributes", "sns:GetTopicAttributes"}
    assert {need.action for need in looks} <= reads
    used = text.count("!Ref LastResort\n") + text.count("[!Ref LastResort]")
    assert used == alarms + subscription + output + statements
    # An alarm cannot publish under the key that AWS manages.
    assert "KmsMasterKeyId" not in template["Resources"]["LastResort"]["Properties"]


def test_a_level_gets_its_own_messages_and_those_of_higher_ones(template: Json) -> None:
    heard = {
        name: each.get("FilterPolicy", {}).get("level")
        for name, each in resources(template, "AWS::SNS::Subscription").items()
    }
    assert heard == {
        "OnCallSubscription": None,
        "Level2Subscription": {"Fn::If": ["Level4IsLevel2", ["2", "3", "4", "only-4"], ["2", "3", "4"]]},
        "Level3Subscription": {"Fn::If": ["Level4IsLevel3", ["3", "4", "only-4"], ["3", "4"]]},
        "Level4Subscription": ["4", "only-4"],
        "LastResortSubscription": None,
    }


def test_what_people_set_is_no_resource_that_a_deployment_could_write(template: Json) -> None:
    """CloudFormation writes a parameter again where its value, its tags or its description change."""
    names = {each["Name"]["Fn::Sub"] for each in resources(template, "AWS::SSM::Parameter").values()}
    assert names == {f"/${{AWS::StackName}}/first-{each}" for each in ("modes", "settings")}


def transformed(node: Any, path: Strings = ()) -> list[Strings]:
    """Where functions of AWS::LanguageExtensions stand, as paths of keys. A lookup in a map is one of them if
    it has a default value.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
    """
    if isinstance(node, list):
        return [found for part in node for found in transformed(part, path)]
    if not isinstance(node, dict):
        return []
    own = [
        (*path, key)
        for key, value in node.items()
        if key in ("Fn::ToJsonString", "Fn::Length")
        or key.startswith("Fn::ForEach::")
        or (key == "Fn::FindInMap" and isinstance(value[-1], dict) and "DefaultValue" in value[-1])
    ]
    return own + [found for key, value in node.items() for found in transformed(value, (*path, key))]


BELOW_IF: Json = {"Resources": {"A": {"Properties": {"P": {"Fn::If": ["C", {"Fn::Length": []}]}}}}}


def test_a_function_of_a_transform_is_the_whole_value_of_a_property(template: Json) -> None:
    """Below another function it was refused: https://github.com/aws-cloudformation/cfn-language-discussion/issues/143"""
    assert transformed(BELOW_IF) == [("Resources", "A", "Properties", "P", "Fn::If", "Fn::Length")]
    found = transformed(template)
    assert {path[-1] for path in found} == {"Fn::ToJsonString"}
    for section, _, part, *above, _function in found:
        assert (section, part) == ("Resources", "Properties")
        assert not [key for key in above if key == "Ref" or key.startswith("Fn::")], found


FIRST = {"FirstApprover": "arn:aws:iam::123456789012:user/aiko"}


def test_the_settings_begin_with_the_first_approver(template: Json) -> None:
    _, stored, unnamed = template["Resources"]["FirstSettings"]["Properties"]["Value"]["Fn::If"]
    found = parse_settings(resolve(stored, FIRST))
    assert tuple(found.people) == (
        Person("first approver", "", (FIRST["FirstApprover"],), frozenset(CLASSES)),
    )
    assert parse_settings(unnamed) == EMPTY


@all_rows(
    ("value", "fine"),
    [
        ("", True),
        (FIRST["FirstApprover"], True),
        ("arn:aws:iam::123456789012:user/on-call/aiko", True),
        ("arn:aws-cn:sts::123456789012:assumed-role/OnCall/aiko@corp,x", True),
        (f"arn:aws:sts::123456789012:assumed-role/{'r' * 64}/{'s' * 64}", True),
        (f"arn:aws:sts::123456789012:assumed-role/{'r' * 65}/aiko", False),
        (f"arn:aws:sts::123456789012:assumed-role/OnCall/{'s' * 65}", False),
        (f"arn:aws:iam::123456789012:user/{'u' * 577}", False),
        ("arn:aws:iam::123456789012:root", False),
        ("arn:aws:iam::123456789012:role/OnCall", False),
        ("arn:aws:sts::123456789012:assumed-role/OnCall", False),
        ('arn:aws:iam::123456789012:user/"', False),
        ("aiko", False),
    ],
)
def test_the_first_approver_is_an_identity_that_the_document_takes(value: str, fine: bool) -> None:
    pattern = template()["Parameters"]["FirstApprover"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, value)) is fine
    if value and fine:
        assert parse_settings(json.dumps({"people": {"x": {"aws": [value]}}})).people.who(value)


def first_modes(template: Json) -> dict[str, str]:
    given = template["Resources"]["FirstModes"]["Properties"]["Value"]["Fn::ToJsonString"]
    found: dict[str, str] = resolve(given, {"InitialMode": "approve"})
    return found


def test_each_remedy_begins_with_the_highest_mode_that_it_can_have(template: Json) -> None:
    applied = {name: ceiling for name, ceiling in remedies().items() if ceiling is not Mode.OBSERVE}
    assert first_modes(template) == {"everywhere": "approve", **applied}


def test_what_the_template_begins_with_is_what_a_response_reads(template: Json) -> None:
    found = switches("/s", {"/s/first-modes": json.dumps(first_modes(template))})
    assert (found.everywhere, found.mode("rollout_to_zero")) == (Mode.APPROVE, Mode.APPROVE)
    assert found.mode("propose_change") is Mode.OBSERVE


def test_without_a_stop_all_that_is_read_of_people_is_one_page(template: Json) -> None:
    """A page of GetParametersByPath holds ten: the template's, and the three that `people` writes."""
    assert len(resources(template, "AWS::SSM::Parameter")) + 3 <= 10


def test_what_is_never_applied_is_observed_without_a_parameter() -> None:
    assert switches("/stack", {}).remedies == {"propose_change": Mode.OBSERVE}


def test_a_new_stack_only_observes_unless_its_owner_says_otherwise(template: Json) -> None:
    first = template["Parameters"]["InitialMode"]
    assert first["Default"] == Mode.OBSERVE
    assert first["AllowedValues"] == list(Mode)


def test_one_command_stops_everything(template: Json) -> None:
    command = resolve(template["Outputs"]["StopEverything"]["Value"], defaults(template)).split(" --")
    assert command == [
        "aws ssm put-parameter",
        "region ap-northeast-1",
        f"name {stops_path('/liveness-responder')}{EVERYTHING}",
        "type String",
        "value stop",
    ]
    assert read_stop(EVERYTHING, "stop").until is None


def test_people_on_call_create_stops_and_write_none_over(template: Json) -> None:
    policy = template["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    about = [each for each in policy if "/stops/*" in str(each["Resource"])]
    put = {each["Effect"]: each.get("Condition") for each in about if each["Action"] == "ssm:PutParameter"}
    assert put == {"Allow": None, "Deny": {"StringEquals": {"ssm:Overwrite": "true"}}}


def test_no_json_in_the_template(text: str) -> None:
    assert not re.search(r"^\s*[\"']?[{[]\s*$", text, re.MULTILINE)
    # Below !If it cannot be YAML: see test_a_function_of_a_transform_is_the_whole_value_of_a_property.
    below_if = template()["Resources"]["FirstSettings"]["Properties"]["Value"]["Fn::If"][1]["Fn::Sub"]
    assert not re.search(r"\{\s*\"\w+\"\s*:", text.replace(below_if, ""))
    assert parse(text) == template()
