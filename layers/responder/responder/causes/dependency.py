"""Requests that wait for what they call until Lambda kills them: for what, and how many die of it. Pure.

A run that is killed leaves hardly a word. So what it waited for is concluded from what DynamoDB measures of
itself, and from what the other failed requests of the same hour name; where neither shows it, it has no name.
"""

from collections import Counter

from responder.causes.looks import FAILURES, HOUR, PRESSURE, TABLE_OPERATIONS
from responder.causes.written_changes import IMAGES, REKOGNITION
from responder.core.cause import Cause
from responder.core.reasons import ExplainedReason
from responder.core.text import Text, text
from responder.evidence import Facts
from responder.evidence.fault_rate import rates
from responder.evidence.faults import ENDS_THE_INVOCATION, NETWORK, FailedRequest, Fault

# Fewer may be anything; so many within the hour are no chance.
ENOUGH_KILLED = 3
ENOUGH_NAMED = 3

# What calls for an answer that does not come, or comes too late. Only these tell what is waited for.
WAITS = NETWORK | {Fault.TIMEOUT}
_TELLING = WAITS | {Fault.THROTTLING, Fault.QUOTA, Fault.INTERNAL}
_NO_WAY = frozenset({Fault.CONNECTION, Fault.TLS, Fault.PROXY})
_OPERATIONS = {
    **dict.fromkeys(REKOGNITION, Cause.SLOW_REKOGNITION),
    **dict.fromkeys(TABLE_OPERATIONS, Cause.SLOW_TABLE),
    **dict.fromkeys(IMAGES, Cause.SLOW_IMAGES),
}
_ENDPOINTS = {
    "rekognition": Cause.SLOW_REKOGNITION,
    "dynamodb": Cause.SLOW_TABLE,
    "s3": Cause.SLOW_IMAGES,
}


def waiting(facts: Facts, function: str) -> int:
    """Requests of the last hour that got no answer from what they call: killed at the time-out, or given up
    by the client. 0 where the log could not be read."""
    tally = facts.of(FAILURES)
    return len(tally.of(function, facts.now - HOUR, WAITS)) if tally is not None else 0


def slow_dependency(facts: Facts, function: str, killed: int) -> ExplainedReason[Cause]:
    """What the requests of this function wait for, and how many of them die of it. `killed`: within the hour,
    told where the share is not known."""
    found = next(iter(rates(facts, (function,), frozenset({Fault.TIMEOUT}))), None)
    if found is None or not found.faulty:
        return _named(facts, function)(share=text("say.killed", killed=killed))
    share = text(
        "say.killed_share",
        killed=found.faulty,
        invocations=found.invocations,
        percent=100 * found.share,
        minutes=found.minutes,
    )
    return _named(facts, function)(share=share)


def raised(facts: Facts, functions: tuple[str, ...]) -> Text | None:
    """Why an incident of a medium alarm is one of high severity: the requests that are killed cross the
    manual's emergency line (5 %) by themselves, on a sample that suffices."""
    found = [each for each in rates(facts, functions, ENDS_THE_INVOCATION) if each.justifies]
    if not found:
        return None
    worst = max(found, key=lambda each: each.share)
    return text(
        "severity.raised",
        percent=100 * worst.share,
        killed=worst.faulty,
        invocations=worst.invocations,
        minutes=worst.minutes,
    )


def fast_table(facts: Facts) -> float | None:
    """Seconds of the table's slowest operation, where DynamoDB shows that it answers well."""
    load = facts.of(PRESSURE)
    return load.slowest if load is not None and not (load.throttled_minutes or load.slow) else None


def _named(facts: Facts, function: str) -> Cause:
    load = facts.of(PRESSURE)
    if load is not None and load.slow:
        return Cause.SLOW_TABLE
    tally = facts.of(FAILURES)
    failures = tally.of(function, facts.now - HOUR, _TELLING) if tally is not None else ()
    return _by_names(failures)


def _by_names(failures: tuple[FailedRequest, ...]) -> Cause:
    """By most of the requests that name anything."""
    named = Counter(service for each in failures if (service := _service(each)) is not None)
    cut_off = sum(each.fault in _NO_WAY for each in failures)
    whole = sum(named.values())
    if cut_off >= ENOUGH_NAMED and 2 * cut_off > whole:
        return Cause.SLOW_NETWORK
    often = [service for service, count in named.items() if count >= ENOUGH_NAMED]
    most = next((service for service in often if 2 * named[service] > whole), None)
    if most is not None:
        return most
    # What several services have in common is the way to them.
    return Cause.SLOW_NETWORK if len(often) > 1 else Cause.SLOW_DEPENDENCY


def _service(failure: FailedRequest) -> Cause | None:
    return _ENDPOINTS.get(failure.service) or _OPERATIONS.get(failure.operation or failure.during)
