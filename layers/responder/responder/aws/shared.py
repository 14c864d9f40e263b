"""Each question to AWS is asked once, whichever evidence, plans or checks need the answer.

Lambda's control plane takes 15 requests a second, all operations and functions of an account together (Lambda
quotas, "Rate of the remainder of the control plane API requests"), and CloudTrail two (LookupEvents).

What is read right before a write, to compare what it would overwrite, does not go through here: the act of a
remedy reads AWS itself. While an act is finished, its reads are kept for the judgement just before its next
write; each write names the revision that was read, and forgets what was kept of its function. The look at
what is in force reads AWS where a kept answer contradicts the record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock
from typing import Any

from responder.aws.parallel import impatient
from responder.core.context import Context, Gateway, reads
from responder.core.errors import Throttled

_SHARED = frozenset(
    {
        ("lambda", "get_account_settings"),
        ("lambda", "get_function_concurrency"),
        ("lambda", "get_function_configuration"),
        ("lambda", "get_provisioned_concurrency_config"),
        ("lambda", "list_aliases"),
        ("lambda", "list_versions_by_function"),
        ("cloudtrail", "lookup_events"),
    }
)

_CONTAINERS = (dict, list)

type _Key = tuple[str, str, str]


class SharedAnswers:
    """A `Gateway` that keeps the answers, and the errors, of what AWS takes few requests for in memory.

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

    def beside(self, aws: Gateway) -> "SharedAnswers":
        """Another one that asks `aws`, and shares its answers with this one."""
        other = SharedAnswers(aws)
        other._lock, other._asked = self._lock, self._asked
        return other

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """The kept answer, or error, where there is one; each caller gets its own copy."""
        if service == "lambda" and not reads(operation):
            try:
                return self._aws.call(service, operation, **arguments)
            finally:
                self.forget(str(arguments.get("FunctionName")))
        if not _is_shared(service, operation):
            return self._aws.call(service, operation, **arguments)
        answer: dict[str, Any] = self._once(
            _key(service, operation, False, arguments),
            lambda: self._aws.call(service, operation, **arguments),
        )
        return answer

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """All pages of a shared operation immediately; those of any other as they are consumed."""
        if not _is_shared(service, operation):
            yield from self._aws.pages(service, operation, **arguments)
            return
        yield from self._once(
            _key(service, operation, True, arguments),
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
        return _copied(future.result())

    def forget(self, function: str) -> None:
        """Forget the answers about this function."""
        with self._lock:
            for key in [key for key in self._asked if key[1] == function]:
                del self._asked[key]


def _key(service: str, operation: str, pages: bool, arguments: Mapping[str, Any]) -> _Key:
    asked = f"{service} {operation} {'pages' if pages else ''}"
    function = str(arguments.get("FunctionName", ""))
    return asked, function, repr(sorted(arguments.items()))


def _copied(answer: Any) -> Any:
    """A copy with its own containers; their values are immutable."""
    if isinstance(answer, dict):
        # Most parts are values: a call for each would take longer than all else.
        return {
            name: _copied(part) if isinstance(part, _CONTAINERS) else part for name, part in answer.items()
        }
    return [_copied(part) for part in answer] if isinstance(answer, list) else answer


def _is_shared(service: str, operation: str) -> bool:
    return (service.partition("@")[0], operation) in _SHARED


def shared(context: Context) -> Context:
    """The context in which each question is asked once from now on; unchanged, if that is already so."""
    aws = impatient(context.aws)
    return context if isinstance(aws, SharedAnswers) else replace(context, aws=SharedAnswers(aws))


def forget(context: Context, functions: Iterable[str]) -> bool:
    """Ask again what is asked about these functions next; False where nothing was kept."""
    aws = impatient(context.aws)
    if not isinstance(aws, SharedAnswers):
        return False
    for name in functions:
        aws.forget(name)
    return True
