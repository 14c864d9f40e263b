"""ack, approve, reject, withdraw, close, revert: what each is about is shown and confirmed, then sent."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.named import meant
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.proposals import WAITING, choose, proposals, show, show_revert
from responder.core.change import Lease
from responder.core.command import CommandKind
from responder.core.declined import DeclineReason
from responder.core.liveness_function import scope_of
from responder.core.plain_data import Json
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.core.verdict import Result
from responder.followup_rules import ApprovalAnswer, OpenRequest
from responder.messages.requests import name
from responder.people.case import leases_of
from responder.people.decide import going_back, under_way
from responder.people.request import PersonRequest, RequestKind, RevertReason


def carry_out(session: OperatorSession, request: PersonRequest) -> Json:
    """Show what it is about, have that confirmed, and send it. Raises EarlyExit where it is not done."""
    return _WORK[request.kind](session, replace(request, incident=meant(session, request.incident)))


def _close(session: OperatorSession, request: PersonRequest) -> Json:
    """The follow-up closes it within minutes; the entry refuses it where something has to come first."""
    if not request.reason:
        raise EarlyExit.declined(DeclineReason.NO_REASON_TO_CLOSE())
    session.screen.confirm(text("console.ask_close", incident=request.incident, why=request.reason))
    return session.ask(request)


def _approve(session: OperatorSession, request: PersonRequest) -> Json:
    """`results` as the alarm's function gives them."""
    return _agree(session, _asked(session, request))


def _agree(session: OperatorSession, asking: OpenRequest) -> Json:
    asked = asking.asked
    reject = session.typed("reject", asked.incident, asked.id, '--reason "…"')
    show(session.screen, asking)
    left = text("console.left_open", until=stamp(asked.expires), reject=reject)
    session.screen.confirm(text("console.ask_approve"), left)
    session.screen.say(text("console.sending"), style="dim")
    return session.ask(PersonRequest(RequestKind.APPROVE, asked.incident, asked.id))


def _reject(session: OperatorSession, request: PersonRequest) -> Json:
    """One rejection outweighs any approval."""
    if not request.reason:
        raise EarlyExit.declined(DeclineReason.NO_REASON())
    return _answer(session, request, _asked(session, request))


def _withdraw(session: OperatorSession, request: PersonRequest) -> Json:
    """One's own rejection counts no more."""
    return _answer(session, request, _asked(session, request, ApprovalAnswer.REJECTED))


def _answer(session: OperatorSession, request: PersonRequest, asking: OpenRequest) -> Json:
    show(session.screen, asking)
    session.screen.confirm(Text(f"console.ask_{request.kind}"))
    return session.ask(replace(request, proposal=asking.asked.id))


def _asked(session: OperatorSession, request: PersonRequest, *answers: ApprovalAnswer) -> OpenRequest:
    """A change of an incident is reverted also after its end."""
    session.left(request.incident)
    asking = choose(session, request.incident, request.proposal, answers or WAITING)
    if asking.asked.order != CommandKind.REVERT:
        session.incident(request.incident)
    return asking


def _revert(session: OperatorSession, request: PersonRequest) -> Json:
    """Revert one lease of the incident, now, and approve it immediately where that is needed. Without a
    remedy: the only one there is; without a percentage: to the old value."""
    session.left(request.incident)
    lease, wanted = _lease(session, request), request.wanted
    if wanted and not lease.spec.in_steps:
        raise EarlyExit.declined(DeclineReason.NO_PERCENT(remedy=name(lease.remedy)))
    if going_back(lease, wanted, session.clock()) and request.why is RevertReason.NONE:
        raise EarlyExit.declined(under_way(lease, session.settings, session.where))
    request = replace(request, remedy=lease.remedy, scope=scope_of(lease.scope, session.settings))
    show_revert(session.screen, lease, request.scope, request.percent)
    session.screen.confirm(
        text("console.ask_revert")
        if request.percent is None
        else text("console.ask_step", percent=request.percent)
    )
    session.screen.say(text("console.sending"), style="dim")
    answer = session.ask(request)
    if Result.ASKED not in answer.get("results", {}).values():
        return answer
    wish = (CommandKind.REVERT, request.remedy, request.scope, wanted)
    for asking in proposals(session, request.incident):
        asked = asking.asked
        if (asked.order, asked.remedy, asked.scope, dict(asked.wanted)) == wish:
            session.screen.say(text("console.asked_for", proposal=asked.id))
            return {**answer, **_agree(session, asking)}
    raise EarlyExit(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=request.incident))


def _lease(session: OperatorSession, request: PersonRequest) -> Lease:
    incident, ledger = request.incident, session.incidents.ledger()
    there, leases = ledger.of_incident(incident), leases_of(request, ledger, session.settings)
    if not there:
        raise EarlyExit.declined(DeclineReason.NO_LEASE(incident=incident))
    if len(leases) != 1:
        found = [
            {"remedy": each.remedy, "scope": scope_of(each.scope, session.settings)}
            for each in leases or there
        ]
        lines, listed = [_line(**each) for each in found], {"leases": found}
        if leases:
            raise EarlyExit(Exit.USAGE, text("console.several_leases"), listed, lines)
        other = text("console.other_leases", incident=incident)
        raise EarlyExit(Exit.NOTHING_OPEN, other, {"error": DeclineReason.NO_LEASE.value, **listed}, lines)
    return leases[0]


def _line(remedy: str, scope: str) -> Text:
    said = name(remedy, scope)
    if not scope:
        return text("console.lease_of_all", id=remedy, remedy=said)
    return text("console.lease", id=remedy, remedy=said, scope=scope)


_WORK: Mapping[RequestKind, Callable[[OperatorSession, PersonRequest], Json]] = {
    RequestKind.ACK: OperatorSession.ask,
    RequestKind.APPROVE: _approve,
    RequestKind.REJECT: _reject,
    RequestKind.WITHDRAW: _withdraw,
    RequestKind.CLOSE: _close,
    RequestKind.REVERT: _revert,
}
