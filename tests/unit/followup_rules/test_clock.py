"""Each level is notified at the manual's minute, however the alarm comes and goes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.alarm_event import AlarmState
from responder.core.change import Leases
from responder.core.codec import dump, load
from responder.core.settings import IncidentTimers
from responder.followup_rules import (
    Acknowledgement,
    DutyKind,
    FollowUpMemory,
    Observation,
    done,
    due,
    observe,
)
from responder.followup_rules.memory import EarlierIncident, EscalationClock
from responder.store.incidents import Incident
from tests.rows import all_rows
from tests.unit.followup_rules.world import MEDIUM, OPENED, ROLLOUT, TERMS, at, decided

SOAK = timedelta(minutes=TERMS.soak)


# --- the rule ------------------------------------------------------------------------------------


@all_rows(
    ("returns", "since", "calm", "expected"),
    [
        (0, 0, 3, (0, 0, 0)),
        (0, 0, 9.9, (0, 0, 0)),
        (0, 0, 10, (0, 0, 1)),
        (0, 0, 59.9, (0, 0, 1)),
        (0, 0, 60, (0, 300, 1)),
        (0, 0, 119.9, (0, 300, 1)),
        (0, 0, 120, (300, 300, 0)),
        (1, 0, 12, (0, 0, 2)),
        (1, 0, 90, (0, 0, 2)),
        (1, 100, 3, (0, 100, 1)),
        (1, 100, 12, (0, 0, 2)),
        (1, 100, 90, (0, 0, 2)),
        (1, 100, 120, (300, 300, 0)),
        (7, 0, 119, (0, 0, 8)),
        (7, 0, 600, (300, 300, 0)),
    ],
)
def test_from_when_the_levels_count_after_a_return(
    returns: int, since: float, calm: float, expected: tuple[float, float, int]
) -> None:
    """Minutes; the return is at 300."""
    clock = EscalationClock(at(0), at(since), returns).returned(timedelta(minutes=calm), at(300), SOAK)
    first, counts, times = expected
    assert clock == EscalationClock(at(first), at(counts), times)


@pytest.mark.parametrize(("returns", "minutes"), [(0, 10), (1, 10), (2, 60), (9, 60)])
def test_an_alarm_that_came_back_twice_is_calm_only_after_an_hour(returns: int, minutes: int) -> None:
    assert EscalationClock(at(0), at(0), returns).enough(SOAK) == timedelta(minutes=minutes)
    assert EscalationClock(at(0), at(0), returns).enough(timedelta(hours=3)) == timedelta(hours=3)


# --- from one incident to the next ---------------------------------------------------------------

LEFT = FollowUpMemory(TERMS, notified={2: at(30)}, late=5, held=at(80), held_by="aiko").left(at(0), at(40))


def test_the_next_incident_within_an_hour_continues_with_the_levels_and_the_acknowledgement() -> None:
    watch = FollowUpMemory.begin(MEDIUM, at(60), LEFT)
    assert (watch.terms, watch.notified, watch.clock(at(60))) == (
        MEDIUM,
        {2: at(30)},
        EscalationClock(at(0), at(0), 1),
    )
    assert (watch.late, watch.held, watch.held_by) == (5, at(80), "aiko")


def test_the_next_incident_after_more_than_an_hour_keeps_who_was_notified_and_restarts_the_clock() -> None:
    watch = FollowUpMemory.begin(TERMS, at(120), LEFT)
    assert (watch.level, watch.clock(at(120))) == (2, EscalationClock(at(0), at(120), 1))
    assert (watch.late, watch.held) == (0, None)


def test_the_next_incident_after_two_hours_has_nothing_to_do_with_it() -> None:
    assert (
        FollowUpMemory.begin(TERMS, at(160), LEFT)
        == FollowUpMemory.begin(TERMS, at(160), None)
        == FollowUpMemory(TERMS)
    )


def test_the_clock_that_an_incident_leaves_is_stored_and_read_back() -> None:
    for left in (LEFT, FollowUpMemory(TERMS).left(at(0), at(12))):
        assert load(EarlierIncident, dump(left)) == left


def test_an_incident_that_began_as_the_second_return_is_not_over_after_ten_minutes() -> None:
    twice = EarlierIncident(EscalationClock(at(0), at(0), 1), at(36))
    third = Incident("i", "i", "i", at(48), AlarmState.OK, at(60), at(60), earlier=twice)
    assert not third.over(at(119), 0)
    assert third.over(at(121), 0)


# --- every rhythm --------------------------------------------------------------------------------


@dataclass
class Alarm:
    """An alarm that is raised and calm in turn, followed minute by minute, in one incident or several.

    Attributes:
        heard: who was reported at which minute: level -> minutes.
        calms: on-call was notified at these minutes that it is calm, or over.
    """

    terms: IncidentTimers
    leases: Leases = ()
    acks: tuple[float, ...] = ()
    heard: dict[int, list[float]] = field(default_factory=dict)
    calms: list[float] = field(default_factory=list)
    incidents: int = 0

    def play(self, spans: Iterable[tuple[AlarmState, int]]) -> "Alarm":
        watch: FollowUpMemory | None = None
        earlier: EarlierIncident | None = None
        opened, minute, mark = OPENED, 0, ""
        for state, length in spans:
            mark = at(minute).isoformat() if state is AlarmState.OK else ""
            for _ in range(length):
                if watch is None and state is AlarmState.ALARM:
                    opened, self.incidents = at(minute), self.incidents + 1
                    watch = FollowUpMemory.begin(self.terms, opened, earlier)
                if watch is not None:
                    watch = self._look(watch, opened, minute, state, mark)
                    if watch.closed:
                        assert watch.calm_from is not None
                        earlier, watch = watch.left(opened, watch.calm_from), None
                minute += 1
        return self

    def _look(
        self, watch: FollowUpMemory, opened: datetime, minute: int, state: AlarmState, mark: str
    ) -> FollowUpMemory:
        acks = tuple(Acknowledgement("aiko", str(given)) for given in self.acks if given <= minute)
        seen = Observation(
            now=at(minute),
            opened=opened,
            state=state,
            mark=mark,
            decision=decided(minute),
            # What is in force is read, and the answer is there immediately.
            leases=tuple(replace(each, looked=at(minute)) for each in self.leases),
            acks=acks[-1:] if at(self.acks[-1] if self.acks else 0) >= opened else (),
        )
        watch = observe(seen, watch)
        # What is still due is done at the next look, a second later.
        while not watch.closed and (duties := due(seen, watch)):
            duty = duties[0]
            if duty.task is DutyKind.ESCALATE:
                self.heard.setdefault(int(duty.key), []).append(minute)
            if duty.task in (DutyKind.MITIGATED, DutyKind.RECOVERED, DutyKind.CLOSE):
                self.calms.append(minute)
            watch = done(duty, seen, watch)
        return watch


def rhythm(raised: int, calm: int, minutes: int = 360) -> list[tuple[AlarmState, int]]:
    return [(AlarmState.ALARM, raised), (AlarmState.OK, calm)] * (minutes // (raised + calm) + 1)


RHYTHMS = [(3, 3), (12, 12), (5, 20), (30, 30), (1, 15), (1, 59), (20, 11), (45, 10), (2, 9), (10, 40)]
IN_FORCE = pytest.mark.parametrize("leases", [(), (ROLLOUT,)], ids=["nothing in force", "rollout at 0 %"])


@IN_FORCE
@pytest.mark.parametrize("terms", [TERMS, MEDIUM], ids=["high", "medium"])
@all_rows(("raised", "calm"), RHYTHMS)
def test_in_every_rhythm_each_level_is_notified_at_its_minute_or_when_the_alarm_is_next_raised(
    raised: int, calm: int, terms: IncidentTimers, leases: Leases
) -> None:
    # Until the last level and the alarm that follows it.
    alarm = Alarm(terms, leases).play(rhythm(raised, calm, terms.levels[-1] + raised + calm))
    period = raised + calm
    for level, minutes in enumerate(terms.levels, 2):
        into = minutes % period
        latest = minutes if into < raised else minutes - into + period
        assert minutes <= alarm.heard[level][0] <= latest


@IN_FORCE
def test_an_alarm_that_comes_and_goes_all_day_is_reported_as_calm_twice_and_then_hourly_as_unsolved(
    leases: Leases,
) -> None:
    alarm = Alarm(TERMS, leases).play(rhythm(12, 12, 24 * 60))
    assert {level: times[0] for level, times in alarm.heard.items()} == {2: 30, 3: 60, 4: 120}
    assert alarm.calms == [22, 46]
    assert [len(alarm.heard[level]) for level in (2, 3)] == [1, 1]
    assert 20 <= len(alarm.heard[4]) <= 24
    assert alarm.incidents == (1 if leases else 3)


@IN_FORCE
@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        # Two blips with more than an hour between them: the first level has its time once more.
        ([(AlarmState.ALARM, 10), (AlarmState.OK, 80), (AlarmState.ALARM, 130)], {2: 120, 3: 150, 4: 210}),
        # The third within two hours of calm each: unsolved since the first.
        (
            [
                (AlarmState.ALARM, 10),
                (AlarmState.OK, 80),
                (AlarmState.ALARM, 5),
                (AlarmState.OK, 65),
                (AlarmState.ALARM, 5),
            ],
            {2: 160},
        ),
        ([(AlarmState.ALARM, 10), (AlarmState.OK, 121), (AlarmState.ALARM, 70)], {2: 161, 3: 191}),
        ([(AlarmState.ALARM, 40), (AlarmState.OK, 15), (AlarmState.ALARM, 70)], {2: 30, 3: 60, 4: 120}),
        ([(AlarmState.ALARM, 27), (AlarmState.OK, 7), (AlarmState.ALARM, 90)], {2: 34, 3: 60, 4: 120}),
    ],
    ids=["two", "three", "after two hours", "a short calm", "a calm that was not told"],
)
def test_each_level_is_notified_at_its_minute_over_single_returns(
    leases: Leases, spans: list[tuple[AlarmState, int]], expected: dict[int, float]
) -> None:
    heard = Alarm(TERMS, leases).play(spans).heard
    assert {level: times[0] for level, times in heard.items() if level in expected} == expected


def test_an_acknowledgement_holds_the_next_incident_of_the_same_alarm_too() -> None:
    alarm = Alarm(TERMS, acks=(10,)).play(rhythm(12, 12))
    assert {level: times[0] for level, times in alarm.heard.items()} == {2: 72, 3: 100, 4: 160}


SPANS = st.lists(st.tuples(st.integers(1, 80), st.integers(1, 130)), min_size=1, max_size=9)


@given(SPANS, st.sampled_from((TERMS, MEDIUM)), st.sampled_from(((), (ROLLOUT,))))
def test_the_invariant_of_the_clock_holds_in_any_rhythm(
    pairs: list[tuple[int, int]], terms: IncidentTimers, leases: Leases
) -> None:
    """Whenever the alarm is raised, each level whose minutes have passed since the first ALARM without two
    hours of calm after it has been reported; since the return where the only one came after an hour of
    calm."""
    spans = [span for raised, calm in pairs for span in ((AlarmState.ALARM, raised), (AlarmState.OK, calm))]
    heard = Alarm(terms, leases).play(spans).heard
    first, returns, since, minute = 0, 0, 0, 0
    for index, (raised, calm) in enumerate(pairs):
        before = pairs[index - 1][1] if index else 0
        if before >= 120:
            first, returns, since = minute, 0, minute
        elif before >= 10:
            since = minute if before >= 60 and returns == 0 else first
            returns += 1
        for now in range(minute, minute + raised):
            for level, after in enumerate(terms.levels, 2):
                reported = any(since <= each <= now for each in heard.get(level, ()))
                assert reported or now < since + after, (now, level)
                assert not reported or now >= since + after or since < first + after, (now, level)
        minute += raised + calm
