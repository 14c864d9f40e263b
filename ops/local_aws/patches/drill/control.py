"""The control endpoint ``/_drill/*``: for the drill, never for the code under test.

Handlers run on the event loop itself, so that no request ever sees half a restore.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.core.lambda_runtime import execution_credentials
from ministack.core.responses import request_scope
from ministack.services import cloudwatch, cloudwatch_logs, lambda_svc

from local_aws.patches.calls import faults, rates
from local_aws.patches.cloudwatch import alarm_types, alarms
from local_aws.patches.dynamodb import tables
from local_aws.patches.lambda_ import executions, functions, provisioned
from local_aws.patches.lambda_.async_invokes import IDLE

from . import ageing, clock, snapshots
from .store import STORE

type Send = Callable[[dict[str, Any]], Awaitable[None]]
type Receive = Callable[[], Awaitable[dict[str, Any]]]


# Looks in a row, 10 ms apart, that see no invocation: between rule and function there may be none.
_CALM = 3


async def serve(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one control request; errors are in the answer."""
    try:
        body = await _body(receive)
        query = {key: found[0] for key, found in parse_qs(scope["query_string"].decode()).items()}
        handler = _ROUTES[scope["method"], scope["path"].removeprefix("/_drill/")]
        account, region = query.get("account", "000000000000"), query.get("region", "us-east-1")
        with request_scope(account, region):
            result = handler(json.loads(body or b"null"), query)
            if inspect.isawaitable(result):
                result = await result
        await _answer(send, 200, result if result is not None else {})
    except Exception as problem:  # the drill must see why its control call did nothing
        await _answer(send, 400, {"error": f"{type(problem).__name__}: {problem}"})


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _answer(send: Send, status: int, result: Any) -> None:
    body = json.dumps(result).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _idle(_body: Any, query: dict[str, str]) -> dict[str, Any]:
    """Invocations now; with ``wait`` only once there has been none for a moment, or after so many seconds."""
    clock_of_loop = asyncio.get_running_loop().time
    end, calm = clock_of_loop() + float(query.get("wait", 0)), 0
    while True:
        running, _by_function = lambda_svc.executions_in_flight()
        calm = 0 if IDLE.pending or running else calm + 1
        if calm == _CALM or clock_of_loop() >= end:
            return {"pending": IDLE.pending, "running": running}
        await asyncio.sleep(0.01)


def _credentials(_body: Any, query: dict[str, str]) -> dict[str, str]:
    """Those of a session of the function's role, as its own code gets them."""
    found: dict[str, str] = execution_credentials(lambda_svc._functions[query["function"]]["config"])
    return found


def _functions(_body: Any, query: dict[str, str]) -> dict[str, Any]:
    """What the API returns about these functions, their aliases and provisioned concurrency, in one
    answer."""
    return {name: _function(name) for name in query["names"].split(",") if name in lambda_svc._functions}


async def _answers(body: list[tuple[str, str, dict[str, Any]]], _query: Any) -> list[dict[str, Any]]:
    """What services that speak JSON answer to these operations, errors included."""
    found = []
    for service, operation, given in body:
        headers = {"x-amz-target": f"{service}.{operation}", "content-type": "application/x-amz-json-1.0"}
        answer = await app.SERVICE_HANDLERS[service]("POST", "/", headers, json.dumps(given).encode(), {})
        found.append(json.loads(answer[2]))
    return found


def _function(name: str) -> dict[str, Any]:
    found = lambda_svc._functions[name]
    configs = {alias: lambda_svc._get_func_record_for_qualifier(name, alias)[1] for alias in found["aliases"]}
    warm = {each: provisioned.shown(at) for each, at in found.get("provisioned_concurrency", {}).items()}
    return {"config": found["config"], "aliases": configs, "provisioned": warm}


def _restore(_body: Any, query: dict[str, str]) -> dict[str, Any]:
    begun = time.perf_counter()
    clock.rest()
    dropped = snapshots.restore(query["name"], cold=query.get("cold") == "1")
    rates.fill()
    return {"dropped_workers": dropped, "seconds": time.perf_counter() - begun}


def _settings(body: dict[str, Any], _query: Any) -> dict[str, Any]:
    for name, value in (body or {}).items():
        if not hasattr(STORE.settings, name):
            raise KeyError(name)
        setattr(STORE.settings, name, value)
    rates.fill()
    return asdict(STORE.settings)


def _clock(body: dict[str, Any], _query: Any) -> None:
    clock.move(body["ahead"])
    # No caller waits for less than a second with it.
    rates.fill()


def _idle_second(_body: Any, _query: Any) -> None:
    clock.idle()
    rates.fill()


def _forget(_body: Any, _query: Any) -> None:
    """Everything that was recorded, and what a drill has set to fail or to answer."""
    faults.clear()
    for each in (STORE.calls, STORE.inbox, STORE.executions, STORE.canned_answers):
        each.clear()


def _points(body: dict[str, list[tuple[str, dict[str, str], float, list[float]]]], _query: Any) -> None:
    """Datapoints by namespace, each as (metric, dimensions, timestamp, values), kept as by PutMetricData."""
    for namespace, rows in body.items():
        for metric, dimensions, at, values in rows:
            cloudwatch._store_datum(namespace, metric, dimensions, at, "None", None, values, None, None)
    cloudwatch._evaluate_all_alarms()


def _lines(body: dict[str, list[tuple[int, str]]], query: dict[str, str]) -> None:
    """Log lines by group, each as (timestamp in ms, text), kept as by PutLogEvents in this stream."""
    for group, lines in body.items():
        events = [{"timestamp": at, "message": text} for at, text in lines]
        given = {"logGroupName": group, "logStreamName": query["stream"], "logEvents": events}
        if cloudwatch_logs._put_log_events(given)[0] != HTTPStatus.OK:
            raise KeyError(group)


def _function_state(body: dict[str, Any], _query: Any) -> None:
    functions.set_state(body["name"], body.get("last_update_status"), body.get("state"))


def _table_state(body: dict[str, Any], _query: Any) -> None:
    tables.set_state(body["name"], body.get("status"), body.get("switches"))


def _alarm_evaluation(body: dict[str, Any], _query: Any) -> None:
    alarm_types.set_evaluation(body["name"], body["state"])


_ROUTES: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("GET", "ready"): lambda body, query: {"ready": True},
    ("GET", "counts"): lambda body, query: {"calls": len(STORE.calls), "inbox": len(STORE.inbox)},
    ("GET", "calls"): lambda body, query: STORE.calls[int(query["since"]) :],
    ("GET", "inbox"): lambda body, query: STORE.inbox[int(query["since"]) :],
    ("GET", "confirmations"): lambda body, query: STORE.confirmations,
    ("GET", "executions"): lambda body, query: STORE.executions,
    ("DELETE", "records"): _forget,
    ("POST", "execution-end"): lambda body, query: executions.end(body["arn"], body["status"]),
    ("GET", "credentials"): _credentials,
    ("GET", "idle"): _idle,
    ("GET", "functions"): _functions,
    ("POST", "answers"): _answers,
    ("POST", "snapshot"): lambda body, query: {"stores": snapshots.take(query["name"])},
    ("POST", "restore"): _restore,
    ("POST", "save"): lambda body, query: {"bytes": snapshots.save(query["name"], query["file"])},
    ("POST", "load"): lambda body, query: {"dropped": snapshots.load(query["name"], query["file"])},
    ("POST", "faults"): lambda body, query: faults.inject(body),
    ("GET", "faults"): lambda body, query: [asdict(each) for each in STORE.faults],
    ("DELETE", "faults"): lambda body, query: faults.clear(),
    ("POST", "canned_answers"): lambda body, query: STORE.canned_answers.update(body),
    ("POST", "settings"): _settings,
    ("POST", "evaluate"): lambda body, query: alarms.evaluate_all(),
    ("POST", "evaluate-one"): lambda body, query: alarms.evaluate_one(body["name"]),
    ("POST", "clock"): _clock,
    ("POST", "idle"): _idle_second,
    ("POST", "age"): lambda body, query: ageing.age(body["days"]),
    ("POST", "points"): _points,
    ("POST", "lines"): _lines,
    ("POST", "function-state"): _function_state,
    ("POST", "table-state"): _table_state,
    ("POST", "alarm-evaluation"): _alarm_evaluation,
}
