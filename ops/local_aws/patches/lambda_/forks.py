"""Workers of functions with the same layers are forks of one parent (``worker_parent.py``).

A worker is still a separate process, with the environment, folder and files of its function. Functions with
other layers, or with another version of one, have another parent.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import types
from pathlib import Path
from typing import Any, TextIO

from ministack.core import lambda_runtime

from local_aws import worker_parent
from local_aws.patches import patching

from . import layers

# Of the launcher alone: on Lambda a function sees none of them.
_HIDDEN = (
    *("AUTH", "BIND_HOST", "GATEWAY_PORT", "LAMBDA_EXECUTOR", "CLOUDTRAIL_RECORDING", "LOG_LEVEL"),
    *("DOCKER_HOST", "DRILL_PARENTS", "MINISTACK_HOST", "MINISTACK_REGION"),
)
# Lists of imported modules, one file for each set of layers and Python.
_IMPORTED = layers.KEPT.with_name("imported")
# Of Python: no packages of ministack.
_ALONE = ("-S", "-s", "-P")


class Fork:
    """One worker, as far as ministack uses `subprocess.Popen`. How it ended is unknown: -1."""

    def __init__(self, pid: int, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> None:
        """``pid``: a process that may have ended already."""
        self.pid, self.stdin, self.stdout, self.stderr = pid, stdin, stdout, stderr
        self.returncode: int | None = None
        try:
            self._file = os.pidfd_open(pid)
        except ProcessLookupError:
            self.returncode = -1

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        if self.returncode is None and select.select([self._file], [], [], 0)[0]:
            os.close(self._file)
            self.returncode = -1
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended; raises subprocess.TimeoutExpired."""
        if self.poll() is None and not select.select([self._file], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("worker", timeout or 0)
        return self.poll() or -1

    def terminate(self) -> None:
        """SIGTERM."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._file, number)


class Parent:
    """A running parent of workers."""

    def __init__(self, environment: dict[str, str], place: Path | None) -> None:
        """Start it, with what its workers find when they import; or join one that listens at ``place``. Such
        a shared parent starts by importing the modules that the last one of its name recorded."""
        self._lock = threading.Lock()
        if place is None:
            self._requests = _started(environment)
            return
        _IMPORTED.mkdir(parents=True, exist_ok=True)
        environment = {**environment, worker_parent.IMPORTED: str(_IMPORTED / f"{place.name}.json")}
        with worker_parent.alone(place.parent):
            try:
                self._requests = socket.socket(socket.AF_UNIX)
                self._requests.connect(str(place))
            except OSError:
                place.unlink(missing_ok=True)
                with socket.socket(socket.AF_UNIX) as listener:
                    listener.bind(str(place))
                    listener.listen()
                    self._requests = _started(environment, listener.fileno())

    def end(self) -> None:
        """End the parent; its workers continue."""
        with self._lock:
            self._requests.close()

    def fork(self, request: dict[str, Any]) -> Fork:
        """A new worker."""
        (stdin, write), (read, stdout), (errors, stderr) = os.pipe(), os.pipe(), os.pipe()
        with self._lock:
            socket.send_fds(self._requests, [json.dumps(request).encode()], [stdin, stdout, stderr])
            pid = int(self._requests.recv(32))
        for each in (stdin, stdout, stderr):
            os.close(each)
        return Fork(
            pid,
            os.fdopen(write, "w", encoding="utf-8", buffering=1),
            os.fdopen(read, encoding="utf-8"),
            os.fdopen(errors, encoding="utf-8"),
        )


def _started(environment: dict[str, str], *listeners: int) -> socket.socket:
    ours, theirs = socket.socketpair()
    with theirs:
        numbers = (theirs.fileno(), *listeners)
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *_ALONE, worker_parent.__file__, *map(str, numbers)],
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=numbers,
        )
    return ours


_PARENTS: dict[tuple[str, ...], Parent] = {}
_LOCK = threading.Lock()
# Where parents listen that several local AWS share.
_SHARED = [Path(os.environ[name]) for name in ("DRILL_PARENTS",) if os.environ.get(name)]


def install(packages: Path, more: dict[str, str]) -> None:
    """Start Python's workers so. ``packages``: what the runtime brings along; ``more``: further variables."""
    patching.need(lambda_runtime, "subprocess")
    patched = types.ModuleType("subprocess")
    patched.__dict__.update(subprocess.__dict__)

    def popen(command: list[str], **given: Any) -> Any:
        if command[0] != sys.executable:
            return subprocess.Popen(command, **given)  # noqa: S603 - ministack's own, as it would be
        environment = {name: value for name, value in given["env"].items() if name not in _HIDDEN}
        environment |= {
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{environment['AWS_LAMBDA_FUNCTION_NAME']}",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "PYTHONPATH": str(packages),
            **more,
        }
        if not hasattr(os, "pidfd_open"):  # only Linux has it
            alone = [sys.executable, *_ALONE, *command[1:]]
            return subprocess.Popen(alone, **{**given, "env": environment})  # noqa: S603 - as above
        return _parent(environment).fork(
            {"environment": environment, "folder": given["cwd"], "script": command[1]}
        )

    patched.__dict__["Popen"] = popen
    lambda_runtime.subprocess = patched


def end_parents() -> None:
    """The next worker of each function starts with nothing imported, as in a new environment on Lambda."""
    with _LOCK:
        for parent in _PARENTS.values():
            parent.end()
        _PARENTS.clear()
        _SHARED.clear()


def _parent(environment: dict[str, str]) -> Parent:
    folders = environment.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep)
    key = tuple(os.path.realpath(each) for each in folders)
    with _LOCK:
        if key not in _PARENTS:
            name = hashlib.sha256(os.pathsep.join((*key, sys.prefix, sys.version)).encode()).hexdigest()[:16]
            _PARENTS[key] = Parent(environment, next((folder / name for folder in _SHARED), None))
        return _PARENTS[key]
