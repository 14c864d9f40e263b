"""Requests of a wanted size, as the limits are hit with."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import WaiterError

from local_aws.client import LocalAws

_QUICK: Any = {"Delay": 0.05, "MaxAttempts": 1200}


class CreationFailedError(Exception):
    """A stack was rolled back; the message holds the reasons of its resources."""


def fresh(prefix: str = "limit") -> str:
    """A name that nothing has yet."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def of_length(length: int, prefix: str = "limit") -> str:
    """A new name of exactly this length."""
    return (fresh(prefix) + "x" * length)[:length]


def empty_package() -> bytes:
    """A function's package with nothing useful in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code.py", "def handler(event, context):\n    return None\n")
    return packed.getvalue()


def policy(length: int) -> str:
    """A policy of so many characters, as IAM counts them (white space does not count)."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::"}
    document: dict[str, Any] = {"Version": "2012-10-17", "Statement": [statement]}
    statement["Resource"] += "x" * (length - len(json.dumps(document, separators=(",", ":"))))
    return json.dumps(document, indent=2)


def trust(length: int) -> str:
    """A trust policy of so many characters."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]},
        "Action": "sts:AssumeRole",
        "Sid": "",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    statement["Sid"] = "x" * (length - len(json.dumps(document, separators=(",", ":"))))
    return json.dumps(document)


def role(aws: LocalAws) -> str:
    """The name of a new role."""
    name = fresh()
    aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust(200))
    return name


def role_arn(aws: LocalAws) -> str:
    """The ARN of a role for functions."""
    return f"arn:aws:iam::{aws.account}:role/{role(aws)}"


def function(aws: LocalAws, name: str = "", **more: Any) -> str:
    """Make a function; its name."""
    name = name or fresh()
    client = aws.client("lambda")
    client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="code.handler",
        Role=role_arn(aws),
        Code={"ZipFile": empty_package()},
        **more,
    )
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig=_QUICK)
    return name


def variables(size: int) -> dict[str, Any]:
    """An environment of so many bytes as Lambda counts them: as JSON without spaces."""
    return {"Variables": {"NAME": "x" * (size - len('{"NAME":""}'))}}


def stack(aws: LocalAws, resources: dict[str, Any], **sections: Any) -> str:
    """Create a stack; its name.

    Raises:
        CreationFailedError: it was rolled back.
    """
    name = fresh()
    body = json.dumps({"Resources": resources, **sections})
    given: dict[str, Any] = {"TemplateBody": body}
    if len(body) > 50_000:
        given = {"TemplateURL": uploaded(aws, body)}
    create(aws, name, **given)
    return name


def create(aws: LocalAws, name: str, **given: Any) -> None:
    """CreateStack, and wait for the end."""
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=name, Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"], **given
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=_QUICK)
    except WaiterError as error:
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
        events = [each for page in pages for each in page["StackEvents"]]
        failed = [each for each in events if each["ResourceStatus"] == "CREATE_FAILED"]
        reasons = [f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}" for each in failed]
        raise CreationFailedError(" / ".join(reasons)) from error


def uploaded(aws: LocalAws, body: str) -> str:
    """The address of a template in a bucket."""
    s3, bucket = aws.client("s3"), fresh("templates")
    place = {} if aws.region == "us-east-1" else {"LocationConstraint": aws.region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
    s3.put_object(Bucket=bucket, Key="template", Body=body.encode())
    return f"{aws.endpoint}/{bucket}/template"


TOPIC = {"Type": "AWS::SNS::Topic"}


def padded(size: int) -> str:
    """A template of so many bytes."""
    whole: dict[str, Any] = {"Resources": {"One": TOPIC}, "Metadata": {"Padding": ""}}
    whole["Metadata"]["Padding"] = "x" * (size - len(json.dumps(whole)))
    return json.dumps(whole)


def log_group(aws: LocalAws) -> str:
    """A new log group with a stream `s`."""
    name = fresh("/limits/group")
    aws.client("logs").create_log_group(logGroupName=name)
    aws.client("logs").create_log_stream(logGroupName=name, logStreamName="s")
    return name


def now() -> int:
    """The time in milliseconds, as in log events."""
    return int(datetime.now(UTC).timestamp() * 1000)
