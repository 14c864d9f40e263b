"""Resources as `responder.core.permissions` writes them, as ARNs of this deployment. Pure."""

import re
from dataclasses import dataclass, field

from responder.core.settings import Settings

_ROLLOUT = (
    "EnrollmentFunctionName",
    "FaceLoginFunctionName",
    "EmergencyAuthFunctionName",
    "ReEnrollmentFunctionName",
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """By the template's names, what stands for them here."""

    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, function_arn: str, settings: Settings) -> "Deployment":
        """Partition, Region and account from the ARN of one of our functions."""
        _, partition, _, region, account = function_arn.split(":")[:5]
        return cls(
            {
                "AWS::Partition": partition,
                "AWS::Region": region,
                "AWS::AccountId": account,
                "AWS::StackName": settings.stack,
                "CreateFunctionName": settings.create_function,
                "ResultFunctionName": settings.result_function,
                "SessionsTableName": settings.sessions_table,
                **dict(zip(_ROLLOUT, settings.rollout_functions, strict=False)),
            }
        )

    def written(self, resource: str) -> str:
        """The simulator wants one resource: for every alias, `live` stands for all."""
        found = re.sub(r"\$\{([\w:]+)}", lambda name: self.names.get(name[1], name[0]), resource)
        return f"{found.removesuffix(':*')}:live" if found.endswith(":*") else found
