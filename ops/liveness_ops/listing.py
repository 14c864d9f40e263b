"""Lists of AWS, read page by page."""

from collections.abc import Iterator
from typing import Any

from responder.core.context import Gateway


def listed(aws: Gateway, service: str, operation: str, key: str, /, **asked: Any) -> Iterator[Any]:
    """What all pages of an answer have below this key, one page asked for after the other."""
    for page in aws.pages(service, operation, **asked):
        yield from page.get(key, ())
