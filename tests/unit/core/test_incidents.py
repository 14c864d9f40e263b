"""One episode of one alarm is one incident, whatever arrives in which order, however often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.aws.items import from_item
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState
from responder.core.codec import dump
from responder.core.errors import Unreachable
from responder.core.modes import Severity
from responder.core.plain_data import Json
from responder.core.text import text
from responder.core.verdict import LastDecision
from responder.followup_rules import FollowUpMemory
from responder.store import SOAK, Incident, Incidents
from tests.fakes import FakeAws
from tests.unit.core.world import store

NAME = "FaceAuth-Liveness-HighErrorRate"
T0 = datetime(2026, 2, 4, 1, 25, 12, tzinfo=UTC)
FIRST = f"{NAME}-20260204T012512Z"


def event(state: AlarmState = AlarmState.ALARM, minutes: float = 0, name: str = NAME) -> AlarmEvent:
    arn = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}"
    return AlarmEvent(arn, name, state, T0 + timedelta(minutes=minutes), "123456789012", "us-east-1")


def ok(minutes: float) -> AlarmEvent:
    return event(AlarmState.OK, minutes)


def no_data(minutes: float) -> AlarmEvent:
    return event(AlarmState.INSUFFICIENT_DATA, minutes)


def arrived(incidents: Incidents, *events: AlarmEvent) -> list[str | None]:
    """Deliver events in this order; the incident of each."""
    found = [incidents.open(e) if e.state is AlarmState.ALARM else incidents.mark(e) for e in events]
    return [each.id if each else None for each in found]


def rows(incidents: Incidents) -> list[Json]:
    aws = incidents.aws
    assert isinstance(aws, FakeAws)
    return [from_item(row) for row in aws.dynamo.rows("Incidents")]


def current(incidents: Incidents, incident: str = FIRST) -> Incident:
    found = incidents.find(incident)
    assert found is not None
    return found


def lease(incident: str = FIRST, state: LeaseState = LeaseState.IN_FORCE) -> Lease:
    changes = (Change("F", "V", "50", "0"),)
    return Lease("rollout_to_zero", "liveness-rollout", incident, state, T0, None, {"old": "50"}, changes)


def closed(incidents: Incidents) -> Incidents:
    """As the follow-up leaves it."""
    incidents.aws.call(
        "dynamodb",
        "update_item",
        TableName="Incidents",
        Key={"pk": {"S": "ALARMS"}, "sk": {"S": NAME}},
        UpdateExpression="SET closed = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )
    return incidents


def test_the_first_alarm_opens_an_incident(incidents: Incidents) -> None:
    found = incidents.open(event())
    assert found == Incident(FIRST, NAME, NAME, T0, AlarmState.ALARM, T0)
    assert current(incidents) == found


def test_opening_takes_one_round_trip(incidents: Incidents) -> None:
    incidents.open(event())
    assert isinstance(incidents.aws, FakeAws)
    assert len(incidents.aws.calls) == 1


def test_each_alarm_has_its_own_incident(incidents: Incidents) -> None:
    assert incidents.open(event()).id != incidents.open(event(name="FaceAuth-Other")).id
    assert current(incidents).alarm == NAME


def test_the_same_event_again_finds_its_own_incident(incidents: Incidents) -> None:
    assert arrived(incidents, event(), event()) == [FIRST, FIRST]
    assert len([row for row in rows(incidents) if row["pk"] == "ALARMS"]) == 1


@pytest.mark.parametrize("minutes", [1, 10])
def test_an_alarm_within_the_soak_joins(incidents: Incidents, minutes: float) -> None:
    assert arrived(incidents, event(), ok(5), event(minutes=5 + minutes)) == [FIRST] * 3
    found = current(incidents)
    assert (found.state, found.ok_since, found.opened) == (AlarmState.ALARM, None, T0)


def test_an_alarm_after_the_soak_opens_a_new_incident(incidents: Incidents) -> None:
    _, _, third = arrived(incidents, event(), ok(5), event(minutes=15.1))
    assert third == f"{NAME}-20260204T014018Z"
    assert current(incidents, third).opened == T0 + timedelta(minutes=15.1)
    assert incidents.find(FIRST) is None


def test_with_a_lease_in_force_it_is_the_same_incident_however_late(incidents: Incidents) -> None:
    incidents.open(event())
    incidents.begin(lease(), 0, T0)
    incidents.settle(lease(), None, T0)
    assert arrived(incidents, ok(5), event(minutes=600)) == [FIRST, FIRST]


@pytest.mark.parametrize("state", [LeaseState.ENDED, LeaseState.FAILED])
def test_a_lease_that_is_over_holds_no_incident_open(incidents: Incidents, state: LeaseState) -> None:
    incidents.open(event())
    incidents.begin(lease(), 0, T0)
    incidents.settle(lease(state=state), None, T0)
    assert arrived(incidents, ok(5), event(minutes=600))[1] != FIRST


def test_another_incident_s_lease_holds_no_incident_open(incidents: Incidents) -> None:
    incidents.open(event())
    incidents.begin(lease("another"), 0, T0)
    assert arrived(incidents, ok(5), event(minutes=600))[1] != FIRST


def test_while_it_was_never_ok_it_is_the_same_incident() -> None:
    assert arrived(store(), event(), event(minutes=600)) == [FIRST, FIRST]


def test_missing_data_is_no_recovery(incidents: Incidents) -> None:
    assert arrived(incidents, event(), no_data(2), event(minutes=60)) == [FIRST] * 3


def test_missing_data_after_ok_does_not_end_the_calm(incidents: Incidents) -> None:
    """At night nothing comes: only ALARM ends what OK has begun."""
    arrived(incidents, event(), ok(1), no_data(2))
    assert current(incidents).ok_since == ok(1).at
    arrived(incidents, event(minutes=5))
    assert current(incidents).ok_since is None


def test_after_it_was_closed_the_next_alarm_is_another(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(5))
    found = closed(incidents).open(event(minutes=6))
    assert found.id != FIRST
    assert not current(incidents, found.id).closed


def test_ok_is_only_noted(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(5))
    found = current(incidents)
    assert (found.state, found.ok_since) == (AlarmState.OK, T0 + timedelta(minutes=5))
    assert [row["kind"] for row in rows(incidents) if row["sk"].startswith("STEP#")] == ["state"]


def test_an_ok_without_an_incident_is_ignored(incidents: Incidents) -> None:
    assert arrived(incidents, ok(5)) == [None]
    assert rows(incidents) == []


def test_an_ok_after_the_close_is_ignored(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(5))
    assert arrived(closed(incidents), ok(6)) == [None]


# --- out of order ------------------------------------------------------------------------------


def test_a_late_repeat_of_the_alarm_does_not_undo_the_ok(incidents: Incidents) -> None:
    assert arrived(incidents, event(), ok(5), event()) == [FIRST] * 3
    assert current(incidents).ok_since == T0 + timedelta(minutes=5)


def test_a_late_repeat_does_not_open_a_closed_incident_again(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(5))
    assert arrived(closed(incidents), event()) == [FIRST]
    assert current(incidents).closed


def test_an_old_alarm_does_not_take_a_later_state_back(incidents: Incidents) -> None:
    arrived(incidents, event(), event(minutes=8), ok(9))
    assert arrived(incidents, event(minutes=4)) == [FIRST]
    assert current(incidents).state is AlarmState.OK


def test_an_old_ok_does_not_end_a_later_alarm(incidents: Incidents) -> None:
    arrived(incidents, event(), event(minutes=8))
    assert arrived(incidents, ok(5)) == [None]
    assert current(incidents).state is AlarmState.ALARM


@pytest.mark.parametrize("close", [False, True])
def test_an_ok_that_overtakes_its_alarm_is_not_lost(incidents: Incidents, close: bool) -> None:
    """The alarm of an hour later is a new incident, and recovered already."""
    arrived(incidents, event(), ok(5))
    if close:
        closed(incidents)
    arrived(incidents, ok(65))
    (second,) = arrived(incidents, event(minutes=60))
    assert second is not None
    assert second != FIRST
    found = current(incidents, second)
    assert (found.state, found.ok_since) == (AlarmState.OK, T0 + timedelta(minutes=65))
    assert arrived(incidents, event(minutes=80)) != [second]


@given(st.permutations([event(), ok(3), event(minutes=6), ok(9), no_data(12)]))
@settings(deadline=None)
def test_in_whatever_order_states_arrive_the_latest_one_counts(order: list[AlarmEvent]) -> None:
    """From the first ALARM on; each event arrives twice."""
    incidents = store()
    incidents.open(event())
    latest = T0
    for each in order:
        arrived(incidents, each, each)
        latest = max(latest, each.at)
        assert current(incidents).state_at == latest
    assert current(incidents).state is AlarmState.INSUFFICIENT_DATA


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=6))
@settings(deadline=None)
def test_flapping_within_the_soak_is_one_incident(gaps: list[float]) -> None:
    incidents = store()
    incidents.open(event())
    minutes = 0.0
    for gap in gaps:
        minutes += 60
        assert arrived(incidents, ok(minutes), event(minutes=minutes + gap)) == [FIRST, FIRST]


def test_ok_said_twice_lasts_from_the_first_time(incidents: Incidents) -> None:
    _, _, _, late = arrived(incidents, event(), ok(5), ok(12), event(minutes=16))
    assert late != FIRST


def test_two_simultaneous_late_alarms_open_one_new_incident(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(5))
    aws = incidents.aws
    assert isinstance(aws, FakeAws)
    aws.between("dynamodb", "query", lambda: incidents.open(event(minutes=30)))
    second = f"{NAME}-20260204T015512Z"
    assert incidents.open(event(minutes=31)).id == second
    assert current(incidents, second).state_at == event(minutes=31).at


def test_an_alarm_that_comes_while_its_incident_is_closed_has_an_incident_of_its_own(
    incidents: Incidents,
) -> None:
    """Marked on the closed one it would have no follow-up."""
    arrived(incidents, event(), ok(5))
    aws = incidents.aws
    assert isinstance(aws, FakeAws)
    aws.between("dynamodb", "query", lambda: incidents.close(current(incidents)))
    found = incidents.open(event(minutes=8))
    assert found.id != FIRST
    assert not current(incidents, found.id).closed


def test_a_store_that_does_not_answer_opens_nothing(incidents: Incidents) -> None:
    assert isinstance(incidents.aws, FakeAws)
    incidents.aws.fail("dynamodb", "update_item", Unreachable, times=2)
    with pytest.raises(Unreachable):
        incidents.open(event())


def test_an_opening_without_an_answer_is_tried_once_more(incidents: Incidents) -> None:
    assert isinstance(incidents.aws, FakeAws)
    incidents.aws.fail("dynamodb", "update_item", Unreachable, after=True)
    assert incidents.open(event()) == current(incidents, FIRST)


@pytest.mark.parametrize(("minutes", "leases", "over"), [(10, 0, False), (10.1, 0, True), (10.1, 1, False)])
def test_an_incident_is_over_after_the_soak_with_nothing_in_force(
    minutes: float, leases: int, over: bool
) -> None:
    found = Incident(FIRST, NAME, NAME, T0, AlarmState.OK, T0, ok_since=T0)
    assert timedelta(minutes=10) == SOAK
    assert found.over(T0 + timedelta(minutes=minutes), leases) is over
    assert not replace(found, ok_since=None).over(T0 + timedelta(days=1), 0)


# --- what the next incident continues with --------------------------------------------------------


def followed(incidents: Incidents) -> FollowUpMemory:
    """An incident whose level 2 was notified after 30 minutes, as its follow-up has put it on record."""
    reported = LastDecision(Cause.INTERNAL(), text("why.nothing_proven"), T0)
    head = incidents.decided(current(incidents), NAME, Severity.HIGH, reported)
    watch = FollowUpMemory(notified={2: T0 + timedelta(minutes=30)})
    assert incidents.remember(head, dump(watch), T0)
    return watch


def test_a_closed_incident_leaves_its_clock_and_who_knows_to_the_next_one(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(40))
    left = followed(incidents).left(T0, T0 + timedelta(minutes=40))
    assert incidents.close(current(incidents), left)
    opened = incidents.open(event(minutes=55))
    assert (opened.opened, opened.earlier) == (T0 + timedelta(minutes=55), left)
    assert current(incidents, opened.id).earlier == left
    # The same change again changes nothing.
    assert incidents.open(event(minutes=55)).earlier == left


def test_an_incident_that_is_replaced_before_it_was_closed_leaves_the_same(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(40))
    left = followed(incidents).left(T0, T0 + timedelta(minutes=40))
    assert incidents.open(event(minutes=55)).earlier == left


def test_an_earlier_incident_that_cannot_be_read_does_not_prevent_the_next_one(incidents: Incidents) -> None:
    arrived(incidents, event(), ok(40))
    followed(incidents)
    aws = incidents.aws
    assert isinstance(aws, FakeAws)
    where = {"Key": {"pk": {"S": f"INCIDENT#{FIRST}"}, "sk": {"S": "HEAD"}}}
    aws.fail("dynamodb", "get_item", Unreachable, where=where)
    opened = incidents.open(event(minutes=55))
    assert (opened.id, opened.earlier) == (f"{NAME}-20260204T022012Z", None)
