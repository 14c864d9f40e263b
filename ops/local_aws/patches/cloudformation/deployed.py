"""What a template says and ministack drops: of a function that it is durable, its dead-letter queue and its
reservation, of a schedule its time zone; and of a topic whose it is."""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import lambda_svc, scheduler, sns
from ministack.services.cloudformation import provisioners

from local_aws.patches import patching
from local_aws.patches.lambda_.provisioned import reservation_problem

_OF_FUNCTIONS = ("DurableConfig", "DeadLetterConfig")
_ZONE = "ScheduleExpressionTimezone"


def install() -> None:
    """Make functions and schedules of templates with them."""
    patching.need(provisioners, "_RESOURCE_HANDLERS")
    _function()
    _topic()
    _schedule("create", "logical_id props stack_name", 1)
    _schedule("update", "physical_id old_props new_props stack_name", 2)


def _function() -> None:
    before = patching.swap(
        provisioners,
        "_lambda_create",
        "logical_id props stack_name",
        lambda logical_id, props, stack_name: _create(before, logical_id, props, stack_name),
    )
    update = patching.swap(
        provisioners,
        "_lambda_update",
        "physical_id old_props new_props stack_name logical_id",
        lambda name, *given, **named: _update(update, name, *given, *named.values()),
    )
    provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"] |= {
        "create": provisioners._lambda_create,
        "update": provisioners._lambda_update,
    }


def _create(before: patching.Function, logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
    if problem := reservation_problem("", _reservation(props) or 0):
        raise ValueError(f'Resource handler returned message: "{problem}"')
    made = before(logical_id, props, stack_name)
    lambda_svc._functions[made[0]]["concurrency"] = _reservation(props)
    config = lambda_svc._functions[made[0]]["config"]
    config.update({key: props[key] for key in _OF_FUNCTIONS if props.get(key)})
    return made


def _update(before: patching.Function, name: str, *given: Any) -> Any:
    """``given``: the properties before, those now, the stack's name, the logical id."""
    wanted = _reservation(given[1])
    if problem := reservation_problem(name, wanted or 0):
        raise ValueError(f'Resource handler returned message: "{problem}"')
    made = before(name, *given)
    lambda_svc._functions[made[0]]["concurrency"] = wanted
    return made


def _reservation(props: dict[str, Any]) -> int | None:
    details = props.get("ReservedConcurrentExecutions")
    return None if details is None else int(details)


def _topic() -> None:
    """The policy that a topic is made with lets only its own account in."""
    patching.need(sns, "_topics")
    before = patching.swap(
        provisioners, "_sns_create", "logical_id props stack_name", lambda *given: _owned(before(*given))
    )
    provisioners._RESOURCE_HANDLERS["AWS::SNS::Topic"]["create"] = provisioners._sns_create


def _owned(made: Any) -> Any:
    attributes = sns._topics[made[0]]["attributes"]
    policy = json.loads(attributes["Policy"])
    for each in policy["Statement"]:
        each["Condition"] = {"StringEquals": {"AWS:SourceOwner": get_account_id()}}
    attributes["Policy"] = json.dumps(policy)
    return made


def _schedule(step: str, parameters: str, props: int) -> None:
    """``props``: which of the parameters is what the template says now."""
    patching.need(scheduler, "_schedules")
    name = f"_scheduler_schedule_{step}"
    before = patching.swap(
        provisioners, name, parameters, lambda *given: _in_its_zone(before(*given), given[props])
    )
    provisioners._RESOURCE_HANDLERS["AWS::Scheduler::Schedule"][step] = getattr(provisioners, name)


def _in_its_zone(made: Any, props: dict[str, Any]) -> Any:
    kept = scheduler._schedules[f"{props.get('GroupName', 'default')}/{made[0]}"]
    kept[_ZONE] = props.get(_ZONE, "UTC")
    return made
