"""The fault that leads the failed requests of the last hour, what its requests wait for, and the rollout that
it justifies.

A run that is killed leaves hardly any log lines. What it waited for is concluded from DynamoDB's own metrics,
and from what the other failed requests of the same hour name; if neither shows it, the dependency is unknown.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from operator import attrgetter

from responder.causes import FAILURES, HOUR, INVOCATIONS, PRESSURE
from responder.core.cause import AwsService, Cause
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.remedy import RemedyName
from responder.core.text import Strings, Text, Values, text
from responder.core.verdict import Proposal, Proposals
from responder.evidence import Facts
from responder.evidence.fault_rate import ENOUGH_FAULTY, RECENT, Rate, rates, settled, worst_rate
from responder.evidence.faults import (
    ENDS_THE_INVOCATION,
    NETWORK,
    NORMAL,
    DenyingPolicy,
    FailedRequest,
    Fault,
)

# An alarm that is not about failed requests mentions them only from this number within the hour.
ENOUGH_FAILED = 3
# Fewer can be chance; this many within the hour are not.
ENOUGH_KILLED = 3
_ENOUGH_NAMED = 3
FAULTS = frozenset(Fault) - NORMAL
# No answer, or a late one: only these faults show which dependency is slow.
WAITS = NETWORK | {Fault.TIMEOUT}
_SPECIFIC = WAITS | {Fault.THROTTLING, Fault.QUOTA, Fault.INTERNAL}
_NO_WAY = frozenset({Fault.CONNECTION, Fault.TLS, Fault.PROXY})

REKOGNITION_OPERATIONS = frozenset({"CreateFaceLivenessSession", "GetFaceLivenessSessionResults"})
TABLE_OPERATIONS = frozenset({"PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "BatchWriteItem"})
OBJECT_OPERATIONS = frozenset({"PutObject", "GetObject", "HeadObject", "DeleteObject", "ListObjectsV2"})
# Rekognition stores the audit images itself, in the bucket that CreateFaceLivenessSession names.
STORES = OBJECT_OPERATIONS | {"CreateFaceLivenessSession"}
_SERVICES = {
    **dict.fromkeys(REKOGNITION_OPERATIONS, AwsService.REKOGNITION),
    **dict.fromkeys(TABLE_OPERATIONS, AwsService.DYNAMODB),
    **dict.fromkeys(OBJECT_OPERATIONS, AwsService.S3),
    **dict.fromkeys(("Decrypt", "GenerateDataKey"), AwsService.KMS),
}
_SLOW = {
    AwsService.REKOGNITION: Cause.SLOW_REKOGNITION,
    AwsService.DYNAMODB: Cause.SLOW_TABLE,
    AwsService.S3: Cause.SLOW_IMAGES,
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
    def functions(self) -> Strings:
        """Where they failed; the function with the most of them first."""
        return tuple(name for name, _ in Counter(f.function for f in self.failures).most_common())

    @property
    def of_table(self) -> bool:
        """The error came from DynamoDB, not from Rekognition (both use the same codes)."""
        return self.operation in TABLE_OPERATIONS

    @property
    def reason(self) -> DenyingPolicy:
        """For denied calls, the policy that AWS names most often."""
        return Counter(failure.reason for failure in self.failures).most_common(1)[0][0]

    @property
    def cause(self) -> ExplainedReason[Cause]:
        """The cause that belongs to its class."""
        kind = self.fault.cause
        return kind(code=self.code) if kind is Cause.REFUSED else kind()

    @property
    def service(self) -> AwsService | None:
        """The AWS service whose calls fail; None where the log names none."""
        named = Counter(each.service for each in self.failures).most_common(1)[0][0]
        return _SERVICES.get(self.operation) or next((each for each in AwsService if each == named), None)

    def say(self) -> Text:
        """Code, operation and counts as one phrase."""
        if not self.operation:
            return text("say.leading_bare", code=self.code, count=self.count, of=self.of)
        return text("say.leading", code=self.code, operation=self.operation, count=self.count, of=self.of)


def leading(facts: Facts, functions: Strings) -> Leading | None:
    """The leading fault of the given functions; normal ends of sessions never lead."""
    failures = failed(facts, functions)
    return _most(failures, len(failures)) if failures else None


def further(facts: Facts, functions: Strings, lead: Leading | None) -> tuple[Leading, ...]:
    """Faults of other kinds than the leading one that are numerous enough to count; the most frequent
    first."""
    failures = failed(facts, functions, FAULTS - {lead.fault} if lead else FAULTS)
    counts = Counter(failure.fault for failure in failures).most_common()
    return tuple(
        _most([failure for failure in failures if failure.fault is fault], len(failures), whole=True)
        for fault, count in counts
        if count >= ENOUGH_FAULTY
    )


def _most(failures: list[FailedRequest], of: int, *, whole: bool = False) -> Leading:
    """The most frequent kind of these; with the requests of that kind, or with the `whole` of them."""
    kind = attrgetter("fault", "code", "operation")
    most, _ = Counter(map(kind, failures)).most_common(1)[0]
    return Leading(*most, tuple(each for each in failures if whole or kind(each) == most), of)


def failed(facts: Facts, functions: Strings, faults: frozenset[Fault] = FAULTS) -> list[FailedRequest]:
    """Requests of the last hour that failed in one of these ways; none where no log could be read."""
    tally, start = facts.of(FAILURES), facts.now - HOUR
    return [each for function in functions for each in tally.of(function, start, faults)] if tally else []


def unlogged(facts: Facts, functions: Strings) -> int | None:
    """Lambda Errors that left no line; None where a function's log or metrics could not be read."""
    found = rates(facts, functions)
    return sum(each.unlogged for each in found) if len(found) == len(functions) else None


# --- the rollout to 0% ---


def rollout(
    facts: Facts, functions: Strings, explained: Callable[[FailedRequest], bool] = lambda _: False
) -> Proposals:
    """Rollout to 0%, where faults of the service are above 5%.

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
    failures = tally.of(wide.function, facts.now - timedelta(minutes=wide.minutes), FAULTS) if tally else ()
    provokable = any(each.fault.provokable and not explained(each) for each in failures)
    why = Refusal.PROVOKABLE if provokable else Refusal.SURE_TOO_FEW
    asks = why(sure=alone.faulty if alone else 0, faulty=wide.faulty)
    return (_to_zero(wide, Mode.APPROVE, asks, short_of(wide)),)


def sure_rollout(facts: Facts, functions: Strings) -> Proposals:
    """The rollout, only where faults that no caller can cause are enough to justify it."""
    found = [each for each in rates(facts, functions, sure=True) if each.justifies]
    if not found:
        return ()
    known = [each for each in found if settled(facts, each.function)]
    sure = max(known or found, key=attrgetter("share"))
    asks = throttling(facts) or (None if known else Refusal.THROTTLING_UNREAD())
    return (_to_zero(sure, Mode.AUTO if asks is None else Mode.APPROVE, asks),)


def _to_zero(
    found: Rate, at_most: Mode, asks: ExplainedReason[Refusal] | None, short: Text | None = None
) -> Proposal:
    why = text("why.rollout", **counted(found), recent=found.recent)
    if timedelta(minutes=found.minutes) == RECENT:
        why = text("why.rollout_recent", **counted(found))
    return Proposal(RemedyName.ROLLOUT_TO_ZERO, why, at_most, samples_short=short, asks=asks)


def counted(found: Rate) -> Values:
    """The figures of a rate, as sentences name them."""
    return {
        "function": found.function,
        "percent": 100 * found.share,
        "faulty": found.faulty,
        "invocations": found.invocations,
        "minutes": found.minutes,
    }


def short_of(found: Rate) -> Text | None:
    """Why this sample is too small to act on; None if it is large enough."""
    if found.enough:
        return None
    return text("say.sample_short", faulty=found.faulty, invocations=found.invocations)


def throttling(facts: Facts) -> ExplainedReason[Refusal] | None:
    """Why nothing lowers security automatically: throttling in the last hour, or that is unknown.

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


# --- requests that wait for what they call until Lambda kills them ---


def slow_dependency(facts: Facts, function: str, killed: int) -> ExplainedReason[Cause]:
    """What the requests of this function wait for, and how many of them die of it. `killed`: within the hour,
    named where the share is unknown."""
    found = next(iter(rates(facts, (function,), frozenset({Fault.TIMEOUT}))), None)
    share = text("say.killed", killed=killed)
    if found is not None and found.faulty:
        share = text("say.killed_share", **_killed(found))
    load = facts.of(PRESSURE)
    if load is not None and load.slow:
        return Cause.SLOW_TABLE(share=share)
    return _named(failed(facts, (function,), _SPECIFIC))(share=share)


def raised(facts: Facts, functions: Strings) -> Text | None:
    """Why an incident of a medium alarm is one of high severity: the requests that are killed cross the
    manual's emergency line (5%) without other faults, on a sample that suffices."""
    found = [each for each in rates(facts, functions, ENDS_THE_INVOCATION) if each.justifies]
    worst = max(found, key=lambda each: each.share, default=None)
    return None if worst is None else text("severity.raised", **_killed(worst))


def _killed(found: Rate) -> Values:
    share: Values = {"percent": 100 * found.share, "killed": found.faulty}
    return {**share, "invocations": found.invocations, "minutes": found.minutes}


def fast_table(facts: Facts) -> float | None:
    """Seconds of the table's slowest operation, if DynamoDB shows that the table answers normally."""
    load = facts.of(PRESSURE)
    return load.slowest if load is not None and not (load.throttled_minutes or load.slow) else None


def _named(failures: list[FailedRequest]) -> Cause:
    """The service that most of the requests name, among those that name one."""
    services = (
        next((each for each in _SLOW if each == failure.service), None)
        or _SERVICES.get(failure.operation or failure.during)
        for failure in failures
    )
    named = Counter(_SLOW[service] for service in services if service in _SLOW)
    cut_off = sum(each.fault in _NO_WAY for each in failures)
    whole = sum(named.values())
    if cut_off >= _ENOUGH_NAMED and 2 * cut_off > whole:
        return Cause.SLOW_NETWORK
    often = [cause for cause, count in named.items() if count >= _ENOUGH_NAMED]
    most = next((cause for cause in often if 2 * named[cause] > whole), None)
    # If several services fail, the network in front of them is the common part.
    return most or (Cause.SLOW_NETWORK if len(often) > 1 else Cause.SLOW_DEPENDENCY)
