"""A durable execution of the follow-up on moto: in a thread of this process, in virtual time, in the runner
that the SDK brings for tests."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from local_aws.client import Execution
from rehearsal.drill import execution_process, follower
from tests.witness.functions import Functions


@contextmanager
def in_this_process(functions: Functions) -> Iterator[None]:
    """In place of the process that a drill on the local AWS forks for it."""

    def execute(
        aws: Any, wanted: Execution, begun: datetime, most: int, reach: Any, seconds: int | None = None
    ) -> execution_process.Run:
        near, far = socket.socketpair()
        request = {"payload": wanted.payload, "begun": begun.isoformat(), "most": most}
        request |= {"seconds": seconds} if seconds else {}
        line = near.makefile("rw", encoding="utf-8")
        with near, far, line, functions.running(wanted.function):
            thread = threading.Thread(target=_follow, args=(far,))
            thread.start()
            outcome = execution_process._talk(line, request, _as_administrator(functions, reach))
            thread.join()
        status = str(outcome.get("status", "FAILED"))
        aws.end_execution(wanted.arn, status)
        error = "" if status == "SUCCEEDED" else f"{status}: {outcome.get('error')}"
        return execution_process.Run(wanted.name, status, outcome.get("operations", 0), error, "")

    with patch.object(execution_process, "execute", execute):
        yield


def _follow(end: socket.socket) -> None:
    with end.makefile("rw", encoding="utf-8") as text:
        follower.follow(follower.DrillConnection(text))


def _as_administrator(functions: Functions, reach: Callable[..., float | None]) -> Any:
    """What happens meanwhile is no call of the follow-up's."""

    def reached(now: datetime, *, did: bool) -> float | None:
        calls, before = functions.calls, functions.calls.caller
        calls.caller = ""
        try:
            with patch.dict(os.environ, functions.outside, clear=True):
                return reach(now, did=did)
        finally:
            calls.caller = before

    return reached
