"""Small things that the tests of the local AWS deploy."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from liveness_ops.local_aws import LocalAws

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
ECHO = "def handler(event, context):\n    return event\n"


def allow(
    action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: object
) -> dict[str, object]:
    """One statement of a policy."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role(aws: LocalAws, name: str, *statements: dict[str, object]) -> str:
    """Make a role for Lambda and give its ARN."""
    iam = aws.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    policy = {"Version": "2012-10-17", "Statement": statements or [allow("logs:*")]}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    return f"arn:aws:iam::{aws.account}:role/{name}"


def function(aws: LocalAws, name: str, role_arn: str, code: str = ECHO, **more: object) -> str:
    """Make a function, wait until it is active, give its ARN."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code.py", code)
    client = aws.client("lambda")
    made = client.create_function(
        FunctionName=name, Runtime="python3.13", Handler="code.handler", Role=role_arn,
        Code={"ZipFile": packed.getvalue()}, Timeout=10, **more,
    )  # fmt: skip
    settle(aws, name)
    return str(made["FunctionArn"])


def settle(aws: LocalAws, name: str) -> None:
    """Wait until no update of the function is in flight."""
    client = aws.client("lambda")
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})


def code_of(problem: Exception) -> str:
    """The error code of a botocore ClientError."""
    return str(getattr(problem, "response", {}).get("Error", {}).get("Code"))


CALLS = """
import boto3
from botocore.config import Config

def handler(event, context):
    client = boto3.client(event["service"], config=Config(retries={"total_max_attempts": 1}))
    try:
        getattr(client, event["method"])(**event.get("given", {}))
    except Exception as problem:
        return getattr(problem, "response", {}).get("Error", {}).get("Code") or repr(problem)
    return "ok"
"""


def call(aws: LocalAws, service: str, method: str, **given: Any) -> str:
    payload = {"service": service, "method": method, "given": given}
    answer = aws.client("lambda").invoke(FunctionName="caller", Payload=json.dumps(payload).encode())
    return str(json.loads(answer["Payload"].read()))
