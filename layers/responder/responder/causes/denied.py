"""From a denied call to the policy that denied it: AWS's own words, then what policies show. Pure."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from responder.causes import ACCESS, BUCKET, HOUR, INVOCATIONS, policy_changes
from responder.core.cause import Cause
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Strings, Text, text
from responder.core.verdict import Proposal, Proposals, WrittenChange
from responder.evidence import Facts, policies
from responder.evidence.bucket import ACTIONS, BucketDeny
from responder.evidence.configuration import BUCKET as BUCKET_VARIABLE
from responder.evidence.configuration import TABLE as TABLE_VARIABLE
from responder.evidence.configuration import Config
from responder.evidence.denied import QUIET, DeniedCall, DeniedCalls, DeniedRequest, DeniedTarget
from responder.evidence.faults import ABOVE, DenyingPolicy

DENIED = DeniedCalls()
ENOUGH_CALLS = 5
# So many denials the calls since would have shown at the old rate; then none is no chance (1 in 20).
ENOUGH_EXPECTED = 3.0
# A statement of the role's policy fixes a denial only where AWS names no policy, or that none allows the
# call.
GRANTABLE = frozenset({DenyingPolicy.NOT_ALLOWED, DenyingPolicy.UNSAID})
# The actions that the liveness functions have a use for; a log line can never bring another one in.
_ANYWHERE = frozenset(
    {
        "rekognition:CreateFaceLivenessSession",
        "rekognition:GetFaceLivenessSessionResults",
        "cloudwatch:PutMetricData",
    }
)
_TABLE = frozenset({"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"})
_OBJECTS = frozenset({"s3:PutObject", "s3:GetObject"})
_KEY = frozenset({"kms:GenerateDataKey", "kms:Decrypt"})
_BY_THE_ROLE = frozenset({Cause.DENIED_ROLE, Cause.DENIED_ELSEWHERE, Cause.DENIED_KEY})

type Judged = ExplainedReason[Cause]
MENDED: Judged = Cause.DENIED_MENDED()


def other_role(facts: Facts, function: str) -> bool:
    """The function runs under another role than the one that this stack reads."""
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
    def functions(self) -> Strings:
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


# --- whether it has ended ---


def allowed(facts: Facts, action: str) -> bool | None:
    """Whether the role's own policy allows it now; None where that is unknown, or hangs on a condition."""
    access = facts.of(ACCESS)
    return access.judged.get(action) if access is not None else None


def denying(facts: Facts, action: str) -> tuple[BucketDeny, ...] | None:
    """Statements of the bucket's policy that deny it now; None where the policy was not read."""
    bucket = facts.of(BUCKET)
    if bucket is None or bucket.absent or "policy" in bucket.unread:
        return None
    return tuple(each for each in bucket.denies if action in each.actions)


def _always(found: tuple[BucketDeny, ...] | None) -> tuple[BucketDeny, ...]:
    return tuple(each for each in found or () if not each.conditions)


def _quiet(facts: Facts, lead: LeadingDenial) -> bool:
    """The last denial is a while ago, and both logs were read since."""
    found, last = facts.of(DENIED), lead.last
    return found is not None and facts.now - last >= QUIET and found.whole(last)


def over(facts: Facts, lead: LeadingDenial) -> int | None:
    """The calls since the last denial that confirm its end; None where they do not, or a policy still denies
    it, whatever the log shows."""
    access = facts.of(ACCESS)
    # A policy attached to the role may allow what its own does not: then only the calls show it.
    lacking = allowed(facts, lead.what.action) is False and access is not None and not access.attached
    if lacking or _always(denying(facts, lead.what.action)):
        return None
    traffic = facts.of(INVOCATIONS)
    if traffic is None or not _quiet(facts, lead):
        return None
    mine = [traffic.functions[name].invocations for name in lead.functions if name in traffic.functions]
    begun, end = lead.last - HOUR, lead.last + timedelta(minutes=1)
    since = sum(each.since(end).total for each in mine)
    before = sum(each.since(begun).total for each in mine) - since
    share = min(1.0, sum(each.at >= begun for each in lead.denials) / before) if before > 0 else 1.0
    # At the rate of before, fewer calls need not have met it.
    return round(since) if since >= ENOUGH_CALLS and since * share >= ENOUGH_EXPECTED else None


# --- who denies it ---


def judge(facts: Facts, lead: LeadingDenial) -> Judged | None:
    """The cause; None where nothing explains it."""
    looks: tuple[Callable[[Facts, LeadingDenial], Judged | None], ...] = (
        _stranger,
        _named,
        _by_bucket,
        _by_key,
        _by_role,
    )
    return next((judged for look in looks if (judged := look(facts, lead)) is not None), None)


def _stranger(facts: Facts, lead: LeadingDenial) -> Judged | None:
    """Another role asked, or for something else: perhaps because of a variable of the function."""
    if lead.what.own_role is False:
        return Cause.DENIED_OTHER_ROLE(role=facts.settings.service_role)
    if lead.what.target is not DeniedTarget.OTHER:
        return None
    configuration = facts.of(Config())
    variable = {"s3": BUCKET_VARIABLE, "dynamodb": TABLE_VARIABLE}.get(lead.what.service, "")
    for name in lead.functions:
        state = configuration.functions.get(name) if configuration else None
        if state is not None and variable in state.expected_wrong:
            return Cause.ENVIRONMENT(function=name, variables=variable)
    return Cause.DENIED_OTHER_TARGET(action=lead.what.action)


def _named(facts: Facts, lead: LeadingDenial) -> Judged | None:
    """What no policy that we read can show."""
    action, reason = lead.what.action, lead.what.reason
    if reason is DenyingPolicy.PUBLIC_BLOCK:
        return Cause.DENIED_PUBLIC_BLOCK(action=action)
    if reason in ABOVE:
        return Cause.DENIED_ABOVE(action=action, by=text(f"say.denied.{reason}"))
    if reason is DenyingPolicy.ROLE_DENIES and not _granted(facts, lead):
        return Cause.DENIED_BY_ROLE(action=action, role=facts.settings.service_role)
    return None


def _by_bucket(facts: Facts, lead: LeadingDenial) -> Judged | None:
    what = lead.what
    if what.service != "s3" or what.reason not in (DenyingPolicy.BUCKET_DENIES, DenyingPolicy.UNSAID):
        return None
    found = denying(facts, what.action)
    always = _always(found)
    sids = ", ".join(each.sid for each in always or found or ())
    if what.reason is DenyingPolicy.UNSAID:
        return Cause.DENIED_BUCKET_POLICY(action=what.action, sid=sids) if always else None
    # The statement is gone; or it is there in a form that is not judged, as long as it denies.
    if found == () and _quiet(facts, lead) and what.action in ACTIONS:
        return MENDED
    return Cause.DENIED_BUCKET_POLICY(action=what.action, sid=sids or "-")


def _granted(facts: Facts, lead: LeadingDenial) -> bool:
    """The role may do it by now: its policy allows it, no other policy is attached, and it is quiet."""
    access = facts.of(ACCESS)
    alone = access is not None and not (access.attached and lead.what.reason is DenyingPolicy.ROLE_DENIES)
    return alone and bool(allowed(facts, lead.what.action)) and _quiet(facts, lead)


def _by_key(facts: Facts, lead: LeadingDenial) -> Judged | None:
    what, bucket = lead.what, facts.of(BUCKET)
    may = allowed(facts, what.action)
    if what.service == "kms":
        lacking = what.reason is not DenyingPolicy.NOT_ALLOWED or not may
        return Cause.DENIED_KEY(action=what.action) if lacking else None
    if what.reason is not DenyingPolicy.UNSAID or bucket is None or not bucket.key or not may:
        return None
    needed = {"s3:PutObject": "kms:GenerateDataKey", "s3:GetObject": "kms:Decrypt"}.get(what.action, "")
    return Cause.DENIED_KEY(action=needed) if allowed(facts, needed) is False else None


def _by_role(facts: Facts, lead: LeadingDenial) -> Judged | None:
    what, may = lead.what, allowed(facts, lead.what.action)
    if what.reason in (DenyingPolicy.NOT_ALLOWED, DenyingPolicy.ROLE_DENIES) and _granted(facts, lead):
        return MENDED
    unsaid = what.reason is DenyingPolicy.UNSAID and may is False
    if may or not (what.reason is DenyingPolicy.NOT_ALLOWED or unsaid):
        return None
    kind = Cause.DENIED_ROLE if what.service in ("s3", "kms") else Cause.DENIED_ELSEWHERE
    return kind(action=what.action, role=facts.settings.service_role)


# --- what is written down for review ---


def changes(facts: Facts, lead: LeadingDenial, cause: Judged, why: Text) -> Proposals:
    """Suggested changes of the role's policy or the bucket's; never of the public access block, boundaries or
    organizations."""
    settings = facts.settings
    found: tuple[WrittenChange, ...] = ()
    if cause.kind in _BY_THE_ROLE and lead.what.reason in GRANTABLE:
        action = str(cause.values["action"])
        if resource := _resource(facts, action):
            found = (policy_changes.role_policy(settings, settings.service_role, (action,), resource),)
    elif cause.kind is Cause.DENIED_BUCKET_POLICY:
        denies = denying(facts, lead.what.action) or ()
        found = tuple(
            policy_changes.bucket_policy(settings.bucket, each.sid, each.actions, each.conditions)
            for each in _always(denies) or denies
        )
    return (Proposal(RemedyName.PROPOSE_CHANGE, why, proposed=found),) if found else ()


def _resource(facts: Facts, action: str) -> str:
    """The resource from what is known of the service, never from the log; "" where that is not enough."""
    settings, bucket = facts.settings, facts.of(BUCKET)
    table = policies.table(settings)
    if action in _OBJECTS:
        return policies.objects(settings)
    if action in _TABLE:
        return table
    if action == "dynamodb:Query":
        return f"{table}/index/*" if table else ""
    if action in _KEY:
        return bucket.key if bucket is not None and bucket.key.startswith("arn:") else ""
    return "*" if action in _ANYWHERE else ""
