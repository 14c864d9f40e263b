"""A proposal as it is shown before somebody answers it."""

from collections.abc import Iterator

from liveness_ops.people.screen import Screen
from responder.core.approval_request import ApprovalRequest
from responder.core.change import Change, Lease
from responder.core.modes import Effect
from responder.core.text import Text, text
from responder.followup_rules.seen import OpenRequest
from responder.messages.headline import name, stamp
from responder.messages.requests import RequestedChange, asked_for, consequence


def show(screen: Screen, asking: OpenRequest) -> None:
    """What would change, what that means, until when it can be answered, and who approved it already."""
    screen.card(text("console.card", proposal=asking.asked.id), _lines(asking))


def show_lease(screen: Screen, lease: Lease, scope: str) -> None:
    """What is in force, and would be taken back."""
    what: tuple[Text, Text | str] = (text("console.label_remedy"), name(lease.remedy, scope))
    screen.card(text("console.card_lease"), (what, *_changes(lease.changes)))


def listed(asked: ApprovalRequest) -> Text:
    """One line of a list to choose from."""
    return text("console.listed", proposal=asked.id, what=asked_for(asked), at=stamp(asked.expires))


def meaning(asked: ApprovalRequest) -> Text:
    """What approving it does."""
    return consequence(RequestedChange.asked(asked))


def _class(asked: ApprovalRequest) -> Text:
    secures = RequestedChange.asked(asked).direction.restores and asked.effect is Effect.LOWERS_SECURITY
    return text("remedy.class.restores_security") if secures else Text(f"remedy.class.{asked.effect}")


def _lines(asking: OpenRequest) -> Iterator[tuple[Text, Text | str]]:
    asked = asking.asked
    yield text("console.label_remedy"), asked_for(asked)
    yield from _changes(asked.changes)
    yield text("console.label_class"), _class(asked)
    yield text("console.label_meaning"), meaning(asked)
    yield text("console.label_until"), text("console.until", at=stamp(asked.expires))
    if asking.by or asked.people > 1:
        yield (
            text("console.label_approved"),
            text("console.approved", by=asking.by or "-", people=asked.people),
        )


def _changes(changes: tuple[Change, ...]) -> Iterator[tuple[Text, str]]:
    for change in changes:
        yield (
            text("console.label_change"),
            f"{change.target} {change.setting}: {change.before} → {change.after}",
        )
