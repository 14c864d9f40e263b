"""Where the result of an asynchronous invocation goes, under the rights of the function's role."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import sns

from local_aws.patches import patching
from local_aws.patches.calls.wire import stamp
from local_aws.patches.delivery import queue_delivery
from local_aws.patches.iam.service_permissions import role_may

_ACTIONS = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish"}
_ARN_PARTS = 7  # of a function without version or alias
_LOG = logging.getLogger("drill")

patching.need(sns, "_fanout")


@dataclass(frozen=True)
class Outcome:
    """How the processing of one asynchronous event ended."""

    config: dict[str, Any]
    options: dict[str, Any]
    event: Any
    result: dict[str, Any]
    attempts: int
    condition: str


def deliver(outcome: Outcome) -> None:
    """Send the record to the destination, and a failed event to the dead-letter queue."""
    wanted = "OnSuccess" if outcome.condition == "Success" else "OnFailure"
    target = ((outcome.options.get("DestinationConfig") or {}).get(wanted) or {}).get("Destination")
    if target:
        _send(outcome.config, target, record(outcome))
    dead = (outcome.config.get("DeadLetterConfig") or {}).get("TargetArn")
    if dead and outcome.condition != "Success":
        _send(outcome.config, dead, outcome.event, _attributes(outcome))


def record(outcome: Outcome) -> dict[str, Any]:
    """The invocation record that a destination receives."""
    version = outcome.config.get("Version", "$LATEST")
    arn = str(outcome.config.get("FunctionArn", ""))
    failed = {"functionError": outcome.result.get("function_error") or "Unhandled"}
    return {
        "version": "1.0",
        "timestamp": stamp(time.time()),
        "requestContext": {
            "requestId": new_uuid(),
            "functionArn": arn if len(arn.split(":")) > _ARN_PARTS else f"{arn}:{version}",
            "condition": outcome.condition,
            "approximateInvokeCount": outcome.attempts,
        },
        "requestPayload": outcome.event,
        "responseContext": {
            "statusCode": 200,
            "executedVersion": version,
            **(failed if outcome.result.get("error") else {}),
        },
        "responsePayload": outcome.result.get("body"),
    }


def _attributes(outcome: Outcome) -> dict[str, str]:
    """What Lambda adds to the plain event of a dead letter."""
    given = outcome.result.get("body")
    message = str(given.get("errorMessage", "")) if isinstance(given, dict) else ""
    return {"RequestID": new_uuid(), "ErrorCode": "200", "ErrorMessage": message[:1024] or "-"}


def _send(config: dict[str, Any], target: str, body: Any, attributes: dict[str, str] | None = None) -> None:
    service, name = target.split(":")[2], str(config.get("FunctionName"))
    if not role_may(str(config.get("Role", "")), name, _ACTIONS.get(service, ""), target, "Destination"):
        _LOG.error("%s may not send to its destination %s", name, target)
        return
    if service == "lambda":
        from .async_invokes import invoke

        invoke(target, body)
    elif service == "sqs":
        queue_delivery.put(target, json.dumps(body), attributes)
    elif service == "sns":
        sns._fanout(target, new_uuid(), json.dumps(body), "")
