"""Run the checks of one rhythm side by side. One that fails is a finding of its own and stops no other."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from responder.check import CheckReport, Item, Light, Rhythm, Section
from responder.checked import Checked
from responder.checks.base import Check
from responder.context import Context
from responder.errors import Defect, ResponderError, Unreachable
from responder.evidence.failed import reason
from responder.render.check_words import named
from responder.shell.checks.shared import Shared
from responder.shell.look import side_by_side
from responder.text import Text, text
from responder.zones import zone

EACH_SECONDS = 20.0
ALL_SECONDS = 60.0


def run(rhythm: Rhythm, checks: Iterable[Check], context: Context, each: float = EACH_SECONDS) -> CheckReport:
    """Everything that was found, in the order of the checks. `each`: seconds that one may take.

    What a check could not do is said by its section.

    Raises:
        BadEvent: no such zone. Nothing was asked then.
    """
    settings = context.settings
    context = replace(context, aws=Shared(context.aws))
    day = context.now.astimezone(zone(settings.check_zone)).date()
    asks = {check.name: partial(check.run, context) for check in checks}
    found = side_by_side(asks, ALL_SECONDS, each)
    return CheckReport(
        rhythm=rhythm,
        at=context.now,
        day=day,
        region=settings.region,
        account=settings.account,
        sections=tuple(_section(name, answer) for name, answer in found.items()),
        zone=settings.check_zone,
    )


def _section(name: str, answer: Any) -> Section:
    if isinstance(answer, Section):
        return answer
    error = answer if isinstance(answer, ResponderError) else Defect(type(answer).__name__)
    said = text("checks.failed", name=named(name), reason=_why(error))
    return Section(name, (Item(Checked.CHECK.of(), Light.UNKNOWN, said),))


def _why(error: ResponderError) -> Text:
    """What is late is our own time-out, not that of a call."""
    late = isinstance(error, Unreachable) and error.service == "look"
    return text("evidence.failed.late") if late else reason(error)
