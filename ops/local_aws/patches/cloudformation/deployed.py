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
    patching.need(sns, "_topics")
    patching.need(scheduler, "_schedules")
    made, changed = "logical_id props stack_name", "physical_id old_props new_props stack_name"
    patching.wrap(provisioners, "_lambda_create", made, _create)
    patching.wrap(provisioners, "_lambda_update", f"{changed} logical_id", _update)
    patching.wrap(provisioners, "_sns_create", made, lambda before, *given: _owned(before(*given)))
    patching.wrap(provisioners, "_scheduler_schedule_create", made, _in_its_zone)
    patching.wrap(provisioners, "_scheduler_schedule_update", changed, _in_its_zone)


def _create(before: patching.Function, logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
    if problem := reservation_problem("", _reservation(props) or 0):
        raise ValueError(f'Resource handler returned message: "{problem}"')
    made = before(logical_id, props, stack_name)
    lambda_svc._functions[made[0]]["concurrency"] = _reservation(props)
    config = lambda_svc._functions[made[0]]["config"]
    config.update({key: props[key] for key in _OF_FUNCTIONS if props.get(key)})
    return made


def _update(
    before: patching.Function, name: str, old: Any, props: dict[str, Any], *given: Any, **named: Any
) -> Any:
    wanted = _reservation(props)
    if problem := reservation_problem(name, wanted or 0):
        raise ValueError(f'Resource handler returned message: "{problem}"')
    made = before(name, old, props, *given, **named)
    lambda_svc._functions[made[0]]["concurrency"] = wanted
    return made


def _reservation(props: dict[str, Any]) -> int | None:
    details = props.get("ReservedConcurrentExecutions")
    return None if details is None else int(details)


def _owned(made: Any) -> Any:
    """The policy that a topic is made with lets only its own account in."""
    attributes = sns._topics[made[0]]["attributes"]
    policy = json.loads(attributes["Policy"])
    for each in policy["Statement"]:
        each["Condition"] = {"StringEquals": {"AWS:SourceOwner": get_account_id()}}
    attributes["Policy"] = json.dumps(policy)
    return made


def _in_its_zone(before: patching.Function, *given: Any) -> Any:
    """The last of `given` but the stack's name: what the template says now."""
    made, props = before(*given), given[-2]
    kept = scheduler._schedules[f"{props.get('GroupName', 'default')}/{made[0]}"]
    kept[_ZONE] = props.get(_ZONE, "UTC")
    return made
