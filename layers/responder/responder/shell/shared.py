"""One question about a function is asked once, whichever looks, plans or checks need the answer.

Lambda's control plane takes 15 requests a second, all operations and functions of an account together (Lambda
quotas, "Rate of the remainder of the control plane API requests").

What is read right before a write, to compare what it would overwrite, never goes through here: the act of a
remedy, and the look at what is in force, read AWS itself.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from copy import deepcopy
from dataclasses import replace
from threading import Lock
from typing import Any

from responder.context import Context
from responder.errors import Throttled
from responder.gateway import Gateway, reads

_SHARED = frozenset(
    {
        "get_account_settings",
        "get_function_concurrency",
        "get_function_configuration",
        "get_provisioned_concurrency_config",
        "list_aliases",
        "list_versions_by_function",
    }
)

type _Key = tuple[str, bool, tuple[tuple[str, Any], ...]]


class Shared:
    """A `Gateway` that keeps the answers, and the errors, of Lambda's control plane in memory.

    Questions that are asked side by side share one request. What AWS turned away for its rate is not kept,
    and a write forgets what was kept of its function. Answers hold values of variables: an object lives no
    longer than the response, or the run of checks, that it was made for, and it cannot be copied or stored.
    """

    def __init__(self, aws: Gateway) -> None:
        """`aws`: whom to ask."""
        self._aws = aws
        self._lock = Lock()
        self._asked: dict[_Key, Future[Any]] = {}

    def __reduce__(self) -> str:
        raise TypeError("knows values that must not be stored")

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """The kept answer, or error, where there is one; each caller gets a copy of its own."""
        if service == "lambda" and not reads(operation):
            try:
                return self._aws.call(service, operation, **arguments)
            finally:
                self._forget(arguments.get("FunctionName"))
        if not _is_shared(service, operation):
            return self._aws.call(service, operation, **arguments)
        answer: dict[str, Any] = self._once(
            (operation, False, tuple(sorted(arguments.items()))),
            lambda: self._aws.call(service, operation, **arguments),
        )
        return answer

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """All pages of a shared operation at once; those of any other as they are consumed."""
        if not _is_shared(service, operation):
            yield from self._aws.pages(service, operation, **arguments)
            return
        yield from self._once(
            (operation, True, tuple(sorted(arguments.items()))),
            lambda: list(self._aws.pages(service, operation, **arguments)),
        )

    def _once(self, key: _Key, ask: Callable[[], Any]) -> Any:
        with self._lock:
            known = self._asked.get(key)
            future = known or self._asked.setdefault(key, Future())
        if known is None:
            try:
                future.set_result(ask())
            except BaseException as error:
                if isinstance(error, Throttled):
                    with self._lock:
                        self._asked.pop(key, None)
                future.set_exception(error)
                raise
        return deepcopy(future.result())

    def _forget(self, function: str | None) -> None:
        with self._lock:
            for key in [key for key in self._asked if dict(key[2]).get("FunctionName") == function]:
                del self._asked[key]


def _is_shared(service: str, operation: str) -> bool:
    return service == "lambda" and operation in _SHARED


def shared(context: Context) -> Context:
    """The context in which each question is asked once from now on."""
    return replace(context, aws=Shared(context.aws))
