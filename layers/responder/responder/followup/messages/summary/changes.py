"""What was tried, what is proposed, what goes on by itself."""

from collections.abc import Iterator

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Change, Lease, LeaseState, half_released
from responder.core.last_decision import PastOutcome
from responder.core.liveness_function import scope_of
from responder.core.text import Text, Value, text
from responder.core.verdict import Result
from responder.followup.messages.case import MessageContext
from responder.followup_rules.calm import lease_key
from responder.followup_rules.reverting import ENOUGH
from responder.followup_rules.seen import ApprovalAnswer, working
from responder.messages.headline import name, stamp
from responder.messages.requests import asked_for

type Line = tuple[Text, Text]

_STATES = {LeaseState.PARTIAL: "course.half", LeaseState.TAKING_BACK: "course.going_back"}


def tried(case: MessageContext) -> Iterator[Line]:
    """Each remedy once: what is in force with what came of it, the rest as the last decision told it."""
    label = text("course.tried")
    said = [_lease(case, lease) for lease in case.seen.leases]
    said += [_done(case, each) for each in _others(case)]
    for one in said or [text("course.tried_nothing")]:
        yield label, one


def proposed(case: MessageContext) -> Iterator[Line]:
    """What can be approved now."""
    for each in case.open:
        yield text("course.proposed"), _asks(each.asked)


def keeps(case: MessageContext) -> Iterator[Line]:
    """What happens to the leases of this incident from now on."""
    terms = case.watch.terms
    for lease in case.seen.holding:
        named = case.named(lease)
        values: dict[str, Value] = {"remedy": named, "minutes": terms.keep}
        if lease.spec.in_steps:
            values |= {"enough": ENOUGH, "minutes": terms.verify}
        if lease.until is not None:
            values["until"] = stamp(lease.until)
        if lease.spec.in_steps and half_released(lease):
            yield text("course.keeps"), text("course.keeps_unreleased", remedy=named)
        elif lease.spec.ending:
            yield text("course.keeps"), Text(lease.spec.ending, values)


def _lease(case: MessageContext, lease: Lease) -> Text:
    return text("course.tried_one", remedy=case.named(lease), what=Text(_state(case, lease)))


def _state(case: MessageContext, lease: Lease) -> str:
    judged = case.watch.judged.get(lease_key(case.seen, lease.id))
    if lease.state in _STATES:
        return _STATES[lease.state]
    if working(lease):
        return "course.working"
    unjudged = "course.unseen_effect" if case.seen.gone else "course.judging"
    return f"course.{judged}" if judged else unjudged


def _others(case: MessageContext) -> Iterator[PastOutcome]:
    known = {(each.remedy, scope_of(each.scope, case.settings)) for each in case.seen.leases}
    waiting = {each.asked.id for each in case.open}
    for each in case.head.decision.done if case.head.decision else ():
        if (each.remedy, each.scope) not in known and each.approval not in waiting:
            yield each


def _done(case: MessageContext, each: PastOutcome) -> Text:
    named = name(each.remedy, each.scope)
    if each.result is Result.ASKED:
        return text("course.tried_one", remedy=named, what=Text(f"answer.{_answer(case, each)}"))
    what = Text("course.gone" if each.result.acted else f"result.{each.result}")
    if each.because is None:
        return text("course.tried_one", remedy=named, what=what)
    return text("course.tried_because", remedy=named, what=what, because=each.because.text)


def _answer(case: MessageContext, each: PastOutcome) -> ApprovalAnswer:
    found = (asking.answer for asking in case.seen.askings if asking.asked.id == each.approval)
    answer = next(found, ApprovalAnswer.EXPIRED)
    return ApprovalAnswer.EXPIRED if answer is ApprovalAnswer.OPEN else answer


def _asks(asked: ApprovalRequest) -> Text:
    people = text("course.two_people" if asked.people > 1 else "course.one_person")
    values: dict[str, Value] = {
        "remedy": asked_for(asked),
        "change": _changes(asked.changes),
        "id": asked.id,
        "until": stamp(asked.expires),
        "people": people,
    }
    return Text("course.asks", values)


def _changes(changes: tuple[Change, ...]) -> tuple[Text, ...]:
    """The same change of several targets is said once."""
    same: dict[tuple[str, str, str], list[str]] = {}
    for each in changes:
        same.setdefault((each.setting, each.before, each.after), []).append(each.target)
    return tuple(
        text("course.change", setting=setting, before=before, after=after, targets=", ".join(targets))
        for (setting, before, after), targets in same.items()
    )
