"""The metric of the incident's alarm, as the alarm itself sees it."""

from datetime import UTC, datetime, timedelta

from responder.core.context import Context
from responder.core.deployed_alarm import describe
from responder.core.errors import Denied, Unreachable
from responder.core.permissions import ANY, Permission
from responder.core.plain_data import Data, Json
from responder.core.series import Series
from responder.core.text import text
from responder.evidence.base import reason
from responder.incident_report.model import AlarmMetric
from responder.store import IncidentHead

# CloudWatch keeps fine datapoints for less time (GetMetricData): periods under a minute for 3 hours, of 1 min
# for 15 days, 5 min for 63 days, 1 h for 455.
_KEPT = ((timedelta(hours=3), 1), (timedelta(days=15), 60), (timedelta(days=63), 300))
_COARSEST = 3600
_A_DAY = 86_400


def period_for(own: int, age: timedelta) -> int:
    """The alarm's own period in seconds, or the next wider one that is still kept at that age."""
    step = next((step for kept, step in _KEPT if age <= kept), _COARSEST)
    return min(_A_DAY, -(-max(own, step) // step) * step)


NEEDS = (
    Permission("cloudwatch:DescribeAlarms", ANY),
    Permission("cloudwatch:GetMetricData", ANY),
)
LEAD = timedelta(hours=1)
_FAILED = {"Forbidden": Denied, "InternalError": Unreachable}
# Their values grow with the period, so that the alarm's threshold does not fit a wider one.
_GROW = ("Sum", "SampleCount")


def measure(context: Context, head: IncidentHead, until: datetime) -> AlarmMetric:
    """Read the metric from an hour before the first datapoint on; what cannot be read is reported, and never
    raised."""
    try:
        alarm = describe(context.aws, head.alarm, ("MetricAlarm",))
        if alarm is None:
            return AlarmMetric(problem=text("chronicle.no_metric_alarm"))
        return ask(context, alarm, (head.first or head.opened) - LEAD, until)
    except Exception as error:
        # Neither a refusal nor a definition in a shape that we do not know may cost the whole report.
        return AlarmMetric(problem=text("chronicle.no_series", reason=reason(error)))


def ask(context: Context, alarm: Data, since: datetime, until: datetime) -> AlarmMetric:
    """The datapoints of an alarm as DescribeAlarms defines it. Raises our errors."""
    # Without the band that it may be compared with: only a trained model answers that.
    queries = [each for each in _queries(alarm) if each["Id"] != alarm.get("ThresholdMetricId")]
    watched = next(each for each in queries if each.get("ReturnData", True))
    own = max((int(each.get("MetricStat", each).get("Period") or 0) for each in queries), default=60)
    age = context.now - since
    period = period_for(own, age)
    points: dict[datetime, float] = {}
    for page in context.aws.pages(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=[_asked(each, str(watched["Id"]), age) for each in queries],
        StartTime=since.replace(microsecond=0) - timedelta(seconds=since.timestamp() % period // 1),
        EndTime=until,
        ScanBy="TimestampAscending",
    ):
        for result in page.get("MetricDataResults", ()):
            status = result.get("StatusCode", "Complete")
            if status in _FAILED:
                raise _FAILED[status]("cloudwatch", "GetMetricData", status)
            pairs = zip(result.get("Timestamps", ()), result.get("Values", ()), strict=False)
            points.update((at.astimezone(UTC), float(value)) for at, value in pairs)
    stat, threshold = watched.get("MetricStat", {}), alarm.get("Threshold")
    name = stat.get("Metric", {}).get("MetricName") or watched.get("Label") or watched.get("Expression", "")
    statistic = str(stat.get("Stat", ""))
    comparable = period == own or (statistic and statistic not in _GROW)
    return AlarmMetric(
        label=str(name),
        statistic=statistic,
        period=period,
        alarm_period=own,
        threshold=float(threshold) if comparable and threshold is not None else None,
        comparison=str(alarm.get("ComparisonOperator", "")),
        series=Series(tuple(sorted(points.items()))),
    )


def _queries(alarm: Data) -> list[Data]:
    if alarm.get("Metrics"):
        return list(alarm["Metrics"])
    dimensions = [{"Name": each["Name"], "Value": each["Value"]} for each in alarm.get("Dimensions", ())]
    metric = {"Namespace": alarm["Namespace"], "MetricName": alarm["MetricName"], "Dimensions": dimensions}
    stat = alarm.get("Statistic") or alarm["ExtendedStatistic"]
    return [{"Id": "m1", "MetricStat": {"Metric": metric, "Period": alarm["Period"], "Stat": stat}}]


def _asked(query: Data, watched: str, age: timedelta) -> Json:
    asked = {**query, "ReturnData": query["Id"] == watched}
    if "MetricStat" in query:
        stat = query["MetricStat"]
        asked["MetricStat"] = {**stat, "Period": period_for(stat["Period"], age)}
    elif "Period" in query:
        asked["Period"] = period_for(query["Period"], age)
    return asked
