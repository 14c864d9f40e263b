"""Guards over what is on record: leases, cooldown, failures, budgets.

No counter counts a call that failed, but for the guard against trying the same failure again.
"""

from datetime import datetime, timedelta

from responder.core.change import Applied, LeaseState
from responder.core.refusals import Refusal
from responder.core.remedy import spec_of
from responder.core.text import text
from responder.guards.question import Ends, Hold, Question

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
    if lease is None or (lease.stays and lease.state is LeaseState.IN_FORCE):
        # What stays is never taken back. Where it does not stand any more (the next deployment undid it) its
        # record must not keep the remedy away for good.
        return None
    return Hold(Ends.REFUSE, Refusal.LEASED(incident=lease.incident), lease.until)


def other_remedy(question: Question) -> Hold | None:
    """A value that another remedy's lease covers is that remedy's to give back."""
    if question.ledger is None or question.plan is None:
        return None
    wanted = {(change.target, change.setting) for change in question.plan.changes} | question.plan.moves
    for lease in question.ledger.leases:
        theirs = {(change.target, change.setting) for change in lease.changes}
        held = not lease.stays or lease.state is not LeaseState.IN_FORCE
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
        known = lease.open or lease.overtaken
        same = known and lease.stays and lease.remedy == question.remedy
        made = (each for each in lease.changes if each.status.made or each.overtaken)
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
    bad = sorted(
        _rows(question, FAILED_WINDOW, ok=False) + _rows(question, FAILED_WINDOW, ok=True, effective=False)
    )
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
    rows = _rows(question, SWITCH_WINDOW, ok=True) if spec_of(question.remedy).table else []
    if len(rows) < SWITCH_LIMIT:
        return None
    detail = text("guard.switches_used", count=len(rows))
    return Hold(Ends.REFUSE, Refusal.QUOTA_USED(detail=detail), rows[-SWITCH_LIMIT] + SWITCH_WINDOW)


def switches_left(question: Question) -> int:
    """How often AWS will still let the table switch to on-demand in these 24 h, after what is on record."""
    return max(0, SWITCH_LIMIT - len(_rows(question, SWITCH_WINDOW, ok=True)))


def _rows(question: Question, span: timedelta, **want: object) -> list[datetime]:
    return [row.at for row in _acts(question, span, **want)]


def _acts(question: Question, span: timedelta, **want: object) -> tuple[Applied, ...]:
    if question.ledger is None or question.plan is None:
        return ()
    mine = {"remedy": question.remedy, "scope": question.plan.scope}
    return question.ledger.within(question.now, span, **mine, **want)
