"""The inbox: every message published to a topic, as each protocol would get it; and SNS's rules.

An e-mail address gets nothing until it has confirmed with the token that SNS sends it.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from contextlib import suppress
from functools import lru_cache
from typing import Any

from ministack.services import sns
from ministack.services.cloudformation import provisioners

from local_aws.patches import patching
from local_aws.patches.calls import model
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.sizes import Problem, check
from local_aws.patches.calls.wire import Answer, Request
from local_aws.patches.drill.store import STORE

PROTOCOLS = ("default", "email", "https", "http", "lambda", "sqs")


def install() -> None:
    """Read along with every delivery, and refuse what SNS refuses."""
    patching.wrap(
        sns,
        "_fanout",
        "topic_arn msg_id message subject message_structure message_attributes "
        "message_group_id message_dedup_id",
        _deliver,
    )
    patching.swap(
        sns, "_resolve_message_for_protocol", "message message_structure protocol", _body_of_protocol
    )
    patching.need(sns, "_p", "_matches_filter_policy")
    patching.wrap(sns, "_subscribe", "params", _begun)
    patching.wrap(sns, "_confirm_subscription", "params", _confirmed)
    for name in ("_list_subscriptions", "_list_subscriptions_by_topic"):
        patching.wrap(sns, name, "params", lambda before, params: _with_pending(before(params)))
    patching.need(provisioners, "_sns_sub_attributes")
    patching.wrap(
        provisioners,
        "_sns_sub_create",
        "logical_id props stack_name",
        _made,
    )


def _body_of_protocol(message: str, message_structure: str, protocol: str) -> str:
    bodies = _bodies(message) if message_structure == "json" else None
    return message if bodies is None else bodies.get(protocol, bodies.get("default", message))


@lru_cache(4)
def _bodies(message: str) -> dict[str, Any] | None:
    """A message is asked for once for each protocol and each subscription."""
    with suppress(json.JSONDecodeError, TypeError):
        found = json.loads(message)
        return found if isinstance(found, dict) else None
    return None


_DIFFERENT = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
_ATTRIBUTES = ("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy")


@rule("sns", "Subscribe")
def _once(request: Request) -> Refusal:
    """Subscribe with what a subscription of that endpoint does not have."""
    params = model.read(request)
    there = _subscription(params)
    return (
        ("InvalidParameter", _DIFFERENT) if there and _differ(there, params.get("Attributes", {})) else None
    )


_BY_MAIL = ("email", "email-json")
_SAID = "pending confirmation"


def _begun(before: Any, params: dict[str, Any]) -> Answer:
    asked = {name: sns._p(params, name) for name in params}
    new = _subscription(asked) is None
    status, headers, body = before(params)
    there = _subscription(asked)
    if new and there and there["protocol"] in _BY_MAIL:
        _wait(there)
    if there and not there["confirmed"] and sns._p(params, "ReturnSubscriptionArn") != "true":
        body = body.replace(there["arn"].encode(), _SAID.encode())
    return status, headers, body


def _made(before: Any, logical_id: str, props: dict[str, Any], stack: str) -> Any:
    """The subscription that is there already, where a new resource of a template says the same."""
    if there := _subscription(props):
        if _differ(there, provisioners._sns_sub_attributes(props)):
            raise ValueError(f"InvalidParameter: {_DIFFERENT}")
        return there["arn"], {"Arn": there["arn"]}
    found = before(logical_id, props, stack)
    there = _subscription(props)
    if there and there["protocol"] in _BY_MAIL:
        _wait(there)
    return found


def _wait(there: dict[str, Any]) -> None:
    """What SNS sends to the address, as far as anyone needs it."""
    there |= {"confirmed": False, "token": uuid.uuid4().hex}
    there["attributes"] |= {"PendingConfirmation": "true", "ConfirmationWasAuthenticated": "false"}
    details = {"topic": there["topic_arn"], "endpoint": there["endpoint"], "token": there["token"]}
    STORE.note(STORE.confirmations, details)


def _confirmed(before: Any, params: dict[str, Any]) -> Answer:
    """By a link nothing is authenticated, and a link can end it again."""
    topic = sns._topics.get(sns._p(params, "TopicArn")) or {}
    token = sns._p(params, "Token")
    found = next(
        (each for each in topic.get("subscriptions", ()) if token and each.get("token") == token), None
    )
    answer: Answer = before(params)
    if found:
        signed = sns._p(params, "AuthenticateOnUnsubscribe").lower() == "true"
        found["attributes"]["ConfirmationWasAuthenticated"] = str(signed).lower()
    return answer


def _with_pending(answer: Answer) -> Answer:
    """Instead of an ARN, as AWS lists what is not confirmed."""
    status, headers, body = answer
    for topic in sns._topics.values():
        for each in topic.get("subscriptions", ()):
            if not each["confirmed"]:
                body = body.replace(
                    f"<SubscriptionArn>{each['arn']}<".encode(), b"<SubscriptionArn>PendingConfirmation<"
                )
    return status, headers, body


def _subscription(asked: dict[str, Any]) -> dict[str, Any] | None:
    topic = sns._topics.get(asked.get("TopicArn", "")) or {}
    wanted = (asked.get("Protocol"), asked.get("Endpoint"))
    found = (
        each for each in topic.get("subscriptions", ()) if (each["protocol"], each["endpoint"]) == wanted
    )
    return next(found, None)


def _differ(there: dict[str, Any], details: dict[str, Any]) -> bool:
    return any(_plain(name, there["attributes"]) != _plain(name, details) for name in _ATTRIBUTES)


def _plain(name: str, attributes: dict[str, Any]) -> Any:
    defaults = {"FilterPolicyScope": "MessageAttributes", "RawMessageDelivery": "false"}
    value = attributes.get(name) or defaults.get(name, "")
    return json.loads(value) if name.endswith("Policy") and value else value


def _deliver(  # noqa: PLR0913 (as ministack calls it)
    before: Any,
    topic_arn: str,
    msg_id: str,
    message: str,
    subject: str,
    message_structure: str = "",
    message_attributes: dict[str, Any] | None = None,
    **named: Any,
) -> None:
    attributes = message_attributes or {}
    bodies = {
        protocol: sns._resolve_message_for_protocol(message, message_structure, protocol)
        for protocol in PROTOCOLS
    }
    STORE.note(
        STORE.inbox,
        {
            "topic": topic_arn,
            "id": msg_id,
            "subject": subject or "",
            "bodies": bodies,
            "when": time.time(),
            "attributes": {name: each.get("StringValue", "") for name, each in attributes.items()},
            "recipients": _recipients(topic_arn, attributes, bodies["default"]),
        },
    )
    before(topic_arn, msg_id, message, subject, message_structure, message_attributes, **named)


def _recipients(topic_arn: str, attributes: dict[str, Any], body: str) -> list[str]:
    """Who has confirmed, and lets the message through."""
    topic = sns._topic_by_arn_any_scope(topic_arn) or {}
    return [
        f"{sub['protocol']}:{sub['endpoint']}"
        for sub in topic.get("subscriptions", [])
        if sub["confirmed"] and sns._matches_filter_policy(sub, attributes, body)
    ]


@check("sns", "Publish")
def _publish(params: dict[str, Any]) -> Problem:
    """An empty message, a bad subject, no default body."""
    problem = _problem(params.get("Message", ""), params.get("Subject", ""), "Subject" in params)
    if not problem and params.get("MessageStructure") == "json":
        problem = _structure(params["Message"])
    if problem:
        return "InvalidParameter", f"Invalid parameter: {problem}"
    problem = _attributes_problem(params.get("MessageAttributes") or {})
    return ("ParameterValueInvalid", f"The message attribute {problem}") if problem else None


_NAME = re.compile(r"(?!\.|(?:aws|amazon)\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)", re.IGNORECASE | re.ASCII)
_KIND = re.compile(r"(String|Number|Binary)(\.[\w.-]+)?|String\.Array", re.ASCII)


def _attributes_problem(attributes: dict[str, dict[str, str]]) -> str:
    """Amazon SNS Developer Guide, "Amazon SNS message attributes"; the words as quoted in reports of them."""
    for name, value in attributes.items():
        kind, text = value.get("DataType", ""), value.get("StringValue", "")
        if not _NAME.fullmatch(name):
            return f"'{name}' has an invalid name"
        if not _KIND.fullmatch(kind):
            kinds = "the set of supported type prefixes is Binary, Number, and String."
            return f"'{name}' has an invalid message attribute type, {kinds}"
        if not (value.get("BinaryValue") if kind.startswith("Binary") else text):
            return f"'{name}' must contain non-empty message attribute value for attribute type '{kind}'."
        if kind.startswith("Number") and not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
            return f"'{name}' with type 'Number' must be a number"
    return ""


def _problem(message: str, subject: str, has_subject: bool) -> str:
    if not message:
        return "Empty message"
    plain = subject.isascii() and subject.isprintable() and not subject.startswith(" ")
    return "Subject" if has_subject and not (subject and plain and len(subject) < 100) else ""


def _structure(message: str) -> str:
    try:
        bodies = json.loads(message)
    except ValueError:
        return "Message Structure - JSON message body failed to parse"
    if not isinstance(bodies, dict) or not isinstance(bodies.get("default"), str):
        return "Message Structure - No default entry in JSON message body"
    return ""
