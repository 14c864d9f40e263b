"""Whatever happens to an incident, in whatever order: what may be relied on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from responder.core.alarm_event import AlarmState
from responder.core.change import Lease, Leases
from responder.core.codec import dump, load
from responder.core.refusals import Because, Refusal
from responder.core.verdict import LastDecision
from responder.followup_rules import (
    Acknowledgement,
    Duty,
    DutyKind,
    FollowUpMemory,
    Observation,
    OpenRequest,
    TrafficSince,
    done,
    due,
    observe,
    pause,
    planned,
)
from responder.followup_rules import memory as rules_memory
from responder.followup_rules.escalation import reached
from responder.followup_rules.seen import ApprovalAnswer, Rollout
from responder.followup_rules.seen import working as is_working
from tests.proof.summary import WHOLE
from tests.unit.followup_rules.world import EACH, MEDIUM, OPENED, ROLLOUT, TERMS, asking, at, decided, working

LAST = 36 * 60
# Each is a day and a half, by the minute.
EXAMPLES = 250 if WHOLE else 5
RETRY = timedelta(minutes=15)
RARELY = timedelta(hours=1)
OFTEN = 3


@dataclass
class World:
    """Everything a look depends on, and a follow-up that looks at it."""

    watch: FollowUpMemory
    now: datetime = OPENED
    state: AlarmState = AlarmState.ALARM
    mark: int = 0
    ours: bool = True
    lead: bool = False
    decision: LastDecision | None = None
    leases: Leases = ()
    acks: Mapping[str, str] = field(default_factory=dict)
    askings: tuple[OpenRequest, ...] = ()
    traffic: TrafficSince | None = None
    percent: int = 0
    held: Mapping[str, Because] = field(default_factory=dict)
    function_down: bool = False

    def seen(self) -> Observation:
        off = any(each.id == ROLLOUT.id for each in self.leases)
        return Observation(
            now=self.now,
            opened=OPENED,
            state=self.state,
            mark=f"ok {self.mark}" if self.mark else "",
            ours=self.ours,
            decision=self.decision,
            leases=self.leases,
            lowered=any(each.lowers_security for each in self.leases),
            acks=tuple(Acknowledgement(person, when) for person, when in self.acks.items()),
            askings=self.askings,
            lead=self.lead,
            traffic=self.traffic,
            rollout=Rollout(ROLLOUT.id, self.percent, 80) if off else None,
            held=self.held,
        )

    @property
    def minutes(self) -> float:
        return (self.now - OPENED).total_seconds() / 60

    def answers(self, duty: Duty) -> None:
        """What the alarm's function does about it, unless it is down."""
        if self.function_down:
            return
        if duty.task in (DutyKind.CHECK_LEASES, DutyKind.RE_EVALUATE):
            self.leases = tuple(replace(each, looked=self.now) for each in self.leases)
        if duty.task is DutyKind.REVERT:
            self.leases = tuple(each for each in self.leases if each.id != duty.key)
        if duty.task is DutyKind.FINISH:
            self.leases = tuple(
                replace(each, changes=ROLLOUT.changes) if each.id == duty.key else each
                for each in self.leases
            )
        if duty.task is DutyKind.RE_EVALUATE:
            self.decision = decided(self.minutes)
        if duty.task is DutyKind.RESTORE:
            self.askings = (asking(ApprovalAnswer.OPEN, self.minutes),)

    def happens(self, event: tuple[str, Any]) -> None:
        what, given = event
        match what:
            case "state":
                self.mark += self.state is not AlarmState.OK and given is AlarmState.OK
                self.state = given
            case "lease":
                taken = replace(given, at=self.now, until=given.until and self.now + (given.until - given.at))
                self.leases = (*(each for each in self.leases if each.id != taken.id), taken)
            case "working":
                self.leases = tuple(map(working, self.leases))
            case "ack":
                self.acks = {**self.acks, given: self.now.isoformat()}
            case "asking":
                said = None if given is ApprovalAnswer.OPEN else self.minutes
                self.askings = (asking(given, self.minutes, said),)
            case "held":
                self.held = {each.remedy: given for each in EACH} if given else {}
            case _:
                setattr(self, what, given)


EVENTS = st.one_of(
    st.tuples(st.just("state"), st.sampled_from(AlarmState)),
    st.tuples(st.just("lease"), st.sampled_from(EACH)),
    st.tuples(st.just("ack"), st.sampled_from(("aiko", "ken"))),
    st.tuples(st.just("asking"), st.sampled_from(ApprovalAnswer)),
    st.tuples(st.just("traffic"), st.builds(TrafficSince, st.integers(0, 300), st.integers(0, 5))),
    st.tuples(st.just("percent"), st.sampled_from((0, 10, 50))),
    st.tuples(st.just("held"), st.sampled_from((None, Refusal.MODE_OBSERVE(), Refusal.MUTED(name="n")))),
    st.tuples(st.sampled_from(("lead", "function_down", "working")), st.booleans()),
    st.tuples(st.just("ours"), st.sampled_from((True, True, True, False))),
    st.tuples(st.just("decision"), st.builds(lambda m: decided(m, until=at(m + 20)), st.integers(0, 600))),
)
HISTORIES = st.lists(st.tuples(st.integers(0, LAST), EVENTS), max_size=14)


def play(terms: Any, history: list[tuple[int, tuple[str, Any]]]) -> None:
    """Follow it to its end, and hold every look against the promises."""
    world = World(FollowUpMemory(terms))
    script = sorted(history, key=lambda entry: entry[0])
    while world.minutes < LAST:
        while script and script[0][0] <= world.minutes:
            world.happens(script.pop(0)[1])
        before = world.watch
        looked = world.seen()
        world.watch = observe(looked, before)
        duties = due(looked, world.watch)
        _holds_for_a_look(looked, world.watch, duties)
        for duty in duties:
            if duty.id not in [each.id for each in due(world.seen(), world.watch)]:
                continue
            _holds_for_a_duty(duty, world.watch, looked)
            if duty.task is DutyKind.CLOSE:
                return
            world.watch = done(duty, looked, world.watch)
            assert duty.id not in [each.id for each in due(looked, world.watch)], f"due twice: {duty.id}"
            world.answers(duty)
        looked = world.seen()
        if world.watch != before:
            assert load(FollowUpMemory, dump(world.watch)) == world.watch
        world.now += _pause(looked, world.watch)


def _holds_for_a_look(looked: Observation, watch: FollowUpMemory, duties: tuple[Duty, ...]) -> None:
    if not looked.ours:
        assert {each.task for each in duties} <= {DutyKind.CHECK_LEASES, DutyKind.CHANGED, DutyKind.CLOSE}
        return
    assert max(Counter(each.id for each in duties).values(), default=1) == 1, "one name for two duties"
    order = [tuple(DutyKind).index(each.task) for each in duties]
    assert order == sorted(order)
    for lease in looked.leases:
        if lease.until is not None and lease.until <= looked.now and not lease.spec.stays:
            _ended(lease, looked, watch, duties)


def _ended(lease: Lease, looked: Observation, watch: FollowUpMemory, duties: tuple[Duty, ...]) -> None:
    """A lease outlives its end only where that is being worked at, or was said."""
    now = {(each.task, each.key.partition(" ")[0]) for each in duties}
    last, times = watch.orders.get(f"revert {lease.id}", (OPENED - RARELY, 0))
    said = any(key.startswith(f"postponed {lease.id}") for key in watch.reported)
    excused = is_working(lease) or (said and lease.remedy in looked.held)
    tried = looked.now - last < (RETRY if times < OFTEN else RARELY)
    assert excused or tried or {(DutyKind.REVERT, lease.id), (DutyKind.POSTPONED, lease.id)} & now


def _holds_for_a_duty(duty: Duty, watch: FollowUpMemory, looked: Observation) -> None:
    if duty.task is DutyKind.ESCALATE:
        again = duty.data.get("again", False)
        assert int(duty.key) == reached(looked, watch) + (0 if again else 1), "levels come in order"
        assert not again or int(duty.key) == watch.terms.last, "only the last level hears it again"
        assert watch.held is None or looked.now >= watch.held, "an acknowledgement holds the ladder"
        flaps = max(watch.flaps, watch.returns) >= rules_memory.OFTEN
        assert looked.state is not AlarmState.OK or flaps, "a calm holds the ladder"
        since = watch.clock(OPENED).since
        assert looked.now >= since + watch.terms.level_after(int(duty.key)), "never early"
    if duty.task is DutyKind.REVERT:
        assert duty.key.partition("#")[0] not in looked.held, "a pause postpones it"
    if duty.task is DutyKind.RE_EVALUATE:
        assert looked.state is AlarmState.ALARM


def _pause(looked: Observation, watch: FollowUpMemory) -> timedelta:
    seconds = pause(looked, watch)
    assert 1 <= seconds <= 900
    ahead = [each.at for each in planned(looked, watch) if each.at > looked.now]
    late = looked.now + timedelta(seconds=seconds) - min(ahead, default=looked.now + timedelta(days=1))
    assert late < timedelta(seconds=1), "a planned duty was slept through"
    return timedelta(seconds=seconds)


@settings(max_examples=EXAMPLES)
@given(st.sampled_from((TERMS, MEDIUM)), HISTORIES)
def test_the_promises_hold_in_any_history(terms: Any, history: list[tuple[int, tuple[str, Any]]]) -> None:
    play(terms, history)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(st.integers(0, 200), EVENTS), max_size=25))
def test_the_promises_hold_when_much_happens_simultaneously(
    history: list[tuple[int, tuple[str, Any]]],
) -> None:
    play(TERMS, history)
