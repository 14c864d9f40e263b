"""What moto does not answer: in the shape that AWS documents, from what moto knows or was asked.

One is a fixed answer that a guard reads: no rule mutes the alarm, as moto has no operation that makes one.
What else guards read here was written through moto before; the quota is that of a new account.
"""

import ast
import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partialmethod
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

from botocore.exceptions import ClientError
from moto.awslambda.exceptions import PreconditionFailedException, UnknownFunctionException
from moto.awslambda.models import LambdaAlias, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.awslambda_simple.models import lambda_simple_backends
from moto.cloudwatch.models import CloudWatchBackend, Statistics
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.utils import iso_8601_datetime_with_nanoseconds
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import iam_backends

from rehearsal.world.names import ACCOUNT, REGION
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json

type Answer = Json
type Given = Data

# Of an account without an increase (Lambda quotas).
CONCURRENT = 1000
# How long AWS takes to allocate, here; AWS names no time.
_ALLOCATED_AFTER = 0.5
# Which writes CloudTrail has, and the version that it writes behind Lambda's names.
_RECORDED = {
    "dynamodb": ("UpdateTable", ""),
    "iam": ("PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy", ""),
    "lambda": (
        "UpdateFunctionConfiguration UpdateFunctionCode PublishVersion UpdateAlias DeleteAlias CreateAlias "
        "PutFunctionConcurrency DeleteFunctionConcurrency",
        "20150331v2",
    ),
    "s3": ("PutBucketPolicy DeleteBucketPolicy PutPublicAccessBlock", ""),
}


@dataclass
class Remembered:
    """What was asked of AWS, and that moto does not keep."""

    trail: list[Answer] = field(default_factory=list)
    provisioned: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)

    def record(self, service: str, operation: str, given: Given, caller: str) -> None:
        """A write that has succeeded, as CloudTrail writes it down."""
        names, version = _RECORDED.get(service, ("", ""))
        if operation not in names.split():
            return
        by = f"assumed-role/{caller}/{caller}" if caller else "user/administrator"
        # CloudTrail has no values of variables, and no code.
        plain = {key: value for key, value in given.items() if isinstance(value, str)}
        parameters = {key[0].lower() + key[1:]: value for key, value in plain.items()}
        parameters |= {"bucketName": given["Bucket"]} if service == "s3" else {}
        now = datetime.now(UTC)
        event = {
            "eventVersion": "1.11",
            "eventSource": f"{service}.amazonaws.com",
            "eventName": f"{operation}{version}",
            "eventTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "readOnly": False,
            "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:{by}"},
            "requestParameters": parameters,
        }
        self.trail.append(
            {
                "EventId": str(uuid.uuid4()),
                "EventName": event["eventName"],
                "EventSource": event["eventSource"],
                "EventTime": now,
                "ReadOnly": "false",
                "CloudTrailEvent": json.dumps(event),
            }
        )


@frozen
class Stub:
    """One operation. `source`: where AWS documents the answer; `probe`: a request that moto must not answer
    as long as the stub is needed."""

    answer: Callable[[Given, Remembered], Answer]
    source: str
    says: str
    probe: Answer = field(default_factory=dict)


_API = "https://docs.aws.amazon.com/"
_LAMBDA = f"{_API}lambda/latest/api/API_"


def _no_rules(_: Given, __: Remembered) -> Answer:
    return {"AlarmMuteRuleSummaries": []}


def _no_plan(_: Given, __: Remembered) -> Answer:
    raise _error("DescribeEvents", "SubscriptionRequiredException", "Not subscribed to a support plan")


def _error(operation: str, code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def _trail(given: Given, known: Remembered) -> Answer:
    first = given.get("StartTime", datetime.fromtimestamp(0, UTC))
    wanted = {pair["AttributeKey"]: pair["AttributeValue"] for pair in given.get("LookupAttributes", ())}
    events = [
        event
        for event in reversed(known.trail)
        if event["EventTime"] >= first and wanted.get("EventName", event["EventName"]) == event["EventName"]
    ]
    return {"Events": events}


def _account(_: Given, __: Remembered) -> Answer:
    functions = list(lambda_simple_backends[ACCOUNT][REGION].list_functions())
    reserved = sum(int(function.reserved_concurrency or 0) for function in functions)
    size = sum(function.code_size for function in functions)
    return {
        "AccountLimit": {
            "ConcurrentExecutions": CONCURRENT,
            "UnreservedConcurrentExecutions": CONCURRENT - reserved,
        },
        "AccountUsage": {"TotalCodeSize": size, "FunctionCount": len(functions)},
    }


def _key(given: Given) -> tuple[str, str]:
    return given["FunctionName"], given["Qualifier"]


def _provision(given: Given, known: Remembered) -> Answer:
    try:
        lambda_simple_backends[ACCOUNT][REGION].get_function(given["FunctionName"], given["Qualifier"])
    except UnknownFunctionException as missing:
        raise _error("PutProvisionedConcurrencyConfig", "ResourceNotFoundException", str(missing)) from None
    wanted = given["ProvisionedConcurrentExecutions"]
    known.provisioned[_key(given)] = wanted, time.time()
    return _provisioned(given, known)


def _provisioned(given: Given, known: Remembered) -> Answer:
    if _key(given) not in known.provisioned:
        none = "No Provisioned Concurrency Config found for this function"
        raise _error("GetProvisionedConcurrencyConfig", "ProvisionedConcurrencyConfigNotFoundException", none)
    wanted, since = known.provisioned[_key(given)]
    ready = time.time() - since > _ALLOCATED_AFTER
    return {
        "RequestedProvisionedConcurrentExecutions": wanted,
        "AvailableProvisionedConcurrentExecutions": wanted if ready else 0,
        "AllocatedProvisionedConcurrentExecutions": wanted if ready else 0,
        "Status": "READY" if ready else "IN_PROGRESS",
        "LastModified": datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }


def _unprovision(given: Given, known: Remembered) -> Answer:
    known.provisioned.pop(_key(given), None)
    return {}


def _simulated(given: Given, _: Remembered) -> Answer:
    role = iam_backends[ACCOUNT]["aws"].get_role_by_arn(given["PolicySourceArn"])
    attached = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    documents = [*role.policies.values(), *attached]
    policies = [IAMPolicy({"policy_document": _text(document)}) for document in documents]
    results = [
        {"EvalActionName": action, "EvalResourceName": on, "EvalDecision": _decision(policies, action, on)}
        for action in given["ActionNames"]
        for on in given.get("ResourceArns", ["*"])
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


def _text(document: Any) -> str:
    """As JSON, without denials under a condition, as moto reads none. Of a template moto keeps it as Python's
    own value, or as Python writes that."""
    if isinstance(document, str):
        is_json = document.lstrip().startswith('{"')
        document = json.loads(document) if is_json else ast.literal_eval(document)
    given = document["Statement"]
    statements = given if isinstance(given, list) else [given]
    plain = [part for part in statements if part["Effect"] == "Allow" or "Condition" not in part]
    return json.dumps({**document, "Statement": plain})


def _decision(policies: Iterable[IAMPolicy], action: str, on: str) -> str:
    results = {policy.is_action_permitted(action, on) for policy in policies}
    if PermissionResult.DENIED in results:
        return "explicitDeny"
    return "allowed" if PermissionResult.PERMITTED in results else "implicitDeny"


_QUALIFIED = {"FunctionName": "FaceAuth-CreateLivenessSession", "Qualifier": "live"}
STUBS: Mapping[str, Stub] = {
    "cloudwatch:ListAlarmMuteRules": Stub(
        _no_rules,
        f"{_API}AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html",
        "no rule: moto has no operation that makes one",
    ),
    "cloudtrail:LookupEvents": Stub(
        _trail,
        f"{_API}awscloudtrail/latest/APIReference/API_LookupEvents.html",
        "the writes that moto has accepted from any caller",
    ),
    "health:DescribeEvents": Stub(
        _no_plan,
        f"{_API}health/latest/APIReference/API_DescribeEvents.html",
        "refused, as in an account without a support plan",
        {"filter": {"services": ["LAMBDA"]}},
    ),
    "iam:SimulatePrincipalPolicy": Stub(
        _simulated,
        f"{_API}IAM/latest/APIReference/API_SimulatePrincipalPolicy.html",
        "what moto's own evaluation of the role's policies says, without denials under a condition",
        {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:role/any", "ActionNames": ["s3:GetObject"]},
    ),
    "lambda:GetAccountSettings": Stub(
        _account,
        f"{_LAMBDA}GetAccountSettings.html",
        "the quota of a new account, less what moto has as reserved",
    ),
    "lambda:PutProvisionedConcurrencyConfig": Stub(
        _provision,
        f"{_LAMBDA}PutProvisionedConcurrencyConfig.html",
        "IN_PROGRESS; moto must know the alias",
        {**_QUALIFIED, "ProvisionedConcurrentExecutions": 5},
    ),
    "lambda:GetProvisionedConcurrencyConfig": Stub(
        _provisioned,
        f"{_LAMBDA}GetProvisionedConcurrencyConfig.html",
        "what was put, READY half a second later; an error where nothing was",
        _QUALIFIED,
    ),
    "lambda:DeleteProvisionedConcurrencyConfig": Stub(
        _unprovision,
        f"{_LAMBDA}DeleteProvisionedConcurrencyConfig.html",
        "what was put is gone",
        _QUALIFIED,
    ),
}


# --- what moto answers, and AWS answers more of; listed with the stubs, as they count among them
class _Changed(threading.local):
    """`by`: the extension that changed the answer to the call in this thread; empty: moto's alone."""

    by = ""


CHANGED = _Changed()
EXTENSIONS: Mapping[str, Stub] = {
    "lambda:GetFunctionConfiguration": Stub(
        _no_rules,
        f"{_LAMBDA}GetFunctionConfiguration.html",
        "with a RevisionId made of the configuration that moto has, and LastModified of the last write, in "
        "every answer that has the configuration; a write of configuration, code, version or alias that "
        "names another RevisionId is refused",
    ),
    "cloudwatch:GetMetricData": Stub(
        _no_rules,
        f"{_API}AmazonCloudWatch/latest/monitoring/Statistics-definitions.html",
        "with percentiles, TC and PR of the values that moto has",
    ),
    "cloudwatch:PutCompositeAlarm": Stub(
        _no_rules,
        f"{_API}AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html",
        "by moto's PutMetricAlarm, which keeps the rule; a rule of one alarm is evaluated when that changes",
    ),
    "lambda:Invoke": Stub(
        _no_rules,
        f"{_LAMBDA}Invoke.html",
        "what the function's code answers in this process; moto answers with the payload",
    ),
}


def _revision(configuration: Data) -> str:
    """Another one after each write, as `LastModified` is part of it."""
    known = json.dumps(configuration, sort_keys=True, default=str)
    return str(uuid.UUID(hashlib.sha256(known.encode()).hexdigest()[:32]))


# The writes that take a RevisionId, as moto names them.
_GUARDED = ("update_function_configuration", "update_function_code", "publish_version", "update_alias")
_RENEWING = ("update_configuration", "update_function_code")
_CONFIGURATION, _UPDATE_ALIAS = LambdaFunction.get_configuration, LambdaAlias.update


def _configuration(function: Any, on_create: bool = False) -> Any:
    CHANGED.by = "lambda:GetFunctionConfiguration"
    return {**_CONFIGURATION(function, on_create), "RevisionId": _revision(_CONFIGURATION(function))}


def _current(response: Any) -> str:
    """The RevisionId of what this request is about."""
    name, kind, *rest = unquote(response.path).partition("/functions/")[2].split("/")
    if kind == "aliases":
        return str(response.backend.get_alias(name=rest[0], function_name=name).revision_id)
    return _revision(_CONFIGURATION(response.backend.get_function(name)))


def _guarded(response: Any, write: Callable[[Any], Any]) -> Any:
    if json.loads(response.body or "{}").get("RevisionId") not in (None, _current(response)):
        CHANGED.by = "lambda:GetFunctionConfiguration"
        raise PreconditionFailedException("The Revision Id provided does not match the latest one.")
    return write(response)


def _renewing(function: Any, write: Callable[[Any, Any], Any], given: Any) -> Any:
    function.last_modified = iso_8601_datetime_with_nanoseconds()
    return write(function, given)


def _update_alias(alias: Any, *given: Any) -> None:
    _UPDATE_ALIAS(alias, *given)
    alias.revision_id = str(uuid.uuid4())


@contextmanager
def revisions() -> Iterator[None]:
    """RevisionId in the configuration of a function, with which each write renews LastModified, and a new one
    of an alias after each update; a write that names another one is refused."""
    with ExitStack() as patches:
        patches.enter_context(patch.object(LambdaFunction, "get_configuration", _configuration))
        patches.enter_context(patch.object(LambdaAlias, "update", _update_alias))
        for of, names, by in ((LambdaResponse, _GUARDED, _guarded), (LambdaFunction, _RENEWING, _renewing)):
            for name in names:
                patches.enter_context(patch.object(of, name, partialmethod(by, getattr(of, name))))
        yield


@contextmanager
def composite_alarms() -> Iterator[None]:
    """PutCompositeAlarm."""

    def put(response: Any) -> Any:
        CHANGED.by = "cloudwatch:PutCompositeAlarm"
        return response.put_metric_alarm()

    with patch.object(CloudWatchResponse, "put_composite_alarm", put, create=True):
        yield


# Count and share of the values above the first and up to and with the second (CloudWatch User Guide,
# "CloudWatch statistics definitions").
_BETWEEN = re.compile(r"(TC|PR)\(([\d.]*):([\d.]*)\)")


def _statistic(values: list[float], stat: str) -> float | None:
    if between := _BETWEEN.fullmatch(stat):
        low, high = float(between[2] or "-inf"), float(between[3] or "inf")
        inside = sum(low < value <= high for value in values)
        return float(inside) if between[1] == "TC" else 100 * inside / len(values)
    return _rank(values, float(stat[1:])) if re.fullmatch(r"p[\d.]+", stat) else None


def _rank(values: list[float], percent: float) -> float:
    """Between the two values next to the rank, in proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@contextmanager
def percentiles() -> Iterator[None]:
    """Statistics beyond the five basic ones in GetMetricData. Each query looks only through the points that
    moto takes for its metric: a response would take longer than it may otherwise."""
    plain, data = Statistics.get_statistics_for_type, CloudWatchBackend.get_metric_data

    def statistic(self: Any, stat: str) -> Any:
        values = self.metric_single_values_list
        extended = _statistic(values, stat) if values else None
        if extended is None:
            return plain(self, stat)
        CHANGED.by = "cloudwatch:GetMetricData"
        return extended

    def of_query(backend: Any, query: Any, more: Any) -> Any:
        own = copy(backend)
        if "MetricStat" in query:
            metric = query["MetricStat"]["Metric"]
            wanted = {(pair["Name"], pair["Value"]) for pair in metric.get("Dimensions", ())}
            own.metric_data = [
                point
                for point in backend.metric_data
                if point.name == metric["MetricName"]
                and (
                    {(pair.name, pair.value) for pair in point.dimensions} == wanted
                    if wanted
                    else point.namespace == metric["Namespace"]
                )
            ]
        return data(own, [query], **more)

    def by_query(backend: Any, queries: Any, **more: Any) -> Any:
        if any("Expression" in query for query in queries):
            return data(backend, queries, **more)
        return [result for query in queries for result in of_query(backend, query, more)]

    with (
        patch.object(Statistics, "get_statistics_for_type", statistic),
        patch.object(CloudWatchBackend, "get_metric_data", by_query),
    ):
        yield
