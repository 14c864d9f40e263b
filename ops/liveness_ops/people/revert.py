"""revert: take back what is in force, now; approve it at once where that is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liveness_ops.people import card
from liveness_ops.people.decide import agree
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.proposals import proposals
from responder.core.approval_request import ApprovalRequest
from responder.core.change import Lease
from responder.core.command import CommandKind
from responder.core.declined import DeclineReason
from responder.core.liveness_function import scope_of
from responder.core.text import text
from responder.core.verdict import Result
from responder.messages.headline import name


@dataclass(frozen=True, slots=True)
class Wish:
    """`remedy` and `scope` empty: whatever there is; `percent` None: the old value."""

    remedy: str = ""
    scope: str = ""
    percent: int | None = None

    @property
    def wanted(self) -> Mapping[str, Any]:
        """As the command has it."""
        return {} if self.percent is None else {"percent": self.percent}


def revert(desk: Desk, incident: str, wish: Wish) -> dict[str, Any]:
    """Take back one lease of the incident."""
    desk.left(incident)
    lease = _lease(desk, incident, wish)
    if wish.percent is not None and not lease.spec.in_steps:
        raise Stop.declined(DeclineReason.NO_PERCENT(remedy=name(lease.remedy)))
    scope = scope_of(lease.scope, desk.settings)
    card.show_lease(desk.screen, lease, scope)
    desk.screen.confirm(
        text("console.ask_revert") if wish.percent is None else text("console.ask_step", percent=wish.percent)
    )
    desk.screen.say(text("console.sending"), style="dim")
    told = desk.ask("revert", incident=incident, remedy=lease.remedy, scope=scope, **wish.wanted)
    if Result.ASKED not in told["results"].values():
        return told
    return {**told, **_approve(desk, incident, (lease.remedy, scope, dict(wish.wanted)))}


def _approve(desk: Desk, incident: str, wanted: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    asking = next((each for each in proposals(desk, incident) if _same(each.asked, wanted)), None)
    if asking is None:
        raise Stop(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=incident))
    desk.screen.say(text("console.asked_for", proposal=asking.asked.id))
    return agree(desk, asking)


def _same(asked: ApprovalRequest, wanted: tuple[str, str, dict[str, Any]]) -> bool:
    return asked.order == CommandKind.TAKE_BACK and (asked.remedy, asked.scope, dict(asked.wanted)) == wanted


def _lease(desk: Desk, incident: str, wish: Wish) -> Lease:
    leases = [each for each in desk.incidents.ledger().of_incident(incident) if _meant(desk, each, wish)]
    if not leases:
        raise Stop.declined(DeclineReason.NO_LEASE(incident=incident))
    if len(leases) > 1:
        scopes = [(each.remedy, scope_of(each.scope, desk.settings)) for each in leases]
        desk.screen.say(
            *(
                text("console.lease", id=remedy, remedy=name(remedy, scope), scope=scope or "-")
                for remedy, scope in scopes
            )
        )
        listed = [{"remedy": remedy, "scope": scope} for remedy, scope in scopes]
        raise Stop(Exit.USAGE, text("console.several_leases"), {"leases": listed})
    return leases[0]


def _meant(desk: Desk, lease: Lease, wish: Wish) -> bool:
    scopes = (lease.scope, scope_of(lease.scope, desk.settings))
    return wish.remedy in ("", lease.remedy) and (not wish.scope or wish.scope in scopes)
