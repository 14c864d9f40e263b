"""Guards over the target as it was just read."""

from datetime import timedelta

from responder.core.modes import Mode
from responder.core.refusals import Refusal
from responder.core.text import text
from responder.guards.question import Ends, Hold, Question

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
    """Somebody else just changed the target: a person decides."""
    plan, ledger = question.plan, question.ledger
    if plan is None:
        return None
    # The answer to a write dates no table and no allocation; the cooldown covers what we did ourselves.
    foreign = {
        target: at
        for target, at in plan.modified.items()
        if question.now - at < RECENT_CHANGE and not (ledger and ledger.wrote(target, at))
    }
    if not foreign:
        return None
    target, at = max(foreign.items(), key=lambda each: each[1])
    # It may have been changed after this response began.
    minutes = max(0, int((question.now - at).total_seconds() // 60))
    return Hold(Ends.ASK, Refusal.RECENT_CHANGE(target=target, minutes=minutes))


def at_most(question: Question) -> Hold | None:
    """Evidence, ceiling or a caution of the remedy wants a person to decide."""
    if question.plan is not None and question.plan.cautions:
        return Hold(Ends.ASK, question.plan.cautions[0])
    if question.at_most is Mode.AUTO:
        return None
    ends = Ends.ASK if question.at_most is Mode.APPROVE else Ends.OBSERVE
    return Hold(ends, question.at_most_reason or Refusal.CEILING())


def begun(question: Question) -> Hold | None:
    """What was begun is not finished automatically where the evidence would no longer begin it. What a person
    has approved is asked with no such limit."""
    if question.at_most is Mode.AUTO:
        return None
    return Hold(Ends.ASK, question.at_most_reason or Refusal.CEILING())
