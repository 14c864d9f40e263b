"""A table of claims that moto plays, and what Powertools asks of Lambda."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from responder.aws.boto import Boto
from responder.aws.claims import Claims


def a_day(_: object) -> timedelta:
    return timedelta(days=1)


class Lambda:
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


@contextmanager
def table_of_claims() -> Iterator[Claims]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        boto3.client("dynamodb", region_name="us-east-1").create_table(
            TableName="Claims",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield Claims(Boto("us-east-1"), "Claims")


def turned_away(operation: str, code: str) -> Claims:
    """Of another execution environment, whose calls of this kind AWS does not take."""
    boto = Boto("us-east-1")

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)

    boto.raw("dynamodb").meta.events.register(f"before-call.dynamodb.{operation}", refuse)
    return Claims(boto, "Claims")
