"""A message that a service puts into a queue, and requests that wait for one."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import lambda_svc, sqs

from local_aws.patches import patching
from local_aws.patches.drill.store import STORE

_LOG = logging.getLogger("drill")

patching.need(sqs, "_HANDLERS", "_queue_by_arn", "_ensure_msg_fields", "_md5_msg_attrs")
_RECEIVE = sqs._HANDLERS["ReceiveMessage"]


def install() -> None:
    """Requests wait as long as they ask for, unless the settings say otherwise."""
    sqs._HANDLERS["ReceiveMessage"] = _receive


async def _receive(data: dict[str, Any], url: str) -> Any:
    return await _RECEIVE(data if STORE.settings.long_polls else {**data, "WaitTimeSeconds": 0}, url)


def put(arn: str, body: str, attributes: Mapping[str, str] | None = None) -> None:
    """Right away; a queue that is not there is only reported in the log."""
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        _LOG.error("the queue %s does not exist", arn)
        return
    now = time.time()
    given = {
        name: {"DataType": "Number" if name == "ErrorCode" else "String", "StringValue": value}
        for name, value in (attributes or {}).items()
    }
    message = {
        "id": new_uuid(),
        "body": body,
        "md5": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "message_attributes": given,
        "md5_attrs": sqs._md5_msg_attrs(given),
        "receipt_handle": None,
        "sent_at": now,
        "visible_at": now + sqs.queue_delay(queue),
        "receive_count": 0,
    }
    sqs._ensure_msg_fields(message)
    queue["messages"].append(message)
    lambda_svc.esm_wake.set()
