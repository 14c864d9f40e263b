"""Which IAM action on which resource a call is, and the record of every decision.

Ministack guesses some actions from paths and checks many calls against ``*``. Here the
action of a Lambda call is its operation, and resources are what AWS checks.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from itertools import product
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam as roles
from ministack.services import sts

from local_aws.patches import patching
from local_aws.patches.calls.wire import CURRENT, Answer, Request
from local_aws.patches.drill.store import STORE

from .resources import arns, context, further, restoring

# Where the action is not called like the operation. Everything else is service:Operation.
ACTIONS = {
    ("lambda", "Invoke"): "lambda:InvokeFunction",
    ("lambda", "InvokeAsync"): "lambda:InvokeFunction",
    ("lambda", "InvokeWithResponseStream"): "lambda:InvokeFunction",
    ("lambda", "GetLayerVersionByArn"): "lambda:GetLayerVersion",
    ("s3", "GetBucketEncryption"): "s3:GetEncryptionConfiguration",
    ("s3", "GetBucketReplication"): "s3:GetReplicationConfiguration",
    ("s3", "GetPublicAccessBlock"): "s3:GetBucketPublicAccessBlock",
}
_CORRECTED = ("lambda", "application-autoscaling", "health", "servicequotas", "ce")


def action(request: Request) -> str:
    """The IAM action of a call."""
    named = ACTIONS.get((request.service, request.operation))
    return named or f"{request.service}:{request.operation}"


def session_arn(access_key: str) -> str:
    """The ARN of the role session the key belongs to, or "" for any other key."""
    arn = str((sts._sessions.get(access_key) or {}).get("Arn", ""))
    return arn if ":assumed-role/" in arn else ""


def role_arn(name: str) -> str:
    """The ARN of a role, with its path; nothing where there is none of that name."""
    return str((roles._roles.get(name) or {}).get("Arn", ""))


def role_of(access_key: str) -> str:
    """The role whose session the key belongs to, or "" for any other key."""
    arn = session_arn(access_key)
    return arn.split("/")[1] if arn else ""


@lru_cache(8)
def _fields(body: bytes) -> dict[str, Any]:
    with suppress(ValueError, TypeError):
        found = json.loads(body or b"{}")
        return found if isinstance(found, dict) else {}
    return {}


def install() -> None:
    """Correct the mappings and record the decisions."""
    patching.need(sts, "_sessions")
    # Ministack parses the body again for each field that it looks for.
    patching.swap(
        iam_actions, "_safe_json_field", "body field", lambda body, field: _fields(body).get(field) or ""
    )
    patching.need(roles, "_roles")
    patching.wrap(iam_evaluator, "pin_request_caller", "headers query_params", _pinned)
    patching.wrap(
        iam_evaluator,
        "resolve_principal",
        "access_key_id account_id credential",
        _caller,
    )
    # Each pattern of a policy meets the same few actions and ARNs again and again.
    for name in ("fnmatch_iam", "fnmatch_iam_cs"):
        patching.swap(iam_evaluator, name, "value pattern", lru_cache(1 << 15)(getattr(iam_evaluator, name)))
    patching.wrap(
        iam_actions,
        "extract_iam_action",
        "service method path headers body query_params",
        _action,
    )
    patching.swap(
        iam_evaluator,
        "enforce",
        "access_key_id iam_action service region resource_arn service_context",
        _enforce,
    )
    # Loopback needs no TLS; a policy that demands it must not refuse here what speaks TLS on AWS.
    patching.wrap(
        app, "pin_request_origin", "source_ip secure_transport", lambda before, ip, _: before(ip, True)
    )


_DECIDE = iam_evaluator.enforce
# Who calls, with their policies, until the service acts; None from then on.
_CALLER: ContextVar[dict[tuple[str, str], Any] | None] = ContextVar("caller", default=None)


def _pinned(before: Any, *given: Any) -> None:
    _CALLER.set({})
    before(*given)


def act() -> None:
    """The service acts on the request from now on, which may change who may do what."""
    _CALLER.set(None)


def _caller(resolve: Any, key: str, account: str, credential: Any = None) -> Any:
    known = _CALLER.get()
    if known is None:
        return resolve(key, account, credential)
    if (key, account) not in known:
        found = resolve(key, account, credential)
        if isinstance(found, iam_evaluator.AuthError):
            return found
        known[key, account] = found
    return known[key, account]


def _action(before: Any, service: str, *given: Any, **named: Any) -> Any:
    request = CURRENT.get()
    if request is not None and request.service in _CORRECTED and request.operation:
        return action(request)
    return before(service, *given, **named)


def _enforce(  # noqa: PLR0913 (as ministack calls it)
    access_key_id: str,
    iam_action: str,
    service: str,
    region: str,
    resource_arn: str = "*",
    service_context: dict[str, Any] | None = None,
) -> Any:
    """Decide on every resource that AWS would check, and record each decision."""
    request = CURRENT.get()
    targets, actions, besides = [resource_arn], [iam_action], []
    if request is not None and iam_action == action(request):
        targets = arns(request) or targets
        actions += further(request)
        besides = restoring(request)
        service_context = {**(service_context or {}), **context(request)}
    for one, target in (*product(actions, map(_with_path, targets)), *besides):
        denied = _DECIDE(access_key_id, one, service, region, target, service_context)
        _record(access_key_id, one, target, denied)
        if denied:
            return denied
    return None


def _with_path(arn: str) -> str:
    """IAM decides on a role by its ARN, which has the path; ministack knows the name alone."""
    name = arn.partition(":role/")[2]
    return (name and role_arn(name)) or arn


def _record(access_key: str, iam_action: str, target: str, denied: Any) -> None:
    role = role_of(access_key)
    if not role or isinstance(denied, iam_evaluator.AuthError):
        return
    request = CURRENT.get()
    operation = request.operation if request else ""
    note(role, iam_action, target, denied is None, operation)


def note(role: str, iam_action: str, target: str, allowed: bool, operation: str) -> None:
    """Write one decision into the call log."""
    STORE.note(
        STORE.calls,
        {
            "role": role,
            "action": iam_action,
            "resource": target,
            "allowed": allowed,
            "operation": operation,
            "when": time.time(),
        },
    )


def authorise(request: Request, region: str) -> Answer | None:
    """Authorise a call of a service that only a canned answer serves; the refusal, if any."""
    denied = iam_evaluator.enforce(request.access_key, action(request), request.service, region)
    if not denied:
        return None
    who = getattr(denied, "principal_arn", "")
    refusal: Answer = iam_actions.access_denied_response(
        request.service,
        action(request),
        who,
        "drill",
        headers=request.headers,
        explicit_deny=getattr(denied, "decision", "") == "Deny",
    )
    return refusal
