"""The lengths and ranges in AWS's own models of its operations, which ministack does not check.

botocore has the models and checks no maximum itself. AWS answers for the first value that is too long:
"1 validation error detected: Value '…' at '…' failed to satisfy constraint: …".
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

# The error code where a service has its own one.
_CODES = {
    "cloudwatch": "ValidationError",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "sts": "ValidationError",
}
SERVICES = (
    "cloudtrail",
    "cloudwatch",
    "dynamodb",
    "events",
    "iam",
    "lambda",
    "logs",
    "scheduler",
    "secretsmanager",
    "ssm",
)
_COUNTED = ("string", "list", "map")
_NUMBERS = ("integer", "long")


def problem(service: str, operation: str, params: dict[str, Any]) -> tuple[str, str] | None:
    """Error code and message for the first parameter that is larger than AWS's model allows.

    ``params``: by the names of the model, or as a template's properties (an upper-case first letter, numbers
    as text, JSON as an object). What the model does not know is passed over.
    """
    model = _operation(service, operation)
    if model is None or model.input_shape is None:
        return None
    for path, said in _problems(model.input_shape, params, ""):
        shown = f"1 validation error detected: Value at '{path.lstrip('.')}' failed to satisfy constraint: "
        return _CODES.get(service, "ValidationException"), shown + said
    return None


@functools.cache
def _operation(service: str, operation: str) -> OperationModel | None:
    if service not in SERVICES:
        return None
    model = _session().get_service_model(service)
    return model.operation_model(operation) if operation in model.operation_names else None


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def _problems(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if shape.type_name == "string" and isinstance(value, dict | list):
        value = json.dumps(value, separators=(",", ":"))  # a template has JSON as an object
    most = shape.metadata.get("max")
    if most is not None and (size := _size(shape.type_name, value)) is not None and size > most:
        yield path, _said(shape.type_name, most)
    for inner, part, where in _inside(shape, value):
        yield from _problems(inner, part, path + where)


def _inside(shape: Shape, value: Any) -> Iterator[tuple[Shape, Any, str]]:
    """Parts of a value: shape, value and where it is."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = _members(shape)
        for given, part in value.items():
            if found := members.get(given.lower()):
                yield found[1], part, f".{found[0][:1].lower()}{found[0][1:]}"
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield shape.member, part, f".{number}.member"
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for part in value.values():
            yield shape.value, part, ""


@functools.cache
def _members(shape: StructureShape) -> dict[str, tuple[str, Shape]]:
    return {name.lower(): (name, member) for name, member in shape.members.items()}


def _size(kind: str, value: Any) -> int | None:
    if kind in _COUNTED and isinstance(value, str | list | dict):
        return len(value)
    text = str(value)
    return int(text) if kind in _NUMBERS and text.lstrip("-").isdigit() else None


def _said(kind: str, most: int) -> str:
    if kind in _NUMBERS:
        return f"Member must have value less than or equal to {most}"
    return f"Member must have length less than or equal to {most}"
