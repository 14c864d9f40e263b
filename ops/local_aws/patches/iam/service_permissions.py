"""Whom IAM lets in where a service calls another one, which no signed request shows."""

from __future__ import annotations

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc, sqs

from local_aws.patches import patching

from . import decisions

patching.need(iam_evaluator, "_gather_role_policies", "evaluate", "evaluate_resource_policy", "EvalContext")
patching.need(lambda_svc, "function_policy_for_arn")
patching.need(sqs, "queue_policy_allows")


def role_may(role_arn: str, session: str, action: str, target: str, why: str) -> bool:
    """Whether the policies of a role that a service has assumed allow it; recorded under ``why``."""
    role, account = role_arn.rsplit("/", 1)[-1], get_account_id()
    context = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=target,
        region=get_region(),
        service_context={},
        principal_keys={},
    )
    policies = iam_evaluator._gather_role_policies(role, account)
    allowed: bool = iam_evaluator.evaluate(context, policies).decision == "Allow"
    decisions.note(role, action, target, allowed, why)
    return allowed


def may_invoke(service: str, source: str, function_arn: str) -> bool:
    """Whether the function's own policy allows it, for a service that calls on behalf of ``source``."""
    found = lambda_svc.function_policy_for_arn(function_arn)
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=function_arn,
        region=get_region(),
        service_context={"aws:sourcearn": source, "aws:sourceaccount": get_account_id()},
    )
    policy = found[0] if found else None
    decided = iam_evaluator.evaluate_resource_policy(policy, context, service=service)
    return bool(decided.decision == "Allow")


def may_send(service: str, source: str, queue_arn: str) -> bool:
    """Whether the queue's own policy allows it, for a service that sends on behalf of ``source``."""
    return bool(sqs.queue_policy_allows(queue_arn, service, source, get_account_id()))
