"""What ministack drops of an alarm: metric math (which it refuses in templates), warm-up period, window."""

from __future__ import annotations

import time
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from local_aws.patches import patching

WARM_UP = "WarmUpConfiguration"
WINDOW = "EvaluationWindow"
_WHOLE = "OnlyStartEvaluatingAfterWarmUpPeriodEnds"


def install() -> None:
    """Keep ``Metrics`` and ``WarmUpConfiguration`` of PutMetricAlarm and of AWS::CloudWatch::Alarm."""
    patching.wrap(
        cloudwatch,
        "_put_metric_alarm",
        "params cbor_data is_cbor is_json",
        _put,
    )
    patching.wrap(
        provisioners,
        "_cw_metric_alarm_record",
        "name props",
        _record,
    )


def _put(before: Any, params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
    answer = before(params, data, is_cbor, is_json)
    alarm = cloudwatch._alarms.get(data.get("AlarmName", ""))
    if alarm is not None and answer[0] == 200:
        _kept(alarm, data)
    if alarm is not None and data.get("Metrics") and answer[0] == 200:
        _into(alarm, data["Metrics"])
        if band := data.get("ThresholdMetricId"):
            # Compared with the band of a model, not with a number.
            alarm.pop("Threshold")
            alarm["ThresholdMetricId"] = band
    return answer


def _record(before: Any, name: str, props: dict[str, Any]) -> dict[str, Any]:
    metrics = props.get("Metrics")
    if not metrics:
        return _kept(dict(before(name, props)), props)
    plain = {key: value for key, value in props.items() if key != "Metrics"}
    alarm = dict(before(name, {**plain, "MetricName": "-", "Namespace": "-"}))
    _into(alarm, metrics)
    return _kept(alarm, props)


def _kept(alarm: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    if given.get(WINDOW):
        alarm[WINDOW] = given[WINDOW]
    if given.get(WARM_UP):
        alarm[WARM_UP] = {
            "WarmUpPeriodDurationInMinutes": int(given[WARM_UP]["WarmUpPeriodDurationInMinutes"]),
            _WHOLE: _true(given[WARM_UP].get(_WHOLE, False)),
        }
    return alarm


def warming_up(alarm: dict[str, Any], filled: bool) -> bool:
    """It is not judged yet. ``filled``: each period that it looks at has data."""
    given = alarm.get(WARM_UP)
    if not given or (filled and not given[_WHOLE]):
        return False
    since = time.time() - float(alarm["AlarmConfigurationUpdatedTimestamp"])
    return since < float(given["WarmUpPeriodDurationInMinutes"]) * 60


def _into(alarm: dict[str, Any], metrics: list[dict[str, Any]]) -> None:
    for name in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions"):
        alarm.pop(name, None)
    alarm["Metrics"] = [_query(each) for each in metrics]


def _query(given: dict[str, Any]) -> dict[str, Any]:
    """A template's parameters come as text."""
    query = {**given, "ReturnData": _true(given.get("ReturnData", True))}
    if stat := given.get("MetricStat"):
        query["MetricStat"] = {**stat, "Period": int(stat["Period"])}
    return query


def _true(value: object) -> bool:
    return str(value).lower() == "true"
