"""Injected failures: a call fails before it does anything, or after it took effect; or it is held up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from local_aws.patches.drill.store import STORE, Fault
from local_aws.patches.iam.decisions import role_of

from . import connection
from .wire import Answer, Request, error


def take(request: Request, when: str) -> Fault | None:
    """The next fault meant for this call, used up once by being taken."""
    role = role_of(request.access_key)
    with STORE.lock:
        for fault in STORE.faults:
            if fault.times > 0 and fault.when == when and _meant(fault, request, role):
                if fault.number > 1:
                    fault.number -= 1
                    continue
                fault.times -= 1
                return fault
    return None


def _meant(fault: Fault, request: Request, role: str) -> bool:
    return (
        fault.service in ("*", request.service)
        and fault.operation in ("*", request.operation)
        and fault.role in ("", role)
    )


async def around(request: Request, run: Callable[[], Awaitable[Answer]]) -> Answer:
    """What ``run`` answers, unless a fault is meant for this call before or after it."""
    fault = take(request, "before")
    if fault and (failed := await answer(fault, request)):
        return failed
    result = await run()
    fault = take(request, "after")
    return (await answer(fault, request) if fault else None) or result


async def answer(fault: Fault, request: Request) -> Answer | None:
    """What the caller sees of a fault; nothing of one that only holds the call up."""
    if fault.error_code == "hold":
        await _wait(fault)
        return None
    if fault.error_code == "timeout":
        await _wait(fault)
        return error(request.headers, "RequestTimeout", fault.message, 504)
    if fault.error_code == "drop":
        connection.abort()
    return error(request.headers, fault.error_code, fault.message, fault.status)


async def _wait(fault: Fault) -> None:
    """Clearing the faults also frees the calls that hang in them."""
    loop = asyncio.get_running_loop()
    end = loop.time() + fault.seconds
    while loop.time() < end and any(each is fault for each in STORE.faults):
        await asyncio.sleep(0.005)


def inject(entries: list[dict[str, Any]]) -> None:
    """Add faults, in the order in which they are to be taken."""
    with STORE.lock:
        STORE.faults.extend(Fault(**entry) for entry in entries)


def clear() -> None:
    """Take every fault back."""
    with STORE.lock:
        STORE.faults.clear()
