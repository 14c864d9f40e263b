"""Our stack in a local AWS, with the longest names and values that a user could choose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from liveness_ops.template_tools.load import TEMPLATE, parse
from local_aws.client import LocalAws
from rehearsal.limits import sending
from rehearsal.limits.stack_usage import StackUsage

# The longest with which every function's name still has at most 64 characters.
STACK = "liveness-responder-of-the-second-region"
_PERSON = "a.person-with-a-long-name@subsidiary.example.com"
_ROLE = "AWSReservedSSO_LivenessOnCallEngineers_0123456789abcdef"
_SESSION = f"arn:aws:sts::123456789012:assumed-role/{_ROLE}/{_PERSON}"
_OF_SLACK = "prod/liveness-responder/slack-AbCdEf"
# Lengths that AWS allows; of names with a longer limit, the longest that a person would choose.
_LENGTHS = {
    "FunctionName": 64,
    "AlarmName": 100,
    "TableName": 80,
    "IndexName": 80,
    "RoleName": 64,
    "BucketName": 63,
    "StackName": 80,
    "MetricNamespace": 80,
}
_GIVEN = {
    "InitialMode": "approve",
    "Language": "ja",
    "FirstApprover": _SESSION,
    "SlackSecretArn": f"arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:{_OF_SLACK}",
    "SlackChannel": "T0123456789/C0123456789",
    "CheckZone": "America/Argentina/ComodRivadavia",
}


def values(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The longest value of each parameter of the template that is a text; every switch is on."""
    found = {}
    for name, definition in parameters.items():
        value = _value(name, definition)
        if value is not None and re.fullmatch(str(definition.get("AllowedPattern", ".*")), value):
            found[name] = value
    return found


def _value(name: str, definition: Mapping[str, Any]) -> str | None:
    if name in _GIVEN:
        return _GIVEN[name]
    if "on" in definition.get("AllowedValues", ()):
        return "on"
    if name.endswith("Email"):
        return f"{name.lower()}.{_PERSON}"
    default = str(definition.get("Default", ""))
    for end, length in _LENGTHS.items():
        if name.endswith(end) and definition["Type"] == "String":
            start = default or ("bucket" if end == "BucketName" else name)
            filling = "-with-the-longest-name"
            return (start + filling * (1 + length // len(filling)))[:length].rstrip("-")
    return None


def deploy(aws: LocalAws, name: str = STACK, **chosen: str) -> StackUsage:
    """Deploy template.yaml, with empty packages in the place of the code, and wait for the end.

    Raises:
        sending.CreationFailedError: it was rolled back.
    """
    text = TEMPLATE.read_text(encoding="utf-8")
    given = {**values(parse(text)["Parameters"]), **chosen}
    for each in ("CreateFunctionName", "ResultFunctionName"):
        group = f"/aws/lambda/{given[each]}"
        if not aws.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            aws.client("logs").create_log_group(logGroupName=group)
    packaged = _packaged(aws, text)
    sending.create(
        aws,
        name,
        TemplateURL=sending.uploaded(aws, packaged),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
    )
    return StackUsage(aws, name, packaged, given)


def _packaged(aws: LocalAws, text: str) -> str:
    s3, bucket = aws.client("s3"), sending.fresh("code")
    place = {} if aws.region == "us-east-1" else {"LocationConstraint": aws.region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
    s3.put_object(Bucket=bucket, Key="empty.zip", Body=sending.empty_package())
    return re.sub(r"(CodeUri|ContentUri): \S+", rf"\1: s3://{bucket}/empty.zip", text)
