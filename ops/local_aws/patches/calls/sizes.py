"""What AWS limits beyond its models, for calls and for the resources of templates alike.

Each limit has its source in ``tests/integration/limits.yaml``; docs/local-aws.md has the table.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch_logs, eventbridge, iam

from local_aws.patches import patching
from local_aws.patches.cloudwatch import series
from local_aws.patches.lambda_ import variables
from local_aws.patches.logs import metric_filters

from . import model
from .wire import Answer, Request, error, lower

type Problem = tuple[str, str] | None
type Check = Callable[[dict[str, Any]], Problem]

MIB = 1_048_576
_TOO_LONG = (
    "1 validation error detected: Value at '{}' failed to satisfy constraint: Member must have length "
)
_HOUR, _DAY, _WEEK = 3600, 86_400, 604_800


def install() -> None:
    """The stages of requests and the patch of stacks ask here; these are the stores it reads."""
    patching.need(iam, "_roles", "_user_inline_policies", "_group_inline_policies")
    patching.need(eventbridge, "_targets")
    patching.need(cloudwatch_logs, "_metric_filters")


def in_template(kind: str, props: dict[str, Any]) -> Problem:
    """The refusal of a template with a resource that is too large."""
    found = (_problem(*operation, _as_params(kind, props)) for operation in _OPERATIONS.get(kind, ()))
    return next((each for each in found if each), None)


def _problem(service: str, operation: str, params: dict[str, Any]) -> Problem:
    if found := model.problem(service, operation, params):
        return found
    checks = (check(params) for check in _CHECKS.get((service, operation), ()))
    return next((found for found in checks if found), None)


# The operation whose parameters a resource's properties are.
_OPERATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "AWS::CloudWatch::Alarm": (("cloudwatch", "PutMetricAlarm"),),
    "AWS::CloudWatch::CompositeAlarm": (("cloudwatch", "PutCompositeAlarm"),),
    "AWS::CloudWatch::Dashboard": (("cloudwatch", "PutDashboard"),),
    "AWS::DynamoDB::Table": (("dynamodb", "CreateTable"),),
    "AWS::Events::Rule": (("events", "PutRule"), ("events", "PutTargets")),
    "AWS::IAM::ManagedPolicy": (("iam", "CreatePolicy"),),
    "AWS::IAM::Policy": (("iam", "PutRolePolicy"),),
    "AWS::IAM::Role": (("iam", "CreateRole"), ("iam", "PutRolePolicy"), ("iam", "AttachRolePolicy")),
    "AWS::Lambda::Function": (("lambda", "CreateFunction"),),
    "AWS::Lambda::EventInvokeConfig": (("lambda", "PutFunctionEventInvokeConfig"),),
    "AWS::Logs::LogGroup": (("logs", "CreateLogGroup"),),
    "AWS::Logs::MetricFilter": (("logs", "PutMetricFilter"),),
    "AWS::SecretsManager::Secret": (("secretsmanager", "CreateSecret"),),
    "AWS::S3::BucketPolicy": (("s3", "PutBucketPolicy"),),
    "AWS::SNS::TopicPolicy": (("sns", "SetTopicAttributes"),),
    "AWS::SQS::QueuePolicy": (("sqs", "SetQueueAttributes"),),
    "AWS::SNS::Subscription": (("sns", "Subscribe"),),
    "AWS::SSM::Parameter": (("ssm", "PutParameter"),),
    "AWS::Scheduler::Schedule": (("scheduler", "CreateSchedule"),),
}


def _as_params(kind: str, props: dict[str, Any]) -> dict[str, Any]:
    if kind == "AWS::IAM::ManagedPolicy":
        return {"PolicyName" if name == "ManagedPolicyName" else name: each for name, each in props.items()}
    if kind == "AWS::Logs::MetricFilter":  # in lower case, as the operation has it
        changes = [lower(each) for each in props.get("MetricTransformations", [])]
        for each in changes:
            if "dimensions" in each:
                each["dimensions"] = {one["Key"]: one["Value"] for one in each["dimensions"]}
        return {**lower(props), "metricTransformations": changes}
    return props


# --- calls ----------------------------------------------------------------------------------------

_STATUS = {"LimitExceeded": 409, "RequestTooLargeException": 413}


def refused(request: Request) -> Answer | None:
    """The refusal of a call in which something is too large."""
    params = model.read(request)
    if (request.service, request.operation) == ("lambda", "Invoke"):
        params |= {"Size": int(request.headers.get("content-length") or 0), "Readable": request.readable}
    found = _problem(request.service, request.operation, params)
    if found is None:
        return None
    return error(request.headers, *found, _STATUS.get(found[0], 400))


def check(service: str, *operations: str) -> Callable[[Check], Check]:
    """Register what AWS refuses of these operations' parameters, in a call as in a template."""

    def register(found: Check) -> Check:
        for operation in operations:
            _CHECKS[service, operation] = (*_CHECKS.get((service, operation), ()), found)
        return found

    return register


def _bytes(value: Any) -> int:
    return len(str(value).encode())


def _at_most(limit: int, measure: Callable[[dict[str, Any]], int], code: str, said: str) -> Check:
    """Refuses what measures more."""
    return lambda params: (code, said) if measure(params) > limit else None


# --- Lambda and IAM -------------------------------------------------------------------------------


def _payload(params: dict[str, Any]) -> Problem:
    if not params["Readable"]:
        return "InvalidRequestContentException", "Could not parse request body into json"
    most = MIB if params.get("InvocationType") == "Event" else 6 * MIB
    if params["Size"] <= most:
        return None
    said = f"Request must be smaller than {most} bytes for the InvokeFunction operation"
    return "RequestTooLargeException", said


def _characters(document: Any) -> int:
    """White space does not count."""
    text = document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
    return len(re.sub(r"\s", "", text))


def _inline(kind: str, store: str, most: int) -> Check:
    """Of a call: the new policy and the existing ones. Of a role in a template: all of its policies."""

    def check(params: dict[str, Any]) -> Problem:
        name = str(params.get(f"{kind}Name", ""))
        new = {params["PolicyName"]: params["PolicyDocument"]} if "PolicyDocument" in params else {}
        for each in params.get("Policies") or []:
            new[each["PolicyName"]] = each["PolicyDocument"]
        held = getattr(iam, store).get(name) or {}
        held = held.get("InlinePolicies") or {} if kind == "Role" else held
        known = held if "PolicyDocument" in params else {}
        if sum(_characters(each) for each in {**known, **new}.values()) <= most:
            return None
        return "LimitExceeded", f"Maximum policy size of {most} bytes exceeded for {kind.lower()} {name}"

    return check


def _attached(params: dict[str, Any]) -> int:
    """How many managed policies the role would have."""
    if "PolicyArn" not in params:
        return len(set(params.get("ManagedPolicyArns") or []))
    known = (iam._roles.get(params.get("RoleName", "")) or {}).get("AttachedPolicies") or []
    return len(
        {params["PolicyArn"], *(each["PolicyArn"] if isinstance(each, dict) else each for each in known)}
    )


# --- the others -----------------------------------------------------------------------------------


_LEVELS = 15
_NESTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def _parameter(params: dict[str, Any]) -> Problem:
    """Names of `aws…` and `ssm…` are refused by ministack."""
    name, value = str(params.get("Name") or "a"), str(params.get("Value", ""))
    if not value:
        return "ValidationException", _TOO_LONG.format("value") + "greater than or equal to 1"
    if name.removeprefix("/").count("/") >= _LEVELS:
        return "HierarchyLevelLimitExceededException", f"A hierarchy can have {_LEVELS} levels at most."
    if not re.fullmatch(r"[\w.-]+|(/[\w.-]+)+", name, re.ASCII):
        said = (
            "Only a mix of letters, numbers and the following 4 symbols .-_/ are allowed in a fully qualified"
        )
        return "ValidationException", f"Parameter name: {said} name."
    if _NESTED.search(value):
        return "ValidationException", "Parameters cannot be nested in the value of another parameter: {{…}}."
    if (pattern := params.get("AllowedPattern")) and not re.fullmatch(pattern, value):
        return "ParameterPatternMismatchException", f"Parameter value, cannot be validated against {pattern}"
    if params.get("Tier") in ("Advanced", "Intelligent-Tiering") or _bytes(value) <= 4_096:
        return None
    said = (
        "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger "
        "parameter value, upgrade the parameter to use the advanced-parameter tier."
    )
    return "ValidationException", said


def _filter_policy(params: dict[str, Any]) -> list[int]:
    """How many values each key of a filter policy has."""
    policy: Any = params.get("FilterPolicy") or (params.get("Attributes") or {}).get("FilterPolicy", "")
    if params.get("AttributeName") == "FilterPolicy":
        policy = params.get("AttributeValue", "")
    keys: dict[str, Any] = json.loads(policy or "{}") if isinstance(policy, str) else policy
    return [len(values) if isinstance(values, list) else 1 for values in keys.values()]


def _entry(entry: dict[str, Any]) -> int:
    texts = [entry.get("Source", ""), entry.get("DetailType", ""), entry.get("Detail", "")]
    return (14 if "Time" in entry else 0) + sum(map(_bytes, (*texts, *entry.get("Resources", []))))


def _targets(params: dict[str, Any]) -> int:
    key = eventbridge._rule_key(params.get("Rule", ""), params.get("EventBusName") or "default")
    known = {each["Id"] for each in eventbridge._targets.get(key) or []}
    return len(known | {each["Id"] for each in params.get("Targets") or []})


def _alarm(params: dict[str, Any]) -> Problem:
    stats = [each["MetricStat"] for each in params.get("Metrics") or [] if "MetricStat" in each]
    if len(stats) > 10 and any("Expression" in each for each in params["Metrics"]):
        return "ValidationError", "An alarm on an expression can look at 10 metrics at most."
    named = (params.get("Statistic"), params.get("ExtendedStatistic"), *(each["Stat"] for each in stats))
    if unknown := next((each for each in named if each and not series.for_alarms(str(each))), None):
        return "ValidationError", f"The statistic {unknown} is not supported for alarms."
    period = max([int(each["Period"]) for each in stats] or [int(params.get("Period") or 60)])
    longest = _WEEK if period >= _HOUR else _DAY
    if period * int(params.get("EvaluationPeriods") or 1) <= longest:
        return None
    said = f"Metrics cannot be checked across more than {longest // _DAY} days (EvaluationPeriods * Period)."
    return "ValidationError", said


def _metrics(params: dict[str, Any]) -> list[int]:
    """How many metrics each widget of a dashboard shows."""
    body = params.get("DashboardBody") or "{}"
    widgets = (json.loads(body) if isinstance(body, str) else body).get("widgets", [])
    return [0, *(len(each.get("properties", {}).get("metrics", [])) for each in widgets)]


def _other_filters(params: dict[str, Any]) -> int:
    group, name = params.get("logGroupName"), params.get("filterName", "")
    return sum(key[0] == group and key[1] != name for key in cloudwatch_logs._metric_filters)


def _transformations(params: dict[str, Any]) -> Problem:
    for each in params.get("metricTransformations", []):
        if said := metric_filters.refused(each, params.get("filterPattern", "")):
            return "InvalidParameterException", said
    return None


def _times(params: dict[str, Any]) -> Problem:
    times = [int(each.get("timestamp") or 0) for each in params.get("logEvents") or []]
    if times != sorted(times):
        said = "Log events in a single PutLogEvents request must be in chronological order."
        return "InvalidParameterException", said
    if times and times[-1] - times[0] > _DAY * 1000:
        said = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
        return "InvalidParameterException", said
    return None


_POLICY = _at_most(
    6_144,
    lambda params: _characters(params.get("PolicyDocument", "")),
    "LimitExceeded",
    "Cannot exceed quota for PolicySize: 6144",
)
_TRUST = _at_most(
    2_048,
    lambda params: _characters(params.get("AssumeRolePolicyDocument") or params.get("PolicyDocument", "")),
    "LimitExceeded",
    "Cannot exceed quota for ACLSizePerRole: 2048",
)
_FILTER_POLICY = (
    _at_most(
        5,
        lambda params: len(_filter_policy(params)),
        "InvalidParameter",
        "Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys",
    ),
    _at_most(
        150,
        lambda params: math.prod(_filter_policy(params)),
        "InvalidParameter",
        "Invalid parameter: FilterPolicy: Filter policy is too complex",
    ),
)
_TOO_MANY_METRICS = "InvalidParameterInput", "A widget can have 500 metrics and a dashboard 2,500."
_CHECKS: dict[tuple[str, str], tuple[Check, ...]] = {
    ("lambda", "CreateFunction"): (
        _at_most(
            64,
            lambda params: len(str(params.get("FunctionName", "")).rpartition(":")[2]),
            "ValidationException",
            _TOO_LONG.format("functionName") + "less than or equal to 64",
        ),
        variables.problem,
    ),
    ("lambda", "UpdateFunctionConfiguration"): (variables.problem,),
    ("lambda", "Invoke"): (_payload,),
    ("iam", "CreatePolicy"): (_POLICY,),
    ("iam", "CreatePolicyVersion"): (_POLICY,),
    ("iam", "CreateRole"): (_TRUST,),
    ("iam", "UpdateAssumeRolePolicy"): (_TRUST,),
    ("iam", "PutRolePolicy"): (_inline("Role", "_roles", 10_240),),
    ("iam", "PutUserPolicy"): (_inline("User", "_user_inline_policies", 2_048),),
    ("iam", "PutGroupPolicy"): (_inline("Group", "_group_inline_policies", 5_120),),
    ("iam", "AttachRolePolicy"): (
        _at_most(10, _attached, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10"),
    ),
    ("ssm", "PutParameter"): (_parameter,),
    ("sns", "Subscribe"): _FILTER_POLICY,
    ("sns", "SetSubscriptionAttributes"): _FILTER_POLICY,
    ("events", "PutEvents"): (
        _at_most(
            MIB,
            lambda params: sum(map(_entry, params.get("Entries", []))),
            "ValidationException",
            "Total size of the entries in the request is over the limit.",
        ),
    ),
    ("events", "PutRule"): (
        _at_most(
            2_048,
            lambda params: _characters(params.get("EventPattern") or ""),
            "InvalidEventPatternException",
            "Event pattern is not valid. Reason: it has more than 2048 characters",
        ),
    ),
    ("events", "PutTargets"): (
        _at_most(
            5,
            _targets,
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        ),
    ),
    ("cloudwatch", "PutMetricAlarm"): (_alarm,),
    ("cloudwatch", "PutMetricData"): (
        _at_most(
            1_000,
            lambda params: len({each.get("MetricName") for each in params.get("MetricData") or []}),
            "ValidationError",
            "The collection MetricData must not have a size greater than 1000.",
        ),
        _at_most(
            150,
            lambda params: max(len(each.get("Values") or []) for each in params.get("MetricData") or [{}]),
            "ValidationError",
            "The collection Values must not have a size greater than 150.",
        ),
    ),
    ("cloudwatch", "PutDashboard"): (
        _at_most(500, lambda params: max(_metrics(params)), *_TOO_MANY_METRICS),
        _at_most(2_500, lambda params: sum(_metrics(params)), *_TOO_MANY_METRICS),
    ),
    ("logs", "PutMetricFilter"): (
        _at_most(99, _other_filters, "LimitExceededException", "Resource limit exceeded."),
        _transformations,
    ),
    ("logs", "PutLogEvents"): (
        _at_most(
            MIB,
            lambda params: sum(
                _bytes(each.get("message", "")) + 26 for each in params.get("logEvents") or []
            ),
            "InvalidParameterException",
            f"Upload too large: must be at most {MIB} bytes",
        ),
        _times,
    ),
}
