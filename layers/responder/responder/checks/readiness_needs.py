"""What the check of readiness reads."""

from responder.checks.readiness_reached import NEED
from responder.checks.readiness_users import INSTANCES, USERS
from responder.permissions import (
    ANY,
    CREATE_FUNCTION,
    INCIDENTS_TABLE,
    PARAMETERS,
    PARAMETERS_PATH,
    RESULT_FUNCTION,
    ROLES,
    ROLLOUT_FUNCTIONS,
    SESSIONS_TABLE,
    SLACK_IF_ANY,
    TOPIC,
    Permission,
    responder,
)


def role(slug: str) -> str:
    """The ARN of the role that SAM makes for a function, by the function's logical id."""
    logical = "".join(part.capitalize() for part in slug.split("-"))
    return f"${{{logical}Role.Arn}}"


# What a remedy writes has a reason beside it; its reads have none.
_READS = (need for remedy in INSTANCES for need in remedy.needs() if not need.why and not need.forbidden)
NEEDS = tuple(
    dict.fromkeys(
        (
            *_READS,
            *(
                Permission("lambda:GetFunctionConfiguration", arn)
                for arn in (CREATE_FUNCTION, RESULT_FUNCTION, *ROLLOUT_FUNCTIONS)
            ),
            *(Permission("lambda:GetFunctionConfiguration", responder(slug)) for slug in USERS),
            *(Permission("iam:SimulatePrincipalPolicy", role(slug)) for slug in USERS),
            Permission("iam:GetRole", ROLES),
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
