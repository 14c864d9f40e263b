"""Asynchronous invocation as Lambda does it: retries, event age, destinations, dead letters.

Waits are shortened by a setting, or are AWS's on the drill's clock; the event's age is counted in AWS's own
minutes in any case, so that MaximumEventAge ends the retries here where it ends them there.
"""

from __future__ import annotations

import contextvars
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from ministack.services import eventbridge, lambda_svc

from local_aws.patches import patching
from local_aws.patches.drill import clock
from local_aws.patches.drill.store import STORE

from .destinations import Outcome, deliver

# Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
AWS_WAITS = (60.0, 120.0)
# When each retry that waits for the drill's clock is due.
_DUE: list[float] = []


@dataclass
class _Idle:
    """How many invocations are queued, waiting for a retry or running."""

    pending: int = 0
    generation: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, change: int) -> None:
        with self.lock:
            self.pending += change


IDLE = _Idle()


def install() -> None:
    """Take the place of both ways in which ministack starts asynchronous invocations."""
    patching.need(lambda_svc, "_execute_function_with_config_scope", "_get_func_record_for_ref")
    patching.swap(lambda_svc, "invoke_async_with_retry", "func event", start)
    patching.swap(eventbridge, "_dispatch_to_lambda", "arn payload", _from_rule)


def _from_rule(arn: str, payload: str) -> None:
    invoke(arn, json.loads(payload))


def invoke(arn: str, event: Any) -> bool:
    """Invoke a function by its ARN, asynchronously; False when it is not there."""
    record, config, _name = lambda_svc._get_func_record_for_ref(arn)
    if not record or not config:
        return False
    start(lambda_svc._execution_record_for_config(record, config), event)
    return True


def start(func: dict[str, Any], event: Any) -> None:
    """Queue one event for a function."""
    IDLE.add(1)
    thread = threading.Thread(
        target=contextvars.copy_context().run, args=(_run, func, event, IDLE.generation), daemon=True
    )
    thread.start()


def _run(func: dict[str, Any], event: Any, generation: int) -> None:
    try:
        _attempts(func, event, generation)
    finally:
        IDLE.add(-1)


def _attempts(func: dict[str, Any], event: Any, generation: int) -> None:
    options = _options(func)
    retries = int(options.get("MaximumRetryAttempts", 2))
    longest, age, attempt = float(options.get("MaximumEventAgeInSeconds", 21600)), 0.0, 0
    while True:
        result = lambda_svc._execute_function_with_config_scope(func, event)
        age += AWS_WAITS[min(attempt, 1)]
        attempt += 1
        condition = _ended(result, attempt > retries, age > longest)
        if condition:
            deliver(Outcome(func.get("config") or func, options, event, result, attempt, condition))
            return
        _wait(attempt)
        if generation != IDLE.generation:
            return  # the world this event belongs to was replaced by a restore


def _wait(attempt: int) -> None:
    """Until the retry after this attempt is due."""
    if not STORE.settings.retries_on_clock:
        waits = STORE.settings.retry_waits
        time.sleep(waits[min(attempt, len(waits)) - 1])
        return
    due = time.time() + AWS_WAITS[min(attempt, len(AWS_WAITS)) - 1]
    with IDLE.lock:
        _DUE.append(due)
    while time.time() < due and STORE.settings.retries_on_clock:
        time.sleep(0.02)
        with IDLE.lock:
            # Nothing runs and no retry is due earlier: only the clock can advance.
            if time.time() < due == min(_DUE) and IDLE.pending == len(_DUE):
                clock.forward(due - time.time())
    with IDLE.lock:
        _DUE.remove(due)


def _ended(result: dict[str, Any], exhausted: bool, too_old: bool) -> str:
    if not result.get("error"):
        return "Success"
    if exhausted:
        return "RetriesExhausted"
    return "EventAgeExceeded" if too_old else ""


def _options(func: dict[str, Any]) -> dict[str, Any]:
    config = func.get("config") or func
    name = config.get("FunctionName", "")
    base = lambda_svc._functions.get(name) or func
    configs = base.get("event_invoke_configs") or {}
    qualifier = str(config.get("FunctionArn", "")).split(f":{name}", 1)[-1].lstrip(":")
    for key in (qualifier, config.get("Version", ""), "", "$LATEST"):
        if configs.get(key):
            return dict(configs[key])
    return dict(base.get("event_invoke_config") or {})
