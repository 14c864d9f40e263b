"""Whether the moto that is installed can be the second witness."""

from importlib.metadata import PackageNotFoundError, version

from tests.witness.stack import INTERPRETER

# It has `scheduler`, TransactWriteItems with every condition, and function URLs.
OLDEST = (5, 2, 5)


class NotUsable(Exception):
    """One line for people: what is missing."""


def usable() -> None:
    """Raises NotUsable."""
    try:
        found = version("moto")
    except PackageNotFoundError:
        found = "none"
    parts = tuple(int(part) for part in found.split(".")[:3] if part.isdigit())
    if parts < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise NotUsable(f"moto {found} is installed, and {wanted} or newer is needed: make setup")
    if not INTERPRETER.exists():
        raise NotUsable("The environment of the local AWS is missing: make setup")
