"""Durable functions: an asynchronous call starts an execution, it does not run the handler.

Executions are only listed. Who drills plays their code, in a time of his own, outside of this process.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any
from urllib.parse import unquote

from ministack.services import eventbridge, lambda_svc

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Answer, Request, error, stamp
from local_aws.patches.drill.store import STORE

from .functions import function_of

# Of an execution (API reference of GetDurableExecution).
ENDS = ("SUCCEEDED", "FAILED", "STOPPED", "TIMED_OUT")
_UNQUALIFIED = "You cannot invoke a durable function using an unqualified ARN."


def install() -> None:
    """Refuse destinations; the rule below registers itself when it is imported, and is checked here."""
    patching.need(lambda_svc, "_functions", "_function_qualifier_exists")
    patching.need(eventbridge, "_put_events")
    patching.wrap(
        lambda_svc,
        "_put_event_invoke_config",
        "func_name qualifier data",
        lambda before, name, *given: _no_destination(name, given[-1]) or before(name, *given),
    )


def end(arn: str, status: str) -> None:
    """An execution has ended where it was played: EventBridge gets the event as on AWS (Lambda Developer
    Guide, "Monitoring durable functions"), of each status and once.

    Raises:
        ValueError: the execution is unknown or has ended, or there is no such status.
    """
    with STORE.lock:
        known = next((each for each in STORE.executions if each["arn"] == arn), None)
        if known is None or known["status"] != "RUNNING" or status not in ENDS:
            raise ValueError(f"cannot end {arn} as {status}")
        known["status"] = status
    detail = {
        "durableExecutionArn": arn,
        "durableExecutionName": known["name"],
        "functionArn": arn.partition("/durable-execution/")[0],
        "status": status,
        "startTimestamp": stamp(known["when"]),
        "endTimestamp": stamp(time.time()),
    }
    entry = {
        "Source": "aws.lambda",
        "DetailType": "Durable Execution Status Change",
        "Resources": [],
        "Detail": json.dumps(detail),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _no_destination(name: str, data: dict[str, Any]) -> Answer | None:
    """PutFunctionEventInvokeConfig of a durable function with a destination, from the API or a template."""
    config = (lambda_svc._functions.get(name) or {}).get("config", {})
    given = (data.get("DestinationConfig") or {}).values()
    if not config.get("DurableConfig") or not any((each or {}).get("Destination") for each in given):
        return None
    message = "Durable functions do not support destinations."
    return error({}, "InvalidParameterValueException", message)


@rule("lambda", "Invoke")
def _start(request: Request) -> Refusal:
    """The answer to the call of a durable function; nothing where ministack answers it."""
    function = function_of(request)
    if function is None or not function["config"].get("DurableConfig"):
        return None
    qualifier = _qualifier(request)
    if not qualifier:
        return "InvalidParameterValueException", _UNQUALIFIED
    if request.headers.get("x-amz-invocation-type") != "Event":
        return None
    if not lambda_svc._function_qualifier_exists(function, qualifier):
        arn = f"{function['config']['FunctionArn']}:{qualifier}"
        return "ResourceNotFoundException", f"Function not found: {arn}", 404
    return _named(request, function, qualifier)


def _named(request: Request, function: dict[str, Any], qualifier: str) -> Answer:
    name = request.headers.get("x-amz-durable-execution-name") or str(uuid.uuid4())
    with STORE.lock:
        wanted = {"function": function["config"]["FunctionName"], "name": name}
        known = next((each for each in STORE.executions if wanted.items() <= each.items()), None)
        if known is not None and known["payload"] != request.params:
            message = f"Durable execution {name} has already been started with another payload."
            return error(request.headers, "DurableExecutionAlreadyStartedException", message, 409)
        if known is None:
            known = {**wanted, **_begun(request, function, qualifier, name)}
            STORE.executions.append(known)
    return 202, {"X-Amz-Durable-Execution-Arn": known["arn"]}, b""


def _begun(request: Request, function: dict[str, Any], qualifier: str, name: str) -> dict[str, Any]:
    version = (function.get("aliases", {}).get(qualifier) or {}).get("FunctionVersion", qualifier)
    arn = f"{function['config']['FunctionArn']}:{version}/durable-execution/{name}/{uuid.uuid4()}"
    return {
        "qualifier": qualifier,
        "payload": request.params,
        "when": time.time(),
        "arn": arn,
        "status": "RUNNING",
    }


def _qualifier(request: Request) -> str:
    """From the query, or from behind the name or ARN in the path."""
    name = unquote(request.path).split("/functions/", 1)[-1].split("/")[0]
    behind = name.split(":function:")[-1].partition(":")[2]
    return request.first("Qualifier") or behind
