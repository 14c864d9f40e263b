"""Stacks that the tests of the local AWS deploy; and our own, with the longest names a user could choose."""

import io
import json
import re
import uuid
import zipfile
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import WaiterError

from liveness_ops.template_tools.load import TEMPLATE, template
from local_aws.client import LocalAws
from responder.core.plain_data import Data, Json

TOPIC = {"Type": "AWS::SNS::Topic"}
_QUICK: Any = {"Delay": 0.05, "MaxAttempts": 1200}
CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
# A longer template does not fit into the request.
_IN_REQUEST = 50_000


class CreationFailedError(Exception):
    """A stack was rolled back; the message holds the reasons of its resources."""


def fresh(prefix: str = "limit") -> str:
    """A name that nothing has yet."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def alarm(**more: Any) -> Json:
    """The arguments of a plain alarm, for PutMetricAlarm and for a template; `more` replaces some."""
    return {
        "AlarmName": fresh(),
        "Namespace": "Limits",
        "MetricName": "Metric",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }


def stack(aws: LocalAws, **sections: Any) -> str:
    """Create a stack of these sections; its name.

    Raises:
        CreationFailedError: it was rolled back.
    """
    name, body = fresh(), json.dumps(sections, separators=(",", ":"))
    where = {"TemplateURL": uploaded(aws, body)} if len(body) > _IN_REQUEST else {"TemplateBody": body}
    create(aws, name, **where)
    return name


def create(aws: LocalAws, name: str, **given: Any) -> None:
    """CreateStack, and wait for the end."""
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName=name, **{"Capabilities": CAPABILITIES, **given})
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=_QUICK)
    except WaiterError as error:
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
        events = [each for page in pages for each in page["StackEvents"]]
        failed = [each for each in events if each["ResourceStatus"] == "CREATE_FAILED"]
        reasons = [f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}" for each in failed]
        raise CreationFailedError(" / ".join(reasons)) from error


def uploaded(aws: LocalAws, body: str | bytes, bucket: str = "") -> str:
    """The address of a template, or of a package, in a bucket of its own."""
    s3, name = aws.client("s3"), bucket or fresh("templates")
    # The first Region has no name as a place.
    place = {} if aws.region == "us-east-1" else {"LocationConstraint": aws.region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
    s3.put_object(Bucket=name, Key="one", Body=body)
    return f"{aws.endpoint}/{name}/one"


# --- our own stack --------------------------------------------------------------------------------

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


def _longest(name: str, definition: Data) -> str:
    """The longest value of a parameter of the template; on, of a switch; empty: its default."""
    if name in _GIVEN:
        return _GIVEN[name]
    if "on" in definition.get("AllowedValues", ()):
        return "on"
    if name.endswith("Email"):
        return f"{name.lower()}.{_PERSON}"
    length = next((length for end, length in _LENGTHS.items() if name.endswith(end)), 0)
    start = definition.get("Default") or ("bucket" if name.endswith("BucketName") else name)
    value = (str(start) + "-with-the-longest-name" * length)[:length].rstrip("-")
    return value if re.fullmatch(str(definition.get("AllowedPattern", ".*")), value) else ""


def without_code(aws: LocalAws) -> str:
    """Where template.yaml is, with empty packages: what `sam build` takes long for is not needed here."""
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("nothing.py", "")
    package = uploaded(aws, empty.getvalue(), "code").replace(aws.endpoint, "s3:/")
    text = re.sub(r"(CodeUri|ContentUri): \S+", rf"\1: {package}", TEMPLATE.read_text(encoding="utf-8"))
    return uploaded(aws, text, "template")


def parameters(values: Mapping[str, str]) -> list[dict[str, str]]:
    """As CloudFormation takes them."""
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]


def deploy_longest(aws: LocalAws, name: str = STACK) -> None:
    """With the longest names and every switch on.

    Raises:
        CreationFailedError: it was rolled back.
    """
    longest = {name: _longest(name, each) for name, each in template()["Parameters"].items()}
    given = {name: value for name, value in longest.items() if value}
    for each in ("CreateFunctionName", "ResultFunctionName"):
        aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/{given[each]}")
    create(aws, name, TemplateURL=without_code(aws), Parameters=parameters(given))
