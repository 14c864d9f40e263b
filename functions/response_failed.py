"""An event that could not be answered is kept, and reported with the manual's steps."""

from responder.failures import handler as fallback

handler = fallback.handle
needs = fallback.NEEDS
