"""Unsolved: escalated, without effect, refused by a person, not carried out."""

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Lease
from responder.core.text import Text, text
from responder.core.verdict import Result
from responder.followup.messages.aws_service import service
from responder.followup.messages.case import MessageContext
from responder.followup_rules import DutyKind
from responder.followup_rules.calm import INEFFECTIVE, lease_key
from responder.followup_rules.seen import working
from responder.messages.duration import duration
from responder.messages.headline import broken_by, name, stamp
from responder.messages.requests import RequestedChange, called, consequence

_LAST = 4


def escalate(case: MessageContext) -> tuple[Text, ...]:
    """How long it lasts, what helped so far, who is needed for what."""
    key = "told.still" if case.again else "told.escalate"
    span = duration(case.seen.now - case.began)
    said = Text(key, {"level": case.level, "broken": _broken(case), "span": span})
    flaps = (text("told.comes_and_goes", at=stamp(case.began)),) if case.flaps else ()
    known = case.level == _LAST and service(case) is not None
    support = (text("told.support"),) if known else ()
    return said, *flaps, *_hits(case), *_tried(case), *waits(case), *support, _answer(case, "must.take_over")


def ineffective(case: MessageContext) -> tuple[Text, ...]:
    """It stays in force: whether to undo it is another decision."""
    minutes = case.watch.terms.effect
    said = text("told.ineffective", broken=_broken(case), remedy=case.remedy, minutes=minutes)
    back = case.lease is not None and case.lease.lowers_security
    offered = (text("told.offered_back"),) if back else ()
    return said, *offered, *waits(case), _answer(case, "must.take_over")


def gone(case: MessageContext) -> tuple[Text, ...]:
    """What the alarm was and what to do is said before it, as in every message until then."""
    return text("told.gone", broken=_broken(case)), *_tried(case), *waits(case)


def settings(case: MessageContext) -> tuple[Text, ...]:
    """What is wrong, and what follows from it."""
    fault = text("report.sentence", words=_broken(case))
    return fault, text("told.settings", reason=case.duty.why), text("must.mend_settings")


def rejected(case: MessageContext) -> tuple[Text, ...]:
    """So that nobody waits for it."""
    person = case.duty.why.values.get("person", "-")
    if _back(case):
        said = text("told.rejected_back", person=person, remedy=case.remedy)
        return said, case.asked_later
    said = text("told.rejected", person=person, remedy=case.remedy)
    if case.seen.state is not AlarmState.ALARM:
        return said, text("must.no_work")
    return said, text("report.sentence", words=_broken(case)), text("must.act")


def stuck(case: MessageContext) -> tuple[Text, ...]:
    """An order that nothing came of."""
    times, order = case.duty.data["times"], case.duty.data["order"]
    if order == "look":
        return text("told.unseen", alarm=case.head.alarm), text("must.by_hand")
    if case.lease:
        key = "told.stuck_going" if order == DutyKind.CONTINUE else "told.stuck_back"
        said = Text(key, {"remedy": case.request() or case.remedy, "times": times})
    else:
        person = case.asking.by if case.asking else "-"
        key = "told.stuck_asked_back" if _back(case) else "told.stuck_asked"
        said = Text(key, {"person": person, "remedy": case.remedy, "times": times})
    return said, text("must.find_out")


def broken(case: MessageContext) -> tuple[Text, ...]:
    """The follow-up itself has failed."""
    error = case.duty.why.values["error"]
    return text("told.broken", alarm=case.head.alarm, error=error), text("must.by_hand")


def waits(case: MessageContext) -> tuple[Text, ...]:
    """What can be approved now, and what that changes."""
    asked = [RequestedChange.asked(each.asked) for each in case.open]
    return tuple(
        part for each in asked for part in (text("told.waits", remedy=called(each)), consequence(each))
    )


def _hits(case: MessageContext) -> tuple[Text, ...]:
    """How many users it hits, as of the last decision."""
    made = case.head.decision
    if made is None or made.failing is None or not made.failing.requests:
        return (text("told.hits_unknown"),)
    known = made.failing
    percent = round(100 * known.failed / max(known.requests, known.failed))
    return (
        text(
            "told.hits",
            failed=known.failed,
            requests=max(known.requests, known.failed),
            percent=percent,
            minutes=known.minutes,
            at=stamp(made.at),
        ),
    )


def _broken(case: MessageContext) -> Text:
    made = case.head.decision
    return broken_by(case.head.alarm, case.head.slug, made.cause if made else Cause.UNKNOWN())


def _tried(case: MessageContext) -> tuple[Text, ...]:
    by_state: dict[str, list[Lease]] = {}
    for lease in case.seen.leases:
        by_state.setdefault(_state(case, lease), []).append(lease)
    said = [Text(key, {"remedy": case.names(tuple(leases))}) for key, leases in by_state.items()]
    done = case.head.decision.done if case.head.decision else ()
    failed = tuple(name(each.remedy, each.scope) for each in done if each.result is Result.FAILED)
    if failed:
        said.append(text("did.failed", remedy=failed))
    nothing = "told.nothing_left" if any(each.result.acted for each in done) else "did.nothing"
    return tuple(said) or (Text(nothing),)


def _state(case: MessageContext, lease: Lease) -> str:
    if working(lease):
        return "told.working"
    judged = case.watch.judged.get(lease_key(case.seen, lease.id))
    if judged == INEFFECTIVE:
        return "told.no_effect"
    return "told.unseen_effect" if case.seen.gone else "told.judging"


def _answer(case: MessageContext, otherwise: str) -> Text:
    """A proposal that waits comes first: its time runs out. Nobody takes over what somebody has."""
    if not case.open:
        return text("must.act") if case.held else Text(otherwise)
    until = stamp(case.open[0].asked.expires)
    return Text("must.approve" if case.held else "must.take_over_answer", {"until": until})


def _back(case: MessageContext) -> bool:
    return case.asking is not None and case.asking.asked.order == "take-back"
