"""The door, opened once per execution environment."""

from functools import cache

from responder.aws.boto import Boto


@cache
def door(region: str) -> Boto:
    """Clients live as long as the environment; they hold no state of a response."""
    return Boto(region)
