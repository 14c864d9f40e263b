"""A part that AWS refuses is a line of the report, never green and never an exception."""

from responder.checks.identity import Identity
from responder.checks.model import CheckItem, CheckStatus
from responder.core.text import Text, text
from responder.evidence.base import reason


def unread(
    identity: Identity, what: Text, error: Exception, chapter: str = "", details: tuple[Text, ...] = ()
) -> CheckItem:
    """What could not be checked, and which permission is missing for it."""
    said = text("checks.unread", what=what, reason=reason(error))
    return CheckItem(identity, CheckStatus.UNKNOWN, said, details, chapter)
