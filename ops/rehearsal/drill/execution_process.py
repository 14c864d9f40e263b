"""A durable execution as a separate process, under the role and with the variables of its function."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, TextIO

from local_aws.client import Execution, LocalAws

_KEPT = ("PATH", "HOME", "LANG")


class Reach(Protocol):
    """Called before each step: let everything happen until that time."""

    def __call__(self, now: datetime, *, did: bool) -> float | None:
        """Seconds in which nothing happens from then on; None at the end. `did`: something was done."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """An execution that has ended here. `error` is empty where it went as it should."""

    name: str
    status: str
    operations: int
    error: str
    log: str


def execute(  # noqa: PLR0913 - all that an execution needs
    aws: LocalAws,
    wanted: Execution,
    begun: datetime,
    most: int,
    reach: Reach,
    seconds: int | None = None,
    interpreter: str = sys.executable,
) -> Run:
    """Start it, let it and the script take turns, and report its end. `most`: it hands over after so many
    operations; 0: as deployed. `seconds`: it may take so long, in real time. `interpreter`: the Python that
    imports the version of this project that it began with."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        with _fork_server(interpreter).start(_environment(aws, wanted), log.fileno()) as line:
            asked = {"payload": wanted.payload, "begun": begun.isoformat(), "most": most}
            asked |= {"seconds": seconds} if seconds else {}
            found = _talk(line, asked, reach)
        log.seek(0)
        said = log.read()
    status = str(found.get("status", "FAILED"))
    aws.end_execution(wanted.arn, status)
    error = "" if status == "SUCCEEDED" else f"{status}: {found.get('error') or said[-2000:]}"
    return Run(wanted.name, status, found.get("operations", 0), error, said)


class _ForkServer:
    """A process that has imported what a durable execution needs, and forks one for each: importing takes as
    long as following an incident. It ends with this process. What is said on the lines is the same in every
    version since 1568f715: `make upgrade` lets earlier ones follow."""

    def __init__(self, interpreter: str) -> None:
        self._asks, theirs = socket.socketpair()
        self._lock = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [interpreter, "-m", "rehearsal.drill.follower", str(theirs.fileno())],
                env={name: value for name, value in os.environ.items() if name in _KEPT},
                pass_fds=[theirs.fileno()],
            )

    @contextmanager
    def start(self, environment: Mapping[str, str], log: int) -> Iterator[TextIO]:
        """The line to an execution with this environment, whose log goes to that file."""
        near, far = socket.socketpair()
        with near, far, near.makefile("rw", encoding="utf-8") as line:
            with self._lock:
                socket.send_fds(self._asks, [json.dumps(dict(environment)).encode()], [far.fileno(), log])
                pid = int(self._asks.recv(32))
            far.close()
            try:
                yield line
            finally:
                # Nothing waits for it: until the fork server ends, the number stays its own.
                os.kill(pid, signal.SIGKILL)


@cache
def _fork_server(interpreter: str) -> _ForkServer:
    return _ForkServer(interpreter)


def _talk(line: TextIO, asked: dict[str, Any], reach: Reach) -> dict[str, Any]:
    """Its last line of output; nothing where it died."""
    said = asked
    while True:
        try:
            line.write(json.dumps(said) + "\n")
            line.flush()
            found: dict[str, Any] = json.loads(line.readline() or "{}")
        except ConnectionError:
            return {}
        if "now" not in found:
            return found
        quiet = reach(datetime.fromisoformat(found["now"]), did=found["did"])
        said = {"ended": quiet is None, "quiet": quiet or 0}


def _environment(aws: LocalAws, wanted: Execution) -> dict[str, str]:
    """Of the version of the function that it began with; without the caller's own AWS configuration."""
    inherited = {name: value for name, value in os.environ.items() if name in _KEPT}
    version = wanted.arn.partition("/durable-execution/")[0]
    found = aws.client("lambda").get_function_configuration(FunctionName=version)
    own: dict[str, str] = found["Environment"]["Variables"]
    return {**inherited, **own, **aws.assume(wanted.function), "AWS_LAMBDA_FUNCTION_NAME": wanted.function}
