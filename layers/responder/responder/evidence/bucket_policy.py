"""A bucket policy read for one question: which Deny meets the service's role? Pure; never raises."""

from collections.abc import Iterable, Mapping
from typing import Any

from responder.core.settings import Settings
from responder.evidence import arns
from responder.evidence.facts.bucket import BucketDeny
from responder.evidence.policies import Statement, covers, listed, reaches

ACTIONS = ("s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket")
# What the service keeps for a session (a Deny may name no more than one kind of it).
_OBJECTS = ("*", "session/audit-log.json", "session/reference.jpg", "session/audit-1.jpg")
_TLS = "aws:securetransport"


def denies(found: Iterable[Statement], settings: Settings) -> tuple[BucketDeny, ...]:
    """Deny statements about the liveness objects that the role's calls can meet; unnamed ones by position."""
    return tuple(
        deny
        for number, each in enumerate(found, start=1)
        if (deny := _deny(each, f"#{number}", settings)) is not None
    )


def _deny(statement: Statement, unnamed: str, settings: Settings) -> BucketDeny | None:
    if statement.get("Effect") != "Deny" or not _meets(statement, settings) or _insecure_only(statement):
        return None
    whole = arns.objects(settings)
    bucket = whole.partition("/")[0]
    objects = tuple(f"{whole.removesuffix('*')}{name}" for name in _OBJECTS) if whole else ("",)
    actions = tuple(
        action
        for action in ACTIONS
        if covers(statement, action)
        and any(reaches(statement, each) for each in ((bucket,) if action == "s3:ListBucket" else objects))
    )
    if not actions:
        return None
    sid = statement.get("Sid")
    return BucketDeny(sid if isinstance(sid, str) and sid else unnamed, actions, _conditions(statement))


def _meets(statement: Statement, settings: Settings) -> bool:
    if "NotPrincipal" in statement:
        return arns.role(settings) not in _principals(statement["NotPrincipal"])
    named = _principals(statement.get("Principal"))
    account = {settings.account, f"arn:{arns.partition(settings.region)}:iam::{settings.account}:root"}
    running = f":assumed-role/{settings.service_role}/"
    ours = {"*", arns.role(settings), *account} - {""}
    return any(each in ours or running in each for each in named)


def _principals(value: Any) -> tuple[str, ...]:
    return listed(value.get("AWS")) if isinstance(value, Mapping) else listed(value)


def _conditions(statement: Statement) -> tuple[str, ...]:
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping):
        return ()
    tests = (each for each in condition.values() if isinstance(each, Mapping))
    return tuple(sorted({str(key) for each in tests for key in each}))


def _insecure_only(statement: Statement) -> bool:
    # The SDK speaks TLS: a Deny of everything else never meets it.
    return [key.lower() for key in _conditions(statement)] == [_TLS]
