"""Which figures a decision needed that CloudWatch did not have yet. Pure.

Log lines come within seconds, metrics within minutes.
"""

from collections.abc import Iterable
from datetime import datetime

from responder.core.finding import Subject
from responder.core.verdict import Proposal
from responder.evidence.base import Facts
from responder.evidence.fault_rate import (
    FAILURES,
    FAULTS,
    INVOCATIONS,
    RECENT,
    arrived_until,
    rates,
    settled,
)
from responder.evidence.faults import FailureTally, Fault
from responder.evidence.invocations import Traffic
from responder.evidence.table import TablePressure

_PRESSURE = TablePressure()


def awaited(facts: Facts, proposals: Iterable[Proposal] = ()) -> tuple[Subject, ...]:
    """The subjects of these figures; nothing where no other figure could change the decision. A sample too
    small for a proposal may be larger with the newest minutes."""
    tally, traffic, load = facts.of(FAILURES), facts.of(INVOCATIONS), facts.of(_PRESSURE)
    subjects = []
    if any(each.samples_short is not None for each in proposals) or (
        tally is not None
        and traffic is not None
        and (_uncounted(tally, traffic, facts.now) or _unproved(facts))
    ):
        subjects.append(Subject.REQUESTS)
    if load is not None and (
        load.throttled_minutes == 1 or (not load.throttled_minutes and _timing_out(tally, facts))
    ):
        subjects.append(Subject.TABLE)
    return tuple(subjects)


def _timing_out(tally: FailureTally | None, facts: Facts) -> bool:
    """Requests that time out may be waiting for a throttled table."""
    recent, names = facts.now - RECENT, facts.settings.functions
    return tally is not None and any(tally.of(name, recent, {Fault.TIMEOUT}) for name in names)


def _uncounted(tally: FailureTally, traffic: Traffic, now: datetime) -> bool:
    """Requests failed in minutes whose invocations have not arrived."""
    return any(
        tally.of(name, arrived_until(each, now), FAULTS)
        for name, each in traffic.functions.items()
        if name not in tally.unread
    )


def _unproved(facts: Facts) -> bool:
    """The newest minutes, of which more may arrive, make a rate too high, or its sample large enough."""
    every = rates(facts, facts.settings.functions, sure=True)
    return any(each.too_high and each.enough and not settled(facts, each.function) for each in every)
