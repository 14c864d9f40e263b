"""What the rest of the library may ask of AWS, without importing boto3."""

from collections.abc import Iterator
from typing import Any, Protocol

_READS = (
    "get_",
    "list_",
    "describe_",
    "query",
    "scan",
    "batch_get",
    "filter_",
    "lookup_",
    "head_",
    "simulate_",
)


def reads(operation: str) -> bool:
    """It changes nothing at AWS; any operation that is not known to read counts as a write."""
    return operation.startswith(_READS)


class Gateway(Protocol):
    """One door to every AWS API. Implemented by `responder.aws.Boto` and by the tests' fakes.

    `service` is the botocore client name (`lambda`; `cloudtrail@us-east-1` in another Region than the
    function's), `operation` its snake_case method (`get_function_configuration`). Raises only errors of
    `responder.core.errors`.
    """

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """One request; the answer as botocore parses it."""
        ...

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Every page of a paginated operation, fetched as they are consumed."""
        ...


def turned_away(aws: Gateway) -> bool:
    """It has had to ask again what AWS turned away for its rate, so that a look may take longer."""
    return bool(getattr(aws, "turned_away", False))
