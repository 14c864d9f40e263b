"""ack, approve, reject, withdraw, close, revert: what each is about is shown and confirmed, then sent."""

from typing import Any

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.proposals import WAITING, choose, proposals, show, show_revert
from responder.core.change import Lease
from responder.core.command import CommandKind
from responder.core.declined import DeclineReason
from responder.core.liveness_function import scope_of
from responder.core.text import Text, text
from responder.core.verdict import Result
from responder.followup_rules import ApprovalAnswer, OpenRequest
from responder.messages.headline import name, stamp
from responder.people.decide import going_back, under_way
from responder.people.request import RevertReason
from responder.store.approval_writer import tidy


def acknowledge(session: OperatorSession, incident: str) -> dict[str, Any]:
    """`until` is when the escalation continues, unless it has ended by then."""
    return session.ask("ack", incident=incident)


def close(session: OperatorSession, incident: str, reason: str) -> dict[str, Any]:
    """The follow-up closes it within minutes; the entry refuses it where something has to come first."""
    why = tidy(reason)
    if not why:
        raise EarlyExit.declined(DeclineReason.NO_REASON_TO_CLOSE())
    session.screen.confirm(text("console.ask_close", incident=incident, why=why))
    return session.ask("close", incident=incident, reason=why)


def approve(session: OperatorSession, incident: str, proposal: str) -> dict[str, Any]:
    """`results` as the alarm's function gives them."""
    return _agree(session, _asked(session, incident, proposal))


def _agree(session: OperatorSession, asking: OpenRequest) -> dict[str, Any]:
    asked = asking.asked
    reject = session.typed("reject", asked.incident, asked.id, '--reason "…"')
    show(session.screen, asking)
    left = text("console.left_open", until=stamp(asked.expires), reject=reject)
    session.screen.confirm(text("console.ask_approve"), left)
    session.screen.say(text("console.sending"), style="dim")
    return session.ask("approve", incident=asked.incident, proposal=asked.id)


def reject(session: OperatorSession, incident: str, proposal: str, reason: str) -> dict[str, Any]:
    """One rejection outweighs any approval."""
    why = tidy(reason)
    if not why:
        raise EarlyExit.declined(DeclineReason.NO_REASON())
    asking = _asked(session, incident, proposal)
    show(session.screen, asking)
    session.screen.confirm(text("console.ask_reject"))
    return session.ask("reject", incident=asking.asked.incident, proposal=asking.asked.id, reason=why)


def withdraw(session: OperatorSession, incident: str, proposal: str) -> dict[str, Any]:
    """One's own rejection counts no more."""
    asking = _asked(session, incident, proposal, ApprovalAnswer.REJECTED)
    show(session.screen, asking)
    session.screen.confirm(text("console.ask_withdraw"))
    return session.ask("withdraw", incident=asking.asked.incident, proposal=asking.asked.id)


def _asked(session: OperatorSession, incident: str, proposal: str, *answers: ApprovalAnswer) -> OpenRequest:
    """A change of an incident is reverted also after its end."""
    head = session.left(incident)
    asking = choose(session, head.incident, proposal, answers or WAITING)
    if asking.asked.order != CommandKind.REVERT:
        session.incident(incident)
    return asking


def revert(  # noqa: PLR0913  one value per option
    session: OperatorSession, incident: str, remedy: str, scope: str, percent: int | None, made_worse: bool
) -> dict[str, Any]:
    """Revert one lease of the incident, now, and approve it immediately where that is needed. `remedy` and
    `scope` empty: the only one there is; `percent` None: to the old value; `made_worse`: that is why."""
    session.left(incident)
    lease = _lease(session, incident, remedy, scope)
    wanted: dict[str, Any] = {} if percent is None else {"percent": percent}
    if wanted and not lease.spec.in_steps:
        raise EarlyExit.declined(DeclineReason.NO_PERCENT(remedy=name(lease.remedy)))
    scope = scope_of(lease.scope, session.settings)
    if going_back(lease, wanted, session.clock()) and not made_worse:
        raise EarlyExit.declined(under_way(lease, session.settings, session.where))
    why = {"why": RevertReason.MADE_WORSE.value} if made_worse else {}
    show_revert(session.screen, lease, scope, percent)
    session.screen.confirm(
        text("console.ask_revert") if percent is None else text("console.ask_step", percent=percent)
    )
    session.screen.say(text("console.sending"), style="dim")
    answer = session.ask("revert", incident=incident, remedy=lease.remedy, scope=scope, **why, **wanted)
    if Result.ASKED not in answer.get("results", {}).values():
        return answer
    meant = (CommandKind.REVERT, lease.remedy, scope, wanted)
    for asking in proposals(session, incident):
        asked = asking.asked
        if (asked.order, asked.remedy, asked.scope, dict(asked.wanted)) == meant:
            session.screen.say(text("console.asked_for", proposal=asked.id))
            return {**answer, **_agree(session, asking)}
    raise EarlyExit(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=incident))


def _lease(session: OperatorSession, incident: str, remedy: str, scope: str) -> Lease:
    there = session.incidents.ledger().of_incident(incident)
    leases = [
        each
        for each in there
        if remedy in ("", each.remedy) and scope in ("", each.scope, scope_of(each.scope, session.settings))
    ]
    if not there:
        raise EarlyExit.declined(DeclineReason.NO_LEASE(incident=incident))
    if len(leases) != 1:
        found = [(each.remedy, scope_of(each.scope, session.settings)) for each in leases or there]
        lines = [_line(*each) for each in found]
        listed = {"leases": [{"remedy": id_, "scope": part} for id_, part in found]}
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
