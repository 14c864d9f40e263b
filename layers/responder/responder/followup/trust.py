"""What follows from an assessment: it is stored, and a remedy that has lost its trust is only asked for.

Nothing here can do the opposite: a stop is created under its own name, never written over, never removed.
"""

from collections.abc import Iterable

from responder.core.assessment import Assessment, against
from responder.core.context import Context
from responder.core.errors import Denied
from responder.core.modes import Mode
from responder.core.remedy import spec_of
from responder.core.settings_document import AUTOMATION
from responder.core.switches import ask_for, ask_name
from responder.core.text import Text
from responder.evidence.base import reason
from responder.followup.messages.headline import reason_to_ask
from responder.messages.language import say
from responder.store.ledger import Assessments
from responder.store.switches import create_stop

type Acts = tuple[Assessment, ...]


def assessed(context: Context, found: Assessment) -> tuple[Acts, Text | None]:
    """Store it first: of several simultaneous executions the last one sees all. The acts for which the remedy
    is only asked for from now on, none where there is no reason to; and what the stop could not be created
    for.

    Raises:
        ResponderError: AWS could not be reached; a repeat continues where this ended.
    """
    table = Assessments(context.aws, context.settings.incidents_table)
    table.keep(found)
    acts = against(table.read(), found.remedy) if spec_of(found.remedy).ceiling is Mode.AUTO else ()
    if not acts:
        return (), None
    why = say(reason_to_ask(acts), context.settings.language)
    try:
        create_stop(context.aws, context.settings, ask_for(found.remedy, AUTOMATION, why))
    except Denied as error:
        # It is tried again later, and with the next act.
        return acts, reason(error)
    return acts, None


def reported(context: Context, acts: Iterable[Assessment]) -> None:
    """They have led to their stop, and people know: they lead to no other one. Raises our errors."""
    table = Assessments(context.aws, context.settings.incidents_table)
    for each in acts:
        table.count(each, ask_name(each.remedy))
