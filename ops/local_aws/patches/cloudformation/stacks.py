"""What CloudFormation refuses: names that are taken, sizes, a stack that must be deleted first.

And how long it takes: a template is parsed in C, and an update does not compare the whole template with the
one before for each of its resources.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import yaml
from ministack.core.responses import get_region
from ministack.services import cloudformation as stored
from ministack.services import (
    cloudwatch_logs,
    dynamodb,
    eventbridge,
    iam,
    lambda_svc,
    s3,
    scheduler,
    sns,
    sqs,
    ssm,
)
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from local_aws.patches import patching
from local_aws.patches.calls import rates, sizes
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import CURRENT, Request, arn
from local_aws.patches.cloudwatch import alarm_types
from local_aws.patches.drill.store import STORE
from local_aws.patches.iam import late_policies

_FAILED = "ROLLBACK_COMPLETE"


# The property that names a resource, and whether something of that name is there.
_NAMED: dict[str, tuple[str, Callable[[str], object]]] = {
    "AWS::CloudWatch::Alarm": ("AlarmName", alarm_types.find),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName", alarm_types.find),
    "AWS::DynamoDB::Table": ("TableName", dynamodb._tables.get),
    "AWS::Events::Rule": (
        "Name",
        lambda name: eventbridge._rules.get(eventbridge._rule_key(name, "default")),
    ),
    "AWS::IAM::Role": ("RoleName", iam._roles.get),
    "AWS::Lambda::Function": ("FunctionName", lambda_svc._functions.get),
    "AWS::Logs::LogGroup": ("LogGroupName", cloudwatch_logs._log_groups.get),
    "AWS::SNS::Topic": ("TopicName", lambda name: sns._topics.get(arn("sns", name))),
    "AWS::SQS::Queue": ("QueueName", sqs._queue_name_to_url.get),
    "AWS::SSM::Parameter": ("Name", ssm._parameters.get),
    "AWS::Scheduler::Schedule": ("Name", lambda name: scheduler._schedules.get(f"default/{name}")),
}

# The request that makes a resource, where AWS takes few of them a second. A throttled one is sent again: how
# often is not documented (CloudFormation CLI User Guide, "Handler error codes": Throttling is retriable).
_REQUESTS = {
    "AWS::CloudWatch::Alarm": ("cloudwatch", "PutMetricAlarm"),
    "AWS::Lambda::Function": ("lambda", "CreateFunction"),
    "AWS::SSM::Parameter": ("ssm", "PutParameter"),
}
_WAITS = (0.1, 0.2, 0.4, 0.8)


def install() -> None:
    """Check each resource of a template before it is created or changed."""
    patching.need(stored, "_stacks")
    patching.need(eventbridge, "_rules", "_rule_key")
    patching.need(ssm, "_parameters")
    patching.need(s3, "_bucket_policies")
    patching.wrap(
        stacks,
        "_provision_resource",
        "resource_type logical_id props stack_name",
        _made,
    )
    patching.wrap(
        stacks,
        "_update_resource",
        "resource_type physical_id old_props new_props stack_name logical_id old_attrs",
        _changed,
    )
    patching.wrap(
        stacks,
        "_delete_resource",
        "resource_type physical_id props stack_name logical_id",
        _removed,
    )
    patching.need(iam, "_policies")
    patching.need(changesets, "_evaluate_conditions")
    patching.wrap(
        changesets,
        "_resolve_props_for_diff",
        "template params stack_name stack_id",
        _existing,
    )
    _be_quick()


def _be_quick() -> None:
    patching.need(engine, "CfnLoader")

    class Loader(yaml.CSafeLoader):
        yaml_constructors = engine.CfnLoader.yaml_constructors
        yaml_implicit_resolvers = engine.CfnLoader.yaml_implicit_resolvers

    engine.CfnLoader = Loader
    for module in (handlers, changesets):
        patching.swap(
            module,
            "_deploy_stack_async",
            "stack_name stack_id template param_values disable_rollback tags is_update previous_stack"
            " retain_except_on_create imports",
            _deploying(stacks._deploy_stack_async),
        )


def _deploying(deploy: Callable[..., Any]) -> Callable[..., Any]:
    def deployed(stack: str, stack_id: str, template: dict[str, Any], *given: Any, **more: Any) -> Any:
        before = more.get("previous_stack")
        if before:
            before["_template"] = _shared(before.get("_template"), template)
        return deploy(stack, stack_id, template, *given, **more)

    return deployed


def _shared(old: Any, new: Any, depth: int = 2) -> Any:
    """The old one, of which what equals the new one is the same object: that is compared without a look."""
    if old == new:
        return new
    if depth and isinstance(old, dict) and isinstance(new, dict):
        return {name: _shared(part, new.get(name), depth - 1) for name, part in old.items()}
    return old


def _existing(before: Any, template: Any, params: Any, *stack: Any) -> dict[str, Any]:
    """A change set is also about resources that a condition adds or takes away."""
    found: dict[str, Any] = before(template, params, *stack)
    if not template:
        return found
    holds = changesets._evaluate_conditions(template, params)
    kept = {
        name: each
        for name, each in found["Resources"].items()
        if "Condition" not in each or holds.get(each["Condition"], True)
    }
    return {**found, "Resources": kept}


def _made(before: Any, kind: str, name: str, props: dict[str, Any], stack: str) -> Any:
    _refuse(sizes.in_template(kind, props) or _taken(kind, props) or _throttled(kind))
    late_policies.changes(kind)
    return before(kind, name, props, stack)


def _throttled(kind: str) -> tuple[str, str] | None:
    """The requests for a stack count as requests of the role that creates it."""
    caller = CURRENT.get()
    if caller is None or kind not in _REQUESTS:
        return None
    service, operation = _REQUESTS[kind]
    request = replace(caller, service=service, operation=operation)
    for seconds in (*_WAITS, 0):
        if not rates.refused(request, get_region()):
            return None
        time.sleep(0 if STORE.settings.rates == rates.STANDS else seconds)
    return "Throttling", "Rate exceeded"


def _changed(before: Any, kind: str, physical: str, old: Any, props: dict[str, Any], *rest: Any) -> Any:
    if old != props:
        _refuse(sizes.in_template(kind, props))
        late_policies.changes(kind)
    return before(kind, physical, old, props, *rest)


def _removed(before: Any, kind: str, physical: str, props: dict[str, Any], *rest: Any) -> Any:
    """A managed policy only once it is detached from all that the template does not name itself."""
    if kind == "AWS::IAM::ManagedPolicy":
        own = sum(len(props.get(each) or ()) for each in ("Groups", "Roles", "Users"))
        if iam._policies.get(physical, {}).get("AttachmentCount", 0) > own:
            _refuse(("GeneralServiceException", "Cannot delete a policy attached to entities."))
    late_policies.changes(kind)
    return before(kind, physical, props, *rest)


def _refuse(problem: tuple[str, str] | None) -> None:
    if problem:
        raise ValueError(
            f'Resource handler returned message: "{problem[1]}" (HandlerErrorCode: {problem[0]})'
        )


def _taken(kind: str, props: dict[str, Any]) -> tuple[str, str] | None:
    if kind == "AWS::S3::BucketPolicy" and s3._bucket_policies.get(str(props.get("Bucket"))):
        return "AlreadyExists", f"The bucket policy already exists on bucket {props['Bucket']}."
    name_of, find = _NAMED.get(kind, ("", bool))
    name = str(props.get(name_of) or "")
    if not name or not find(name):
        return None
    return "AlreadyExists", f"Resource of type '{kind}' with identifier '{name}' already exists."


@rule("cloudformation", "CreateStack", "CreateChangeSet")
def _not_again(request: Request) -> Refusal:
    """A creation that was rolled back must be deleted before it is tried again."""
    name = str(request.params.get("StackName", ""))
    stack = stored._stacks.get(name.split("/")[1] if name.startswith("arn:") else name) or {}
    if stack.get("StackStatus") != _FAILED:
        return None
    if request.operation == "CreateStack":
        return "AlreadyExistsException", f"Stack [{name}] already exists"
    said = f"Stack:{stack.get('StackId', name)} is in {_FAILED} state and can not be updated."
    return "ValidationError", said
