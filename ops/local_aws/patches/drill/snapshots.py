"""The whole state of all services, copied and restored inside the process.

Ministack keeps its state in dictionaries scoped by account and region. Copies leave out what
cannot change (bytes, strings), so that they take milliseconds. Warm workers stay alive
unless their function is another one after the restore.
"""

from __future__ import annotations

import collections
import gc
import os
import pickle  # nosec B403 - see `load`
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime, responses
from ministack.services import lambda_svc, sts

from local_aws.patches import patching
from local_aws.patches.lambda_ import forks
from local_aws.patches.lambda_.async_invokes import IDLE

from .store import STORE

_SCOPED = (responses.AccountScopedDict, responses.AccountRegionScopedDict)
# What the patches keep themselves.
_OURS = ("switches", "scaling", "canned_answers", "mutes", "changed_roles")
_TAKEN: dict[str, dict[tuple[str, str], Any]] = {}
_MATTERS = ("Environment", "CodeSha256", "Layers", "Timeout", "MemorySize", "Handler", "Role")

patching.need(lambda_runtime, "_workers", "_lock", "kill_workers")
patching.need(sts, "_sessions")


def take(name: str) -> int:
    """Copy everything; the number of stores copied."""
    _TAKEN[name] = {key: copied(store._data) for key, store in _stores().items()}
    for part in _OURS:
        _TAKEN[name]["drill", part] = copied(getattr(STORE, part))
    # The garbage collector need not look through what stays until the end.
    gc.freeze()
    return len(_TAKEN[name])


def save(name: str, path: str) -> int:
    """Write a snapshot to a file, for `load`; its length in bytes."""
    return Path(path).write_bytes(_address() + b"\n" + pickle.dumps(_TAKEN[name]))


def load(name: str, path: str) -> int:
    """Take a snapshot of another local AWS for one of ours and put it back; see `restore`.

    Its addresses become ours: queues and layers are at URLs with the port.
    """
    other, _, stored = Path(path).read_bytes().partition(b"\n")
    # The length of each text is stored before it. Ports that the system chooses have five digits.
    if len(other) != len(_address()):
        raise ValueError("the two ports differ in length")
    # Another launcher of this user has just written it.
    taken = pickle.loads(stored.replace(other, _address()))  # noqa: S301  # nosec B301
    for module, _ in taken:
        if module.startswith("ministack."):
            import_module(module)
    _TAKEN[name] = taken
    gc.freeze()
    return restore(name)


def _address() -> bytes:
    return f"{os.environ['MINISTACK_HOST']}:{os.environ['GATEWAY_PORT']}".encode()


def restore(name: str, cold: bool = False) -> int:
    """Put everything back; the number of warm workers that had to go."""
    taken = _TAKEN[name]
    IDLE.generation += 1
    for key, store in _stores().items():
        _put_back(store._data, taken.get(key, {}))
    STORE.executions.clear()  # they began in the world that is replaced
    for part in _OURS:
        setattr(STORE, part, copied(taken["drill", part]))
    return _drop_workers(cold)


def _put_back(found: dict[Any, Any], taken: dict[Any, Any]) -> None:
    """Only what differs is copied: comparing runs in C, and shares what cannot change."""
    fresh = {
        key: found[key] if key in found and found[key] == value else copied(value)
        for key, value in taken.items()
    }
    found.clear()
    found.update(fresh)


def _stores() -> dict[tuple[str, str], Any]:
    return {
        (name, attribute): value
        for name, module in list(sys.modules.items())
        if name.startswith("ministack.") and module is not None
        for attribute, value in list(vars(module).items())
        if isinstance(value, _SCOPED)
    }


def copied(value: Any) -> Any:
    """A deep copy of containers; everything else is shared."""
    if isinstance(value, collections.defaultdict):
        made: dict[Any, Any] = collections.defaultdict(value.default_factory)
        made.update((key, copied(each)) for key, each in list(value.items()))
        return made
    if isinstance(value, dict):
        return type(value)((key, copied(each)) for key, each in list(value.items()))
    if isinstance(value, collections.deque):
        return collections.deque((copied(each) for each in list(value)), value.maxlen)
    if isinstance(value, list | set):
        return type(value)(copied(each) for each in list(value))
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(copied(each) for each in value)
    if isinstance(value, bytearray):
        return bytearray(value)
    if isinstance(value, _SCOPED):
        return type(value).from_dict(copied(value._data))
    return value


def _drop_workers(cold: bool) -> int:
    with lambda_runtime._lock:
        gone = []
        for key, workers in list(lambda_runtime._workers.items()):
            stale = [worker for worker in workers if cold or _outdated(key, worker)]
            lambda_runtime._workers[key] = [worker for worker in workers if worker not in stale]
            gone += stale
    lambda_runtime.kill_workers(gone)
    if cold:
        forks.end_parents()
    return len(gone)


def _outdated(key: str, worker: Any) -> bool:
    account, region, name, version = key.split(":")
    function = lambda_svc._functions.get_scoped(account, region, name)
    record = (function or {}).get("versions", {}).get(version, function)
    config = (record or {}).get("config")
    return config is None or any(config.get(each) != worker.config.get(each) for each in _MATTERS)
