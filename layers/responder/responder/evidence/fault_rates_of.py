"""How many requests of each function fail, from the facts of one response."""

from responder.evidence.base import Facts
from responder.evidence.facts import NORMAL, Fault
from responder.evidence.failures import Failures
from responder.evidence.fault_rate import Rate, rate
from responder.evidence.invocations import Invocations

FAILURES = Failures()
INVOCATIONS = Invocations()
FAULTS = frozenset(Fault) - NORMAL


def worst_rate(facts: Facts, functions: tuple[str, ...], *, sure: bool = False) -> Rate | None:
    """The highest rate among the functions whose log and metrics could be read; None without any.

    `sure`: only of faults that no caller can cause.
    """
    found = rates(facts, functions, sure=sure)
    return max(found, key=lambda each: (each.justifies, each.share), default=None)


def rates(
    facts: Facts, functions: tuple[str, ...], faults: frozenset[Fault] = FAULTS, *, sure: bool = False
) -> list[Rate]:
    """One for each of the functions whose log and metrics could be read."""
    tally, traffic = facts.of(FAILURES), facts.of(INVOCATIONS)
    if tally is None or traffic is None:
        return []
    readable = [name for name in functions if name not in tally.unread and name in traffic.functions]
    return [rate(tally, traffic.functions[name], name, facts.now, faults, sure=sure) for name in readable]
