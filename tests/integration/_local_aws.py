"""Small things that the tests of the local AWS deploy."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any, Self
from unittest.mock import patch
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from local_aws.client import LocalAws
from responder.core.frozen import frozen

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
ECHO = "def handler(event, context):\n    return event\n"


def allow(
    action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: object
) -> dict[str, object]:
    """One statement of a policy."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role(aws: LocalAws, name: str, *statements: dict[str, object]) -> str:
    """Make a role for Lambda and schedules, and give its ARN."""
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


@frozen
class Keys:
    """The keys of an IAM user, or with a token those of a session."""

    access_key: str
    secret_key: str
    token: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        """From what CreateAccessKey or AssumeRole answers."""
        return cls(given["AccessKeyId"], given["SecretAccessKey"], given.get("SessionToken"))

    def client(self, aws: LocalAws, service: str) -> Any:
        """A boto3 client that acts with these keys."""
        keys = (self.access_key, self.secret_key, self.token)
        return aws.client_with(keys, service, config=Config(retries={"total_max_attempts": 1}))


def user(aws: LocalAws, name: str, *statements: dict[str, object], path: str = "/") -> Keys:
    """Make an IAM user with these rights and give its keys."""
    iam = aws.client("iam")
    iam.create_user(UserName=name, Path=path)
    if statements:
        policy = {"Version": "2012-10-17", "Statement": statements}
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    return Keys.of(iam.create_access_key(UserName=name)["AccessKey"])


@frozen
class Web:
    """A request to a function URL, as it is signed and as it is sent."""

    url: str
    body: bytes = b"{}"
    method: str = "POST"
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    def signed(
        self, keys: Keys, region: str, service: str = "lambda", at: datetime | None = None
    ) -> dict[str, str]:
        """All headers, with a signature by AWS's Signature Version 4."""
        request = AWSRequest(self.method, self.url + self.path, dict(self.headers), self.body)
        signer = SigV4Auth(Credentials(keys.access_key, keys.secret_key, keys.token), service, region)
        with patch("botocore.auth.get_current_datetime", lambda: at or datetime.now(UTC)):
            signer.add_auth(request)
        return dict(request.headers.items())

    def send(self, aws: LocalAws, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Send it to the local AWS under the URL's own host name: the status and the JSON answer."""
        connection = HTTPConnection(urlsplit(aws.endpoint).netloc, timeout=30)
        try:
            sent = {"Host": urlsplit(self.url).netloc, **(self.headers if headers is None else headers)}
            connection.request(self.method, "/" + self.path, self.body, sent)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()
