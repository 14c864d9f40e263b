"""What several causes of a denied call rest on."""

from collections import Counter
from datetime import datetime, timedelta

from responder.causes.looks import ACCESS, BUCKET, INVOCATIONS
from responder.core.frozen import frozen
from responder.core.text import Text, text
from responder.evidence import Facts
from responder.evidence.bucket import BucketDeny
from responder.evidence.configuration import Config
from responder.evidence.denial import QUIET, DeniedCall, DeniedRequest
from responder.evidence.denied import DeniedCalls
from responder.evidence.faults import DenyingPolicy

DENIED = DeniedCalls()

HOUR = timedelta(hours=1)
ENOUGH_CALLS = 5
# So many denials the calls since would have shown at the old rate; then none is no chance (1 in 20).
ENOUGH_EXPECTED = 3.0


# A statement of the role's policy mends a denial only where AWS says that none allows it, or says nothing.
GRANTABLE = frozenset({DenyingPolicy.NOT_ALLOWED, DenyingPolicy.UNSAID})


def other_role(facts: Facts, function: str) -> bool:
    """The function is known to run under another role than the one that this stack reads."""
    configuration = facts.of(Config())
    state = configuration.functions.get(function) if configuration else None
    return state is not None and state.role not in ("", facts.settings.service_role)


@frozen
class LeadingDenial:
    """The most frequent denial of the last hour; `others` are further kinds of it."""

    what: DeniedCall
    denials: tuple[DeniedRequest, ...]
    others: int = 0

    @property
    def functions(self) -> tuple[str, ...]:
        """Where it happened."""
        return tuple(dict.fromkeys(each.function for each in self.denials))

    @property
    def last(self) -> datetime:
        """When it happened last."""
        return max(each.at for each in self.denials)

    def say(self) -> Text:
        """Action, code and counts as one phrase."""
        return text(
            "say.denial",
            action=self.what.action or self.what.operation,
            code=self.what.code,
            count=len(self.denials),
            functions=", ".join(self.functions),
            reason=text(f"say.denied.{self.what.reason}"),
        )


def leading(found: tuple[DeniedRequest, ...]) -> LeadingDenial | None:
    """What users feel before what only costs metrics; then the most frequent, a named reason first."""
    kinds = Counter(each.what for each in found)
    if not kinds:
        return None

    def rank(what: DeniedCall) -> tuple[bool, int, bool]:
        return what.service != "cloudwatch", kinds[what], what.reason is not DenyingPolicy.UNSAID

    first = max(kinds, key=rank)
    return LeadingDenial(first, tuple(each for each in found if each.what == first), len(kinds) - 1)


def allowed(facts: Facts, action: str) -> bool | None:
    """Whether the role's own policy allows it now; None where that is not known, or hangs on a condition."""
    access = facts.of(ACCESS)
    return access.judged.get(action) if access is not None else None


def denying(facts: Facts, action: str) -> tuple[BucketDeny, ...] | None:
    """Statements of the bucket's policy that deny it now; None where the policy was not read."""
    bucket = facts.of(BUCKET)
    if bucket is None or bucket.absent or "policy" in bucket.unread:
        return None
    return tuple(each for each in bucket.denies if action in each.actions)


def quiet(facts: Facts, lead: LeadingDenial) -> bool:
    """The last denial is a while ago, and both logs were read since."""
    found, last = facts.of(DENIED), lead.last
    return found is not None and facts.now - last >= QUIET and found.whole(last)


def calls_since(facts: Facts, lead: LeadingDenial) -> int | None:
    """Calls of the denied functions since the last denial; None where their silence proves nothing: it is
    not quiet, or at the rate of before so few calls need not have met it."""
    traffic = facts.of(INVOCATIONS)
    if traffic is None or not quiet(facts, lead):
        return None
    mine = [traffic.functions[name].invocations for name in lead.functions if name in traffic.functions]
    begun, end = lead.last - HOUR, lead.last + timedelta(minutes=1)
    since = sum(each.since(end).total for each in mine)
    before = sum(each.since(begun).total for each in mine) - since
    share = min(1.0, sum(each.at >= begun for each in lead.denials) / before) if before > 0 else 1.0
    return round(since) if since >= ENOUGH_CALLS and since * share >= ENOUGH_EXPECTED else None


def shown_now(facts: Facts, lead: LeadingDenial) -> bool:
    """The present policies deny it, whatever the log says of then."""
    always = (each for each in denying(facts, lead.what.action) or () if not each.conditions)
    access = facts.of(ACCESS)
    # A policy attached to the role may allow what its own does not: then only the calls can tell.
    lacking = allowed(facts, lead.what.action) is False and access is not None and not access.attached
    return lacking or any(always)
