"""A rolled-out FaceAuth in the fake, and the shell's part of a remedy's life."""

from dataclasses import replace
from typing import Any

from responder.core.change import Changes, Lease, LeaseState, Plan, Status
from responder.core.context import Context
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.remedies import Remedy
from tests.fakes import FakeAws

ROLLOUT = "LIVENESS_ROLLOUT_PERCENTAGE"
FOUR = Settings().rollout_functions
ENROLLMENT, FACE_LOGIN, EMERGENCY, RE_ENROLLMENT = FOUR
RESULT = Settings().result_function
TABLE = Settings().sessions_table
SETTINGS = Settings(rollout_readers=FOUR)
OTHERS = {
    "FACE_AUTH_BUCKET": "s3cret-face-auth-images",
    "CARD_TEMPLATES_TABLE": "s3cret-cards",
    "EMPLOYEE_FACES_TABLE": "s3cret-faces",
    "AUTH_SESSIONS_TABLE": "s3cret-sessions",
    "LIVENESS_SESSIONS_TABLE": "s3cret-liveness",
    "COGNITO_USER_POOL_ID": "s3cret-pool",
    "COGNITO_CLIENT_ID": "s3cret-client",
    "REKOGNITION_COLLECTION_ID": "s3cret-collection",
    "LIVENESS_CONFIDENCE_THRESHOLD": "s3cret-90",
    "AD_TIMEOUT": "s3cret-10",
    "LAMBDA_TIMEOUT": "s3cret-15",
    "SESSION_TIMEOUT_HOURS": "s3cret-8",
    "AD_SERVER_URL": "s3cret-ldaps",
    "AD_BASE_DN": "s3cret-dc",
    "ENABLE_LIVENESS_API": "s3cret-true",
}


def rolled_out(old: str = "50") -> FakeAws:
    """Four functions with fifteen other variables each."""
    aws = FakeAws()
    for name in FOUR:
        aws.lambdas.add(name, {**OTHERS, ROLLOUT: old}, Runtime="python3.9")
    return aws


def context(aws: FakeAws, **settings: Any) -> Context:
    return Context(aws, replace(SETTINGS, **settings), aws.now, aws.now)


def lease(remedy: Remedy, plan: Plan, changes: Changes, state: LeaseState = LeaseState.IN_FORCE) -> Lease:
    return Lease(remedy.name, plan.scope, "incident", state, FakeAws.now, None, plan.snapshot, changes)


def applied(aws: FakeAws, remedy: Remedy) -> Lease:
    """Prepared, applied, finished by AWS, confirmed."""
    plan = remedy.prepare(context(aws))
    assert not plan.obstacles, plan.obstacles
    return confirmed(aws, remedy, lease(remedy, plan, remedy.apply(context(aws), plan)))


def confirmed(aws: FakeAws, remedy: Remedy, held: Lease) -> Lease:
    """`finish` until nothing is in progress."""
    for _ in range(3):
        aws.settle()
        held = replace(held, changes=remedy.confirm(context(aws), held))
        if all(change.status is not Status.IN_PROGRESS for change in held.changes):
            break
    return held


def reverted(aws: FakeAws, remedy: Remedy, held: Lease, wanted: Data | None = None) -> Lease:
    changes = remedy.revert(context(aws), held, wanted or {})
    return confirmed(aws, remedy, replace(held, changes=changes, state=LeaseState.REVERTING))


def statuses(changes: Changes) -> list[Status]:
    return [change.status for change in changes]


def notes(changes: Changes) -> list[str]:
    return [change.note.kind.value for change in changes if change.note is not None]


def keys(plan: Plan) -> list[str]:
    return [reason.kind.value for reason in plan.obstacles]


def percentages(aws: FakeAws, qualifier: str = "$LATEST", names: Strings = FOUR) -> list[str]:
    return [aws.lambdas.variables(name, qualifier)[ROLLOUT] for name in names]
