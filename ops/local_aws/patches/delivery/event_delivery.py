"""From a rule, a schedule or a topic to a function: whom the function's policy (or a schedule's role) keeps
out is turned away, and what it carried goes to the dead-letter queue, where that one lets the sender in.

Shapes: "Using dead-letter queues to process undelivered events" (EventBridge), "Configuring a schedule's
dead-letter queue" (Scheduler: the body is the request), "Amazon SNS dead-letter queues".
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import eventbridge, lambda_svc, sns

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request
from local_aws.patches.iam.service_permissions import may_invoke, may_send, role_may
from local_aws.patches.lambda_.async_invokes import invoke

from . import queue_delivery

_LOG = logging.getLogger("drill")


def install() -> None:
    """Intercept each delivery; what SNS delivers is retried by Lambda, as everything asynchronous."""
    patching.need(eventbridge, "_pattern_event_view", "_rule_arn", "_rule_key", "_rules")
    patching.need(sns, "_topic_by_arn_any_scope", "_threading")
    patching.wrap(
        eventbridge,
        "_invoke_target",
        "target event rule view",
        _target,
    )
    parameters = "endpoint envelope topic_arn sub_arn msg_id raw_message message_attributes"
    patching.swap(sns, "_deliver_to_lambda", parameters, _subscription)
    sns._threading = SimpleNamespace(Thread=_delivery)


@rule("events", "ListTargetsByRule")
def _no_rule(request: Request) -> Refusal:
    """API reference of ListTargetsByRule, Errors."""
    name, bus = request.params.get("Rule", ""), request.params.get("EventBusName", "default")
    if eventbridge._rule_key(name, bus) in eventbridge._rules:
        return None
    message = f"Rule {name} does not exist on EventBus {bus}."
    return "ResourceNotFoundException", message


def _delivery(target: Callable[..., Any], args: tuple[Any, ...], daemon: bool) -> Any:
    """SNS's thread for one message. What is for a function is handed over before Publish returns, which takes
    no time: from then on it is an invocation that `idle` counts."""
    if target is asyncio.run:
        return threading.Thread(target=target, args=args, daemon=daemon)
    return SimpleNamespace(start=partial(target, *args))


def _target(before: Any, target: dict[str, Any], event: Any, rule: dict[str, Any], view: Any = None) -> None:
    arn = target.get("Arn", "")
    if ":function:" not in arn:
        before(target, event, rule, view)
        return
    view = view or eventbridge._pattern_event_view(event)
    scheduled = ":scheduler:" in rule.get("Arn", "")
    if refused := (_schedule if scheduled else _rule)(target, rule):
        (_schedule_letter if scheduled else _rule_letter)(target, rule, refused, view.event_with_detail())
    else:
        before(target, event, rule, view)


def _rule(target: dict[str, Any], rule: dict[str, Any]) -> str:
    if not _exists(target["Arn"]):
        return "NO_RESOURCE"
    source = _source(rule)
    return "" if may_invoke("events.amazonaws.com", source, target["Arn"]) else "NO_PERMISSIONS"


def _rule_letter(target: dict[str, Any], rule: dict[str, Any], code: str, event: Any) -> None:
    queue, source = (target.get("DeadLetterConfig") or {}).get("Arn"), _source(rule)
    if not queue or not may_send("events.amazonaws.com", source, queue):
        _LOG.error("%s lost an event: %s, and no queue takes it", source, code)
        return
    given = {"RULE_ARN": source, "TARGET_ARN": target["Arn"], "ERROR_CODE": code, "RETRY_ATTEMPTS": "0"}
    queue_delivery.put(queue, json.dumps(event), {**given, "ERROR_MESSAGE": "not delivered by the drill"})


def _schedule(target: dict[str, Any], _: dict[str, Any]) -> str:
    if not _exists(target["Arn"]):
        return "ResourceNotFoundException"
    may = role_may(target["RoleArn"], "scheduler", "lambda:InvokeFunction", target["Arn"], "Schedule")
    return "" if may else "AccessDeniedException"


def _schedule_letter(target: dict[str, Any], schedule: dict[str, Any], code: str, event: Any) -> None:
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue or not role_may(target["RoleArn"], "scheduler", "sqs:SendMessage", queue, "DeadLetter"):
        _LOG.error("%s lost a run: %s, and no queue takes it", schedule["Arn"], code)
        return
    request = {
        "FunctionName": target["Arn"],
        "InvocationType": "Event",
        "Payload": target.get("Input") or json.dumps(event),
    }
    given = {
        "ERROR_CODE": code,
        "ERROR_MESSAGE": "not delivered by the drill",
        "EXECUTION_ID": new_uuid(),
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "0",
        "SCHEDULED_TIME": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "SCHEDULE_ARN": schedule["Arn"],
        "TARGET_ARN": "arn:aws:scheduler:::aws-sdk:lambda:invoke",
    }
    queue_delivery.put(queue, json.dumps(request), given)


def _subscription(endpoint: str, envelope: str, topic_arn: str, sub_arn: str, *_: Any, **__: Any) -> None:
    if _exists(endpoint) and may_invoke("sns.amazonaws.com", topic_arn, endpoint):
        record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": sub_arn}
        invoke(endpoint, {"Records": [{**record, "Sns": json.loads(envelope)}]})
        return
    queue = _redrive(topic_arn, sub_arn)
    if not queue or not may_send("sns.amazonaws.com", topic_arn, queue):
        _LOG.error("%s lost a message, and no queue takes it", topic_arn)
        return
    given = {"RequestID": new_uuid(), "ErrorCode": "403", "ErrorMessage": "not delivered by the drill"}
    queue_delivery.put(queue, envelope, given)


def _redrive(topic_arn: str, sub_arn: str) -> str:
    known = (sns._topic_by_arn_any_scope(topic_arn) or {}).get("subscriptions", [])
    policies = (each.get("attributes", {}).get("RedrivePolicy") for each in known if each["arn"] == sub_arn)
    policy = next((each for each in policies if each), "{}")
    given = json.loads(policy) if isinstance(policy, str) else policy
    return str(given.get("deadLetterTargetArn", ""))


def _source(rule: dict[str, Any]) -> str:
    return str(rule.get("Arn") or eventbridge._rule_arn(rule["Name"], rule.get("EventBusName", "default")))


def _exists(arn: str) -> bool:
    record, config, _name = lambda_svc._get_func_record_for_ref(arn)
    return bool(record and config)
