"""The SDK's local runner of durable executions, as a process of its own on loopback."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

_PROGRAM = Path(sys.executable).with_name("dex-local-runner")
_STARTS_WITHIN = 20


@contextmanager
def runner(environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """Its port. Waits take no time in it; SAM CLI tells it where the function's container is.

    Raises:
        TimeoutError: it did not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(_PROGRAM), "start-server", "--host", "127.0.0.1", "--port", str(port), "--skip-time"]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    with log.open("wb") as said:
        process = subprocess.Popen(command, env={**inherited, **environment}, stdout=said, stderr=said)  # noqa: S603
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while not _answers(port):
        if time.monotonic() > end:
            raise TimeoutError("the runner of durable executions does not start")
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
