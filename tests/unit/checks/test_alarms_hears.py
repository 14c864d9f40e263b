"""A rule is a listener only where EventBridge would hand it the alarm."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from moto.events.models import EventPattern

from responder.checks.alarms.event_pattern import matches, state_change
from responder.core.plain_data import Json
from tests.rows import all_rows

NAMES = ("FaceAuth-Liveness-LowConfidence", "FaceAuth-Other", "LivenessResponder-Unfollowed-x")
WORDS = st.sampled_from([*NAMES, "FaceAuth-", "FaceAuth-Liveness-", "Confidence", "x", "FaceAuth-*"])
CONDITIONS = st.one_of(
    WORDS,
    st.builds(lambda word: {"prefix": word}, WORDS),
    st.builds(lambda word: {"suffix": word}, WORDS),
    st.builds(lambda word: {"wildcard": f"{word}*"}, st.sampled_from(NAMES)),
    st.builds(lambda words: {"anything-but": words}, st.lists(WORDS, min_size=1, max_size=3)),
    st.builds(lambda word: {"anything-but": {"prefix": word}}, WORDS),
    st.builds(lambda there: {"exists": there}, st.booleans()),
)


def event(name: str) -> Json:
    return state_change(name, f"arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:{name}")


@given(
    names=st.lists(CONDITIONS, min_size=1, max_size=3),
    states=st.lists(st.sampled_from(["ALARM", "OK"]), min_size=1, max_size=2),
    name=st.sampled_from(NAMES),
)
def test_patterns_match_as_in_another_implementation(names: list[Any], states: list[str], name: str) -> None:
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": names, "state": {"value": states}}}
    other = EventPattern.load(json.dumps(pattern))
    sent: Any = event(name)
    assert matches(pattern, sent) is other.matches_event(sent)


@all_rows(
    ("pattern", "expected"),
    [
        ({}, True),
        ({"source": ["aws.cloudwatch"]}, True),
        ({"source": ["aws.ec2"]}, False),
        ({"detail": {"state": {"value": ["OK"]}}}, False),
        ({"detail": {"state": {"value": ["OK", "ALARM"]}}}, True),
        ({"detail": {"alarmName": [{"equals-ignore-case": "faceauth-other"}]}}, True),
        ({"resources": [{"prefix": "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:FaceAuth-"}]}, True),
        ({"account": ["210987654321"]}, False),
        ({"detail": {"state": {"actionsSuppressedBy": [{"exists": False}]}}}, True),
        ({"detail": {"previousState": {"value": ["OK"]}}}, False),
        ({"detail": {"alarmName": [{"numeric": [">", 1]}]}}, False),
        ({"detail": {"alarmName": [{"prefix": {"equals-ignore-case": "faceauth"}}]}}, False),
        ({"$or": [{"source": ["aws.ec2"]}, {"detail": {"alarmName": ["FaceAuth-Other"]}}]}, True),
        ({"$or": [{"source": ["aws.ec2"]}, {"account": ["210987654321"]}]}, False),
        ({"$or": {"source": ["aws.cloudwatch"]}}, False),
        ({"detail": {"alarmName": "FaceAuth-Other"}}, False),
        ({"detail": ["alarmName"]}, False),
    ],
)
def test_what_it_does_not_understand_lets_nothing_through(pattern: Json, expected: bool) -> None:
    assert matches(pattern, event("FaceAuth-Other")) is expected
