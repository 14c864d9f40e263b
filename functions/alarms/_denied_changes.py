"""What a person may want to change about a denied call: for exactly that action, on no more than it needs."""

from alarms import _proposing
from alarms._denied import BUCKET, Leading, denying
from responder.core.cause import Cause
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Text
from responder.core.verdict import Proposal
from responder.core.written_change import WrittenChange
from responder.evidence import Facts, arns
from responder.evidence.facts.denied import DenyingPolicy

# The actions that the liveness functions have a use for; a log line can never bring another one in.
REKOGNITION = frozenset(
    {"rekognition:CreateFaceLivenessSession", "rekognition:GetFaceLivenessSessionResults"}
)
TABLE = frozenset({"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"})
OBJECTS = frozenset({"s3:PutObject", "s3:GetObject"})
KEY = frozenset({"kms:GenerateDataKey", "kms:Decrypt"})
ROLE = frozenset({Cause.DENIED_ROLE, Cause.DENIED_ELSEWHERE, Cause.DENIED_KEY})
BY_THE_ROLE = frozenset({DenyingPolicy.NOT_ALLOWED, DenyingPolicy.UNSAID})


def changes(facts: Facts, lead: Leading, cause: ExplainedReason[Cause], why: Text) -> tuple[Proposal, ...]:
    """Written down for review; the public access block, boundaries and organizations are never among it."""
    found: tuple[WrittenChange, ...] = ()
    if cause.kind in ROLE and lead.what.reason in BY_THE_ROLE:
        found = _role(facts, str(cause.values["action"]))
    elif cause.kind is Cause.DENIED_BUCKET_POLICY:
        found = _bucket(facts, lead)
    return (Proposal(RemedyName.PROPOSE_CHANGE, why, proposed=found),) if found else ()


def _role(facts: Facts, action: str) -> tuple[WrittenChange, ...]:
    resource = _resource(facts, action)
    if not resource:
        return ()
    settings = facts.settings
    return (_proposing.role_policy(settings, settings.service_role, (action,), resource),)


def _resource(facts: Facts, action: str) -> str:
    """From what we know of the service, never from the log; "" where that is too little."""
    settings, bucket = facts.settings, facts.of(BUCKET)
    if action in OBJECTS:
        return arns.objects(settings)
    if action in TABLE:
        return arns.table(settings)
    if action == "dynamodb:Query":
        return f"{arns.table(settings)}/index/*" if arns.table(settings) else ""
    if action in KEY:
        return bucket.key if bucket is not None and bucket.key.startswith("arn:") else ""
    return "*" if action in REKOGNITION or action == "cloudwatch:PutMetricData" else ""


def _bucket(facts: Facts, lead: Leading) -> tuple[WrittenChange, ...]:
    found = denying(facts, lead.what.action) or ()
    always = tuple(each for each in found if not each.conditions)
    bucket = facts.settings.bucket
    return tuple(
        _proposing.bucket_policy(bucket, each.sid, each.actions, each.conditions) for each in always or found
    )
