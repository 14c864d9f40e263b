"""A part that AWS refuses is a line of the report, never green and never an exception."""

from responder.checks.identity import Identity
from responder.checks.model import Item, Light
from responder.core.text import Text, text
from responder.evidence.failed import reason


def unread(
    identity: Identity, what: Text, error: Exception, chapter: str = "", details: tuple[Text, ...] = ()
) -> Item:
    """What could not be checked, and which permission is missing for it."""
    said = text("checks.unread", what=what, reason=reason(error))
    return Item(identity, Light.UNKNOWN, said, details, chapter)
