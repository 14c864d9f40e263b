"""The packaged template in another local AWS: a run of SAM CLI takes longer than all else in a deployment."""

import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from local_aws.client import LocalAws
from rehearsal.drill.build import BUILT, SamError, built

_KEPT = BUILT.parent / "packaged"
_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
_SECONDS = 60.0


def package() -> Path | None:
    """The folder of what `sam deploy` has uploaded of this very build; None where it is still to do so."""
    folder = _KEPT / built()
    return folder if folder.exists() else None


def keep(aws: LocalAws) -> None:
    """What `sam deploy` has uploaded, for `package`; what was kept of other builds goes."""
    s3 = aws.client("s3")
    names = (each["Name"] for each in s3.list_buckets()["Buckets"])
    bucket = next(name for name in names if name.startswith("aws-sam-cli-managed"))
    _KEPT.mkdir(parents=True, exist_ok=True)
    # Not what another process is writing now.
    for old in _KEPT.glob("[!w]*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="writing-", dir=_KEPT))
    for each in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        path = folder / bucket / each["Key"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())
    # Another process may have been as quick.
    with suppress(OSError):
        folder.rename(_KEPT / built())
    shutil.rmtree(folder, ignore_errors=True)


def deploy_again(folder: Path, aws: LocalAws, stack: str, values: Mapping[str, str]) -> None:
    """Deploy a package.

    Raises:
        SamError: CloudFormation did not create the stack.
    """
    bucket, template = _upload(folder, aws)
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


def _upload(folder: Path, aws: LocalAws) -> tuple[str, str]:
    """(bucket of SAM CLI, key of the packaged template)."""
    s3, (place,) = aws.client("s3"), folder.iterdir()
    s3.create_bucket(Bucket=place.name)
    keys = [str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()]
    for key in keys:
        s3.put_object(Bucket=place.name, Key=key, Body=(place / key).read_bytes())
    return place.name, next(key for key in keys if key.endswith(".template"))


def _status(aws: LocalAws, stack: str) -> str:
    found = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return str(found["StackStatus"])
