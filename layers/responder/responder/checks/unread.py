"""A part that AWS refuses is a line of the report, never green and never an exception."""

from responder.check import Item, Light
from responder.checked import Identity
from responder.evidence.failed import reason
from responder.text import Text, text


def unread(
    identity: Identity, what: Text, error: Exception, chapter: str = "", details: tuple[Text, ...] = ()
) -> Item:
    """What could not be checked, and which permission is missing for it."""
    said = text("checks.unread", what=what, reason=reason(error))
    return Item(identity, Light.UNKNOWN, said, details, chapter)
