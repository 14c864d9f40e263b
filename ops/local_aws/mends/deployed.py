"""What a template says of a function and ministack drops: that it is durable, and its dead-letter queue."""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from . import seams

_KEPT = ("DurableConfig", "DeadLetterConfig")


def install() -> None:
    """Make functions of templates with both."""
    seams.need(provisioners, "_RESOURCE_HANDLERS")
    before = seams.swap(
        provisioners,
        "_lambda_create",
        "logical_id props stack_name",
        lambda logical_id, props, stack_name: _create(before, logical_id, props, stack_name),
    )
    provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]["create"] = provisioners._lambda_create


def _create(before: seams.Function, logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
    made = before(logical_id, props, stack_name)
    config = lambda_svc._functions[made[0]]["config"]
    config.update({key: props[key] for key in _KEPT if props.get(key)})
    return made
