"""The parent of the workers of functions with the same layers: each is a fork of it in place of a new start.

Importing boto3 and a layer takes longer than all else in a cold start. So this process imports what its first
worker had imported by its first answer, except the function's own files, and every further worker begins as a
copy of it: still a separate process, with the environment, the folder and the files of its function. A parent
that several local AWS share imports at its start what the one before it had recorded in a file.

Run by ``patches/lambda_/forks.py`` with the number of a socket; where several local AWS share it, also with
that of one at which it listens for the others. A request is a JSON object with three files, standard input,
output and error of the worker; the answer is its process id. It ends when all sockets are closed.
"""

import fcntl
import gc
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
import types
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NoReturn

# The variable with the path of the file.
IMPORTED = "DRILL_IMPORTED"
_PATH = sys.path[:]
_FEW = 50
# So many new ones, and the garbage collector looks through a worker: seldom, as it finds next to nothing.
_OBJECTS = 50_000


def main() -> None:
    """Fork a worker for each request; import in between what the first has imported, or at the start what is
    recorded."""
    first, *others = (socket.socket(fileno=int(each)) for each in sys.argv[1:])
    local_aws, listeners = [first], others
    gc.set_threshold(_OBJECTS)
    _let_clock_pass()
    # The server follows each worker by its pidfd.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    reports: list[int] = []
    known = _import(_recorded())
    while local_aws or _joined(listeners, local_aws):
        awaited: list[Any] = [*local_aws, *listeners, *reports]
        for ready in select.select(awaited, [], [])[0]:
            if ready in reports:
                reports.remove(ready)
                with os.fdopen(ready, encoding="utf-8") as report:
                    known = _import(text := report.read())
                _record(text)
            elif ready in listeners:
                local_aws.append(ready.accept()[0])
            elif (number := _fork(ready, [*local_aws, *listeners], asks=not known and not reports)) is None:
                local_aws.remove(ready)
                ready.close()
            elif number:
                reports.append(number)


def _fork(requests: socket.socket, others: list[socket.socket], *, asks: bool) -> int | None:
    """Fork a worker; the number of the file of its report, 0 where it `asks` for none. None at the end."""
    message, files, _, _ = socket.recv_fds(requests, 1 << 20, 3)
    if not message:
        return None
    near, far = os.pipe()
    # What is shared stays shared: the garbage collector of a worker does not touch it.
    gc.freeze()
    pid = os.fork()
    if not pid:
        for each in others:
            each.close()
        _work(json.loads(message), files, far if asks else None)
    requests.send(str(pid).encode())
    for number in (*files, far, *([] if asks else [near])):
        os.close(number)
    return near if asks else 0


def _let_clock_pass() -> None:
    """Before anything imports it: the monotonic clock of a function is ahead by what its worker sets."""
    monotonic = time.monotonic
    time.__dict__["drill_passed"] = 0.0
    time.__dict__["monotonic"] = lambda: monotonic() + time.__dict__["drill_passed"]


def _joined(listeners: list[socket.socket], local_aws: list[socket.socket]) -> bool:
    """Accept one that has connected meanwhile; after that, no other can connect."""
    for listener in listeners:
        place = Path(listener.getsockname())
        with suppress(FileNotFoundError), alone(place.parent):
            if select.select([listener], [], [], 0)[0]:
                local_aws.append(listener.accept()[0])
            else:
                place.unlink()
    return bool(local_aws)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other process connects to a parent there, starts or ends one."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _recorded() -> str:
    """The report of an earlier parent's worker; nothing where there is none."""
    with suppress(OSError, UnicodeDecodeError):
        return Path(os.environ.get(IMPORTED, "")).read_text(encoding="utf-8")
    return ""


def _record(text: str) -> None:
    """For the next parent. Without the file it imports later, and that is all."""
    if text and IMPORTED in os.environ:
        fresh = Path(f"{os.environ[IMPORTED]}.{os.getpid()}")
        with suppress(OSError):
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(os.environ[IMPORTED])


def _import(text: str) -> bool:
    """What a worker had imported when it reported; False if it ended before, or if that cannot be read."""
    try:
        found = json.loads(text)
        path, modules = [str(each) for each in found["path"]], [str(each) for each in found["modules"]]
    except (ValueError, KeyError, TypeError):
        return False
    sys.path[:] = [*path, *_PATH]
    for name in modules:
        # A worker that needs a module which cannot be imported reports why.
        with suppress(Exception):
            import_module(name)
    sys.path[:] = _PATH
    _prepare_botocore()
    return True


def _prepare_botocore() -> None:
    """Read the models of AWS's services in the layer and make their clients, which each worker would anew."""
    botocore = sys.modules.get("botocore")
    if botocore is None:
        return
    # With the layer's botocore, so it can be no module of a package.
    spec: Any = spec_from_file_location("quick_sdk", Path(__file__).with_name("quick_sdk.py"))
    quick_sdk = module_from_spec(spec)
    spec.loader.exec_module(quick_sdk)
    quick_sdk.quicken()
    session = import_module("botocore.session").get_session()
    services = session.get_available_services()
    # Lambda's own botocore has all services: too many to read.
    for name in services if len(services) < _FEW else ():
        session.create_client(name, "us-east-1")


def _work(request: dict[str, Any], files: list[int], report_to: int | None) -> NoReturn:
    """Become the worker."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, each in enumerate(files):
            os.dup2(each, number)
            os.close(each)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        sys.argv[:] = [request["script"]]
        worker = types.ModuleType("__main__")
        worker.__dict__["drill_answered"] = cache(lambda: _report(report_to, request["folder"]))
        sys.modules["__main__"] = worker
        code = compile(Path(request["script"]).read_text(encoding="utf-8"), request["script"], "exec")
        exec(code, worker.__dict__)  # noqa: S102  # nosec B102 - what ministack runs as a program
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _report(file_number: int | None, folder: str) -> None:
    """Report to a parent that does not know it yet what was imported besides files of the function."""
    if file_number is None:
        return
    found = {name: getattr(each, "__file__", None) or "" for name, each in list(sys.modules.items())}
    modules = [name for name, file in found.items() if name != "__main__" and not file.startswith(folder)]
    own = {os.path.realpath(each) for each in _PATH}
    path = [os.path.realpath(each) for each in sys.path if each and not each.startswith(folder)]
    path = [each for each in path if each not in own]
    with os.fdopen(file_number, "w", encoding="utf-8") as file:
        json.dump({"path": path, "modules": modules}, file)


if __name__ == "__main__":
    main()
