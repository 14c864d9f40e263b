"""Which AWS service a cause is about: AWS Support wants to know it first."""

from collections.abc import Mapping

from responder.core.cause import AwsService, Cause
from responder.followup.messages.case import MessageContext

_OF: Mapping[AwsService, tuple[Cause, ...]] = {
    AwsService.REKOGNITION: (
        Cause.SLOW_REKOGNITION,
        Cause.NEAR_THRESHOLD,
        Cause.LOW_SCORES,
        Cause.AMBER,
    ),
    AwsService.DYNAMODB: (
        Cause.TABLE_THROTTLED,
        Cause.TABLE_CAPACITY,
        Cause.TABLE_HOT_KEY,
        Cause.TABLE_ON_DEMAND_THROTTLED,
        Cause.TABLE_ABSENT,
        Cause.TABLE_UNUSABLE,
        Cause.INDEX_ABSENT,
        Cause.INDEX_UNUSABLE,
        Cause.SLOW_TABLE,
    ),
    AwsService.S3: (
        Cause.BUCKET_ABSENT,
        Cause.OBJECT_ABSENT,
        Cause.SLOW_IMAGES,
        Cause.DENIED_BUCKET_POLICY,
        Cause.DENIED_PUBLIC_BLOCK,
    ),
    AwsService.KMS: (Cause.KEY_UNUSABLE, Cause.DENIED_KEY),
    AwsService.IAM: (
        Cause.PERMISSION_ABSENT,
        Cause.POLICY_ABSENT,
        Cause.ROLE_ABSENT,
        Cause.DENIED_ROLE,
        Cause.DENIED_ELSEWHERE,
        Cause.DENIED_BY_ROLE,
        Cause.DENIED_ABOVE,
        Cause.DENIED_OTHER_ROLE,
    ),
    AwsService.LAMBDA: (
        Cause.COLD_STARTS,
        Cause.MEMORY,
        Cause.SLOW_DEPENDENCY,
        Cause.IMPORT_ERROR,
        Cause.ENVIRONMENT,
        Cause.VARIABLE,
        Cause.CLIENT_SETUP,
        Cause.CREDENTIALS,
        Cause.CONCURRENCY_OFF,
        Cause.CONCURRENCY_RESERVED,
        Cause.CONCURRENCY_ACCOUNT,
    ),
    AwsService.VPC: (
        Cause.CONNECTION,
        Cause.CONNECTION_LOST,
        Cause.TLS,
        Cause.PROXY,
        Cause.NETWORK,
        Cause.SLOW_NETWORK,
    ),
}


SERVICES = {cause: service for service, causes in _OF.items() for cause in causes}


# The service whose calls fail with it: the log names the operation.
BY_OPERATION = frozenset(
    {
        Cause.ACCESS_DENIED,
        Cause.THROTTLING,
        Cause.QUOTA,
        Cause.INTERNAL,
        Cause.CONFIGURATION,
        Cause.READ_TIMEOUT,
        Cause.RESPONSE,
        Cause.REFUSED,
        Cause.OTHER,
    }
)


def service(case: MessageContext) -> AwsService | None:
    """Whom to ask; None where nothing shows which service it is, or it is none of AWS."""
    made = case.head.decision
    if made is None:
        return None
    return made.service if made.cause.kind in BY_OPERATION else SERVICES.get(made.cause.kind)
