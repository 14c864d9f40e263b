"""How long it has been, how long it took, and the traffic that was seen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext
from responder.messages.duration import duration
from responder.messages.headline import stamp

type Line = tuple[Text, Text]


def elapsed(case: MessageContext) -> Iterator[Line]:
    """Beside the manual's response time, while it is unsolved."""
    span, minutes = case.seen.now - case.began, case.head.severity.minutes
    if case.watch.calm_from is not None:
        yield text("course.elapsed"), text("course.since_calm", span=duration(span))
        return
    key = "course.since_late" if span > timedelta(minutes=minutes) else "course.since"
    yield text("course.elapsed"), Text(key, {"span": duration(span), "minutes": minutes})


def detection(case: MessageContext) -> Iterator[Line]:
    """From the first bad datapoint, where the event told it."""
    if case.head.first is not None and case.head.first < case.head.opened:
        span = duration(case.head.opened - case.head.first)
        yield text("course.detection"), text("course.detected", span=span)


def answer(case: MessageContext) -> Iterator[Line]:
    """Was the manual's response time met?"""
    first = case.extra.first_message
    if first is None:
        return
    taken, minutes = max(first - case.head.opened, timedelta()), case.head.severity.minutes
    met = taken <= timedelta(minutes=minutes)
    key = "course.answered" if met else "course.answered_late"
    yield text("course.answer"), Text(key, {"span": duration(taken), "minutes": minutes})


def mitigation(case: MessageContext) -> Iterator[Line]:
    """Until users were safe."""
    if case.watch.mitigated is not None:
        yield text("course.mitigation"), _after(case, case.watch.mitigated)


def recovery(case: MessageContext) -> Iterator[Line]:
    """Until the fault was gone, or why nothing proves that."""
    if case.watch.recovered is not None:
        yield text("course.recovery"), _after(case, case.watch.recovered)
    elif case.watch.calm_from is not None:
        yield text("course.recovery"), Text(f"course.unproven_{case.unproven}")


def traffic(case: MessageContext) -> Iterator[Line]:
    """During the calm; with nobody on the check there is none to be counted."""
    if case.unproven in ("off", "unreleased"):
        return
    found = case.seen.traffic
    if found is not None and found.requests == case.watch.quiet:
        said = text("course.counted", requests=found.requests, faults=found.faults)
    else:
        said = text("course.count", requests=case.watch.quiet)
    yield text("course.traffic"), said


def _after(case: MessageContext, at: datetime) -> Text:
    return text("course.after", span=duration(at - case.seen.opened), at=stamp(at))
