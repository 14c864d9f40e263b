"""The same packaged template in another local AWS, without another run of SAM CLI."""

import time
from collections.abc import Mapping

from liveness_ops.drill.build import SamError
from liveness_ops.local_aws import LocalAws

_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
_SECONDS = 60.0


def deploy_again(first: LocalAws, aws: LocalAws, stack: str, values: Mapping[str, str]) -> None:
    """What `sam deploy` has put into the first one's bucket is deployed from there.

    Raises:
        SamError: CloudFormation did not create the stack.
    """
    bucket, template = _copy(first, aws)
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack,
        TemplateURL=f"https://s3.{aws.region}.amazonaws.com/{bucket}/{template}",
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in values.items() if value
        ],
        Capabilities=list(_CAPABILITIES),
    )
    end = time.monotonic() + _SECONDS
    while (status := _status(aws, stack)) == "CREATE_IN_PROGRESS" and time.monotonic() < end:
        time.sleep(0.05)
    if status != "CREATE_COMPLETE":
        raise SamError(f"the stack {stack} is {status}")


def _copy(first: LocalAws, aws: LocalAws) -> tuple[str, str]:
    """(bucket of SAM CLI, key of the packaged template)."""
    here, there = first.client("s3"), aws.client("s3")
    names = (each["Name"] for each in here.list_buckets()["Buckets"])
    bucket = next(name for name in names if name.startswith("aws-sam-cli-managed"))
    there.create_bucket(Bucket=bucket)
    keys = [each["Key"] for each in here.list_objects_v2(Bucket=bucket)["Contents"]]
    for key in keys:
        body = here.get_object(Bucket=bucket, Key=key)["Body"].read()
        there.put_object(Bucket=bucket, Key=key, Body=body)
    return bucket, next(key for key in keys if key.endswith(".template"))


def _status(aws: LocalAws, stack: str) -> str:
    found = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return str(found["StackStatus"])
