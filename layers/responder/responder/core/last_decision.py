"""What the last response concluded, kept small: what later messages say, and whether it changed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from responder.core.cause import AwsService, Cause
from responder.core.codec import STORED
from responder.core.finding import Subject
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because
from responder.core.text import Text
from responder.core.verdict import Outcome, Result, Verdict


@frozen
class PastOutcome:
    """One of its proposals and the outcome."""

    remedy: str
    scope: str
    result: Result
    because: Because | None = field(default=None, metadata=STORED)
    approval: str = field(default="", metadata=STORED)


@frozen
class FailureShare:
    """How many users a fault hits: so many of so many requests failed in the minutes before the decision."""

    failed: int
    requests: int
    minutes: int


@frozen
class LastDecision:
    """`linked`: the incident whose remedy on the same target serves this one as well.

    `until`: when the first reason not to act expires (UTC). `service`: whose calls fail.
    `failing`: of the function that fails most; None where it was not measured.
    `awaits`: what figures are about that it needed and that had not arrived.
    """

    cause: ExplainedReason[Cause]
    why: Text
    at: datetime
    steps: tuple[Text, ...] = field(default=(), metadata=STORED)
    done: tuple[PastOutcome, ...] = field(default=(), metadata=STORED)
    linked: str = field(default="", metadata=STORED)
    until: datetime | None = field(default=None, metadata=STORED)
    service: AwsService | None = field(default=None, metadata=STORED)
    failing: FailureShare | None = None
    awaits: tuple[Subject, ...] = ()

    @property
    def digest(self) -> str:
        """The same for a decision that differs in nothing a person would act on. That something is in force
        counts the same, however and whenever it was set."""
        results = sorted(
            (
                each.remedy,
                each.scope,
                "in_force" if each.result.as_wanted else each.result.value,
                "" if each.result.as_wanted or each.because is None else each.because.kind.value,
                each.approval,
            )
            for each in self.done
        )
        said = json.dumps([self.cause.kind.value, results], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def decision(  # noqa: PLR0913  one value per part
    verdict: Verdict,
    outcomes: Iterable[Outcome],
    at: datetime,
    linked: str = "",
    before: datetime | None = None,
    failing: FailureShare | None = None,
) -> LastDecision:
    """The decision of a response. `before`: when the reason of the last decision ends, which stays known
    while it is ahead."""
    outcomes = tuple(outcomes)
    ends = [each.until for each in outcomes if each.until is not None and not each.result.as_wanted]
    ends += [before] if before is not None and before > at and not ends else []
    return LastDecision(
        cause=verdict.cause,
        why=verdict.why,
        at=at,
        steps=verdict.steps,
        done=tuple(PastOutcome(e.remedy, e.scope, e.result, e.because, e.approval or "") for e in outcomes),
        linked=linked,
        until=min(ends, default=None),
        service=verdict.service,
        failing=failing,
        awaits=verdict.awaits,
    )
