"""One question about a function is asked once in a run, whichever checks need the answer."""

from collections.abc import Iterator
from concurrent.futures import Future
from copy import deepcopy
from threading import Lock
from typing import Any

from responder.gateway import Gateway

_SHARED = frozenset({("lambda", "get_function_configuration"), ("lambda", "get_function_concurrency")})

type _Key = tuple[str, str, tuple[tuple[str, Any], ...]]


class Shared:
    """A `Gateway` that keeps answers of Lambda's control plane, which allows few requests a second."""

    def __init__(self, aws: Gateway) -> None:
        """`aws`: whom to ask."""
        self._aws = aws
        self._lock = Lock()
        self._asked: dict[_Key, Future[dict[str, Any]]] = {}

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """The kept answer, or error, where there is one; each caller gets a copy of its own."""
        if (service, operation) not in _SHARED:
            return self._aws.call(service, operation, **arguments)
        key = (service, operation, tuple(sorted(arguments.items())))
        with self._lock:
            known = self._asked.get(key)
            future = known or self._asked.setdefault(key, Future())
        if known is None:
            try:
                future.set_result(self._aws.call(service, operation, **arguments))
            except BaseException as error:
                future.set_exception(error)
                raise
        return deepcopy(future.result())

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """As they are."""
        return self._aws.pages(service, operation, **arguments)
