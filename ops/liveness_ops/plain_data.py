"""Plain data, as JSON has it, and how it is read from AWS page by page."""

from collections.abc import Iterator, Mapping
from typing import Any

from responder.core.context import Gateway

# What is made here, such as the object of `--json`.
type Json = dict[str, Any]
# What is only read, such as an answer of AWS or the arguments of a call.
type Data = Mapping[str, Any]


def listed(aws: Gateway, service: str, operation: str, key: str, /, **asked: Any) -> Iterator[Any]:
    """What all pages of an answer have below this key, one page asked for after the other."""
    for page in aws.pages(service, operation, **asked):
        yield from page.get(key, ())
