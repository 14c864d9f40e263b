"""Environment variables of each function. Values are invented; none may ever show up in a message."""

from rehearsal.world.names import LIVENESS, LOGINS, ROLLOUT, TABLE, bucket

_LIVENESS = {
    "LIVENESS_SESSIONS_TABLE": TABLE,
    "FACE_AUTH_BUCKET": bucket(),
    "LIVENESS_CONFIDENCE_THRESHOLD": "90.0",
}
_OTHERS = {
    **_LIVENESS,
    "CARD_TEMPLATES_TABLE": "FaceAuth-CardTemplates",
    "EMPLOYEE_FACES_TABLE": "FaceAuth-EmployeeFaces",
    "AUTH_SESSIONS_TABLE": "FaceAuth-AuthSessions",
    "COGNITO_USER_POOL_ID": "us-east-1_Xk2Pq9LmN",
    "COGNITO_CLIENT_ID": "4v7s1o2h8example3n5q6r9t0u",
    "REKOGNITION_COLLECTION_ID": "face-auth-employees",
    "AD_TIMEOUT": "10",
    "LAMBDA_TIMEOUT": "15",
    "SESSION_TIMEOUT_HOURS": "8",
    "USE_MOCK_AD": "false",
    "AD_SERVER_URL": "ldaps://ad01.corp.company.example:636",
    "AD_BASE_DN": "DC=corp,DC=company,DC=example",
}
_ROLLED_OUT = {"ENABLE_LIVENESS_API": "true", ROLLOUT: "50"}

# Values that a reader would recognize; short ones ("10", "true") could occur in any sentence.
SECRETS = tuple(
    _OTHERS[name]
    for name in (
        "COGNITO_USER_POOL_ID",
        "COGNITO_CLIENT_ID",
        "AD_SERVER_URL",
        "AD_BASE_DN",
        "REKOGNITION_COLLECTION_ID",
    )
)


def variables(function: str, *, rolled_out: bool) -> dict[str, str]:
    """All variables of a function; the rollout's two exist only where it was rolled out."""
    if function in LIVENESS:
        return dict(_LIVENESS)
    return {**_OTHERS, **(_ROLLED_OUT if rolled_out and function in LOGINS else {})}
