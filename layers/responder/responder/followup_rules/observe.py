"""From one look to the next: calm, recovery, acknowledgements, the step of the way back."""

from dataclasses import replace
from datetime import timedelta

from responder.core.alarm_event import AlarmState
from responder.followup_rules.calm import HELPED, soaked
from responder.followup_rules.duty import DutyKind
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, Observation

# More than that of the requests in the calm, and nothing is proven (the limit of a fault, section 7).
_FAULTY = 0.05
_TOLD = (DutyKind.MITIGATED, DutyKind.RECOVERED)


def observe(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """What is to be remembered of this look. Who cannot see the alarm learns nothing of a calm."""
    known = _closing(seen, _withdrawn(seen, watch))
    if seen.blind:
        return _acks(seen, replace(known, unseen=watch.unseen or seen.now))
    known = _existence(seen, known)
    if seen.gone:
        return _acks(seen, _step(seen, known))
    known = _void(seen, known)
    return _recovery(seen, _acks(seen, _step(seen, _calm(seen, replace(known, unseen=None)))))


def _existence(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """An alarm that does not exist is neither raised nor calm: a calm ends without proof, and the levels go
    on as for what is unsolved."""
    if not seen.gone:
        return watch if watch.gone is None else replace(watch, back=watch.back or seen.now)
    since = seen.now if watch.gone is None or watch.back is not None else watch.gone
    known = replace(watch, gone=since, back=None, unseen=None)
    return replace(known, calm="", calm_from=None, quiet=0, faults=0, recovered=None)


def _closing(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """Who closes it is remembered from the moment before it is closed on record: the end may be told later
    than the request counts."""
    return watch if seen.closed else replace(watch, closed_by="", closed_why="")


def _void(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """A request to close it does not outlive an alarm that is raised, or that exists again since then."""
    asked = seen.closing
    if asked is None or (
        seen.state is not AlarmState.ALARM and (watch.back is None or asked.at > watch.back)
    ):
        return watch
    return replace(watch, void=max(asked.at, watch.void or asked.at))


def _withdrawn(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """A rejection holds its remedy back for the rest of the incident, unless it is withdrawn."""
    gone = {
        f"{DutyKind.REJECTED} {each.asked.id}"
        for each in seen.askings
        if each.answer is not ApprovalAnswer.REJECTED
    }
    if gone.isdisjoint(watch.told_of):
        return watch
    return replace(watch, told_of={key: at for key, at in watch.told_of.items() if key not in gone})


def _calm(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    same = watch.calm_from is not None and watch.calm == seen.mark
    # At night no data comes after OK: it lasts all the same.
    if same and seen.state in (AlarmState.OK, AlarmState.INSUFFICIENT_DATA):
        return _traffic(seen, watch)
    if seen.state is not AlarmState.OK:
        return _raised(seen, watch) if watch.calm_from is not None else watch
    if watch.calm_from is not None and watch.calm:
        # Another mark tells of a flap between two looks: it came back, and the calm begins anew.
        watch = _raised(seen, watch)
    begun = replace(watch, calm=seen.mark, mitigated=watch.mitigated or seen.now)
    return _anew(seen, begun)


def _anew(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    return replace(watch, calm_from=seen.now, quiet=0, faults=0, recovered=None)


def _traffic(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    if seen.traffic is None or seen.rollout is not None:
        return watch
    return replace(watch, quiet=seen.traffic.requests, faults=seen.traffic.faults)


def _raised(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """The alarm is back: what had helped is judged again. Where on-call was told of the calm, the decisions
    begin anew; from when the levels count is the clock's rule."""
    since = watch.raised or seen.opened
    told = any(key.startswith(_TOLD) and at >= since for key, at in watch.told_of.items())
    judged = {lease: verdict for lease, verdict in watch.judged.items() if verdict != HELPED}
    back = replace(
        _anew(seen, _clock(seen, watch)),
        calm="",
        calm_from=None,
        judged=judged,
        raised=seen.now,
        flaps=watch.flaps + 1,
    )
    return replace(back, episode=seen.now, again=None, round=0) if told else back


def _clock(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    calm = seen.now - (watch.calm_from or seen.now)
    clock = watch.clock(seen.opened).returned(calm, seen.now, timedelta(minutes=watch.terms.soak))
    if clock == watch.clock(seen.opened):
        return watch
    counts = replace(watch, first=clock.first, since=clock.since, returns=clock.returns)
    return replace(counts, late=0, held=None, held_by="") if clock.since == seen.now else counts


def _recovery(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """The fault is gone, and traffic proves it: with nobody on the check nothing is proved."""
    end = soaked(watch)
    if watch.recovered is not None or end is None or seen.now < end or seen.lowered or not watch.quiet:
        return watch
    if watch.faults >= _FAULTY * watch.quiet:
        return watch
    return replace(watch, recovered=watch.calm_from)


def _acks(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    new = [each for each in seen.acks if watch.acks.get(each.person) != each.at]
    if not new:
        return watch
    return replace(
        watch,
        acks={**watch.acks, **{each.person: each.at for each in new}},
        held=seen.now + timedelta(minutes=watch.terms.hold),
        held_by=new[-1].person,
    )


def _step(seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """The last step back is proven like the others: with everybody on the check, the calm begins anew."""
    percent = str(seen.rollout.percent) if seen.rollout else ""
    if percent == watch.step:
        return watch
    stepped = replace(watch, step=percent, step_at=seen.now if percent else None)
    return _anew(seen, stepped) if not percent and watch.calm_from is not None else stepped
