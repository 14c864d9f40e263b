"""Whatever arrives as an alarm event is read, or refused by the name of the field."""

import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from responder.core.alarm_event import SLUG_LENGTH, AlarmEvent, AlarmState, of_contributor, parse
from responder.core.errors import BadEvent
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.core.text import Strings
from responder.store.incidents import incident_id, slug_of
from tests.rows import all_rows

EVENTS = Path(__file__).parents[3] / "events"
NAME = "FaceAuth-Liveness-HighErrorRate"
ARN = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{NAME}"
HELD = {"value": "ALARM", "actionsSuppressedBy": "Alarm"}
AT = datetime(2026, 2, 4, 1, 25, 12, 345000, tzinfo=UTC)


def event(**detail: Any) -> Json:
    state = {"value": "ALARM", "timestamp": "2026-02-04T01:25:12.345+0000", **detail.pop("state", {})}
    return {"resources": [ARN], "detail": {"alarmName": NAME, "state": state, **detail}}


def named(name: str) -> AlarmEvent:
    arn = ARN.replace(NAME, name)
    return AlarmEvent(arn, name, AlarmState.ALARM, AT, "123456789012", "us-east-1")


def stored(path: str) -> AlarmEvent:
    return parse(json.loads((EVENTS / path).read_text()))


@all_rows(
    ("path", "name"),
    [
        ("create-session-errors/first_transition.json", "FaceAuth-CreateLivenessSession-Errors"),
        ("low-success-rate/metric_math.json", "FaceAuth-Liveness-LowSuccessRate"),
        ("unknown-alarm/composite.json", "FaceAuth-Liveness-Degraded"),
        ("unknown-alarm/percentile.json", "FaceAuth-Liveness-SlowTail"),
        ("unknown-alarm/anomaly_band.json", "FaceAuth-Liveness-OddVolume"),
        ("unknown-alarm/log_alarm.json", "FaceAuth-Liveness-RefusedByHost"),
        ("unknown-alarm/multi_time_series.json", "FaceAuth-Liveness-AnyTableThrottled"),
        ("high-error-rate/muted.json", NAME),
        ("get-result-timeouts/direct.json", "FaceAuth-GetLivenessResult-Timeouts"),
        ("slow-verification/with_tags.json", "FaceAuth-Liveness-SlowVerification"),
    ],
)
def test_every_shape_that_aws_sends_is_read(path: str, name: str) -> None:
    found = stored(path)
    assert (found.name, found.state) == (name, AlarmState.ALARM)
    assert (found.account, found.region) == ("123456789012", "ap-northeast-1")
    assert found.at.replace(microsecond=0) == AT.replace(microsecond=0)
    assert not found.replayed


def test_a_direct_action_and_eventbridge_report_the_same_change() -> None:
    through_bus = stored("get-result-timeouts/alarm.json")
    whole = json.loads((EVENTS / "get-result-timeouts/alarm.json").read_text())
    direct = {"alarmArn": whole["resources"][0], "alarmData": whole["detail"], "region": whole["region"]}
    assert parse(direct).key == through_bus.key


def test_a_replay_is_known_as_one() -> None:
    assert stored("high-error-rate/replayed.json").replayed


@pytest.mark.parametrize("state", ["ok", "insufficient", "alarm"])
def test_all_three_states_are_read(state: str) -> None:
    assert stored(f"high-error-rate/{state}.json").state.value.lower().startswith(state)


def test_another_account_is_read_as_it_is_and_judged_by_the_shell() -> None:
    assert stored("high-error-rate/foreign_account.json").account != "123456789012"


def test_a_reason_of_200_kilobytes_does_no_harm() -> None:
    assert parse(event(state={"reason": "あ" * 200_000})).name == NAME


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-02-04T10:25:12+09:00", AT.replace(microsecond=0)),
        ("2026-02-04T01:25:12Z", AT.replace(microsecond=0)),
        ("2026-02-04T01:25:12.345", AT),
    ],
)
def test_every_time_becomes_utc(written: str, instant: datetime) -> None:
    found = parse(event(state={"timestamp": written})).at
    assert (found, found.tzinfo) == (instant, UTC)


MISSING = [
    ({}, "detail"),
    ({"detail": {}}, "state"),
    ({**event(), "resources": []}, "alarm arn"),
    ({**event(), "resources": ARN}, "alarm arn"),
    ({**event(), "resources": [ARN + "-Other"]}, "alarm arn"),
    ({**event(), "resources": ["arn:aws:sns:us-east-1:123456789012:alarm:" + NAME]}, "alarm arn"),
    (event(alarmName=""), "alarmName"),
    (event(alarmName="a" * 256), "alarmName"),
    (event(alarmName="あ" * 200_000), "alarmName"),
    (event(alarmName="FaceAuth\r\nBcc: somebody"), "alarmName"),
    (event(alarmName=None), "alarmName"),
    (event(state={"value": "alarm"}), "state.value"),
    (event(state={"value": None}), "state.value"),
    (event(state={"timestamp": "yesterday"}), "state.timestamp"),
    (event(state={"timestamp": None}), "state.timestamp"),
    (event(state={"timestamp": "0001-01-01T00:00:00+14:00"}), "state.timestamp"),
    ({"alarmArn": ARN, "alarmData": None}, "alarmData"),
    ("ALARM", "event"),
    (None, "event"),
]


@all_rows(("bad", "field"), MISSING)
def test_what_cannot_be_read_is_named(bad: object, field: str) -> None:
    with pytest.raises(BadEvent) as caught:
        parse(bad)
    assert caught.value.field == field


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PLACES = [
    ("resources",),
    ("detail",),
    ("detail", "alarmName"),
    ("detail", "state"),
    ("detail", "state", "value"),
    ("detail", "state", "timestamp"),
    ("detail", "state", "actionsSuppressedBy"),
    ("detail", "previousState"),
    ("detail", "configuration"),
    ("detail", "muteDetail"),
    ("replay-name",),
    ("alarmData",),
    ("alarmArn",),
]


@given(place=st.sampled_from(PLACES), value=JSON)
@example(place=("detail", "state", "timestamp"), value=10**5000)
@example(place=("detail", "state", "value"), value=["ALARM"])
def test_an_event_with_anything_in_any_field_is_read_or_bad(place: Strings, value: Any) -> None:
    broken = copy.deepcopy(event())
    holder = broken
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    try:
        found = parse(broken)
    except BadEvent:
        return
    assert found.name in found.arn
    assert found.at.tzinfo is UTC


@given(detail=JSON, suppressed=JSON, configuration=JSON)
@example(detail={}, suppressed="", configuration=None)
@example(detail={"muteWindowEnd": 10**5000}, suppressed=[0], configuration={"actionsSuppressor": ["a"]})
def test_whatever_says_that_an_alarm_is_silenced_silences_it(
    detail: Any, suppressed: Any, configuration: Any
) -> None:
    """Only `null` is no mute, and only what is empty is no suppression."""
    answer = event(state={"actionsSuppressedBy": suppressed}, muteDetail=detail, configuration=configuration)
    ways = {each.reason.kind for each in parse(answer).silences}
    assert (Refusal.MUTED_EVENT in ways) == (detail is not None)
    assert (Refusal.SUPPRESSED in ways) == bool(suppressed)


def test_a_mute_names_its_rule_and_its_end() -> None:
    (silence,) = stored("high-error-rate/muted.json").silences
    assert silence.reason == Refusal.MUTED_EVENT(name="release-night", until="2026-02-04T03:00:00Z")
    assert silence.until == datetime(2026, 2, 4, 3, 0, tzinfo=UTC)


def test_a_suppressed_composite_alarm_names_its_suppressor_and_then_none() -> None:
    held, let_go = stored("unknown-alarm/suppressed.json"), stored("unknown-alarm/suppression_ended.json")
    (silence,) = held.silences
    assert silence.reason == Refusal.SUPPRESSED(name="FaceAuth-Maintenance", phase="WaitPeriod")
    assert not held.released
    assert (let_go.silences, let_go.released, let_go.state) == ((), True, AlarmState.ALARM)
    assert held.key != let_go.key


@pytest.mark.parametrize(
    ("before", "now", "released"),
    [
        ({"value": "ALARM", "actionsSuppressedBy": "Alarm"}, {}, True),
        (
            {"value": "ALARM", "actionsSuppressedBy": "Alarm"},
            {"actionsSuppressedBy": "ExtensionPeriod"},
            False,
        ),
        ({"value": "OK", "actionsSuppressedBy": "Alarm"}, {}, False),
        ({"value": "ALARM"}, {}, False),
        (None, {}, False),
        ("ALARM", {}, False),
    ],
)
def test_a_state_is_reported_again_when_its_suppression_ends(before: Any, now: Json, released: bool) -> None:
    assert parse(event(state=now, previousState=before)).released is released


@given(JSON)
def test_a_contributor_is_known_whatever_else_arrives(anything: Any) -> None:
    assert not of_contributor(anything)
    assert not of_contributor(event(anything=anything))
    assert of_contributor({**event(alarmContributor={"id": "1"}), "extra": anything})


@given(JSON)
def test_anything_at_all_is_bad_and_nothing_worse(anything: Any) -> None:
    with pytest.raises(BadEvent):
        parse(anything)


SIMILAR = st.text(alphabet="ab- _./あ", min_size=1, max_size=60)


@given(SIMILAR)
@example("日本語のアラーム")
@example("---")
def test_a_slug_is_short_and_plain(name: str) -> None:
    assert re.fullmatch(rf"[A-Za-z0-9](?:[A-Za-z0-9-]{{0,{SLUG_LENGTH - 1}}})", named(name).slug)


@given(SIMILAR, SIMILAR)
@example("a_b", "a-b")
@example("a-b", "a--b")
@example("a" * 41, "a" * 42)
@example("x" * 50 + "1", "x" * 50 + "2")
@example("あ", "い")
def test_different_alarms_never_share_a_slug(one: str, other: str) -> None:
    assert one == other or named(one).slug != named(other).slug


def test_the_service_s_own_names_stay_readable() -> None:
    assert named(NAME).slug == NAME


@given(SIMILAR)
def test_an_incident_id_leads_back_to_its_alarm(name: str) -> None:
    found = named(name)
    assert slug_of(incident_id(found)) == found.slug
    assert len(incident_id(found)) <= 57


def test_an_incident_id_says_when_it_began() -> None:
    assert incident_id(named(NAME)) == f"{NAME}-20260204T012512Z"


def test_only_the_same_change_of_the_same_alarm_has_the_same_key() -> None:
    one = parse(event())
    others = [
        parse(event(state={"value": "OK"})),
        parse(event(state={"timestamp": "2026-02-04T01:25:12.346+0000"})),
        named("Other"),
    ]
    assert len({one.key, *(each.key for each in others)}) == 4
    assert one.key == parse({**event(), "time": "later"}).key
