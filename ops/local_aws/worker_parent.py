"""The parent of the workers of functions with the same layers: each is a fork of it in place of a new start.

Importing boto3 and a layer takes longer than all else in a cold start. So this process imports what its first
worker had imported by its first answer, except the function's own files, and every further worker begins as a
copy of it: still a separate process, with the environment, the folder and the files of its function. Besides
the first worker's cold start it does nothing, as nothing does on Lambda.

Run by ``mends/forks.py`` with the number of a socket. A request is a JSON object with three files, standard
input, output and error of the worker; the answer is its process id. It ends when the socket is closed.
"""

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
from contextlib import suppress
from functools import cache, lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

_PATH = sys.path[:]
# The folders from which the workers import what they share.
_LAYERS: list[str] = []
_FEW = 200
# So many new ones, and the garbage collector looks through a worker: seldom, as it finds next to nothing.
_OBJECTS = 50_000


def main() -> None:
    """Fork a worker for each request; what the first has imported is imported in between."""
    requests = socket.socket(fileno=int(sys.argv[1]))
    gc.set_threshold(_OBJECTS)
    _let_clock_pass()
    # The server follows each worker by its pidfd.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    report_from: int | None = None
    modules: list[str] | None = None
    while True:
        asked = [requests.fileno()] if report_from is None else [requests.fileno(), report_from]
        ready, _, _ = select.select(asked, [], [], 0 if modules else None)
        if requests.fileno() in ready:
            message, files, _, _ = socket.recv_fds(requests, 1 << 20, 3)
            if not message:
                return
            ask = report_from is None and modules is None
            near, far = os.pipe()
            # What is shared stays shared: the garbage collector of a worker does not touch it.
            gc.freeze()
            pid = os.fork()
            if not pid:
                requests.close()
                _work(json.loads(message), files, far if ask else None)
            requests.send(str(pid).encode())
            for each in (*files, far, *([] if ask else [near])):
                os.close(each)
            report_from = near if ask else report_from
        elif report_from is not None and report_from in ready:
            modules, report_from = _modules(report_from), None
        elif modules:
            _import(modules)


def _let_clock_pass() -> None:
    """Before anything imports it: the monotonic clock of a function is ahead by what its worker sets."""
    monotonic = time.monotonic
    time.__dict__["drill_passed"] = 0.0
    time.__dict__["monotonic"] = lambda: monotonic() + time.__dict__["drill_passed"]


def _modules(file_number: int) -> list[str] | None:
    """The modules that a worker imported, the first one last; None if it ended before it reported."""
    with os.fdopen(file_number, encoding="utf-8") as file:
        text = file.read()
    if not text:
        return None
    found = json.loads(text)
    _LAYERS[:] = found["path"]
    return list(reversed(found["modules"]))


def _import(modules: list[str]) -> None:
    """Take the next from the end; after the last, read what botocore will."""
    sys.path[:] = _LAYERS
    # A worker that needs a module which cannot be imported reports why.
    with suppress(Exception):
        import_module(modules.pop())
    sys.path[:] = _PATH
    if not modules:
        _prepare_botocore()


def _prepare_botocore() -> None:
    """Read the models of AWS's services in the layer, which botocore would read anew in each process."""
    botocore = sys.modules.get("botocore")
    if botocore is None:
        return
    loader = import_module("botocore.loaders").JSONFileLoader
    read = cache(partial(loader.load_file, loader()))
    loader.load_file = lambda _, path: read(path)
    # A tenth of what a request costs its caller: twice for each, of the same few addresses.
    auth = import_module("botocore.auth")
    if host := getattr(auth, "_host_from_url", None):
        auth.__dict__["_host_from_url"] = lru_cache(1024)(host)
    files = [each for each in Path(str(botocore.__file__)).parent.glob("data/**/*.json*") if each.is_file()]
    # Lambda's own botocore has all services: too many to read.
    for file in files if len(files) < _FEW else ():
        read(str(file).removesuffix(".gz").removesuffix(".json"))


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
    path = [os.path.realpath(each) for each in sys.path if each and not each.startswith(folder)]
    with os.fdopen(file_number, "w", encoding="utf-8") as file:
        json.dump({"path": path, "modules": modules}, file)


if __name__ == "__main__":
    main()
