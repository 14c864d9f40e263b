"""A past for the pages: without one every chart is empty. One day is missing, one is bad; the report before
lacks some findings, and one finding was accepted."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Any

from local_aws.client import Canned, LocalAws
from rehearsal.world.names import FUNCTIONS, NAMESPACE, bucket
from responder.aws.items import to_item
from responder.checks.accepted import ACCEPT, ACCEPTED
from responder.checks.finding import AMBER, GREEN
from responder.checks.model import FILE

# It contains two whole months on any day of the third.
_DAYS = 93
_MISSING, _BAD = 4, 2
# Sessions are made in the owner's daytime (Asia/Tokyo), in hours of UTC.
_HOURS = (0, 3, 6, 9)
_A_CALL = 500
_LOUD = "FaceAuth-Liveness-LowConfidence"
_SILENT = ("FaceAuth-Images-AccessDenied", "FaceAuth-Something-New")

type Datum = dict[str, Any]


def give(aws: LocalAws, now: datetime) -> None:
    """Metrics, costs and alarms as of a system in use."""
    cloudwatch = aws.client("cloudwatch")
    for namespace, data in (
        (NAMESPACE, _service(now)),
        ("AWS/Lambda", _functions(now)),
        ("AWS/S3", _storage(now)),
    ):
        for part in batched(data, _A_CALL, strict=False):
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=list(part))
    aws.canned_answers(costs(now))
    for page in cloudwatch.get_paginator("describe_alarms").paginate():
        for alarm in page["MetricAlarms"]:
            _ring(cloudwatch, alarm["AlarmName"])


def costs(now: datetime) -> dict[str, Canned]:
    """Cost Explorer's answers, as `canned_answers` takes them."""
    return {"ce:GetCostAndUsage": Canned(_costs(now)), "ce:GetCostForecast": Canned(_forecast())}


def reports_bucket(aws: LocalAws) -> str:
    """Where reports are filed."""
    buckets = aws.client("s3").list_buckets()["Buckets"]
    return next(str(each["Name"]) for each in buckets if "reports" in each["Name"])


def filed_before(aws: LocalAws, place: str) -> None:
    """A report as that of the day before, without every fifth of its findings; one is accepted."""
    s3, bucket = aws.client("s3"), reports_bucket(aws)
    report = json.loads(s3.get_object(Bucket=bucket, Key=f"{place}{FILE}")["Body"].read())
    today = date.fromisoformat(report["day"])
    found = [each for one in report["sections"] for each in one["items"] if each["light"] != GREEN]
    left = {each["id"] for each in found[::5]}
    for one in report["sections"]:
        one["items"] = [each for each in one["items"] if each["id"] not in left]
        for number, each in enumerate(one["items"]):
            each["since"] = (today - timedelta(days=1 + number)).isoformat()
    before = place.replace(report["day"], (today - timedelta(days=1)).isoformat())
    s3.put_object(Bucket=bucket, Key=f"{before}{FILE}", Body=json.dumps(report).encode())
    for each in [each for each in found if each["light"] == AMBER and each["id"] not in left][:1]:
        _accept(aws, each, today + timedelta(days=30))


def _accept(aws: LocalAws, item: Mapping[str, Any], until: date) -> None:
    """As the function for people puts it on record."""
    said = {"pk": ACCEPTED, "sk": item["id"], "decision": ACCEPT, "person": "tanaka", "facts": item["facts"]}
    reason = "次の四半期のリリースで対応します"
    row = {**said, "at": datetime.now(UTC).isoformat(), "until": until.isoformat(), "reason": reason}
    dynamodb = aws.client("dynamodb")
    table = next(name for name in dynamodb.list_tables()["TableNames"] if "pprovals" in name)
    dynamodb.put_item(TableName=table, Item=to_item(row))


def _ring(cloudwatch: Any, name: str) -> None:
    if name not in _SILENT:
        state = "ALARM" if name == _LOUD else "OK"
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a past for the pages")


def _service(now: datetime) -> Iterator[Datum]:
    for ago, day in _days(now, _DAYS):
        if ago == _MISSING:
            continue
        for hour in _HOURS:
            at = day + timedelta(hours=hour)
            made = 60 + (ago * 37 + hour * 11) % 70
            failed = made // (6 if ago == _BAD else 40)
            score = 96.0 - (ago * 7 % 5) * 0.6
            yield _datum("SessionCreated", at, {1.0: made})
            yield _datum("SuccessCount", at, {1.0: made - failed - 4})
            yield _datum("FailureCount", at, {1.0: failed + 2})
            yield _datum("ConfidenceScore", at, {score: made - 6, 71.0: failed + 1, 0.0: 1})
            yield _datum("VerificationTime", at, {1.1 + ago % 6 * 0.3: made - 4, 6.5: 2})
            yield _datum("VerificationError", at, {1.0: 3 if ago == _BAD else ago % 2})


def _functions(now: datetime) -> Iterator[Datum]:
    for ago, day in _days(now, 3):
        for place, name in enumerate(FUNCTIONS):
            about = {"FunctionName": name}
            at = day + timedelta(hours=_HOURS[0])
            yield _datum("Invocations", at, {1.0: 300 + 20 * place}, about)
            yield _datum("Errors", at, {1.0: 9 if (ago, place) == (1, 1) else 0}, about)
            yield _datum("Throttles", at, {1.0: 0}, about)
            yield _datum("Duration", at, {900.0 + 250 * place: 300}, about)


def _storage(now: datetime) -> Iterator[Datum]:
    for ago, day in _days(now, 20):
        for metric, kind, value in (
            ("BucketSizeBytes", "StandardStorage", 42.0 * 2**30 - ago * 0.4 * 2**30),
            ("NumberOfObjects", "AllStorageTypes", 81_000.0 - ago * 700),
        ):
            yield _datum(metric, day, {value: 1}, {"BucketName": bucket(), "StorageType": kind})


def _datum(
    metric: str, at: datetime, values: Mapping[float, int], about: Mapping[str, str] | None = None
) -> Datum:
    counts = {value: count for value, count in values.items() if count} or {0.0: 1}
    return {
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in (about or {}).items()],
        "Timestamp": at,
        "Values": list(counts),
        "Counts": [float(count) for count in counts.values()],
    }


def _costs(now: datetime) -> dict[str, Any]:
    """Yesterday's is still empty, as it is at nine in Tokyo."""
    return {"ResultsByTime": [_cost(day.date(), ago) for ago, day in _days(now, _DAYS)][::-1]}


def _cost(day: date, ago: int) -> dict[str, Any]:
    amount = 0.0 if ago <= 1 else 12.5 + ago * 3 % 7
    money = {"Amount": f"{amount:.4f}", "Unit": "USD"}
    span = {"Start": day.isoformat(), "End": (day + timedelta(days=1)).isoformat()}
    return {"TimePeriod": span, "Total": {"UnblendedCost": money}, "Estimated": ago < 5, "Groups": []}


def _forecast() -> dict[str, Any]:
    return {"Total": {"Amount": "95.00", "Unit": "USD"}}


def _days(now: datetime, count: int) -> Iterable[tuple[int, datetime]]:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return ((ago, today - timedelta(days=ago)) for ago in range(count))
