"""What AWS limits beyond its models, for calls and for the resources of templates alike.

Each limit's source is given with its entry in ``ops/rehearsal/limits``; docs/local-aws.md has the table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch_logs, eventbridge, iam

from local_aws.patches import patching
from local_aws.patches.cloudwatch import series
from local_aws.patches.lambda_ import variables
from local_aws.patches.logs import metric_filters

from . import model
from .wire import Answer, Request, error

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
        changes = [_lower(each) for each in props.get("MetricTransformations", [])]
        for each in changes:
            if "dimensions" in each:
                each["dimensions"] = {one["Key"]: one["Value"] for one in each["dimensions"]}
        return {**_lower(props), "metricTransformations": changes}
    return props


def _lower(props: dict[str, Any]) -> dict[str, Any]:
    return {f"{name[:1].lower()}{name[1:]}": value for name, value in props.items()}


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


# --- Lambda ---------------------------------------------------------------------------------------


def _function_name(params: dict[str, Any]) -> Problem:
    name = str(params.get("FunctionName", "")).rpartition(":")[2]
    if len(name) <= 64:
        return None
    return "ValidationException", _TOO_LONG.format("functionName") + "less than or equal to 64"


def _payload(params: dict[str, Any]) -> Problem:
    if not params["Readable"]:
        return "InvalidRequestContentException", "Could not parse request body into json"
    most = MIB if params.get("InvocationType") == "Event" else 6 * MIB
    if params["Size"] <= most:
        return None
    said = f"Request must be smaller than {most} bytes for the InvokeFunction operation"
    return "RequestTooLargeException", said


# --- IAM ------------------------------------------------------------------------------------------


def _characters(document: Any) -> int:
    """White space does not count."""
    text = document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
    return len(re.sub(r"\s", "", text))


def _policy(params: dict[str, Any]) -> Problem:
    if _characters(params.get("PolicyDocument", "")) <= 6_144:
        return None
    return "LimitExceeded", "Cannot exceed quota for PolicySize: 6144"


def _trust(params: dict[str, Any]) -> Problem:
    given = params.get("AssumeRolePolicyDocument") or params.get("PolicyDocument", "")
    if _characters(given) <= 2_048:
        return None
    return "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"


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


def _attached(params: dict[str, Any]) -> Problem:
    """Ten managed policies."""
    if "PolicyArn" in params:
        held = (iam._roles.get(params.get("RoleName", "")) or {}).get("AttachedPolicies") or []
        found = {
            *(each["PolicyArn"] if isinstance(each, dict) else each for each in held),
            params["PolicyArn"],
        }
    else:
        found = set(params.get("ManagedPolicyArns") or [])
    if len(found) <= 10:
        return None
    return "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10"


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


def _filter_policy(params: dict[str, Any]) -> Problem:
    policy: Any = params.get("FilterPolicy") or (params.get("Attributes") or {}).get("FilterPolicy", "")
    if params.get("AttributeName") == "FilterPolicy":
        policy = params.get("AttributeValue", "")
    found: dict[str, Any] = json.loads(policy or "{}") if isinstance(policy, str) else policy
    combinations = 1
    for values in found.values():
        combinations *= len(values) if isinstance(values, list) else 1
    if len(found) > 5:
        return (
            "InvalidParameter",
            "Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys",
        )
    if combinations > 150:
        return "InvalidParameter", "Invalid parameter: FilterPolicy: Filter policy is too complex"
    return None


def _entry(params: dict[str, Any]) -> Problem:
    def size(entry: dict[str, Any]) -> int:
        texts = [entry.get("Source", ""), entry.get("DetailType", ""), entry.get("Detail", "")]
        return (14 if "Time" in entry else 0) + sum(_bytes(e) for e in (*texts, *entry.get("Resources", [])))

    if sum(size(each) for each in params.get("Entries", [])) <= MIB:
        return None
    return "ValidationException", "Total size of the entries in the request is over the limit."


def _pattern(params: dict[str, Any]) -> Problem:
    if _characters(params.get("EventPattern") or "") <= 2_048:
        return None
    return (
        "InvalidEventPatternException",
        "Event pattern is not valid. Reason: it has more than 2048 characters",
    )


def _targets(params: dict[str, Any]) -> Problem:
    key = eventbridge._rule_key(params.get("Rule", ""), params.get("EventBusName") or "default")
    known = {each["Id"] for each in eventbridge._targets.get(key) or []}
    if len(known | {each["Id"] for each in params.get("Targets") or []}) <= 5:
        return None
    return "LimitExceededException", "The requested resource exceeds the maximum number allowed."


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


def _data(params: dict[str, Any]) -> Problem:
    data = params.get("MetricData") or []
    if len({each.get("MetricName") for each in data}) > 1_000:
        return "ValidationError", "The collection MetricData must not have a size greater than 1000."
    if any(len(each.get("Values") or []) > 150 for each in data):
        return "ValidationError", "The collection Values must not have a size greater than 150."
    return None


def _dashboard(params: dict[str, Any]) -> Problem:
    body = params.get("DashboardBody") or "{}"
    widgets = (json.loads(body) if isinstance(body, str) else body).get("widgets", [])
    metrics = [len(each.get("properties", {}).get("metrics", [])) for each in widgets]
    if max(metrics, default=0) <= 500 and sum(metrics) <= 2_500:
        return None
    return "InvalidParameterInput", "A widget can have 500 metrics and a dashboard 2,500."


def _metric_filter(params: dict[str, Any]) -> Problem:
    group, name = params.get("logGroupName"), params.get("filterName", "")
    others = [key for key in cloudwatch_logs._metric_filters if key[0] == group and key[1] != name]
    if len(others) >= 100:
        return "LimitExceededException", "Resource limit exceeded."
    for each in params.get("metricTransformations", []):
        if said := metric_filters.refused(each, params.get("filterPattern", "")):
            return "InvalidParameterException", said
    return None


def _log_events(params: dict[str, Any]) -> Problem:
    events = params.get("logEvents") or []
    if sum(_bytes(each.get("message", "")) + 26 for each in events) > MIB:
        return "InvalidParameterException", f"Upload too large: must be at most {MIB} bytes"
    times = [int(each.get("timestamp") or 0) for each in events]
    if times != sorted(times):
        said = "Log events in a single PutLogEvents request must be in chronological order."
        return "InvalidParameterException", said
    if times and times[-1] - times[0] > _DAY * 1000:
        said = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
        return "InvalidParameterException", said
    return None


_CHECKS: dict[tuple[str, str], tuple[Check, ...]] = {
    ("lambda", "CreateFunction"): (_function_name, variables.problem),
    ("lambda", "UpdateFunctionConfiguration"): (variables.problem,),
    ("lambda", "Invoke"): (_payload,),
    ("iam", "CreatePolicy"): (_policy,),
    ("iam", "CreatePolicyVersion"): (_policy,),
    ("iam", "CreateRole"): (_trust,),
    ("iam", "UpdateAssumeRolePolicy"): (_trust,),
    ("iam", "PutRolePolicy"): (_inline("Role", "_roles", 10_240),),
    ("iam", "PutUserPolicy"): (_inline("User", "_user_inline_policies", 2_048),),
    ("iam", "PutGroupPolicy"): (_inline("Group", "_group_inline_policies", 5_120),),
    ("iam", "AttachRolePolicy"): (_attached,),
    ("ssm", "PutParameter"): (_parameter,),
    ("sns", "Subscribe"): (_filter_policy,),
    ("sns", "SetSubscriptionAttributes"): (_filter_policy,),
    ("events", "PutEvents"): (_entry,),
    ("events", "PutRule"): (_pattern,),
    ("events", "PutTargets"): (_targets,),
    ("cloudwatch", "PutMetricAlarm"): (_alarm,),
    ("cloudwatch", "PutMetricData"): (_data,),
    ("cloudwatch", "PutDashboard"): (_dashboard,),
    ("logs", "PutMetricFilter"): (_metric_filter,),
    ("logs", "PutLogEvents"): (_log_events,),
}
