"""Incidents that several tests read; each is played once, and its result is not changed."""

from functools import cache

from tests.unit.followup.scenes import broken, slow, too_few_faults
from tests.unit.followup.simulation import IncidentSimulation


@cache
def unsolved() -> IncidentSimulation:
    """A high incident, five hours long."""
    return IncidentSimulation(too_few_faults()).play(300)


@cache
def medium() -> IncidentSimulation:
    """A medium incident for which no reason is found, nearly six hours long."""
    return IncidentSimulation(slow()).play(340)


@cache
def calm_at_once() -> IncidentSimulation:
    """OK after two minutes."""
    simulation = IncidentSimulation(too_few_faults())
    return simulation.at(2, simulation.recovers).play(100)


@cache
def off_and_calm() -> IncidentSimulation:
    """The check is off, the alarm is OK from 12 on, and no one answers."""
    simulation = IncidentSimulation(broken())
    return simulation.at(12, simulation.recovers).play(400)
