"""Servers of the drill, each a process on loopback: the runner of durable executions, and Lambda."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from rehearsal.sam_drill.invoke import LONGEST, Answer, Container, read

_PROGRAM = Path(sys.executable).with_name("dex-local-runner")
_STARTS_WITHIN = 60

type Invoke = Callable[[str, Mapping[str, Any]], Answer]


@contextmanager
def runner(environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """The SDK's runner of durable executions: its port. Waits take no time in it; SAM CLI passes it where the
    function's container is.

    Raises:
        TimeoutError: it did not start.
    """
    port = _free_port()
    command = (str(_PROGRAM), "start-server", "--host", "127.0.0.1", "--port", str(port), "--skip-time")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    with _running(command, {**inherited, **environment}, log, port):
        yield port


@contextmanager
def warm(container: Container, log: Path) -> Iterator[Invoke]:
    """`sam local start-lambda`: how to invoke a function by its logical id. Its container is started by its
    first event and kept, as Lambda keeps an execution environment.

    Raises:
        TimeoutError: it did not start.
    """
    port = _free_port()
    # The copy of the code is never edited; and a file watcher could not read the relay's socket file.
    wanted = ("start-lambda", "--host", "127.0.0.1", "--port", str(port), "--warm-containers", "LAZY")
    with _running(container.command(*wanted, "--no-watch"), container.surroundings(), log, port):
        yield lambda function, event: _invoke(port, function, event)


def _invoke(port: int, function: str, event: Mapping[str, Any]) -> Answer:
    start = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("POST", f"/2015-03-31/functions/{function}/invocations", json.dumps(event))
        text = connection.getresponse().read().decode(errors="replace")
    except (OSError, HTTPException) as problem:
        return Answer(None, f"no answer: {problem!r}", time.monotonic() - start)
    finally:
        connection.close()
    return read(text, time.monotonic() - start)


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str], log: Path, port: int) -> Iterator[None]:
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)  # noqa: S603
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while not _answers(port):
        if time.monotonic() > end:
            raise TimeoutError(f"nothing listens on port {port} of 127.0.0.1")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
