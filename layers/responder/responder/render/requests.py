"""What a person is asked for: a change and its reversal never read alike, and each says what a yes does."""

from collections.abc import Sequence

from responder.asked import Asked
from responder.command import Order
from responder.render.headline import name
from responder.render.messages import catalogue
from responder.text import Text, text
from responder.verdict import Outcome


def request(remedy: str, scope: str, after: Sequence[str], *, back: bool) -> Text:
    """The change that is asked for. `after`: the values it would set; `back`: it reverses what was done."""
    if not (back and restores(remedy, after)):
        return name(remedy, scope)
    known = f"back.{remedy}"
    if known not in catalogue() or not after:
        return text("back.unknown", remedy=name(remedy, scope))
    called = Text(known, {"to": after[0]})
    if f"scope.{scope}" not in catalogue():
        return called
    return text("report.scoped", remedy=called, scope=Text(f"scope.{scope}"))


def consequence(remedy: str, after: Sequence[str], *, back: bool) -> Text:
    """What changes for users, for security and for the bill once it is approved."""
    known = f"yes.{'back_' if back and restores(remedy, after) else ''}{remedy}"
    return Text(known, {"to": after[0] if after else "-"}) if known in catalogue() else text("yes.unknown")


def restores(remedy: str, after: Sequence[str]) -> bool:
    """A step of the way back may also switch the check off once more, where it failed."""
    return remedy != "rollout_to_zero" or set(after) != {"0"}


def called(outcome: Outcome) -> Text:
    """An outcome's remedy, or its reversal where that was asked for and not carried out."""
    back = outcome.back and not outcome.result.went_back
    return request(outcome.remedy, outcome.scope, values(outcome), back=back)


def asked_for(asked: Asked) -> Text:
    """A proposal that waits for a person."""
    after = tuple(change.after for change in asked.changes)
    return request(asked.remedy, asked.scope, after, back=asked.order == Order.TAKE_BACK)


def values(outcome: Outcome) -> tuple[str, ...]:
    """What it sets, target by target."""
    return tuple(change.after for change in outcome.changes)
