"""The role that the FaceAuth functions share, with its inline policy."""

import json
from typing import Any

from rehearsal.world.names import ACCOUNT, POLICY, REGION, ROLE, TABLE, bucket

ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
_TABLE_ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}"
_ALLOWED: tuple[tuple[list[str], list[str]], ...] = (
    (
        ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query"],
        [_TABLE_ARN, f"{_TABLE_ARN}/index/*"],
    ),
    (
        [
            "rekognition:CreateFaceLivenessSession",
            "rekognition:GetFaceLivenessSessionResults",
            "rekognition:DetectFaces",
            "rekognition:SearchFacesByImage",
            "rekognition:IndexFaces",
        ],
        ["*"],
    ),
    (
        ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
        [f"arn:aws:s3:::{bucket()}/*"],
    ),
    (["cloudwatch:PutMetricData"], ["*"]),
    (["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], ["*"]),
)


def policy(without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The inline policy; `without` leaves actions out, as a bad deployment would."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [action for action in actions if action not in without],
                "Resource": on,
            }
            for actions, on in _ALLOWED
        ],
    }


def create(iam: Any) -> None:
    """Make the role."""
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
    iam.attach_role_policy(
        RoleName=ROLE, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    )
    set_policy(iam)


def set_policy(iam: Any, without: tuple[str, ...] = ()) -> None:
    """Write the inline policy."""
    iam.put_role_policy(RoleName=ROLE, PolicyName=POLICY, PolicyDocument=json.dumps(policy(without)))
