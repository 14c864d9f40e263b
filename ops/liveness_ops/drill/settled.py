"""Wait until AWS has finished what it was asked for: then the follow-up sends `continue`."""

import time
from typing import Any

from botocore.exceptions import ClientError

from liveness_ops.world.build import Clients
from liveness_ops.world.names import ALIAS, FUNCTIONS, LIVENESS

_PATIENCE = 10.0


def wait(client: Clients) -> None:
    """No function is being updated, no provisioned concurrency is being allocated."""
    aws = client("lambda")
    end = time.monotonic() + _PATIENCE
    while _busy(aws):
        if time.monotonic() > end:
            raise TimeoutError("a change of the FaceAuth functions does not end")
        time.sleep(0.02)


def _busy(aws: Any) -> bool:
    listed = aws.get_paginator("list_functions").paginate().build_full_result()["Functions"]
    updating = (each.get("LastUpdateStatus") for each in listed if each["FunctionName"] in FUNCTIONS)
    return "InProgress" in updating or any(_allocating(aws, function) for function in LIVENESS)


def _allocating(aws: Any, function: str) -> bool:
    try:
        found = aws.get_provisioned_concurrency_config(FunctionName=function, Qualifier=ALIAS)
    except ClientError:
        return False
    return bool(found["Status"] == "IN_PROGRESS")
