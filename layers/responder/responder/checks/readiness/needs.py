"""What the check of readiness reads."""

from collections.abc import Mapping

from responder.checks.readiness.slack_health import NEED
from responder.core.permissions import (
    ANY,
    CREATE_FUNCTION,
    INCIDENTS_TABLE,
    PARAMETERS,
    PARAMETERS_PATH,
    RESULT_FUNCTION,
    ROLES,
    ROLLOUT_FUNCTIONS,
    SERVICE_STACK,
    SESSIONS_TABLE,
    SLACK_IF_ANY,
    TOPIC,
    Permission,
    responder,
)
from responder.remedies import Remedy


def role(slug: str) -> str:
    """The ARN of the role that SAM makes for a function, by the function's logical id."""
    logical = "".join(part.capitalize() for part in slug.split("-"))
    return f"${{{logical}Role.Arn}}"


def needs(users: Mapping[str, tuple[Remedy, ...]]) -> tuple[Permission, ...]:
    """`users`: the remedies that a function may use, by its slug."""
    instances = dict.fromkeys(one for each in users.values() for one in each)
    every = (need for remedy in instances for need in remedy.needs())
    return tuple(
        dict.fromkeys(
            (
                # What a remedy writes has a reason beside it; its reads have none.
                *(need for need in every if not need.why and not need.forbidden),
                *(
                    Permission("lambda:GetFunctionConfiguration", arn)
                    for arn in (CREATE_FUNCTION, RESULT_FUNCTION, *ROLLOUT_FUNCTIONS)
                ),
                *(Permission("lambda:GetFunctionConfiguration", responder(slug)) for slug in users),
                *(Permission("iam:SimulatePrincipalPolicy", role(slug)) for slug in users),
                Permission("iam:GetRole", ROLES),
                Permission("cloudformation:DescribeStacks", SERVICE_STACK),
                Permission("dynamodb:DescribeTable", SESSIONS_TABLE),
                Permission("dynamodb:Query", INCIDENTS_TABLE),
                Permission("ssm:GetParametersByPath", PARAMETERS_PATH),
                Permission("ssm:GetParametersByPath", PARAMETERS),
                Permission("sns:ListSubscriptionsByTopic", TOPIC),
                Permission("sns:GetSubscriptionAttributes", TOPIC),
                Permission("cloudwatch:GetMetricData", ANY),
                Permission("secretsmanager:DescribeSecret", SLACK_IF_ANY),
                NEED,
            )
        )
    )
