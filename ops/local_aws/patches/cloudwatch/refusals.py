"""What CloudWatch refuses of metrics, alarms and their states, beyond its model and its sizes.

API reference: MetricDataQuery and MetricStat (ids, periods), GetMetricData, PutMetricAlarm, PutCompositeAlarm
(actions), SetAlarmState, PutMetricData.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ministack.services import cloudwatch

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.sizes import Problem, check
from local_aws.patches.calls.wire import Request
from local_aws.patches.iam.decisions import role_of

_ID = re.compile(r"[a-z]\w*", re.ASCII)
_NO_NUMBERS = ("NaN", "nan", "Infinity", "-Infinity")
_SHORT = (1, 5, 10, 20, 30)
_ACTORS = "aiops|autoscaling|automate|lambda|sns|ssm|ssm-incidents|swf"
_ACTION = re.compile(rf"arn:aws[\w-]*:({_ACTORS}):[\w-]*:[^:]*:.+", re.DOTALL)


def install() -> None:
    """The checks are registered when this is imported; this is what they read."""
    patching.need(cloudwatch, "_parse_ts")


@check("cloudwatch", "GetMetricData", "PutMetricAlarm")
def _queries(params: dict[str, Any]) -> Problem:
    queries = params.get("MetricDataQueries") or params.get("Metrics") or []
    if params.get("Period") and not _fits(params["Period"]):
        return "ValidationError", "Period must be 10, 20, 30 or a multiple of 60"
    for number, each in enumerate(queries, 1):
        name, where = each.get("Id", ""), f"MetricDataQueries.member.{number}"
        if not _ID.fullmatch(name):
            expected = "is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
            return "ValidationError", f"The value {name} for parameter {where}.Id {expected}"
        if ("MetricStat" in each) == ("Expression" in each):
            return "ValidationError", f"{where} must have either MetricStat or Expression"
        if not _fits((each.get("MetricStat") or each).get("Period") or 60):
            return "ValidationError", f"{where}: Period must be 1, 5, 10, 20, 30 or a multiple of 60"
    return None


def _fits(period: Any) -> bool:
    return int(period) in _SHORT or int(period) % 60 == 0


@check("cloudwatch", "GetMetricData")
def _times(params: dict[str, Any]) -> Problem:
    if cloudwatch._parse_ts(params["StartTime"]) < cloudwatch._parse_ts(params["EndTime"]):
        return None
    said = "The parameter StartTime must be less than the parameter EndTime."
    return "ValidationError", said


@check("cloudwatch", "PutMetricAlarm", "PutCompositeAlarm", "PutLogAlarm")
def _actions(params: dict[str, Any]) -> Problem:
    for kind in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for each in params.get(kind) or []:
            if not _ACTION.fullmatch(str(each)):
                return "ValidationError", f"Invalid arn syntax: {each}"
    return None


@check("cloudwatch", "SetAlarmState")
def _state(params: dict[str, Any]) -> Problem:
    try:
        json.loads(params.get("StateReasonData") or "{}")
    except ValueError:
        return "InvalidFormat", "StateReasonData is not valid JSON"
    return None


@rule("cloudwatch", "PutMetricData")
def _data(request: Request) -> Refusal:
    """The administrator of a drill writes what AWS's services would."""
    if str(request.params.get("Namespace", "")).startswith("AWS/") and role_of(request.access_key):
        return "InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid."
    values = [each.get("Value") for each in request.params.get("MetricData") or []]
    if any(str(each) in _NO_NUMBERS for each in values):
        return "InvalidParameterValue", "The value NaN for parameter Value is invalid."
    return None
