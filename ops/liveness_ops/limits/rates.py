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


def _at_once(service: str, ask: Callable[[Any], object]) -> Send:
    """So many requests as fast as they go, under a role: the administrator's do not count."""

    def send(aws: LocalAws, number: int) -> None:
        client = _under_a_role(aws, service)
        aws.settings(rates=1)  # all requests of a second are free again
        for _ in range(number):
            ask(client)

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
RATES = (
    Limit(
        "lambda: requests to the control plane in a second",
        15,
        "requests",
        "Lambda quotas",
        "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
        _at_once("lambda", lambda client: client.get_function_configuration(FunctionName=_CALLER)),
        "TooManyRequestsException",
        Does(f"12 before the act, 16 with an alias on all six functions; {_SPREAD}"),
        over=60,
    ),
    Limit(
        "logs: FilterLogEvents in a second",
        10,
        "requests",
        "CloudWatch Logs endpoints and quotas",
        "https://docs.aws.amazon.com/general/latest/gr/cwl_region.html",
        _at_once("logs", lambda client: client.filter_log_events(logGroupName=_CALLER)),
        "ThrottlingException",
        Does(_SPREAD),
        over=60,
    ),
    Limit(
        "cloudtrail: LookupEvents in a second",
        2,
        "requests",
        "LookupEvents",
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html",
        _at_once("cloudtrail", lambda client: client.lookup_events()),
        "ThrottlingException",
        Does(_SPREAD),
        over=30,
    ),
)
