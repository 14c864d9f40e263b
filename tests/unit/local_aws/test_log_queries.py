"""Queries of log alarms give the values that CloudWatch Logs Insights gives, or are refused."""

import json
from typing import Any

import pytest

from local_aws.patches.logs.log_queries import Row, UnservedQueryError, read, row
from tests.rows import all_rows

pytestmark = pytest.mark.unit


def made(message: str, number: int = 0) -> Row:
    return row(message, **{"@timestamp": number * 60_000, "@logStream": f"s{number % 2}"})


REPORTS = [
    made(json.dumps({"kind": "report", "took": took, "ok": took < 100, "at": {"zone": zone}}), number)
    for number, (took, zone) in enumerate([(90, "a"), (140, "b"), (100, "a"), (10, "b")])
]
LINES = [
    made(text, number)
    for number, text in enumerate(
        (
            "[ERROR]\t2026-11-27\tr1\tUnexpected error: boom",
            "r2 Task timed out after 10.01 seconds",
            "r3 Task timed out after 3 seconds",
            '2026 "GET /a HTTP/1.1" 404 12',
        )
    )
]


@all_rows(
    ("query", "aggregation", "found"),
    [
        ("", "count(*)", {(): 4}),
        ("fields @timestamp, @message | sort @timestamp desc | limit 20", "count(*)", {(): 4}),
        ("filter took > 90", "count(*)", {(): 2}),
        ("filter took > 90 and took <= 100", "count()", {(): 1}),
        ("filter not (took < 100) or at.zone = 'b'", "count(*)", {(): 3}),
        ("filter ok = 0", "count(*)", {(): 2}),
        ('filter ok = true | filter at.zone != "a"', "count(*)", {(): 1}),
        ("filter at.zone in ['a', 'c']", "count(*)", {(): 2}),
        ("filter at.zone not in ['a']", "count(*)", {(): 2}),
        ("filter ispresent(at.zone) and @message like 'report'", "count(*)", {(): 4}),
        ("filter took > 1000", "count(*)", {}),
        ("", "sum(took)", {(): 340}),
        ("", "avg(took) as mean", {(): 85}),
        ("", "min(took)", {(): 10}),
        ("", "max(took)", {(): 140}),
        ("", "pct(took, 50)", {(): 95}),
        ("", "pct(took, 100)", {(): 140}),
        ("", "count_distinct(at.zone)", {(): 2}),
        ("", "sum(nothing)", {}),
        ("", "avg(took) by at.zone | sort desc", {("a",): 95, ("b",): 75}),
        ("", "count(*) by @logStream", {("s0",): 2, ("s1",): 2}),
        ("", "max(took) by bin(2m)", {(0,): 140, (120_000,): 100}),
        ("stats sum(took) as total, count(*) as n by at.zone", "max(total)", {(): 190}),
        ("stats count(*) as n by bin(2m), at.zone | filter n > 0", "count(n)", {(): 4}),
        ("stats avg(took) by at.zone", "count(*)", {(): 2}),
    ],
)
def test_fields_of_json(query: str, aggregation: str, found: dict[Any, float]) -> None:
    assert read(query, aggregation).run(REPORTS) == found


@pytest.mark.parametrize(
    ("query", "aggregation", "found"),
    [
        ("filter @message like /ERROR|timed out/", "count(*)", {(): 3}),
        ("filter @message like /error: BOOM/i", "count(*)", {(): 1}),
        ("filter @message not like /timed out/", "count(*)", {(): 2}),
        ("filter @message =~ /Task timed/", "count(*)", {(): 2}),
        ("parse @message 'after * seconds' as seconds", "max(seconds)", {(): 10.01}),
        (
            "parse @message '* Task timed out after * seconds' as id, s | filter s < 5",
            "count(*) by id",
            {("r3",): 1},
        ),
        (
            r"parse @message /HTTP\/1.1\" (?<status>\d+) (?<bytes>\d+)/",
            "sum(bytes) by status",
            {("",): None, ("404",): 12},
        ),
        ('parse "error: *" as what', "count(what)", {(): 1}),
        ("parse @message 'no such * thing' as x", "count(x)", {(): 0}),
    ],
)
def test_lines_of_text(query: str, aggregation: str, found: dict[Any, float | None]) -> None:
    wanted = {group: value for group, value in found.items() if value is not None}
    assert read(query, aggregation).run(LINES) == wanted


@all_rows(
    ("query", "aggregation"),
    [
        ("xxx", "count(*)"),
        ("dedup @message", "count(*)"),
        ("filter toMillis(@timestamp) > 5", "count(*)"),
        ("filter a > 'x'", "count(*)"),
        ("filter a like 5", "count(*)"),
        ("filter (a = 1", "count(*)"),
        ("filter a = 1 b = 2", "count(*)"),
        ("fields strlen(@message) as n", "count(*)"),
        ("parse @message '* *' as a", "count(*)"),
        ("parse @message /(/", "count(*)"),
        ("", ""),
        ("", "stddev(a)"),
        ("", "sum(*)"),
        ("", "count(*), sum(a)"),
        ("", "count(*) | filter a = 1"),
        ("", "count(*) by datefloor(@timestamp, 1h)"),
        ("", "pct(a)"),
    ],
)
def test_what_is_not_served_is_refused(query: str, aggregation: str) -> None:
    with pytest.raises(UnservedQueryError):
        read(query, aggregation)
