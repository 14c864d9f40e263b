"""Every kind of alarm that CloudWatch has: how it is made, and what brings it to a state.

A drill's alarm is a metric alarm of the world unless its scenario names one of these. A composite alarm
follows the alarm below it; every other kind is set by SetAlarmState, with the reason in AWS's own shape.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rehearsal.world.names import ACCOUNT, NAMESPACE, RESULT

_PERIOD = timedelta(minutes=5)
_ABOVE = "GreaterThanThreshold"
# Not of the service: they invoke no function of the responder.
CHILD, SUPPRESSOR = "Upstream-Errors", "Upstream-Maintenance"


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """One kind under the name of one alarm.

    Attributes:
        operation, definition: the call that makes it.
        reason_data: of the reason's data, what this kind holds besides period and datapoint; None: it has no
            data.
        follows: the alarm whose state it takes over.
    """

    name: str
    operation: str
    definition: Mapping[str, Any]
    reason_data: Mapping[str, Any] | None = field(default_factory=dict)
    follows: str = ""

    def create(self, cloudwatch: Any) -> None:
        """Create the alarm, replacing any of the same name; it begins as OK."""
        cloudwatch.delete_alarms(AlarmNames=[self.name])
        if self.follows:
            for name in (CHILD, SUPPRESSOR):
                cloudwatch.put_metric_alarm(AlarmName=name, **_metric("Errors"))
                _set(cloudwatch, name, "OK", "nothing happens")
        getattr(cloudwatch, self.operation)(AlarmName=self.name, **self.definition)
        if not self.follows:
            _set(cloudwatch, self.name, "OK", "nothing happens")

    def becomes(self, cloudwatch: Any, state: str, now: datetime) -> None:
        """Bring it to that state as CloudWatch would."""
        words = f"Threshold Crossed: the alarm is {state}"
        data = {} if self.reason_data is None or self.follows else {"StateReasonData": self._data(now)}
        _set(cloudwatch, self.follows or self.name, state, words, **data)

    def _data(self, now: datetime) -> str:
        data = {
            "version": "1.0",
            "queryDate": _stamp(now),
            "startDate": _stamp(now - _PERIOD),
            "period": int(_PERIOD.total_seconds()),
            "recentDatapoints": [36.0],
            **(self.reason_data or {}),
        }
        return json.dumps(data)


def _set(cloudwatch: Any, name: str, state: str, reason: str, **data: str) -> None:
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason, **data)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _metric(metric: str, **more: Any) -> dict[str, Any]:
    plain = {"Namespace": NAMESPACE, "MetricName": metric, "Statistic": "Sum", "Period": 300}
    named = {key: value for key, value in {**plain, **more}.items() if value is not None}
    return {"EvaluationPeriods": 1, "Threshold": 10.0, "ComparisonOperator": _ABOVE, **named}


def _stat(name: str, metric: str, stat: str = "Sum", *, shown: bool = False) -> dict[str, Any]:
    asked = {"Metric": {"Namespace": NAMESPACE, "MetricName": metric}, "Period": 300, "Stat": stat}
    return {"Id": name, "MetricStat": asked, "ReturnData": shown}


def metric_math(name: str) -> AlarmKind:
    """A share of requests; its reason holds no statistic."""
    share = {"Id": "share", "Expression": "100 * bad / (bad + good)", "Label": "share", "ReturnData": True}
    metrics = [share, _stat("bad", "VerificationError"), _stat("good", "SuccessCount")]
    definition = {"EvaluationPeriods": 1, "Threshold": 5.0, "ComparisonOperator": _ABOVE, "Metrics": metrics}
    return AlarmKind(name, "put_metric_alarm", definition, {"threshold": 5.0})


def percentile(name: str) -> AlarmKind:
    """The slowest requests of a function."""
    dimensions = [{"Name": "FunctionName", "Value": RESULT}]
    definition = _metric(
        "Duration", Namespace="AWS/Lambda", Statistic=None, ExtendedStatistic="p99", Dimensions=dimensions
    )
    return AlarmKind(name, "put_metric_alarm", definition, {"statistic": "p99", "threshold": 10.0})


def anomaly_band(name: str) -> AlarmKind:
    """Out of the band that a model expects; its reason holds two thresholds, and no `threshold`."""
    band = {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(made, 2)", "ReturnData": True}
    definition = {
        "EvaluationPeriods": 1,
        "ThresholdMetricId": "band",
        "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
        "Metrics": [_stat("made", "SessionCreated", shown=True), band],
    }
    limits = {"recentLowerThresholds": [2.0], "recentUpperThresholds": [30.0]}
    return AlarmKind(name, "put_metric_alarm", definition, limits)


def log_alarm(name: str) -> AlarmKind:
    """A query of the logs; no sample of AWS's shows data in its reason."""
    query = {
        "QueryString": "filter @message like /refused/",
        "LogGroupIdentifiers": [f"/aws/lambda/{RESULT}"],
        "ScheduledQueryRoleARN": f"arn:aws:iam::{ACCOUNT}:role/log-alarm-query",
        "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300},
        "AggregationExpression": "count(*)",
    }
    definition = {
        "ScheduledQueryConfiguration": query,
        "QueryResultsToEvaluate": 1,
        "QueryResultsToAlarm": 1,
        "Threshold": 5.0,
        "ComparisonOperator": _ABOVE,
    }
    return AlarmKind(name, "put_log_alarm", definition, None)


def composite(name: str, *, suppressor: bool = False) -> AlarmKind:
    """Raised while another alarm is; `suppressor`: its actions wait while there is maintenance."""
    definition: dict[str, Any] = {"AlarmRule": f'ALARM("{CHILD}")'}
    if suppressor:
        definition |= {
            "ActionsSuppressor": SUPPRESSOR,
            "ActionsSuppressorWaitPeriod": 0,
            "ActionsSuppressorExtensionPeriod": 0,
        }
    return AlarmKind(name, "put_composite_alarm", definition, None, follows=CHILD)
