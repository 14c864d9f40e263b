"""Incidents that several tests read; each is played once, and its result is not changed."""

from functools import cache

from tests.unit.followup.stage import broken, slow, unsure
from tests.unit.followup.theatre import Theatre


@cache
def unsolved() -> Theatre:
    """A high incident, five hours long."""
    return Theatre(unsure()).play(300)


@cache
def medium() -> Theatre:
    """A medium incident for which no reason is found, nearly six hours long."""
    return Theatre(slow()).play(340)


@cache
def calm_at_once() -> Theatre:
    """OK after two minutes."""
    theatre = Theatre(unsure())
    return theatre.at(2, theatre.recovers).play(100)


@cache
def off_and_calm() -> Theatre:
    """The check is off, the alarm is OK from 12 on, and no one answers."""
    theatre = Theatre(broken())
    return theatre.at(12, theatre.recovers).play(400)
