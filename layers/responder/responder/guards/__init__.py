"""Reasons not to act now, in the design's order (section 6). Pure; what cannot be read holds.

The first hold that refuses or only observes wins; where there is none, a hold that asks turns
acting into asking.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from responder.core.change import Applied, LeaseState
from responder.core.errors import SettingsUnusable
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Refusal
from responder.core.remedy import spec_of
from responder.core.switches import Switches, reasons_of
from responder.core.text import text
from responder.core.timestamps import stamp
from responder.guards.question import Ends, Guard, Hold, Purpose, Question

__all__ = ["GUARDS", "Ends", "Hold", "Purpose", "Question", "in_auto", "judge", "stopping"]

# Purposes that no person has ordered.
_BY_ITSELF = (Purpose.RESPOND, Purpose.RESUME, Purpose.FINISH)


def paused(question: Question) -> Hold | None:
    """A person paused the automation."""
    if question.switches is None or not question.switches.readable:
        return Hold(Ends.OBSERVE, Refusal.PAUSES_UNREADABLE())
    if reason := pause_in_force(question.switches, question.now):
        return Hold(Ends.REFUSE, reason, question.switches.until(question.now))
    return None


def pause_in_force(switches: Switches, now: datetime) -> ExplainedReason[Refusal] | None:
    """The pause in force; of several the one that lasts longest."""
    stops = switches.active(now)
    if not stops:
        return None
    stop = max(stops, key=lambda each: (each.until is None, each.until or now))
    until = stamp(stop.until, now) if stop.until else text("guard.until_resumed")
    if stop.since is None:
        return Refusal.PAUSED(name=stop.name, who=stop.by, why=stop.why, until=until)
    since = stamp(stop.since, now)
    return Refusal.WINDOW(name=stop.name, who=stop.by, why=stop.why, since=since, until=until)


def stop_in_force(switches: Switches, now: datetime) -> ExplainedReason[Refusal] | None:
    """Why nothing is done automatically right now: a pause, else what silences the alarm."""
    silences = (each for each in switches.silences if each.until is None or each.until > now)
    return pause_in_force(switches, now) or next(iter(reasons_of(silences)), None)


def silenced(question: Question) -> Hold | None:
    """A person silenced this alarm in CloudWatch; it ends with the last of the mute rules."""
    every = question.switches.silences if question.switches is not None else ()
    found = [each for each in every if each.until is None or each.until > question.now]
    if not found:
        return None
    ends = [each.until for each in found if each.until is not None]
    return Hold(Ends.OBSERVE, reasons_of(found)[0], max(ends) if len(ends) == len(found) else None)


def mode(question: Question) -> Hold | None:
    """The stricter of the global and the remedy's mode; an approval satisfies `approve` only."""
    unusable = question.switches.document if question.switches else None
    if isinstance(unusable, SettingsUnusable):
        # The follow-up reports the problem once in an incident; a command gets this line alone.
        responds = question.purpose in _BY_ITSELF
        because = {"detail": unusable.reason.text}
        said = Refusal.SETTINGS_UNUSABLE() if responds else Refusal.SETTINGS_UNUSABLE_BECAUSE(**because)
        return Hold(Ends.OBSERVE, said)
    found = question.switches.mode(question.remedy) if question.switches else None
    if found is None:
        return Hold(Ends.OBSERVE, Refusal.MODE_UNREADABLE())
    if found is Mode.OBSERVE and question.at_most is Mode.OBSERVE and question.at_most_reason:
        return Hold(Ends.OBSERVE, question.at_most_reason)
    if found is Mode.OBSERVE:
        return Hold(Ends.OBSERVE, Refusal.MODE_OBSERVE())
    if question.purpose in _BY_ITSELF and found is Mode.APPROVE and not question.approved:
        always = question.at_most is Mode.APPROVE and question.at_most_reason == Refusal.CEILING()
        return Hold(Ends.ASK, Refusal.CEILING() if always else Refusal.MODE_APPROVE())
    return None


def demoted(question: Question) -> Hold | None:
    """It did harm, or did not help, and no person has removed the stop since: a person decides. An approval
    satisfies it."""
    if question.switches is None or question.approved or question.purpose not in _BY_ITSELF:
        return None
    stop = question.switches.asking(question.remedy, question.now)
    if stop is None:
        return None
    return Hold(Ends.ASK, Refusal.DEMOTED(name=stop.name, why=stop.why), stop.until)


def stale(question: Question) -> Hold | None:
    """Old, replayed or not re-read: the alarm may be over."""
    return Hold(Ends.OBSERVE, question.doubts[0]) if question.doubts else None


def too_few_samples(question: Question) -> Hold | None:
    """A rate with too few samples never justifies an action."""
    if question.samples_short is None:
        return None
    return Hold(Ends.REFUSE, Refusal.TOO_FEW_SAMPLES(detail=question.samples_short))


COOLDOWN = timedelta(minutes=15)
FAILED_WINDOW = timedelta(hours=4)
CHANGES_WINDOW = timedelta(hours=1)
SWITCH_WINDOW = timedelta(hours=24)
FAILED_LIMIT = 2
CHANGES_LIMIT = 5
SWITCH_LIMIT = 4


def leased(question: Question) -> Hold | None:
    """Another incident's remedy of the same kind is in force on the same target."""
    if question.ledger is None:
        return Hold(Ends.OBSERVE, Refusal.STORE_UNREADABLE())
    lease = question.ledger.lease(question.remedy, question.plan.scope) if question.plan else None
    if lease is None or (lease.spec.stays and lease.state is LeaseState.IN_FORCE):
        # What stays is never reverted. Where it is not in force (the next deployment undid it) its
        # record must not keep the remedy away for good.
        return None
    return Hold(Ends.REFUSE, Refusal.LEASED(incident=lease.incident), lease.until)


def other_remedy(question: Question) -> Hold | None:
    """A value that another remedy's lease covers is restored by that remedy alone."""
    if question.ledger is None or question.plan is None:
        return None
    wanted = {(change.target, change.setting) for change in question.plan.changes} | question.plan.moves
    for lease in question.ledger.leases:
        theirs = {(change.target, change.setting) for change in lease.changes}
        held = not lease.spec.stays or lease.state is not LeaseState.IN_FORCE
        if lease.open and held and lease.remedy != question.remedy and wanted & theirs:
            reason = Refusal.LEASED_VALUE(remedy=lease.remedy, incident=lease.incident)
            return Hold(Ends.REFUSE, reason, lease.until)
    return None


def left_before(question: Question) -> Hold | None:
    """It would bring back a value that this same remedy has replaced and that has not been set again since;
    also where others have replaced it again."""
    if question.ledger is None or question.plan is None:
        return None
    wanted = {(change.target, change.setting, change.after) for change in question.plan.changes}
    for lease in question.ledger.leases:
        known = lease.open or lease.changed_by_others
        same = known and lease.spec.stays and lease.remedy == question.remedy
        made = (each for each in lease.changes if each.status.made or each.changed_by_others)
        if same and (left := wanted & {(each.target, each.setting, each.before) for each in made}):
            target, _, value = min(left)
            about = {"target": target, "value": value, "incident": lease.incident}
            return Hold(Ends.REFUSE, Refusal.LEFT_BEFORE(**about))
    return None


def cooldown(question: Question) -> Hold | None:
    """The same remedy on the same target within 15 min, by whichever incident."""
    rows = _acts(question, COOLDOWN, ok=True)
    if not rows:
        return None
    minutes, last = int(COOLDOWN.total_seconds() // 60), rows[-1]
    reason = Refusal.COOLDOWN(minutes=minutes, incident=last.incident)
    return Hold(Ends.REFUSE, reason, last.at + COOLDOWN)


def failed_twice(question: Question) -> Hold | None:
    """It failed, or did not help, twice in 4 h."""
    failed = _acts(question, FAILED_WINDOW, ok=False)
    vain = _acts(question, FAILED_WINDOW, ok=True, effective=False)
    bad = sorted(row.at for row in (*failed, *vain))
    if len(bad) < FAILED_LIMIT:
        return None
    return Hold(Ends.REFUSE, Refusal.FAILED_TWICE(), bad[-FAILED_LIMIT] + FAILED_WINDOW)


def too_many_changes(question: Question) -> Hold | None:
    """More than five changes in an hour for the whole stack; a failed call counts for none. What another
    response has begun and not finished counts: it may be a change in a moment."""
    if question.ledger is None:
        return None
    mine = (question.remedy, question.incident)
    begun = question.ledger.under_way(question.now, CHANGES_WINDOW)
    others = (one.at for one in begun if (one.remedy, one.incident) != mine)
    rows = question.ledger.within(question.now, CHANGES_WINDOW, ok=True)
    times = sorted((*others, *(row.at for row in rows)))
    if len(times) < CHANGES_LIMIT:
        return None
    until = times[-CHANGES_LIMIT] + CHANGES_WINDOW
    return Hold(Ends.REFUSE, Refusal.TOO_MANY_CHANGES(count=len(times)), until)


def quota_used(question: Question) -> Hold | None:
    """The action's own quota: AWS lets a table switch to on-demand 4 times in 24 h."""
    if question.plan is not None and question.plan.quota is not None:
        return Hold(Ends.REFUSE, Refusal.QUOTA_USED(detail=question.plan.quota))
    rows = _acts(question, SWITCH_WINDOW, ok=True) if spec_of(question.remedy).table else ()
    if len(rows) < SWITCH_LIMIT:
        return None
    detail = text("guard.switches_used", count=len(rows))
    return Hold(Ends.REFUSE, Refusal.QUOTA_USED(detail=detail), rows[-SWITCH_LIMIT].at + SWITCH_WINDOW)


def switches_left(question: Question) -> int:
    """How often AWS will still let the table switch to on-demand in these 24 h, according to the record."""
    return max(0, SWITCH_LIMIT - len(_acts(question, SWITCH_WINDOW, ok=True)))


def _acts(question: Question, span: timedelta, **want: object) -> tuple[Applied, ...]:
    if question.ledger is None or question.plan is None:
        return ()
    mine = {"remedy": question.remedy, "scope": question.plan.scope}
    return question.ledger.within(question.now, span, **mine, **want)


RECENT_CHANGE = timedelta(minutes=10)


def precondition(question: Question) -> Hold | None:
    """The remedy's own preconditions, as read."""
    if question.plan is None:
        problem = question.plan_problem
        detail = problem.text if problem is not None else text("guard.no_answer")
        return Hold(Ends.REFUSE, Refusal.NOT_READABLE(detail=detail))
    against = tuple(each.text for each in question.plan.obstacles)
    return Hold(Ends.REFUSE, Refusal.PRECONDITION(detail=against)) if against else None


def in_flight(question: Question) -> Hold | None:
    """Another change of the target is under way right now."""
    if question.plan is None or question.plan.in_flight is None:
        return None
    return Hold(Ends.REFUSE, Refusal.IN_FLIGHT(detail=question.plan.in_flight.text))


def recent_change(question: Question) -> Hold | None:
    """Another person just changed the target, or has since an interrupted act began: a person decides."""
    plan, ledger = question.plan, question.ledger
    if plan is None:
        return None
    since = question.now - RECENT_CHANGE
    interrupted = question.purpose in (Purpose.RESUME, Purpose.FINISH)
    if interrupted and ledger and (lease := ledger.lease(question.remedy, plan.scope)):
        since = lease.at
    # The answer to a write dates no table and no allocation; the cooldown covers what we did ourselves.
    foreign = {
        target: at
        for target, at in plan.modified.items()
        if at > since and not (ledger and ledger.wrote(target, at))
    }
    if not foreign:
        return None
    target, at = max(foreign.items(), key=lambda each: each[1])
    # It may have been changed seconds ago, or after this response began: no message says "0 min ago".
    minutes = max(1, int((question.now - at).total_seconds() // 60))
    return Hold(Ends.ASK, Refusal.RECENT_CHANGE(target=target, minutes=minutes))


def at_most(question: Question) -> Hold | None:
    """The evidence, the ceiling or a caution of the remedy requires a person to decide."""
    if question.plan is not None and question.plan.cautions:
        return Hold(Ends.ASK, question.plan.cautions[0])
    if question.at_most is Mode.AUTO:
        return None
    ends = Ends.ASK if question.at_most is Mode.APPROVE else Ends.OBSERVE
    return Hold(ends, question.at_most_reason or Refusal.CEILING())


def begun(question: Question) -> Hold | None:
    """An interrupted change is not finished automatically if the evidence no longer justifies it. For what a
    person has approved there is no such limit."""
    if question.at_most is Mode.AUTO:
        return None
    return Hold(Ends.ASK, question.at_most_reason or Refusal.CEILING())


_LIMITS: tuple[Guard, ...] = (
    leased,
    other_remedy,
    left_before,
    cooldown,
    failed_twice,
    too_many_changes,
    quota_used,
    in_flight,
)
GUARDS: dict[Purpose, tuple[Guard, ...]] = {
    Purpose.RESPOND: (
        paused,
        silenced,
        mode,
        stale,
        too_few_samples,
        precondition,
        *_LIMITS,
        demoted,
        recent_change,
        at_most,
    ),
    Purpose.APPLY: (paused, silenced, mode, stale, precondition, *_LIMITS),
    Purpose.REVERT: (paused, silenced, mode, stale, in_flight),
    Purpose.RESUME: (
        paused,
        silenced,
        mode,
        stale,
        too_few_samples,
        precondition,
        failed_twice,
        too_many_changes,
        quota_used,
        demoted,
        recent_change,
        begun,
    ),
    Purpose.FINISH: (paused, silenced, mode, stale, demoted, recent_change, begun),
}


def judge(question: Question, guards: tuple[Guard, ...] = ()) -> Hold | None:
    """Ask these guards, or every guard of the question's purpose, in order; None where it may be done."""
    holds = [hold for guard in guards or GUARDS[question.purpose] if (hold := guard(question)) is not None]
    first = next((hold for hold in holds if hold.ends is not Ends.ASK), holds[0] if holds else None)
    if first is None:
        return None
    # Reasons to ask a person are reported only where one is asked.
    others = (hold for hold in holds if hold.reason != first.reason)
    also = tuple(hold.reason for hold in others if first.ends is Ends.ASK or hold.ends is not Ends.ASK)
    return replace(first, also=also)


def in_auto(question: Question) -> Hold | None:
    """What would forbid it had the global mode been `auto`, with the modes of the remedies as they are."""
    known = question.switches
    if known is None or known.everywhere is None:
        return judge(question)
    return judge(replace(question, switches=replace(known, everywhere=Mode.AUTO)))


def stopping(question: Question) -> Because | None:
    """Whether a stop, a muted alarm or the mode forbids it, to check these alone once more; None
    where nothing does."""
    held = judge(question, (paused, silenced, mode, demoted))
    return None if held is None else held.reason
