"""Our stack in moto, from the template as CloudFormation gets it."""

import ast
import io
import json
import os
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from liveness_ops.template_tools.load import ROOT, template
from rehearsal.drill.stack import STACK
from rehearsal.world.names import REGION
from responder.core.plain_data import Json
from tests.witness.template_types import TYPES

INTERPRETER = ROOT / ".venvs" / "local-aws" / "bin" / "python"
_BUCKET, _KEY = "packages", "package.zip"
_PLACE = f"s3://{_BUCKET}/{_KEY}"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
assert TYPES


def packaged() -> Json:
    """As `sam package` leaves it; the code itself runs in this process, from the folders of the checkout."""
    source = template()
    source["Globals"]["Function"]["CodeUri"] = _PLACE
    for resource in source["Resources"].values():
        for place in ("CodeUri", "ContentUri"):
            if place in resource.get("Properties", {}):
                resource["Properties"][place] = _PLACE
    return source


@cache
def expanded() -> str:
    """Plain CloudFormation, as text."""
    program = Path(__file__).with_name("expand.py")
    done = subprocess.run(
        [str(INTERPRETER), str(program)],
        input=json.dumps(packaged()),
        env={**os.environ, "AWS_DEFAULT_REGION": REGION},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def deploy(values: dict[str, str]) -> None:
    """Into the moto of this process."""
    s3 = boto3.client("s3", REGION)
    s3.create_bucket(Bucket=_BUCKET)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("README", "The functions run from the checkout.")
    s3.put_object(Bucket=_BUCKET, Key=_KEY, Body=package.getvalue())
    boto3.client("cloudformation", REGION).create_stack(
        StackName=STACK,
        TemplateBody=expanded(),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
        Capabilities=_CAPABILITIES,  # type: ignore[arg-type]  # the names of the model's own literal
    )
    _complete(json.loads(expanded())["Resources"])


def _complete(resources: Json) -> None:
    """What moto's CloudFormation drops of roles, tables and buckets, through its API."""
    dynamodb, s3 = boto3.client("dynamodb", REGION), boto3.client("s3", REGION)
    iam: Any = boto3.client("iam", REGION)
    listed = boto3.client("cloudformation", REGION).get_paginator("list_stack_resources")
    names = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in listed.paginate(StackName=STACK).build_full_result()["StackResourceSummaries"]
    }
    for name, resource in resources.items():
        if resource["Type"] == "AWS::IAM::Role" and name in names:
            _as_json(names[name])
            for policy in resource["Properties"].get("ManagedPolicyArns", ()):
                arn = policy if isinstance(policy, str) else names[policy["Ref"]]
                iam.attach_role_policy(RoleName=names[name], PolicyArn=arn)
        given: Any = resource.get("Properties", {})
        if resource["Type"] == "AWS::DynamoDB::Table":
            recovery = given["PointInTimeRecoverySpecification"]
            dynamodb.update_continuous_backups(
                TableName=names[name], PointInTimeRecoverySpecification=recovery
            )
        if resource["Type"] == "AWS::S3::Bucket":
            block = given["PublicAccessBlockConfiguration"]
            s3.put_public_access_block(Bucket=names[name], PublicAccessBlockConfiguration=block)


def _as_json(role: str) -> None:
    """moto's CloudFormation keeps a role's policies as Python writes them."""
    iam: Any = boto3.client("iam", REGION)
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        stored = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        if isinstance(stored, str):
            # SAM leaves the version out, which AWS takes for an older one and moto refuses.
            document = json.dumps({"Version": "2012-10-17", **ast.literal_eval(stored)})
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
