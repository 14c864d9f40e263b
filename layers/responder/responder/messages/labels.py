"""What people put down beside what they did, by name."""

from responder.core.text import Text
from responder.messages.catalogue import known


def label(name: str) -> str | Text:
    """In words where the catalogue has them; the name itself otherwise."""
    label = Text(f"chronicle.word_{name}")
    return label if known(label.key) else name
