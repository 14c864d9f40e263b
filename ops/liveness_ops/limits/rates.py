"""The requests a second that AWS takes of a whole account in one Region, here Tokyo."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from liveness_ops.limits import sending
from liveness_ops.limits.limit import Does, Limit, Send
from liveness_ops.local_aws import LocalAws

_CALLER = "limits-of-rates"
# The setting of the local AWS with which no request of a second comes back.
_STANDS = 2


def _at_once(service: str, ask: Callable[[Any], object], refusal: str) -> Send:
    """So many requests within one second, under a role: the administrator's do not count.

    What is not there is refused as well, of a request that was taken.
    """

    def send(aws: LocalAws, number: int) -> None:
        client = _under_a_role(aws, service)
        aws.settings(rates=_STANDS)
        try:
            for _ in range(number):
                try:
                    ask(client)
                except ClientError as error:
                    if error.response["Error"]["Code"] == refusal:
                        raise
        finally:
            aws.settings(rates=1)

    return send


def _under_a_role(aws: LocalAws, service: str) -> Any:
    try:
        given = aws.client("lambda").get_function_configuration(FunctionName=_CALLER)
    except ClientError:
        sending.function(aws, _CALLER)
        given = aws.client("lambda").get_function_configuration(FunctionName=_CALLER)
        anything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        aws.client("iam").put_role_policy(
            RoleName=given["Role"].rpartition("/")[2],
            PolicyName="anything",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [anything]}),
        )
        aws.client("logs").create_log_group(logGroupName=_CALLER)
    keys = aws.assume(_CALLER)
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name=aws.region,
        endpoint_url=aws.endpoint,
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=keys["AWS_SESSION_TOKEN"],
        config=Config(retries={"total_max_attempts": 1}),
    )


_SPREAD = "each is asked once a response, and again after random pauses until the looks' time is over"
_PACED = "the daily check waits between its requests"
_API = "https://docs.aws.amazon.com/{}/API_{}.html"
_LAMBDA = ("Lambda quotas", "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html")
_CLOUDWATCH = (
    "CloudWatch service quotas",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
)
_LOGS = (
    "CloudWatch Logs endpoints and quotas",
    "https://docs.aws.amazon.com/general/latest/gr/cwl_region.html",
)
_SSM = ("AWS Systems Manager endpoints and quotas", "https://docs.aws.amazon.com/general/latest/gr/ssm.html")


def _of_api(path: str, operation: str) -> tuple[str, str]:
    return operation, _API.format(path, operation)


# Of any other service it is ThrottlingException.
_REFUSALS = {"lambda": "TooManyRequestsException", "cloudwatch": "Throttling"}


def _rate(what: str, most: int, source: tuple[str, str], ask: Callable[[Any], object], ours: str) -> Limit:
    service = what.partition(":")[0]
    refusal = _REFUSALS.get(service, "ThrottlingException")
    send = _at_once(service, ask, refusal)
    return Limit(f"{what} in a second", most, "requests", *source, send, refusal, Does(ours))


def _of_cloudwatch(operation: str, most: int, ask: Callable[[Any], object], ours: str) -> Limit:
    return _rate(f"cloudwatch: {operation}", most, _CLOUDWATCH, ask, ours)


def _of_dynamodb(operation: str, most: int, ask: Callable[[Any], object], ours: str) -> Limit:
    source = _of_api("amazondynamodb/latest/APIReference", operation)
    return _rate(f"dynamodb: {operation}", most, source, ask, ours)


_A_BACKUP = "arn:aws:dynamodb:ap-northeast-1:123456789012:table/none/backup/01489173575360-b308cd7d"
_ONE_A_NIGHT = "one table a night, and a person's command"
_TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:none"
_BY_PEOPLE = "no function of ours asks for it, only commands of people"
RATES = (
    _rate(
        "lambda: requests to the control plane", 15, _LAMBDA,
        lambda client: client.get_function_configuration(FunctionName=_CALLER),
        f"12 before the act, 16 with an alias on all six functions; {_SPREAD}",
    ),
    _rate(
        "lambda: GetPolicy", 15, _LAMBDA, lambda client: client.get_policy(FunctionName=_CALLER), _PACED,
    ),
    _rate(
        "lambda: GetFunction", 100, _LAMBDA, lambda client: client.get_function(FunctionName=_CALLER),
        "not asked for: it hands out the code",
    ),
    _rate(
        "logs: FilterLogEvents", 10, _LOGS, lambda client: client.filter_log_events(logGroupName=_CALLER),
        _SPREAD,
    ),
    _rate(
        "cloudtrail: LookupEvents", 2, _of_api("awscloudtrail/latest/APIReference", "LookupEvents"),
        lambda client: client.lookup_events(), _SPREAD,
    ),
    _of_cloudwatch(
        "DescribeAlarms", 9, lambda client: client.describe_alarms(AlarmNames=["none"]),
        f"asked by name at the start of a response and before each write; {_SPREAD}",
    ),
    _of_cloudwatch(
        "GetMetricData", 50,
        lambda client: client.get_metric_data(MetricDataQueries=[], StartTime=0, EndTime=60), _SPREAD,
    ),
    _of_cloudwatch(
        "ListAlarmMuteRules", 50, lambda client: client.list_alarm_mute_rules(),
        f"once a response and before each write; {_SPREAD}",
    ),
    _of_cloudwatch(
        "GetAlarmMuteRule", 20, lambda client: client.get_alarm_mute_rule(AlarmMuteRuleName="none"), _PACED
    ),
    _of_cloudwatch(
        "GetMetricWidgetImage", 20,
        lambda client: client.get_metric_widget_image(MetricWidget="{}"),
        "one a message to Slack, which may go without",
    ),
    _of_cloudwatch("GetDashboard", 10, lambda client: client.get_dashboard(DashboardName="none"), _PACED),
    _of_cloudwatch(
        "SetAlarmState", 3,
        lambda client: client.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="x"), _BY_PEOPLE,
    ),
    _rate(
        "ssm: GetParameter, GetParameters and GetParametersByPath", 40, _SSM,
        lambda client: client.get_parameters(Names=["none"]),
        f"one page of ten with all switches, at the start and before each write; {_SPREAD}",
    ),
    _rate(
        "ssm: PutParameter", 3, _of_api("systems-manager/latest/APIReference", "PutParameter"),
        lambda client: client.put_parameter(Name=f"/{_CALLER}", Value="x", Type="String", Overwrite=True),
        "one a command of a person, again after random pauses until 5 s are over",
    ),
    _rate(
        "sns: ListSubscriptionsByTopic", 30, _of_api("sns/latest/api", "ListSubscriptionsByTopic"),
        lambda client: client.list_subscriptions_by_topic(TopicArn=_TOPIC), _PACED,
    ),
    _of_dynamodb("ListBackups", 5, lambda client: client.list_backups(), _ONE_A_NIGHT),
    _of_dynamodb(
        "DescribeBackup", 10, lambda client: client.describe_backup(BackupArn=_A_BACKUP), _ONE_A_NIGHT
    ),
    _of_dynamodb(
        "DeleteBackup", 10, lambda client: client.delete_backup(BackupArn=_A_BACKUP),
        "old backups, one after the other, each again after random pauses until 20 s are over",
    ),
    _of_dynamodb(
        "CreateBackup", 50, lambda client: client.create_backup(TableName="none", BackupName="none"),
        _ONE_A_NIGHT,
    ),
    _of_dynamodb(
        "DescribeContinuousBackups", 10,
        lambda client: client.describe_continuous_backups(TableName="none"), _PACED,
    ),
    _of_dynamodb(
        "RestoreTableFromBackup", 10,
        lambda client: client.restore_table_from_backup(TargetTableName="none", BackupArn=_A_BACKUP),
        "one rehearsal a month",
    ),
)  # fmt: skip
