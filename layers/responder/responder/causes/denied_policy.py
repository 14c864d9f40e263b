"""From a denied call to the policy that denied it: AWS's own words first, then what the policies show."""

from collections.abc import Callable

from responder.causes import policy_changes
from responder.causes.denied import LeadingDenial, allowed, denying, quiet
from responder.causes.looks import ACCESS, BUCKET
from responder.core.cause import Cause
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Text, text
from responder.core.verdict import Proposal, WrittenChange
from responder.evidence import Facts, policies
from responder.evidence.bucket import ACTIONS
from responder.evidence.configuration import Config
from responder.evidence.denial import DeniedTarget
from responder.evidence.faults import ABOVE, DenyingPolicy
from responder.evidence.functions import BUCKET as BUCKET_VARIABLE
from responder.evidence.functions import TABLE as TABLE_VARIABLE

# The actions that the liveness functions have a use for; a log line can never bring another one in.
REKOGNITION = frozenset(
    {"rekognition:CreateFaceLivenessSession", "rekognition:GetFaceLivenessSessionResults"}
)
TABLE = frozenset({"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"})
OBJECTS = frozenset({"s3:PutObject", "s3:GetObject"})
KEY = frozenset({"kms:GenerateDataKey", "kms:Decrypt"})
ROLE = frozenset({Cause.DENIED_ROLE, Cause.DENIED_ELSEWHERE, Cause.DENIED_KEY})
BY_THE_ROLE = frozenset({DenyingPolicy.NOT_ALLOWED, DenyingPolicy.UNSAID})


def changes(
    facts: Facts, lead: LeadingDenial, cause: ExplainedReason[Cause], why: Text
) -> tuple[Proposal, ...]:
    """Written down for review; the public access block, boundaries and organizations are never among it."""
    found: tuple[WrittenChange, ...] = ()
    if cause.kind in ROLE and lead.what.reason in BY_THE_ROLE:
        found = _denied_changes_role(facts, str(cause.values["action"]))
    elif cause.kind is Cause.DENIED_BUCKET_POLICY:
        found = _denied_changes_bucket(facts, lead)
    return (Proposal(RemedyName.PROPOSE_CHANGE, why, proposed=found),) if found else ()


def _denied_changes_role(facts: Facts, action: str) -> tuple[WrittenChange, ...]:
    resource = _resource(facts, action)
    if not resource:
        return ()
    settings = facts.settings
    return (policy_changes.role_policy(settings, settings.service_role, (action,), resource),)


def _resource(facts: Facts, action: str) -> str:
    """From what we know of the service, never from the log; "" where that is too little."""
    settings, bucket = facts.settings, facts.of(BUCKET)
    if action in OBJECTS:
        return policies.objects(settings)
    if action in TABLE:
        return policies.table(settings)
    if action == "dynamodb:Query":
        return f"{policies.table(settings)}/index/*" if policies.table(settings) else ""
    if action in KEY:
        return bucket.key if bucket is not None and bucket.key.startswith("arn:") else ""
    return "*" if action in REKOGNITION or action == "cloudwatch:PutMetricData" else ""


def _denied_changes_bucket(facts: Facts, lead: LeadingDenial) -> tuple[WrittenChange, ...]:
    found = denying(facts, lead.what.action) or ()
    always = tuple(each for each in found if not each.conditions)
    bucket = facts.settings.bucket
    return tuple(
        policy_changes.bucket_policy(bucket, each.sid, each.actions, each.conditions)
        for each in always or found
    )


type Judged = ExplainedReason[Cause]
IMAGES = frozenset({"s3", "kms"})
MENDED: Judged = Cause.DENIED_MENDED()


def judge(facts: Facts, lead: LeadingDenial) -> Judged | None:
    """The cause; None where nothing explains it."""
    looks: tuple[Callable[[Facts, LeadingDenial], Judged | None], ...] = (
        _stranger,
        _said,
        _bucket,
        _key,
        _role,
    )
    return next((judged for look in looks if (judged := look(facts, lead)) is not None), None)


def _stranger(facts: Facts, lead: LeadingDenial) -> Judged | None:
    if lead.what.own_role is False:
        return Cause.DENIED_OTHER_ROLE(role=facts.settings.service_role)
    if lead.what.target is DeniedTarget.OTHER and (differing := _differing(facts, lead)) is not None:
        return differing
    if lead.what.target is DeniedTarget.OTHER:
        return Cause.DENIED_OTHER_TARGET(action=lead.what.action)
    return None


def _differing(facts: Facts, lead: LeadingDenial) -> Judged | None:
    """The function asks for something else because its variable says so."""
    configuration = facts.of(Config())
    variable = {"s3": BUCKET_VARIABLE, "dynamodb": TABLE_VARIABLE}.get(lead.what.service, "")
    for name in lead.functions:
        state = configuration.functions.get(name) if configuration else None
        if state is not None and variable in state.expected_wrong:
            return Cause.ENVIRONMENT(function=name, variables=variable)
    return None


def _said(facts: Facts, lead: LeadingDenial) -> Judged | None:
    """What no policy that we read can show."""
    action, reason = lead.what.action, lead.what.reason
    if reason is DenyingPolicy.PUBLIC_BLOCK:
        return Cause.DENIED_PUBLIC_BLOCK(action=action)
    if reason in ABOVE:
        return Cause.DENIED_ABOVE(action=action, by=text(f"say.denied.{reason}"))
    if reason is DenyingPolicy.ROLE_DENIES and not _granted(facts, lead):
        return Cause.DENIED_BY_ROLE(action=action, role=facts.settings.service_role)
    return None


def _bucket(facts: Facts, lead: LeadingDenial) -> Judged | None:
    what = lead.what
    if what.service != "s3" or what.reason not in (DenyingPolicy.BUCKET_DENIES, DenyingPolicy.UNSAID):
        return None
    found = denying(facts, what.action)
    if found is None:
        return _bare(what.action) if what.reason is DenyingPolicy.BUCKET_DENIES else None
    always = [each for each in found if not each.conditions]
    if what.reason is DenyingPolicy.UNSAID:
        found = tuple(always)
    elif not found:
        # The statement is gone; or it is there in a form that is not judged, as long as it goes on denying.
        return MENDED if quiet(facts, lead) and what.action in ACTIONS else _bare(what.action)
    if not found:
        return None
    sids = ", ".join(each.sid for each in always or found)
    return Cause.DENIED_BUCKET_POLICY(action=what.action, sid=sids)


def _bare(action: str) -> Judged:
    """AWS says that it is the bucket's policy, and no statement of it can be named."""
    return Cause.DENIED_BUCKET_POLICY(action=action, sid="-")


def _granted(facts: Facts, lead: LeadingDenial) -> bool:
    """The role may do it by now: its policy allows it, no other policy is attached, and it is quiet."""
    access = facts.of(ACCESS)
    alone = access is not None and not (access.attached and lead.what.reason is DenyingPolicy.ROLE_DENIES)
    return alone and bool(allowed(facts, lead.what.action)) and quiet(facts, lead)


def _key(facts: Facts, lead: LeadingDenial) -> Judged | None:
    what, bucket = lead.what, facts.of(BUCKET)
    if what.service == "kms":
        if what.reason is DenyingPolicy.NOT_ALLOWED and allowed(facts, what.action):
            return None
        return Cause.DENIED_KEY(action=what.action)
    needed = {"s3:PutObject": "kms:GenerateDataKey", "s3:GetObject": "kms:Decrypt"}.get(what.action, "")
    if (
        what.reason is not DenyingPolicy.UNSAID
        or bucket is None
        or not bucket.key
        or not allowed(facts, what.action)
    ):
        return None
    if allowed(facts, needed) is not False:
        return None
    return Cause.DENIED_KEY(action=needed)


def _role(facts: Facts, lead: LeadingDenial) -> Judged | None:
    what = lead.what
    may = allowed(facts, what.action)
    if what.reason in (DenyingPolicy.NOT_ALLOWED, DenyingPolicy.ROLE_DENIES) and _granted(facts, lead):
        return MENDED
    if may:
        return None
    if what.reason is not DenyingPolicy.NOT_ALLOWED and not (
        what.reason is DenyingPolicy.UNSAID and may is False
    ):
        return None
    kind = Cause.DENIED_ROLE if what.service in IMAGES else Cause.DENIED_ELSEWHERE
    return kind(action=what.action, role=facts.settings.service_role)
