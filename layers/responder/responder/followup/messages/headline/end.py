"""Calm: mitigated, recovered, over."""

from datetime import timedelta

from responder.core.remedy import RemedyName
from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext
from responder.messages.duration import duration
from responder.messages.headline import stamp


def mitigated(case: MessageContext) -> tuple[Text, ...]:
    """Users are safe; what would prove the recovery is named, not claimed."""
    reason = Text(f"told.unproven_{case.unproven}")
    asks = case.seen.rollout is not None and not case.seen.held.get(RemedyName.ROLLOUT_TO_ZERO)
    return _calm(case), reason, text("must.answer_back" if asks else "must.told_later")


def recovered(case: MessageContext) -> tuple[Text, ...]:
    """Proven by traffic, and something is in force still."""
    said = text("told.recovered", alarm=case.head.alarm, span=_calm_span(case), requests=case.watch.quiet)
    left = text("told.in_force", remedy=case.names(case.seen.holding))
    return said, left, _ends(case)


def close(case: MessageContext) -> tuple[Text, ...]:
    """Never more than was seen: without traffic nothing is proven."""
    span = duration(case.seen.now - case.seen.opened)
    said = (text("told.closed", alarm=case.head.alarm, span=span), _proof(case))
    if case.seen.leases:
        left = text("told.left", remedy=case.names(case.seen.leases))
        return *said, left, text("must.keep_or_undo")
    return *said, text("must.no_work" if case.watch.recovered else "must.watch_traffic")


def closed_by_hand(case: MessageContext) -> tuple[Text, ...]:
    """Who and why; nothing proves that it is solved."""
    said = text(
        "told.closed_by_hand",
        alarm=case.head.alarm,
        person=case.duty.data["by"],
        why=case.duty.data["why"],
        span=duration(case.seen.now - case.seen.opened),
    )
    left = (text("told.left", remedy=case.names(case.seen.leases)),) if case.seen.leases else ()
    if case.seen.gone:
        return said, *left, text("told.closed_without_alarm")
    return said, *left, text("must.watch_alarm")


def superseded(case: MessageContext) -> tuple[Text, ...]:
    """What is left in force has nobody any more who takes it back."""
    said = text("told.superseded", alarm=case.head.alarm)
    if case.seen.leases:
        return said, text("must.restore_by_hand", remedy=case.names(case.seen.leases))
    return said, text("must.read_newer")


def _calm(case: MessageContext) -> Text:
    return text("told.mitigated", alarm=case.head.alarm, span=_calm_span(case))


def _calm_span(case: MessageContext) -> Text:
    return duration(case.seen.now - (case.watch.calm_from or case.seen.now))


def _proof(case: MessageContext) -> Text:
    if case.watch.recovered:
        return text("told.proven", requests=case.watch.quiet)
    return Text(f"told.closed_{case.unproven}")


def _ends(case: MessageContext) -> Text:
    if all(each.until for each in case.seen.holding):
        return text("must.ends_alone")
    at = (case.watch.recovered or case.seen.now) + timedelta(minutes=case.watch.terms.keep)
    return text("must.asked_from", at=stamp(at))
