"""What people put down beside what they did, by name."""

from responder.core.text import Text
from responder.messages.catalogue import catalogue


def label(name: str) -> str | Text:
    """In words where the catalogue has them; the name itself otherwise."""
    known = Text(f"chronicle.word_{name}")
    return known if known.key in catalogue() else name
