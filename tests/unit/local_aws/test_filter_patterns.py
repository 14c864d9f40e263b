"""Filter patterns as CloudWatch Logs documents them: what is taken, what is refused, what matches."""

import json

import pytest

from local_aws.patches.logs.filter_patterns import RefusedPatternError, read
from tests.rows import all_rows

DENIED = '{"level": "ERROR", "message": "Failed: (AccessDenied) x", "n": [{"id": 7}]}'

# The sample events of AWS's page, by their names there.
EVENT = json.dumps(
    {
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
        "SomeObject": None,
        "ThisFlag": True,
        "cluster.name": "c",
        "latency": 50,
        "took": 1e3,
        "number": [0.001, -2],
    }
)
USERS = json.dumps(
    {
        "user": {"id": 1, "email": "John.Stiles@example.com"},
        "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
        "actions": ["GET", "PUT", "DELETE"],
        "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
    }
)
ACCESS = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
LINES = (
    "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200",
    "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310",
    "WARNING 09/25/2014 12:00:02 Invalid user request",
    "ERROR 09/25/2014 12:00:02 Failed to process request",
)

MATCHING = [
    ("", "anything", True),
    ("ERROR ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", True),
    ("ERROR ARGUMENTS", "[ERROR 400] BAD REQUEST", False),
    ("?ERROR ?ARGUMENTS", "[WARN] ARGUMENTS", True),
    ("?ERROR ?ARGUMENTS REQUEST", "[INFO] REQUEST FAILED", True),  # "?" is ignored together with other terms
    ("ERROR -ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", False),
    ('"INTERNAL SERVER ERROR"', "[ERROR 500] INTERNAL SERVER ERROR", True),
    ('"a \\"quoted\\" word"', 'a "quoted" word', True),
    ("error", "ERROR", False),
    ("%AUTHORIZED%", "UNAUTHORIZED", True),
    ("%^[hc]at%", "hat", True),
    ("%^[hc]at%", "that", False),
    ("%^hat%", "x\nhat", False),
    ("%[hc]at$%", "a cat", True),
    ("%[hc]at$%", "a cat\n", False),
    ("%colou?r%", "color", True),
    ("%^a{3,5}$%", "aaaaaa", False),
    (r"%^starting|^shutting\sdown%", "shutting down", True),
    (r"%^starting|^shutting\sdown%", "skipping shutting down", False),
    (r"%\[.\]%", "[7]", True),
    (r"%10\.10\.0\.1%", "10010,051", False),
    (r"%x\sy%", "x\ty", True),
    (r"%x\sy%", "x\u2003y", False),  # whitespace is tab, space and newline
    (r"%^\w$%", "é", False),
    (r"%\x28AccessDenied%", "(AccessDenied", True),
    (r"%error\x3A\sx%", "error: x", True),
    ('{ $.level = "ERROR" }', DENIED, True),
    ('{ $.level = "ERR" }', DENIED, False),
    ('{ $.message = "Failed: (Acc*" }', DENIED, True),
    ('{ $.message = "(Acc*" }', DENIED, False),
    ('{ $.message = "*(AccessDenied*" }', DENIED, True),
    ('{ $.message = "Failed*x" }', DENIED, False),  # "Ev*ent will only match the actual string Ev*ent"
    ('{ $.message = "a*b" }', '{"message": "a*b"}', True),
    ("[level=ERROR, time=*Z, id=*-*, w1=Failed, ...]", "[ERROR]\t2026-02-04T10:25Z\t8-f\tFailed to x", True),
    ("[level=ERROR, time=*Z, id=*-*, w1=Failed, ...]", "[INFO]\t2026-02-04T10:25Z\t8-f\tFailed to x", False),
    ("{ $.n[0].id = 7 }", DENIED, True),
    ("{ $.n = 7 }", DENIED, False),
    ('{ $.level = "INFO" || $.level = "ERROR" && $.message = "nothing" }', DENIED, False),
    ('{ ($.level = "INFO" || $.level = "ERROR") && $.message = %Acc.ss% }', DENIED, True),
    ('{ $.level = "ERROR" }', "[ERROR] x", False),
    ('{ $.eventType = "UpdateTrail" }', EVENT, True),
    ("{ $.eventType = Update* }", EVENT, True),
    ('{ $.eventType != "UpdateTrail" }', EVENT, False),
    ("{ $.sourceIPAddress != 123.123.* }", EVENT, True),
    ("{ $.sourceIPAddress != 111.111.* }", EVENT, False),
    ('{ $.arrayKey[0] = "value" }', EVENT, True),
    ('{ $.arrayKey[2] = "*" }', EVENT, False),
    ('{ $.ThisFlag[0] = "value" }', EVENT, False),
    ("{ $.objectList[1].id = 2 }", EVENT, True),
    ("{ $.eventType = %Trail% }", EVENT, True),
    ("{ $.eventType != %Trail% }", EVENT, False),
    ("{ $.arrayKey[*] = %val.{2}% }", EVENT, True),
    ('{ $.arrayKey[*] = "val" }', EVENT, False),
    ("{ $.objectList[*].id >= 2 }", EVENT, True),
    ("{ $.objectList[*].id > 2 }", EVENT, False),
    (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", EVENT, True),
    ("{ $.['cluster.name'] = \"c\" }", EVENT, True),
    ("{ $.SomeObject IS NULL }", EVENT, True),
    ("{ $.eventType IS NULL }", EVENT, False),
    ("{ $.SomeOtherObject IS NULL }", EVENT, False),
    ("{ $.ThisFlag IS TRUE }", EVENT, True),
    ("{$.ThisFlag IS FALSE}", EVENT, False),
    ("{ $.latency IS TRUE }", '{"latency": 1}', False),
    ("{ $.SomeOtherObject NOT EXISTS }", EVENT, True),
    ("{ $.SomeObject NOT EXISTS }", EVENT, False),
    ("{ $.objectList[2] NOT EXISTS }", EVENT, True),
    ("{ $.latency = * }", EVENT, True),
    ("{ $.nothing = * }", EVENT, False),
    ("{ $.latency > 49.5 }", EVENT, True),
    ("{ $.latency > 50 }", EVENT, False),
    ("{ $.latency >= +50 }", EVENT, True),
    ("{ $.latency < 50 }", EVENT, False),
    ("{ $.latency <= 5e1 }", EVENT, True),
    ("{ $.latency = 5* }", EVENT, True),
    ("{ $.took = 1000}", EVENT, True),
    ("{ $.took = 1e+3 }", EVENT, True),
    ("{ $.number[0] = 1e-3 }", EVENT, True),
    ("{ $.number[0] != 1e-3 }", EVENT, False),
    ("{ $.number[1] < -1 }", EVENT, True),
    ("{ $.eventType > 1 }", EVENT, False),
    ("{ $.nothing < 1 }", EVENT, False),
    ('{ $.nothing != "x" }', EVENT, False),
    ('{ $.arrayKey != "x" }', EVENT, False),
    ('{ $.ThisFlag != "x" }', EVENT, False),
    ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', USERS, True),
    ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', USERS, False),
    (
        '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "n" && $.actions[2] = "n" }',
        USERS,
        True,
    ),
    (
        '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "n") && $.actions[2] = "n" }',
        USERS,
        False,
    ),
    ("{ $.coordinates[1][2] = 6 }", USERS, True),
    ("[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", ACCESS, True),
    ("[ip, user, username, timestamp, request =*.html*, status_code = 5*, bytes]", ACCESS, False),
    (r"[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, code = 4*, bytes]", ACCESS, True),
    ("[..., request =*.html*, status_code = 4*, bytes]", ACCESS, True),
    ("[..., request =*.png*, status_code = 4*, bytes]", ACCESS, False),
    ("[ip, user, ..., status_code, bytes > 1000]", ACCESS, True),
    ("[ip, user, ..., status_code, bytes > 1534]", ACCESS, False),
    ("[ip, user=Prod, ...]", ACCESS, True),
    ("[ip, user=Test, ...]", ACCESS, False),
    ("[..., request=*.html*, status_code=4*,]", ACCESS, True),
    ("[ip, user, name, time, request, status_code = 404 || status_code = 410, bytes]", ACCESS, True),
    ("[ip, user, name, time, request, status_code = 4* && status_code != 404, bytes]", ACCESS, False),
    ('[ip, user, name, time = "10/Oct/2000:13:25:15 -0700", ...]', ACCESS, True),
    ("[a, b, c, d, e, f, g, h]", ACCESS, False),
    ("[..., a, b, c, d, e, f, g, h]", ACCESS, False),
    ("[w1=ERROR, w2]", LINES[3], True),
    ("[w1=ERROR, w2]", LINES[0], False),
    ('[w1=ERROR, w2="*process request"]', LINES[3], True),
    ("[w1=ERROR, w2]", "ERROR", False),
    ("[w1=ERROR || w1=WARNING, w2]", LINES[2], True),
    ("[w1=ERROR || w1=WARNING, w2]", LINES[1], False),
    ("[w1!=ERROR && w1!=WARNING, w2]", LINES[0], True),
    ("[w1!=ERROR && w1!=WARNING, w2]", LINES[3], False),
    ("[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", LINES[0], True),
    ("[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", LINES[1], False),
    ("[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, ms]", LINES[1], True),
    ("[level=ERROR, ...]", "[ERROR]\t2026-11-27T00:00:00Z\tid\tboom", True),
]
REFUSED = [
    "?Status: timeout",
    "An error occurred (AccessDenied",
    "level=ERROR",
    '"never closed',
    "%something!%",
    "%(a|b)%",
    "%two words%",
    "%error:x%",
    "%[a:]%",
    "%é%",
    r"%a\b%",
    r"%a\(b%",
    r"%\x2%",
    r"%\x2a%",
    "%[a%",
    "%a",
    "%a% b",
    "%a% %b%",
    "%a{5,3}%",
    '{ $.level = "ERROR"',
    '{ $."detail-type" = "x" }',
    "{ $.a = %x% && $.b = %y% && $.c = %z% }",
    "{ $.a = }",
    '{ ($.a = "x" }',
    '{ $.a = "x", $.b = "y" }',
    "{ }",
    "{ $.a IS NOT NULL }",
    "{ $.a EXISTS }",
    "{ $.a IS SOMETHING }",
    "{ $.a > x }",
    '{ $.a >= "5" }',
    "{ $.a > %5% }",
    "{ $.a == 1 }",
    "{ $.a = 1 & $.b = 2 }",
    "{ $.a = 1 $.b = 2 }",
    "{ $[0] = 1 }",
    "{ a = 1 }",
    "{ $.a[*].b[*] = 1 }",
    "{ $.*.* = 1 }",
    "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }",
    "[w1=ERROR",
    "[w1=ERROR, w1]",
    "[..., a, ...]",
    "[ip, status = 4* && bytes > 1000]",
    "[status_code > 4*]",
    "[a b]",
    "[$.a = 1]",
    "[a=%x%, b=%y%, c=%z%]",
    "[a=%(x)%]",
    '"' + "x" * 1023 + '"',
]


@all_rows(("pattern", "message", "matches"), MATCHING)
def test_a_pattern_matches_as_documented(pattern: str, message: str, matches: bool) -> None:
    assert read(pattern).matches(message) is matches


@all_rows("pattern", REFUSED)
def test_what_aws_does_not_take_is_refused(pattern: str) -> None:
    with pytest.raises(RefusedPatternError):
        read(pattern)


@all_rows(
    ("pattern", "message", "selector", "text"),
    [
        ("{ $.latency = * }", EVENT, "$.latency", "50"),
        ("{ $.latency = * }", EVENT, "$.objectList[1].name", "b"),
        ("{ $.latency = * }", EVENT, "$.['cluster.name']", "c"),
        ("{ $.latency = * }", EVENT, "$.nothing", ""),
        ("{ $.latency = * }", EVENT, "$.arrayKey", ""),
        ("[ip, server, username, timestamp, request, status_code, bytes]", ACCESS, "$bytes", "1534"),
        (
            "[ip, server, username, timestamp, request, code, b]",
            ACCESS,
            "$request",
            "GET /index.html HTTP/1.0",
        ),
        ("[ip, server, username, timestamp, ...]", ACCESS, "$timestamp", "10/Oct/2000:13:25:15 -0700"),
        ("[..., request=*.html*, status_code=4*,]", ACCESS, "$7", "1534"),
        ("[..., request=*.html*, status_code=4*,]", ACCESS, "$3", "frank"),
        ("[..., request=*.html*, status_code=4*,]", ACCESS, "$status_code", "404"),
        ("[..., request=*.html*, status_code=4*,]", ACCESS, "$8", ""),
        ("[w1=ERROR, w2]", LINES[3], "$w2", "09/25/2014 12:00:02 Failed to process request"),
        ("ERROR", "ERROR 5", "$2", ""),
    ],
)
def test_a_selector_extracts_a_value(pattern: str, message: str, selector: str, text: str) -> None:
    assert read(pattern).field(message, selector) == text


@all_rows(
    ("pattern", "selector", "taken"),
    [
        ("{ $.a = 1 }", "$.b.c[0]", True),
        ("{ $.a = 1 }", "$.b[*]", False),
        ("{ $.a = 1 }", "$b", False),
        ("{ $.a = 1 }", "plain", False),
        ("[a, b]", "$a", True),
        ("[a, b]", "$2", True),
        ("[a, b]", "$c", False),
        ("[a, b]", "$.a", False),
        ("ERROR", "$.a", False),
        ("%x%", "$1", False),
    ],
)
def test_a_selector_belongs_to_the_kind_of_pattern(pattern: str, selector: str, taken: bool) -> None:
    assert read(pattern).selects(selector) is taken


def test_regular_expressions_are_counted() -> None:
    patterns = ["%a%", "{ $.a = %x% && $.b = %y% }", "[a=%x%, b=%y%]", '{ $.a = "*x*" }', "a", ""]
    assert [read(pattern).regexes for pattern in patterns] == [1, 2, 2, 0, 0, 0]
