"""The control endpoint ``/_drill/*``: for the drill, never for the code under test.

A request names one of the functions below, and its body has the arguments. They run on the event loop itself,
so that no request ever sees half a restore.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

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
        query = dict(parse_qsl(scope["query_string"].decode()))
        with request_scope(query.get("account", "000000000000"), query.get("region", "us-east-1")):
            result = _FUNCTIONS[scope["path"].removeprefix("/_drill/")](**json.loads(body or b"{}"))
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


async def _idle(wait: float = 0) -> dict[str, Any]:
    """Invocations now; with ``wait`` only once there has been none for a moment, or after so many seconds."""
    clock_of_loop = asyncio.get_running_loop().time
    end, calm = clock_of_loop() + wait, 0
    while True:
        running, _by_function = lambda_svc.executions_in_flight()
        calm = 0 if IDLE.pending or running else calm + 1
        if calm == _CALM or clock_of_loop() >= end:
            return {"pending": IDLE.pending, "running": running}
        await asyncio.sleep(0.01)


def _credentials(function: str) -> dict[str, str]:
    """Those of a session of the function's role, as its own code gets them."""
    found: dict[str, str] = execution_credentials(lambda_svc._functions[function]["config"])
    return found


def _functions(names: list[str]) -> dict[str, Any]:
    """What the API returns about these functions, their aliases and provisioned concurrency, in one
    answer."""
    return {name: _function(name) for name in names if name in lambda_svc._functions}


async def _answers(asked: list[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """What services that speak JSON answer to these operations, errors included."""
    found = []
    for service, operation, given in asked:
        headers = {"x-amz-target": f"{service}.{operation}", "content-type": "application/x-amz-json-1.0"}
        answer = await app.SERVICE_HANDLERS[service]("POST", "/", headers, json.dumps(given).encode(), {})
        found.append(json.loads(answer[2]))
    return found


def _function(name: str) -> dict[str, Any]:
    found = lambda_svc._functions[name]
    configs = {alias: lambda_svc._get_func_record_for_qualifier(name, alias)[1] for alias in found["aliases"]}
    warm = {each: provisioned.shown(at) for each, at in found.get("provisioned_concurrency", {}).items()}
    return {"config": found["config"], "aliases": configs, "provisioned": warm}


def _restore(name: str, cold: bool) -> None:
    clock.rest()
    snapshots.restore(name, cold)
    rates.fill()


def _settings(**values: Any) -> dict[str, Any]:
    for name, value in values.items():
        if not hasattr(STORE.settings, name):
            raise KeyError(name)
        setattr(STORE.settings, name, value)
    rates.fill()
    return asdict(STORE.settings)


def _clock(ahead: float) -> None:
    clock.move(ahead)
    # No caller waits for less than a second with it.
    rates.fill()


def _idle_second() -> None:
    clock.idle()
    rates.fill()


def _forget() -> None:
    """Everything that was recorded, and what a drill has set to fail or to answer."""
    faults.clear()
    for each in (STORE.calls, STORE.inbox, STORE.executions, STORE.canned_answers):
        each.clear()


def _points(points: dict[str, list[tuple[str, dict[str, str], float, list[float]]]]) -> None:
    """Datapoints by namespace, each as (metric, dimensions, timestamp, values), kept as by PutMetricData."""
    for namespace, rows in points.items():
        for metric, dimensions, at, values in rows:
            cloudwatch._store_datum(namespace, metric, dimensions, at, "None", None, values, None, None)
    cloudwatch._evaluate_all_alarms()


def _lines(stream: str, lines: dict[str, list[tuple[int, str]]]) -> None:
    """Log lines by group, each as (timestamp in ms, text), kept as by PutLogEvents in this stream."""
    for group, rows in lines.items():
        events = [{"timestamp": at, "message": text} for at, text in rows]
        given = {"logGroupName": group, "logStreamName": stream, "logEvents": events}
        if cloudwatch_logs._put_log_events(given)[0] != HTTPStatus.OK:
            raise KeyError(group)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ready": lambda: None,
    "counts": lambda: (len(STORE.calls), len(STORE.inbox)),
    "calls": lambda since: STORE.calls[since:],
    "inbox": lambda since: STORE.inbox[since:],
    "confirmations": lambda: STORE.confirmations,
    "executions": lambda: STORE.executions,
    "clear": _forget,
    "end_execution": executions.end,
    "credentials": _credentials,
    "idle": _idle,
    "functions": _functions,
    "answers": _answers,
    "snapshot": snapshots.take,
    "restore": _restore,
    "save": snapshots.save,
    "load": snapshots.load,
    "inject": faults.inject,
    "faults": lambda: [asdict(each) for each in STORE.faults],
    "release": faults.clear,
    "canned_answers": lambda **answers: STORE.canned_answers.update(answers),
    "settings": _settings,
    "evaluate_alarms": alarms.evaluate_all,
    "evaluate_alarm": alarms.evaluate_one,
    "clock": _clock,
    "idle_second": _idle_second,
    "age": ageing.age,
    "points": _points,
    "lines": _lines,
    "function_state": functions.set_state,
    "log_format": functions.set_log_format,
    "table_state": tables.set_state,
    "alarm_evaluation": alarm_types.set_evaluation,
}
