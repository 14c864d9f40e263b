"""What AWS's own models of its operations say of a parameter: length, range, pattern, permitted values.

botocore has the models, for every operation that ministack serves, and itself checks only minimums, types and
what is required. AWS answers for the first value that does not fit:
"1 validation error detected: Value '…' at '…' failed to satisfy constraint: …".
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from .wire import Request

# The error code where a service has its own one.
_CODES = {
    "cloudformation": "ValidationError",
    "cloudwatch": "ValidationError",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "sts": "ValidationError",
}
# S3's requests are read by no one here; SQS and SNS name other errors, and their models have next to nothing.
SERVICES = (
    *("cloudformation", "cloudtrail", "cloudwatch", "dynamodb", "events", "iam", "kms", "lambda", "logs"),
    *("scheduler", "secretsmanager", "ssm", "sts"),
)
_COUNTED = ("string", "list", "map")
_NUMBERS = ("integer", "long")
_CONSTRAINTS = {"min", "max", "pattern", "enum"}


def problem(service: str, operation: str, params: dict[str, Any]) -> tuple[str, str] | None:
    """Error code and message for the first parameter that AWS's model does not allow.

    ``params``: by the names of the model, or as a template's properties (an upper-case first letter, numbers
    as text, JSON as an object). What the model does not know is passed over.
    """
    model = _operation(service, operation)
    if model is None or model.input_shape is None:
        return None
    for path, said in _problems(model.input_shape, params, ""):
        shown = f"1 validation error detected: Value at '{path.lstrip('.')}' failed to satisfy constraint: "
        return _CODES.get(service, "ValidationException"), f"{shown}Member must {said}"
    return None


def read(request: Request) -> dict[str, Any]:
    """All parameters of a request: those of its form as lists and maps, and those of its path and headers."""
    params = _nested(request.params) if any("." in name for name in request.params) else request.params
    model = _operation(request.service, request.operation)
    if model is None or model.service_model.metadata["protocol"] != "rest-json":
        return params
    path, places = _places(model)
    found = path.fullmatch(request.path.rstrip("/"))
    outside = {name: unquote(text) for name, text in (found.groupdict() if found else {}).items()}
    for name, where, key in places:
        value = request.first(key) if where == "querystring" else request.headers.get(key.lower(), "")
        outside |= {name: value} if value else {}
    return {**params, **outside}


def _nested(form: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in form.items():
        *above, last = name.split(".")
        node = found
        for part in above:
            node = node.setdefault(part, {})
        node[last] = value
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"member"}:
        return [_plain(part) for part in value["member"].values()]
    if set(value) == {"entry"}:
        return {
            part.get("key", part.get("Name")): _plain(part.get("value", part.get("Value", {})))
            for part in value["entry"].values()
        }
    return {name: _plain(part) for name, part in value.items()}


@functools.cache
def _places(model: OperationModel) -> tuple[re.Pattern[str], list[tuple[str, str, str]]]:
    """Pattern of a request's path, and where else its parameters are."""
    uri = re.sub(r"\\{(\w+)\\?\+?\\}", r"(?P<\1>[^/]+)", re.escape(model.http["requestUri"].split("?")[0]))
    shape = model.input_shape
    members = shape.members.items() if shape else ()
    placed = ((name, each.serialization) for name, each in members)
    return re.compile(uri.rstrip("/")), [
        (name, at["location"], at["name"])
        for name, at in placed
        if at.get("location") in ("querystring", "header")
    ]


@functools.cache
def _operation(service: str, operation: str) -> OperationModel | None:
    if service not in SERVICES:
        return None
    model = botocore.session.get_session().get_service_model(service)
    return model.operation_model(operation) if operation in model.operation_names else None


def _problems(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if shape.type_name == "string" and isinstance(value, dict | list):
        value = json.dumps(value, separators=(",", ":"))  # a template has JSON as an object
    if not _CONSTRAINTS.isdisjoint(shape.metadata) and (said := _unfit(shape, value)):
        yield path, said
    for inner, part, where in _inside(shape, value):
        yield from _problems(inner, part, path + where)


def _inside(shape: Shape, value: Any) -> Iterator[tuple[Shape, Any, str]]:
    """Parts of a value on which the model has a constraint: shape, value and where it is."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = _members(shape)
        for given, part in value.items():
            if found := members.get(given.lower()):
                yield found[1], part, f".{found[0][:1].lower()}{found[0][1:]}"
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield shape.member, part, f".{number}.member"
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key, part in value.items():
            yield shape.key, key, ""
            yield shape.value, part, ""


@functools.cache
def _members(shape: StructureShape) -> dict[str, tuple[str, Shape]]:
    members = {name.lower(): (name, member) for name, member in shape.members.items()}
    return {name: found for name, found in members.items() if _constrained(found[1], frozenset())}


def _constrained(shape: Shape, above: frozenset[str]) -> bool:
    """Whether the model constrains the shape or a part of it; a shape may be a part of itself."""
    if shape.name in above or not _CONSTRAINTS.isdisjoint(shape.metadata):
        return shape.name not in above
    parts: list[Shape] = [*shape.members.values()] if isinstance(shape, StructureShape) else []
    parts += [shape.member] if isinstance(shape, ListShape) else []
    parts += [shape.key, shape.value] if isinstance(shape, MapShape) else []
    return any(_constrained(part, above | {shape.name}) for part in parts)


def _unfit(shape: Shape, value: Any) -> str:
    constraints, kind = shape.metadata, shape.type_name
    size = _size(kind, value)
    what = "value" if kind in _NUMBERS else "length"
    if size is not None and size > constraints.get("max", size):
        return f"have {what} less than or equal to {constraints['max']}"
    if size is not None and size < constraints.get("min", size):
        return f"have {what} greater than or equal to {constraints['min']}"
    if not isinstance(value, str):
        return ""
    if value not in constraints.get("enum", (value,)):
        return f"satisfy enum value set: [{', '.join(constraints['enum'])}]"
    pattern = constraints.get("pattern")
    fits = pattern is None or (compiled := _pattern(pattern)) is None or compiled.fullmatch(value)
    return "" if fits else f"satisfy regular expression pattern: {pattern}"


@functools.cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """As Java reads it; what only Java reads, such as classes of Unicode, is not checked."""
    try:
        return re.compile(text, re.ASCII)
    except re.error:
        return None


def _size(kind: str, value: Any) -> int | None:
    if kind in _COUNTED and isinstance(value, str | list | dict):
        return len(value)
    text = str(value)
    return int(text) if kind in _NUMBERS and text.lstrip("-").isdigit() else None
