"""ack, approve, reject, withdraw, close, revert: what each is about is shown and confirmed, then sent."""

from typing import Any

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.proposals import WAITING, choose, proposals, show, show_revert
from responder.core.change import Lease
from responder.core.command import CommandKind
from responder.core.declined import DeclineReason
from responder.core.liveness_function import scope_of
from responder.core.text import text
from responder.core.verdict import Result
from responder.followup_rules import ApprovalAnswer, OpenRequest
from responder.messages.headline import name
from responder.people.request import RevertReason
from responder.store.approval_writer import tidy


def acknowledge(desk: Desk, incident: str) -> dict[str, Any]:
    """`until` is when the escalation continues, unless it has ended by then."""
    return desk.ask("ack", incident=incident)


def close(desk: Desk, incident: str, reason: str) -> dict[str, Any]:
    """The follow-up closes it within minutes; the entry refuses it where something has to come first."""
    why = tidy(reason)
    if not why:
        raise Stop.declined(DeclineReason.NO_REASON_TO_CLOSE())
    desk.screen.confirm(text("console.ask_close", incident=incident, why=why))
    return desk.ask("close", incident=incident, reason=why)


def approve(desk: Desk, incident: str, proposal: str) -> dict[str, Any]:
    """`results` as the alarm's function gives them."""
    return _agree(desk, _asked(desk, incident, proposal))


def _agree(desk: Desk, asking: OpenRequest) -> dict[str, Any]:
    show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_approve"))
    desk.screen.say(text("console.sending"), style="dim")
    return desk.ask("approve", incident=asking.asked.incident, proposal=asking.asked.id)


def reject(desk: Desk, incident: str, proposal: str, reason: str) -> dict[str, Any]:
    """One rejection outweighs any approval."""
    why = tidy(reason)
    if not why:
        raise Stop.declined(DeclineReason.NO_REASON())
    asking = _asked(desk, incident, proposal)
    show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_reject"))
    return desk.ask("reject", incident=asking.asked.incident, proposal=asking.asked.id, reason=why)


def withdraw(desk: Desk, incident: str, proposal: str) -> dict[str, Any]:
    """One's own rejection counts no more."""
    asking = _asked(desk, incident, proposal, ApprovalAnswer.REJECTED)
    show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_withdraw"))
    return desk.ask("withdraw", incident=asking.asked.incident, proposal=asking.asked.id)


def _asked(desk: Desk, incident: str, proposal: str, *answers: ApprovalAnswer) -> OpenRequest:
    """A change of an incident is reverted also after its end."""
    head = desk.left(incident)
    asking = choose(desk, head.incident, proposal, answers or WAITING)
    if asking.asked.order != CommandKind.REVERT:
        desk.incident(incident)
    return asking


def revert(  # noqa: PLR0913  one value per option
    desk: Desk, incident: str, remedy: str, scope: str, percent: int | None, made_worse: bool
) -> dict[str, Any]:
    """Revert one lease of the incident, now, and approve it immediately where that is needed. `remedy` and
    `scope` empty: the only one there is; `percent` None: to the old value; `made_worse`: that is why."""
    desk.left(incident)
    lease = _lease(desk, incident, remedy, scope)
    wanted: dict[str, Any] = {} if percent is None else {"percent": percent}
    if wanted and not lease.spec.in_steps:
        raise Stop.declined(DeclineReason.NO_PERCENT(remedy=name(lease.remedy)))
    scope = scope_of(lease.scope, desk.settings)
    why = {"why": RevertReason.MADE_WORSE.value} if made_worse else {}
    show_revert(desk.screen, lease, scope, percent)
    desk.screen.confirm(
        text("console.ask_revert") if percent is None else text("console.ask_step", percent=percent)
    )
    desk.screen.say(text("console.sending"), style="dim")
    answer = desk.ask("revert", incident=incident, remedy=lease.remedy, scope=scope, **why, **wanted)
    if Result.ASKED not in answer["results"].values():
        return answer
    meant = (CommandKind.REVERT, lease.remedy, scope, wanted)
    for asking in proposals(desk, incident):
        asked = asking.asked
        if (asked.order, asked.remedy, asked.scope, dict(asked.wanted)) == meant:
            desk.screen.say(text("console.asked_for", proposal=asked.id))
            return {**answer, **_agree(desk, asking)}
    raise Stop(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=incident))


def _lease(desk: Desk, incident: str, remedy: str, scope: str) -> Lease:
    leases = [
        each
        for each in desk.incidents.ledger().of_incident(incident)
        if remedy in ("", each.remedy) and scope in ("", each.scope, scope_of(each.scope, desk.settings))
    ]
    if not leases:
        raise Stop.declined(DeclineReason.NO_LEASE(incident=incident))
    if len(leases) > 1:
        found = [(each.remedy, scope_of(each.scope, desk.settings)) for each in leases]
        lines = [
            text("console.lease", id=id_, remedy=name(id_, part), scope=part or "-") for id_, part in found
        ]
        listed = [{"remedy": id_, "scope": part} for id_, part in found]
        raise Stop(Exit.USAGE, text("console.several_leases"), {"leases": listed}, lines)
    return leases[0]
