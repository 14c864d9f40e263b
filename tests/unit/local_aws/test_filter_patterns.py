"""Filter patterns as CloudWatch Logs documents them: what is taken, what is refused, what matches."""

import pytest

from local_aws.mends.filter_patterns import RefusedPatternError, UnservedPatternError, read

pytestmark = pytest.mark.unit
DENIED = '{"level": "ERROR", "message": "Failed: (AccessDenied) x", "n": [{"id": 7}]}'

MATCHING = [
    ("", "anything", True),
    ("ERROR ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", True),
    ("ERROR ARGUMENTS", "[ERROR 400] BAD REQUEST", False),
    ("?ERROR ?ARGUMENTS", "[WARN] ARGUMENTS", True),
    ("?ERROR ?ARGUMENTS REQUEST", "[INFO] REQUEST FAILED", True),  # "?" is ignored beside other terms
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
    ("{ $.n[0].id = 7 }", DENIED, True),
    ("{ $.n = 7 }", DENIED, False),
    ('{ $.level = "INFO" || $.level = "ERROR" && $.message = "nothing" }', DENIED, False),
    ('{ ($.level = "INFO" || $.level = "ERROR") && $.message = %Acc.ss% }', DENIED, True),
    ('{ $.level = "ERROR" }', "[ERROR] x", False),
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
    '"' + "x" * 1023 + '"',
]


@pytest.mark.parametrize(("pattern", "message", "matches"), MATCHING)
def test_a_pattern_matches_as_documented(pattern: str, message: str, matches: bool) -> None:
    assert read(pattern).matches(message) is matches


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_aws_does_not_take_is_refused(pattern: str) -> None:
    with pytest.raises(RefusedPatternError):
        read(pattern)


@pytest.mark.parametrize("pattern", ["[w1=ERROR, w2]", "{ $.a != 1 }", "{ $.a IS NULL }", "{ $.a[*] = 1 }"])
def test_what_is_not_served_says_so(pattern: str) -> None:
    with pytest.raises(UnservedPatternError):
        read(pattern)


def test_regular_expressions_are_counted() -> None:
    patterns = ["%a%", "{ $.a = %x% && $.b = %y% }", '{ $.a = "*x*" }', "a", ""]
    assert [read(pattern).regexes for pattern in patterns] == [1, 2, 0, 0, 0]
