"""A policy or a rule may name a single object. Its key names a session or a person: never repeated."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_OBJECT = re.compile(r"(?P<bucket>arn:[^:]*:s3:::[^/]+/)(?P<folder>[^/]*/)?(?P<key>.*)", re.DOTALL)
_ALL = ("", "*")


def shown(resource: str) -> str:
    """`arn:aws:s3:::bucket/liveness-audit/…`; what names no object is left as it is."""
    found = _OBJECT.fullmatch(resource)
    if found is None or found.group("key") in _ALL:
        return resource
    return f"{found['bucket']}{found['folder'] or ''}…"


def named(document: Any, prefixes: Iterable[str]) -> bool:
    """Whether some string in it names an object, as an ARN or below one of the prefixes."""
    return any(
        shown(each) != each
        or any(each.startswith(prefix) and each[len(prefix) :] not in _ALL for prefix in prefixes)
        for each in _strings(document)
    )


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for each in node.values():
            yield from _strings(each)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _strings(each)
