"""Alarms evaluate the periods that CloudWatch documents, and judge missing data as its tables do."""

from datetime import UTC, datetime

from local_aws.patches.cloudwatch.alarm_periods import judged, starts
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.rows import all_rows

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
KEEPS, NONE = "", "INSUFFICIENT_DATA"

# "Configuring how CloudWatch alarms treat missing data": the two tables of the page, the latest datapoint on
# the right, for three evaluation periods. Columns: the treatments.
TABLES = [
    ("0 - X - X", 3, ("OK", "OK", "OK", "OK")),
    ("- - - - 0", 3, ("OK", "OK", "OK", "OK")),
    ("- - - - -", 3, (NONE, KEEPS, "ALARM", "OK")),
    ("0 X X - X", 3, ("ALARM", "ALARM", "ALARM", "ALARM")),
    ("- - X - -", 3, ("ALARM", KEEPS, "ALARM", "OK")),
    ("- - - - X", 3, (KEEPS, KEEPS, "ALARM", "OK")),
    ("- - - X -", 3, (KEEPS, KEEPS, "ALARM", "OK")),
    ("0 - X - X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
    ("0 0 X 0 X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
    ("0 - X - -", 2, ("OK", "OK", "ALARM", "OK")),
    ("- - - - 0", 2, ("OK", "OK", "ALARM", "OK")),
    ("- - - X -", 2, ("ALARM", KEEPS, "ALARM", "OK")),
]


@all_rows(("points", "enough", "states"), TABLES)
def test_missing_data_is_treated_as_in_the_tables_of_aws(points: str, enough: int, states: Strings) -> None:
    values = [{"0": 0.0, "X": 9.0, "-": None}[each] for each in reversed(points.split())]
    alarm = {
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": enough,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    assert tuple(judged({**alarm, "TreatMissingData": each}, values) for each in TREATMENTS) == states


def at(time: str) -> float:
    return datetime.fromisoformat(f"2026-11-{time}").replace(tzinfo=UTC).timestamp()


@all_rows(
    ("window", "period", "now", "first"),
    [
        # The page's example: 13:07 to 14:07, and at the next evaluation 13:08 to 14:08.
        ({}, 3600, "26T14:06:30", "26T13:07"),
        ({}, 3600, "26T14:07:30", "26T13:08"),
        ({"SlidingWindow": {}}, 300, "26T14:07:59", "26T14:03"),
        ({}, 60, "26T14:07:59", "26T14:07"),
        ({"WallClockWindow": {}}, 3600, "26T14:07:30", "26T13:00"),
        ({"WallClockWindow": {}}, 3600, "26T14:59:59", "26T13:00"),
        ({"WallClockWindow": {}}, 86_400, "26T14:07", "25T00:00"),
        ({"WallClockWindow": {"Timezone": "Asia/Tokyo"}}, 86_400, "26T14:07", "24T15:00"),
        ({"WallClockWindow": {"Timezone": "Asia/Tokyo"}}, 86_400, "26T15:07", "25T15:00"),
        ({"WallClockWindow": {"Timezone": "UTC+05:30"}}, 3600, "26T14:07", "26T12:30"),
        ({"WallClockWindow": {"Timezone": "-05:30"}}, 3600, "26T14:37", "26T13:30"),
        # 2026-11-26 is a Thursday; the last whole week began on Monday the 16th.
        ({"WallClockWindow": {}}, 604_800, "26T14:07", "16T00:00"),
    ],
)
def test_the_last_period_begins_where_aws_begins_it(window: Json, period: int, now: str, first: str) -> None:
    assert starts(window, period, 2, at(now)) == [at(first), at(first) - period]
