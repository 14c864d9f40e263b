"""The commands, as Typer sees them."""

from typing import Annotated, Any

import typer

from liveness_ops.console import completion
from liveness_ops.people.options import Common, with_common

# The help of each is in `messages/locale/help.po`.
Incident = Annotated[str, typer.Argument(autocompletion=completion.incidents)]
Proposal = Annotated[str, typer.Argument()]
Remedy = Annotated[str, typer.Argument(autocompletion=completion.remedies)]
Scope = Annotated[str, typer.Option()]
Percent = Annotated[int | None, typer.Option(min=0, max=100)]
MadeWorse = Annotated[bool, typer.Option("--made-worse")]
Reason = Annotated[str, typer.Option(metavar="TEXT")]


def register(app: typer.Typer) -> None:
    """Add them to the console."""
    for command in (ack, approve, reject, withdraw, revert, close):
        app.command(name=command.__name__)(with_common(command))


def ack(common: Common, incident: Incident) -> None:
    """Say that you work on an incident: the escalation waits."""
    _carry_out(common, "ack", incident=incident)


def approve(common: Common, incident: Incident, proposal: Proposal = "") -> None:
    """See what a proposal would change, approve it, and have it carried out."""
    _carry_out(common, "approve", incident=incident, proposal=proposal)


def reject(common: Common, incident: Incident, reason: Reason, proposal: Proposal = "") -> None:
    """Reject a proposal; it outweighs any approval until you withdraw it."""
    _carry_out(common, "reject", incident=incident, proposal=proposal, reason=reason)


def withdraw(common: Common, incident: Incident, proposal: Proposal = "") -> None:
    """Withdraw your own rejection: the proposal can be approved again while it is valid."""
    _carry_out(common, "withdraw", incident=incident, proposal=proposal)


def close(common: Common, incident: Incident, reason: Reason) -> None:
    """Close an incident manually, e.g. when its alarm was deleted; nothing of it may be in force."""
    _carry_out(common, "close", incident=incident, reason=reason)


def revert(  # noqa: PLR0913  one per option
    common: Common,
    incident: Incident,
    remedy: Remedy = "",
    scope: Scope = "",
    percent: Percent = None,
    made_worse: MadeWorse = False,
) -> None:
    """Revert what is in force, now; approve it immediately where that is needed."""
    given = {"remedy": remedy, "scope": scope, "percent": percent, "made_worse": made_worse}
    _carry_out(common, "revert", incident=incident, **given)


def _carry_out(common: Common, kind: str, **given: Any) -> None:
    # Loaded once a command is carried out: completion has to be quick.
    from liveness_ops.people import confirm
    from liveness_ops.people.command_runner import carry_out
    from liveness_ops.people.screen import words
    from responder.people.request import PersonRequest, RequestKind, RevertReason

    if "reason" in given:
        given["reason"] = words(given["reason"])
    if given.pop("made_worse", False):
        given["why"] = RevertReason.MADE_WORSE
    request = PersonRequest(RequestKind(kind), **given)
    carry_out(common, lambda session: confirm.carry_out(session, request))
