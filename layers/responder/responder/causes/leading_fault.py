"""The fault that leads the failed requests of the last hour, and the rollout that it justifies."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from responder.causes.looks import FAILURES, HOUR, INVOCATIONS, PRESSURE, TABLE_OPERATIONS
from responder.core.cause import AwsService, Cause
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.remedy import RemedyName
from responder.core.text import Text, text
from responder.core.verdict import Proposal
from responder.evidence import Facts
from responder.evidence.fault_rate import ENOUGH_FAULTY, Rate, rates, worst_rate
from responder.evidence.faults import NORMAL, DenyingPolicy, FailedRequest, Fault


def _why(found: Rate) -> Text:
    return text(
        "why.rollout",
        function=found.function,
        percent=100 * found.share,
        faulty=found.faulty,
        invocations=found.invocations,
        minutes=found.minutes,
        recent=found.recent,
    )


# Of fewer within the hour, an alarm that is not about failed requests says nothing.
ENOUGH_FAILED = 3


FAULTS = frozenset(Fault) - NORMAL


OBJECT_OPERATIONS = frozenset({"PutObject", "GetObject", "HeadObject", "DeleteObject", "ListObjectsV2"})


# Rekognition stores the audit images itself, in the bucket that CreateFaceLivenessSession names.
STORES = OBJECT_OPERATIONS | {"CreateFaceLivenessSession"}


SERVICES = {
    **dict.fromkeys(("CreateFaceLivenessSession", "GetFaceLivenessSessionResults"), AwsService.REKOGNITION),
    **dict.fromkeys(TABLE_OPERATIONS, AwsService.DYNAMODB),
    **dict.fromkeys(OBJECT_OPERATIONS, AwsService.S3),
    **dict.fromkeys(("Decrypt", "GenerateDataKey"), AwsService.KMS),
}


@frozen
class Leading:
    """The most frequent kind of failed request in the last hour.

    `failures` are the requests of that kind, `of` counts the failed requests of every kind.
    """

    fault: Fault
    code: str
    operation: str
    failures: tuple[FailedRequest, ...]
    of: int

    @property
    def count(self) -> int:
        """How many requests of that kind failed."""
        return len(self.failures)

    @property
    def functions(self) -> tuple[str, ...]:
        """Where they failed; the function with the most of them first."""
        return tuple(name for name, _ in Counter(f.function for f in self.failures).most_common())

    @property
    def of_table(self) -> bool:
        """DynamoDB said it, not Rekognition (both use the same codes)."""
        return self.operation in TABLE_OPERATIONS

    @property
    def reason(self) -> DenyingPolicy:
        """Of a denied call, the policy that AWS names most often."""
        return Counter(failure.reason for failure in self.failures).most_common(1)[0][0]

    @property
    def cause(self) -> ExplainedReason[Cause]:
        """The cause that its class is."""
        kind = self.fault.cause
        return kind(code=self.code) if kind is Cause.REFUSED else kind()

    @property
    def service(self) -> AwsService | None:
        """Whose calls fail; None where the log names none."""
        named = Counter(each.service for each in self.failures).most_common(1)[0][0]
        return SERVICES.get(self.operation) or next((each for each in AwsService if each == named), None)

    def say(self) -> Text:
        """Code, operation and counts as one phrase."""
        if not self.operation:
            return text("say.leading_bare", code=self.code, count=self.count, of=self.of)
        return text("say.leading", code=self.code, operation=self.operation, count=self.count, of=self.of)


def leading(facts: Facts, functions: tuple[str, ...]) -> Leading | None:
    """The leading fault of the given functions; normal ends of sessions never lead."""
    failures = _last_hour(facts, functions, FAULTS)
    if not failures:
        return None
    kinds = Counter(map(_kind, failures))
    most, _ = kinds.most_common(1)[0]
    return Leading(*most, tuple(f for f in failures if _kind(f) == most), len(failures))


def further(facts: Facts, functions: tuple[str, ...], lead: Leading | None) -> tuple[Leading, ...]:
    """Faults of other kinds than the leading one that are enough to count; the most frequent first."""
    failures = _last_hour(facts, functions, FAULTS - {lead.fault} if lead else FAULTS)
    found = []
    for fault, count in Counter(failure.fault for failure in failures).most_common():
        if count >= ENOUGH_FAULTY:
            mine = tuple(failure for failure in failures if failure.fault is fault)
            most, _ = Counter(map(_kind, mine)).most_common(1)[0]
            found.append(Leading(*most, mine, len(failures)))
    return tuple(found)


def _kind(failure: FailedRequest) -> tuple[Fault, str, str]:
    return failure.fault, failure.code, failure.operation


def normal_ends(facts: Facts, functions: tuple[str, ...]) -> list[FailedRequest]:
    """Requests of the last hour that failed for a normal reason."""
    return _last_hour(facts, functions, NORMAL)


def _last_hour(facts: Facts, functions: tuple[str, ...], faults: frozenset[Fault]) -> list[FailedRequest]:
    tally = facts.of(FAILURES)
    if tally is None:
        return []
    start = facts.now - HOUR
    return [failure for function in functions for failure in tally.of(function, start, faults)]


def unlogged(facts: Facts, functions: tuple[str, ...]) -> int | None:
    """Lambda Errors that left no line; None where a function's log or metrics could not be read."""
    found = rates(facts, functions)
    return sum(each.unlogged for each in found) if len(found) == len(functions) else None


def rollout(
    facts: Facts, functions: tuple[str, ...], explained: Callable[[FailedRequest], bool] = lambda _: False
) -> tuple[Proposal, ...]:
    """Rollout to 0 %, where faults of the service are above 5 %.

    Only faults that no caller can cause justify acting, and only where nothing is throttled. With any other
    fault, and with what left no line, a person decides. `explained`: a failure that no caller caused, since
    something absent explains it.
    """
    sure = sure_rollout(facts, functions)
    if sure:
        return sure
    wide = worst_rate(facts, functions)
    if wide is None or not wide.too_high:
        return ()
    alone = worst_rate(facts, (wide.function,), sure=True)
    tally = facts.of(FAILURES)
    failed = tally.of(wide.function, facts.now - timedelta(minutes=wide.minutes), FAULTS) if tally else ()
    provokable = any(each.fault.provokable and not explained(each) for each in failed)
    why = Refusal.PROVOKABLE if provokable else Refusal.SURE_TOO_FEW
    asks = why(sure=alone.faulty if alone else 0, faulty=wide.faulty)
    short = short_of(wide)
    return (Proposal(RemedyName.ROLLOUT_TO_ZERO, _why(wide), Mode.APPROVE, samples_short=short, asks=asks),)


def short_of(found: Rate) -> Text | None:
    """Why this sample is too small to act on; None where it is not."""
    if found.enough:
        return None
    return text("say.sample_short", faulty=found.faulty, invocations=found.invocations)


def sure_rollout(facts: Facts, functions: tuple[str, ...]) -> tuple[Proposal, ...]:
    """The same, only where faults that no caller can cause justify it by themselves."""
    sure = worst_rate(facts, functions, sure=True)
    if sure is None or not sure.justifies:
        return ()
    asks = throttling(facts)
    at_most = Mode.AUTO if asks is None else Mode.APPROVE
    return (Proposal(RemedyName.ROLLOUT_TO_ZERO, _why(sure), at_most, asks=asks),)


def throttling(facts: Facts) -> ExplainedReason[Refusal] | None:
    """Why nothing lowers security by itself: something was throttled in the last hour, or that is not known.

    A flood throttles, and under it other faults follow. Only what was read completely shows that there was
    none: the logs of both functions over the whole hour, Lambda's throttles of both, the table's.
    """
    tally, traffic, load = facts.of(FAILURES), facts.of(INVOCATIONS), facts.of(PRESSURE)
    start, names = facts.now - HOUR, facts.settings.functions
    lines = sum(at >= start for at in tally.throttled) if tally else 0
    calls = sum(each.throttles.since(start).total for each in traffic.functions.values()) if traffic else 0
    events = load.hour if load else 0
    if lines or calls or events:
        return Refusal.THROTTLED(lines=lines, calls=round(calls), events=round(events))
    known = tally is not None and all(tally.whole(name, start) for name in names)
    if not known or load is None or traffic is None or not set(names) <= set(traffic.functions):
        return Refusal.THROTTLING_UNREAD()
    return None
