"""How the FaceAuth system names its parts (its own repository's defaults)."""

CREATE = "FaceAuth-CreateLivenessSession"
RESULT = "FaceAuth-GetLivenessResult"
LIVENESS = (CREATE, RESULT)
LOGINS = ("FaceAuth-Enrollment", "FaceAuth-FaceLogin", "FaceAuth-EmergencyAuth", "FaceAuth-ReEnrollment")
STATUS = "FaceAuth-Status"
FUNCTIONS = (*LIVENESS, *LOGINS, STATUS)

TABLE = "FaceAuth-LivenessSessions"
INDEX = "EmployeeIdIndex"
ROLE = "FaceAuthLambdaExecutionRole"
POLICY = "FaceAuthLambdaPolicy"
STACK = "FaceAuthStack"
DASHBOARD = "FaceAuth-Liveness"
NAMESPACE = "FaceAuth/Liveness"
# Of the metric filters of this project's stack, as drills deploy it.
OURS = "LivenessResponder/liveness-responder"
ALIAS = "live"
ROLLOUT = "LIVENESS_ROLLOUT_PERCENTAGE"

ACCOUNT = "123456789012"
REGION = "us-east-1"


def bucket(region: str = REGION) -> str:
    """The images bucket carries account and Region in its name."""
    return f"face-auth-images-{ACCOUNT}-{region}"
