"""The entry for people without its URL: moto has the URL, and answers no request to it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import boto3

from liveness_ops.people.entry import Url
from rehearsal.drill.stack import STACK
from rehearsal.world.names import ACCOUNT, REGION
from tests.witness.functions import Functions

_OK, _FAILED = 200, 502


@contextmanager
def entry(functions: Functions) -> Iterator[None]:
    """A signed request becomes the event that Lambda makes of it (Developer Guide, "Invoking Lambda function
    URLs"); who has signed is who STS says it is."""

    def send(url: Url, body: bytes) -> tuple[int, bytes]:
        keys = url.credentials
        sts: Any = boto3.client(
            "sts", REGION, aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.token,
        )  # fmt: skip
        caller = sts.get_caller_identity()
        iam = {"accessKey": keys.access_key, "accountId": ACCOUNT, "userArn": caller["Arn"]}
        iam |= {"callerId": caller["UserId"], "userId": caller["UserId"]}
        context = {"authorizer": {"iam": iam}, "http": {"method": "POST", "path": "/"}}
        context |= {"timeEpoch": int(time.time() * 1000)}
        event = {
            "version": "2.0",
            "headers": {"content-type": "application/json"},
            "requestContext": context,
            "body": body.decode(),
            "isBase64Encoded": False,
        }
        given = {"FunctionName": f"{STACK}-people", "Payload": json.dumps(event).encode()}
        answer = functions.answer(given)
        response = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            return _FAILED, b"Internal Server Error"
        return response.get("statusCode", _OK), response["body"].encode()

    with patch.object(Url, "send", send):
        yield
