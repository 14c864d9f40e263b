"""Limits of durable executions: the SDK's own runner plays them, and the local AWS starts them."""

from __future__ import annotations

import follow_up
from aws_durable_execution_sdk_python.exceptions import CheckpointError
from aws_durable_execution_sdk_python.lambda_service import OperationAction, OperationType, OperationUpdate

from liveness_ops.limits import sending
from liveness_ops.limits.limit import Does, Fits, Limit
from liveness_ops.local_aws import LocalAws
from liveness_ops.local_aws.metering import OPERATIONS, Meter


def _operations(_: LocalAws, number: int) -> None:
    """So many of one execution; its start is one."""
    waits = [
        OperationUpdate(f"wait-{each}", OperationType.WAIT, OperationAction.START)
        for each in range(number - 1)
    ]
    try:
        Meter().count(waits)
    except CheckpointError as error:
        raise RuntimeError(str(error)) from error


def _started(aws: LocalAws, length: int) -> None:
    given = {"ExecutionTimeout": 3600, "RetentionPeriodInDays": 1}
    name = sending.function(aws, DurableConfig=given)
    version = aws.client("lambda").publish_version(FunctionName=name)["Version"]
    aws.client("lambda").invoke(
        FunctionName=name,
        Qualifier=version,
        InvocationType="Event",
        DurableExecutionName=sending.of_length(length),
    )


DURABLE = (
    Limit(
        "durable: operations of an execution",
        OPERATIONS,
        "operations",
        "Lambda quotas",
        "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
        _operations,
        "operations at most",
        Fits(lambda _: (follow_up.OPERATIONS, "hands over to the next execution then")),
    ),
    Limit(
        "durable: name of an execution",
        64,
        "characters",
        "Invoke",
        "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
        _started,
        "ValidationException",
        Does("an incident's id has 57 characters at most, and its number 7"),
    ),
)
