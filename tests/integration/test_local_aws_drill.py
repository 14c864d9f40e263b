"""What a drill needs: mail, canned answers, going back to where it began."""

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local_aws.client import Canned, ControlError, LocalAws
from tests.integration._local_aws import call, code_of, function, role


def test_mail_shows_every_body(aws: LocalAws) -> None:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="on-call")["TopicArn"]
    policy = json.dumps({"level": ["1"]})
    sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="a@example.com", Attributes={"FilterPolicy": policy}
    )
    aws.confirm()
    bodies = {"default": "text", "https": '{"version": "1.0"}'}
    level = {"level": {"DataType": "String", "StringValue": "1"}}
    sns.publish(
        TopicArn=topic, Subject="[HIGH] x", Message=json.dumps(bodies), MessageStructure="json",
        MessageAttributes=level,
    )  # fmt: skip
    (mail,) = aws.inbox()
    assert (mail.topic, mail.subject, mail.attributes) == (topic, "[HIGH] x", {"level": "1"})
    assert (mail.text, mail.bodies["https"]) == ("text", bodies["https"])
    assert mail.recipients == ("email:a@example.com",)


def test_an_endpoint_is_subscribed_once(aws: LocalAws) -> None:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="once")["TopicArn"]
    given = {"TopicArn": topic, "Protocol": "email", "Endpoint": "a@example.com"}
    first = sns.subscribe(**given, Attributes={"FilterPolicy": '{"level": ["1"]}'})
    again = sns.subscribe(**given, Attributes={"FilterPolicy": '{"level":["1"]}'})
    assert again["SubscriptionArn"] == first["SubscriptionArn"]
    for other in ({}, {"FilterPolicy": '{"level": ["2"]}'}):
        with pytest.raises(ClientError, match="already exists with different attributes"):
            sns.subscribe(**given, Attributes=other)
    assert len(sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"Subject": "x" * 100, "Message": "m"},
        {"Subject": "two\nlines", "Message": "m"},
        {"Subject": "日本語", "Message": "m"},
        {"Message": '{"email": "no default"}', "MessageStructure": "json"},
    ],
)
def test_sns_refuses_bad_messages(aws: LocalAws, given: dict[str, str]) -> None:
    topic = aws.client("sns").create_topic(Name="strict")["TopicArn"]
    with pytest.raises(ClientError) as caught:
        aws.client("sns").publish(TopicArn=topic, **given)
    assert code_of(caught.value) == "InvalidParameter"
    assert aws.inbox() == []


def test_stand_ins_have_defaults_and_can_be_set(aws: LocalAws) -> None:
    health = aws.client("health")
    with pytest.raises(ClientError) as caught:
        health.describe_events()
    assert code_of(caught.value) == "SubscriptionRequiredException"
    event = {"arn": "arn:aws:health:::event/1", "service": "REKOGNITION"}
    aws.canned_answers({"health:DescribeEvents": Canned({"events": [event]})})
    assert health.describe_events()["events"][0]["service"] == "REKOGNITION"
    assert aws.client("cloudwatch").list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []
    scaling = aws.client("application-autoscaling")
    assert scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"] == []
    aws.canned_answers({"lambda:GetAccountSettings": Canned(error="ServiceException", status=500)})
    with pytest.raises(ClientError) as caught:
        aws.client("lambda").get_account_settings()
    assert code_of(caught.value) == "ServiceException"


def test_a_restore_brings_everything_back_and_keeps_workers_warm(aws: LocalAws) -> None:
    client = aws.client("lambda")
    code = "runs = []\n\ndef handler(event, context):\n    runs.append(1)\n    return len(runs)\n"
    function(aws, "counted", role(aws, "counted"), code)
    aws.snapshot("counted")

    def run() -> int:
        return int(client.invoke(FunctionName="counted")["Payload"].read())

    assert run() == 1
    aws.client("ssm").delete_parameter(Name="/liveness/mode")
    aws.client("sqs").create_queue(QueueName="new")
    client.update_function_configuration(FunctionName="caller", MemorySize=512)
    aws.restore("counted")
    assert run() == 2
    assert aws.client("ssm").get_parameter(Name="/liveness/mode")["Parameter"]["Value"] == "auto"
    assert aws.client("sqs").list_queues().get("QueueUrls", []) == []
    assert client.get_function_configuration(FunctionName="caller")["MemorySize"] == 128
    assert call(aws, "ssm", "get_parameter", Name="/liveness/mode") == "ok"


def test_a_failed_control_call_raises_with_its_reason(aws: LocalAws) -> None:
    with pytest.raises(ControlError, match="nowhere"):
        aws.restore("nowhere")


def test_the_trail_names_events_as_cloudtrail_does(aws: LocalAws) -> None:
    assert (
        call(aws, "lambda", "update_function_configuration", FunctionName="caller", Description="x") == "ok"
    )
    name = {"AttributeKey": "EventName", "AttributeValue": "UpdateFunctionConfiguration20150331v2"}
    (event,) = aws.client("cloudtrail").lookup_events(LookupAttributes=[name])["Events"]
    assert event["Username"] == "caller"
    assert event["Resources"][0]["ResourceName"] == "caller"
    assert abs(event["EventTime"].timestamp() - time.time()) < 60
    identity = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert identity["arn"] == f"arn:aws:sts::{aws.account}:assumed-role/caller/caller"
    issuer = identity["sessionContext"]["sessionIssuer"]["arn"]
    assert issuer == f"arn:aws:iam::{aws.account}:role/caller"


def test_the_trail_is_read_in_pages_by_one_attribute(aws: LocalAws) -> None:
    client, iam = aws.client("cloudtrail"), aws.client("iam")
    none = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    iam.create_role(RoleName="paged", AssumeRolePolicyDocument=json.dumps(none))
    for number in range(60):
        iam.put_role_policy(RoleName="paged", PolicyName=f"p{number}", PolicyDocument=json.dumps(none))
    writes = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    pages = list(client.get_paginator("lookup_events").paginate(LookupAttributes=writes))
    events = [event for page in pages for event in page["Events"]]
    assert len(pages) > 1
    assert len(pages[0]["Events"]) == 50
    named = [json.loads(event["CloudTrailEvent"])["requestParameters"] for event in events]
    assert [each["policyName"] for each in named if "policyName" in each][:2] == ["p59", "p58"]
    with pytest.raises(ClientError, match="InvalidLookupAttributesException"):
        client.lookup_events(LookupAttributes=[*writes, *writes])


def test_the_trail_says_which_calls_failed(aws: LocalAws) -> None:
    given = {"FunctionName": "caller", "RevisionId": "stale"}
    assert call(aws, "lambda", "update_function_configuration", **given) == "PreconditionFailedException"
    name = {"AttributeKey": "ResourceName", "AttributeValue": "caller"}
    event = aws.client("cloudtrail").lookup_events(LookupAttributes=[name])["Events"][0]
    assert json.loads(event["CloudTrailEvent"])["errorCode"] == "PreconditionFailedException"


def test_the_services_and_the_functions_have_the_drills_time(aws: LocalAws) -> None:
    code = "import time\n\ndef handler(event, context):\n    return time.time(), time.monotonic()\n"
    function(aws, "clocked", role(aws, "clocked"), code)
    aws.snapshot("clocked")

    counted = []

    def times() -> list[float]:
        assert call(aws, "ssm", "get_parameter", Name="/liveness/mode") == "ok"
        aws.client("ssm").put_parameter(Name="/now", Value="x", Type="String", Overwrite=True)
        put = aws.client("ssm").get_parameter(Name="/now")["Parameter"]["LastModifiedDate"]
        answer = aws.client("lambda").invoke(FunctionName="clocked")["Payload"].read()
        now, monotonic = json.loads(answer)
        counted.append(monotonic)
        return [put.timestamp(), now]

    for hours in (0, 2, 30):
        then = datetime.now(UTC) + timedelta(hours=hours)
        aws.move_clock(then)
        assert times() == pytest.approx([then.timestamp()] * 2, abs=30)
    aws.idle_second()
    assert times() == pytest.approx([time.time() + 30 * 3600] * 2, abs=30)
    aws.restore("clocked")
    assert times() == pytest.approx([time.time()] * 2, abs=30)
    # A clock that only goes forward: a restore, too, is a minute in which nothing ran.
    passed = [after - before for before, after in pairwise(counted)]
    assert passed == pytest.approx([2 * 3600, 28 * 3600, 1, 60], abs=30)
    assert passed[2] >= 1


def test_a_mail_address_gets_nothing_until_it_has_confirmed(aws: LocalAws) -> None:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="pending")["TopicArn"]
    made = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    assert made["SubscriptionArn"] == "pending confirmation"
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (listed["SubscriptionArn"], listed["Endpoint"]) == ("PendingConfirmation", "a@example.com")
    sns.publish(TopicArn=topic, Message="one")
    with pytest.raises(ClientError, match="Invalid token"):
        sns.confirm_subscription(TopicArn=topic, Token="guessed")  # pragma: allowlist secret
    assert "a@example.com" in aws.confirm()
    sns.publish(TopicArn=topic, Message="two")
    assert [mail.recipients for mail in aws.inbox()] == [(), ("email:a@example.com",)]


@pytest.mark.parametrize("by_link", [True, False])
def test_a_subscription_confirmed_by_link_counts_as_unauthenticated(aws: LocalAws, by_link: bool) -> None:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="linked")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    aws.confirm(by_link=by_link)
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    found = sns.get_subscription_attributes(SubscriptionArn=listed["SubscriptionArn"])["Attributes"]
    assert (found["PendingConfirmation"], found["ConfirmationWasAuthenticated"]) == (
        "false", str(not by_link).lower(),
    )  # fmt: skip


def test_the_history_of_an_alarm_says_the_result_of_its_actions(aws: LocalAws) -> None:
    cloudwatch, topic = aws.client("cloudwatch"), aws.client("sns").create_topic(Name="told")["TopicArn"]
    gone = f"{topic}-gone"
    cloudwatch.put_metric_alarm(
        AlarmName="one", Namespace="N", MetricName="M", Period=60, EvaluationPeriods=1, Threshold=0,
        ComparisonOperator="GreaterThanThreshold", Statistic="Sum", AlarmActions=[topic, gone],
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="one", StateValue="ALARM", StateReason="test")
    found = cloudwatch.describe_alarm_history(AlarmName="one", HistoryItemType="Action")["AlarmHistoryItems"]
    assert sorted(each["HistorySummary"] for each in found) == [
        f"Failed to execute action {gone}", f"Successfully executed action {topic}",
    ]  # fmt: skip


def test_only_s3_answers_with_its_own_request_headers(aws: LocalAws) -> None:
    s3 = aws.client("s3").list_buckets()["ResponseMetadata"]["HTTPHeaders"]
    assert {"x-amz-request-id", "x-amz-id-2"} <= set(s3)
    for service, operation in (
        ("dynamodb", "list_tables"),
        ("lambda", "list_functions"),
        ("sns", "list_topics"),
    ):
        found = getattr(aws.client(service), operation)()["ResponseMetadata"]
        assert found["RequestId"]
        own = {"content-type", "content-length", "date", "x-amzn-requestid", "x-amz-crc32"}
        assert set(found["HTTPHeaders"]) <= own


def test_one_control_call_answers_several_operations_as_the_api_does(aws: LocalAws) -> None:
    dynamodb, ssm = aws.client("dynamodb"), aws.client("ssm")
    dynamodb.create_table(
        TableName="Told", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )  # fmt: skip
    dynamodb.put_item(TableName="Told", Item={"pk": {"S": "a"}})
    ssm.put_parameter(Name="/p/a", Value="1", Type="String")
    rows, parameters, gone = aws.answers(
        ("dynamodb", "Scan", {"TableName": "Told"}),
        ("ssm", "GetParametersByPath", {"Path": "/p"}),
        ("dynamodb", "DescribeTable", {"TableName": "none"}),
    )
    assert rows["Items"] == [{"pk": {"S": "a"}}]
    (found,) = parameters["Parameters"]
    assert (found["Name"], found["Value"]) == ("/p/a", "1")
    assert gone["__type"].endswith("ResourceNotFoundException")


def test_another_one_becomes_what_this_one_was(aws: LocalAws, tmp_path: Path) -> None:
    queue = aws.client("sqs").create_queue(QueueName="waiting")["QueueUrl"]
    function(aws, "loaded", role(aws, "loading"))
    aws.snapshot("made")
    aws.save("made", tmp_path / "made")
    with LocalAws(region=aws.region) as other:
        assert code_of_missing(other) == "ResourceNotFoundException"
        other.load("made", tmp_path / "made")
        for _ in range(2):
            # Its queue is its own.
            (found,) = other.client("sqs").list_queues()["QueueUrls"]
            assert found == queue.replace(aws.endpoint, other.endpoint) != queue
            other.client("sqs").send_message(QueueUrl=found, MessageBody="here")
            answer = other.client("lambda").invoke(FunctionName="loaded", Payload=b'{"a": 1}')
            assert json.loads(answer["Payload"].read()) == {"a": 1}
            other.client("lambda").delete_function(FunctionName="loaded")
            other.restore("made")
    assert "Messages" not in aws.client("sqs").receive_message(QueueUrl=queue)


def code_of_missing(aws: LocalAws) -> str:
    with pytest.raises(ClientError) as caught:
        aws.client("lambda").get_function(FunctionName="loaded")
    return code_of(caught.value)
