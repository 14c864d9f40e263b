"""The way back: its steps, what keeps it waiting, the reminder while security is lowered."""

from responder.core.alarm_event import AlarmState
from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext
from responder.followup_rules import DutyKind
from responder.messages.duration import duration
from responder.messages.headline import stamp


def postponed(case: MessageContext) -> tuple[Text, ...]:
    """A pause or the mode keeps it in force."""
    going = case.duty.data.get("order") == DutyKind.CONTINUE
    key = "told.postponed_going" if going else "told.postponed"
    return Text(key, {"remedy": case.request() or case.remedy, "reason": case.duty.why}), text(
        "must.postponed"
    )


def remind(case: MessageContext) -> tuple[Text, ...]:
    """Since when, and what has to happen for it to end."""
    rollout, step_at = case.seen.rollout, case.watch.step_at
    if rollout and rollout.percent and step_at:
        span = duration(case.seen.now - step_at)
        said = text("told.remind_step", percent=rollout.percent, span=span, at=stamp(step_at))
    else:
        at = case.lease.at if case.lease else case.seen.opened
        said = text("told.remind", remedy=case.remedy, span=duration(case.seen.now - at), at=stamp(at))
    return said, *_end_of(case)


def _end_of(case: MessageContext) -> tuple[Text, ...]:
    lease = case.lease
    if case.open:
        return (text("must.approve", until=stamp(case.open[0].asked.expires)),)
    if lease and lease.remedy in case.seen.held:
        return text("told.held", reason=case.seen.held[lease.remedy].text), text("must.postponed")
    if lease and lease.until:
        return (text("must.ends_at", until=stamp(lease.until)),)
    return (text("must.fix_cause") if case.seen.state is AlarmState.ALARM else case.asked_later,)
