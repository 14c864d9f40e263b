"""The process of the local AWS: started with a clean environment, stopped by its own pid."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from http import HTTPStatus
from importlib.metadata import distribution
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]
LAUNCHER = _ROOT / "ops" / "local_aws" / "launcher.py"
# Next to the server's log while it runs: other processes on this machine find it by this file.
PREFIX, RUNNING = "local-aws-", "running.json"
INTERPRETER = _ROOT / ".venvs" / "local-aws" / "bin" / "python"


class StartError(RuntimeError):
    """The local AWS did not come up; the message ends with its last words."""


class Process:
    """One running launcher."""

    def __init__(self, region: str, interpreter: Path = INTERPRETER, parents: Path | None = None) -> None:
        """Prepare a start; nothing runs yet. `parents`: see `LocalAws`."""
        self.region = region
        self._parents = parents
        self.port = _free_port()
        self._interpreter = interpreter
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._log = self._folder / "server.log"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float) -> None:
        """Launch it and wait until it answers."""
        if not self._interpreter.exists():
            raise StartError(f"{self._interpreter} is missing: `make setup` makes it")
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(  # noqa: S603 (both paths are this repository's own)
                [str(self._interpreter), str(LAUNCHER)],
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + timeout
        while not self._answers():
            ended = self._child.poll() is not None
            if ended or time.monotonic() > end:
                words = self.tail()
                self.stop()
                late = "" if ended else f" within {timeout:.0f} s; this machine may be too busy"
                raise StartError(f"the local AWS did not start{late}\n{words}".rstrip())
            time.sleep(0.02)
        self.announce({})

    def announce(self, about: Mapping[str, object]) -> None:
        """Write the file by which other programs of this user find it."""
        where = {"endpoint": f"http://127.0.0.1:{self.port}", "region": self.region, "checkout": str(_ROOT)}
        (self._folder / RUNNING).write_text(json.dumps({**where, **about}))

    def stop(self) -> None:
        """End it by its pid and remove what it left."""
        child, self._child = self._child, None
        if child is not None:
            child.terminate()
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if child.stdin:
                child.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def tail(self, lines: int = 20) -> str:
        """The end of its log."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's: no credentials, no proxies, no Docker, its own temporary folder."""
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": self.region,
            "DOCKER_HOST": f"unix://{self._folder}/no-docker.sock",
            "LAMBDA_EXECUTOR": "local",
            "CLOUDTRAIL_RECORDING": "1",
            # It would listen on every interface, whatever BIND_HOST says.
            "IOT_MTLS_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "DRILL_SCHEMAS": str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")),
            **({"DRILL_PARENTS": str(self._parents)} if self._parents else {}),
        }

    def _answers(self) -> bool:
        return answers("127.0.0.1", self.port)


def answers(host: str, port: int) -> bool:
    """A local AWS is ready there."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/_drill/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
