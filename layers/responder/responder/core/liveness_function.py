"""The two liveness functions, one of which a question or a remedy is about."""

from enum import StrEnum

from responder.core.permissions import CREATE_FUNCTION, CREATE_LOGS, RESULT_FUNCTION, RESULT_LOGS
from responder.core.settings import Settings


class LivenessFunction(StrEnum):
    """CreateLivenessSession makes a session, GetLivenessResult judges it."""

    CREATE = "create"
    RESULT = "result"

    def deployed_name(self, settings: Settings) -> str:
        """Its name in AWS."""
        return settings.create_function if self is LivenessFunction.CREATE else settings.result_function

    @property
    def arn(self) -> str:
        """Its ARN in the template's words."""
        return CREATE_FUNCTION if self is LivenessFunction.CREATE else RESULT_FUNCTION

    @property
    def logs(self) -> str:
        """ARN of its log group in the template's words."""
        return CREATE_LOGS if self is LivenessFunction.CREATE else RESULT_LOGS


def scope_of(target: str, settings: Settings) -> str:
    """What a remedy calls the scope of a lease on this target: a function's role, or "" for the only one."""
    return next((each.value for each in LivenessFunction if each.deployed_name(settings) == target), "")
