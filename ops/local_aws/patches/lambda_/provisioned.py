"""Reserved and provisioned concurrency: what Lambda refuses; the latter takes time to become READY.

AWS Lambda Developer Guide, "Lambda quotas" and GetAccountSettings.
"""

from __future__ import annotations

import time
from typing import Any

from ministack.services import lambda_svc

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request, ok
from local_aws.patches.drill.store import STORE

from .functions import function_of

_UNRESERVED = 100


def install() -> None:
    """Let a new configuration start as IN_PROGRESS."""
    patching.wrap(
        lambda_svc,
        "_put_provisioned_concurrency",
        "func_name qualifier data",
        _put,
    )
    patching.wrap(
        lambda_svc,
        "_get_provisioned_concurrency",
        "func_name qualifier",
        _get,
    )


@rule("lambda", "PutFunctionConcurrency")
def _may_be_reserved(request: Request) -> Refusal:
    function = function_of(request)
    wanted = int(request.params.get("ReservedConcurrentExecutions", 0))
    name = str((function or {}).get("config", {}).get("FunctionName", ""))
    problem = reservation_problem(name, wanted) if function else ""
    return ("InvalidParameterValueException", problem) if problem else None


def reservation_problem(name: str, wanted: int) -> str:
    """Why the function may not have so many reserved executions, or nothing."""
    others = (each for other, each in lambda_svc._functions.items() if other != name)
    taken = sum(int(each.get("concurrency") or 0) for each in others)
    if STORE.settings.concurrent_executions - taken - wanted >= _least():
        return ""
    return (
        "Specified ReservedConcurrentExecutions for function decreases account's "
        f"UnreservedConcurrentExecution below its minimum value of [{_least()}]."
    )


def _least() -> int:
    """What stays unreserved: 100, and in an account that has fewer all of them."""
    return min(_UNRESERVED, int(STORE.settings.concurrent_executions))


@rule("lambda", "GetAccountSettings")
def _limits(_: Request) -> Refusal:
    """The account's quota, and what of it no function has reserved."""
    whole = int(STORE.settings.concurrent_executions)
    taken = sum(int(each.get("concurrency") or 0) for each in lambda_svc._functions.values())
    limit = {
        "TotalCodeSize": 80530636800,
        "CodeSizeUnzipped": 262144000,
        "CodeSizeZipped": 52428800,
        "ConcurrentExecutions": whole,
        "UnreservedConcurrentExecutions": whole - taken,
    }
    return ok({"AccountLimit": limit, "AccountUsage": {"FunctionCount": len(lambda_svc._functions)}})


@rule("lambda", "PutProvisionedConcurrencyConfig")
def _allowed(request: Request) -> Refusal:
    function = function_of(request)
    problem = _problem(function, request) if function else ""
    return ("InvalidParameterValueException", problem) if problem else None


def _problem(function: dict[str, Any], request: Request) -> str:
    qualifier = request.first("Qualifier")
    if qualifier in ("", "$LATEST"):
        return "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
    if (function["aliases"].get(qualifier) or {}).get("RoutingConfig"):
        return "Alias with weights can not be used with Provisioned Concurrency"
    wanted = int(request.params.get("ProvisionedConcurrentExecutions", 0))
    reserved = function.get("concurrency")
    if wanted > int(reserved if reserved is not None else STORE.settings.concurrent_executions - _least()):
        return (
            "Specified ConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{_least()}]."
        )
    return ""


def _put(before: Any, name: str, qualifier: str, data: dict[str, Any]) -> Any:
    answer = before(name, qualifier, data)
    stored = _stored(name, qualifier)
    if answer[0] != 202 or stored is None:
        return answer
    stored["DrillReady"] = time.time() + STORE.settings.provisioned_seconds
    return ok(shown(stored), 202)


def _get(before: Any, name: str, qualifier: str) -> Any:
    stored = _stored(name, qualifier)
    return ok(shown(stored)) if stored else before(name, qualifier)


def _stored(name: str, qualifier: str) -> dict[str, Any] | None:
    function = lambda_svc._functions.get(name) or {}
    found: dict[str, Any] | None = function.get("provisioned_concurrency", {}).get(qualifier)
    return found


def shown(stored: dict[str, Any]) -> dict[str, Any]:
    """A configuration as Lambda shows it: IN_PROGRESS until it is ready."""
    if time.time() >= float(stored.get("DrillReady", 0)):
        return stored
    return {
        **stored,
        "Status": "IN_PROGRESS",
        "AvailableProvisionedConcurrentExecutions": 0,
        "AllocatedProvisionedConcurrentExecutions": 0,
    }
