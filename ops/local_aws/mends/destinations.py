"""Where the result of an asynchronous invocation goes, under the rights of the function's role."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import lambda_svc, sns, sqs

from . import iam, seams

_ACTIONS = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish"}
_ARN_PARTS = 7  # of a function without version or alias
_LOG = logging.getLogger("drill")

seams.need(iam_evaluator, "_gather_role_policies", "evaluate", "EvalContext")
seams.need(sqs, "_queue_by_arn", "_ensure_msg_fields", "_md5_msg_attrs")
seams.need(sns, "_fanout")


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
        _send(outcome.config, dead, outcome.event)


def record(outcome: Outcome) -> dict[str, Any]:
    """The invocation record that a destination receives."""
    version = outcome.config.get("Version", "$LATEST")
    arn = str(outcome.config.get("FunctionArn", ""))
    failed = {"functionError": outcome.result.get("function_error") or "Unhandled"}
    return {
        "version": "1.0",
        "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
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


def _send(config: dict[str, Any], target: str, body: Any) -> None:
    service = target.split(":")[2]
    if not _may(config, _ACTIONS.get(service, ""), target):
        _LOG.error("%s may not send to its destination %s", config.get("FunctionName"), target)
        return
    if service == "lambda":
        from .async_invokes import invoke

        invoke(target, body)
    elif service == "sqs":
        _queue(target, json.dumps(body))
    elif service == "sns":
        sns._fanout(target, new_uuid(), json.dumps(body), "")


def _may(config: dict[str, Any], action: str, target: str) -> bool:
    role = str(config.get("Role", "")).rsplit("/", 1)[-1]
    account = get_account_id()
    context = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{role}/{config.get('FunctionName')}",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=target,
        region=get_region(),
        service_context={},
        principal_keys={},
    )
    policies = iam_evaluator._gather_role_policies(role, account)
    allowed: bool = iam_evaluator.evaluate(context, policies).decision == "Allow"
    iam.note(role, action, target, allowed, "Destination")
    return allowed


def _queue(arn: str, body: str) -> None:
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        _LOG.error("the destination queue %s does not exist", arn)
        return
    now = time.time()
    message = {
        "id": new_uuid(),
        "body": body,
        "md5": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "message_attributes": {},
        "md5_attrs": sqs._md5_msg_attrs({}),
        "receipt_handle": None,
        "sent_at": now,
        "visible_at": now + sqs.queue_delay(queue),
        "receive_count": 0,
    }
    sqs._ensure_msg_fields(message)
    queue["messages"].append(message)
    lambda_svc.esm_wake.set()
