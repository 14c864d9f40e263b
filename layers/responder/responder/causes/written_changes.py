"""Changes that are only written down for a person: rights and quotas. Pure.

Never a longer time-out: a request that is killed waits for something, and users would only wait longer.
"""

from responder.causes import policy_changes
from responder.causes.denied import GRANTABLE, other_role
from responder.causes.leading_fault import Leading
from responder.causes.policy_changes import partition
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import Proposal, WrittenChange
from responder.evidence import Facts
from responder.evidence.access import Access
from responder.evidence.faults import Fault

ENOUGH = 5
REKOGNITION = frozenset({"CreateFaceLivenessSession", "GetFaceLivenessSessionResults"})
TABLE = frozenset({"PutItem", "GetItem", "UpdateItem", "DeleteItem", "BatchWriteItem"})
IMAGES = frozenset({"PutObject", "GetObject"})
# The key's own policy: no statement of the role's policy mends it.
NOT_THE_POLICY = frozenset({"KMSAccessDeniedException"})


def written(facts: Facts, lead: Leading) -> tuple[Proposal, ...]:
    """What a person may want to change about the leading fault."""
    changes = _changes(facts, lead)
    why = text("why.leading", leading=lead.say())
    return (Proposal(RemedyName.PROPOSE_CHANGE, why, Mode.OBSERVE, proposed=changes),) if changes else ()


def _changes(facts: Facts, lead: Leading) -> tuple[WrittenChange, ...]:
    if lead.fault is Fault.ACCESS_DENIED:
        return _right(facts, lead)
    # A single one of these is a bad moment, and no reason to change anything for good.
    if lead.count < ENOUGH:
        return ()
    if lead.fault in (Fault.THROTTLING, Fault.QUOTA) and lead.operation in REKOGNITION:
        return (policy_changes.quota(facts.settings, lead.operation),)
    return ()


def _right(facts: Facts, lead: Leading) -> tuple[WrittenChange, ...]:
    found = _denied(lead.operation, facts.settings)
    if found is None or lead.code in NOT_THE_POLICY or lead.reason not in GRANTABLE:
        return ()
    if any(other_role(facts, name) for name in lead.functions):
        return ()
    access = facts.of(Access())
    # What the role's policy allows already is denied elsewhere: by a boundary, a resource's policy, an SCP.
    if access is not None and access.judged.get(found.action):
        return ()
    role = facts.settings.service_role
    return (policy_changes.role_policy(facts.settings, role, (found.action,), found.resource),)


@frozen
class _Denied:
    action: str
    resource: str


def _denied(operation: str, settings: Settings) -> _Denied | None:
    """The action behind an operation, on no more than the service uses; None for one we do not know."""
    arn = f"arn:{partition(settings.region)}"
    table = f"{arn}:dynamodb:{settings.region}:{settings.account or '*'}:table/{settings.sessions_table}"
    if operation in REKOGNITION:  # Face Liveness knows no resources (service authorization reference).
        return _Denied(f"rekognition:{operation}", "*")
    if operation in TABLE:
        return _Denied(f"dynamodb:{operation}", table)
    if operation == "Query":
        return _Denied("dynamodb:Query", f"{table}/index/*")
    if operation in IMAGES and settings.bucket:
        return _Denied(f"s3:{operation}", f"{arn}:s3:::{settings.bucket}/liveness-audit/*")
    return None
