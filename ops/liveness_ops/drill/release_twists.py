"""What somebody may have released, reserved or forbidden before the alarm."""

import json
from dataclasses import dataclass
from datetime import datetime

from liveness_ops.drill.scenario import Aws
from liveness_ops.world.functions import package
from liveness_ops.world.identity import ROLE_ARN
from liveness_ops.world.names import ALIAS, bucket


@dataclass(frozen=True, slots=True)
class Deployed:
    """Somebody released new code: published, and the alias moved to it, or with `canary` a part of it."""

    function: str
    canary: float = 0.0

    def apply(self, aws: Aws, now: datetime) -> None:
        """As a deployment does."""
        lam = aws.client("lambda")
        old = lam.get_alias(FunctionName=self.function, Name=ALIAS)["FunctionVersion"]
        lam.update_function_code(FunctionName=self.function, ZipFile=package(f"{self.function} 2"))
        lam.get_waiter("function_updated_v2").wait(FunctionName=self.function, WaiterConfig={"Delay": 0.05})
        new = lam.publish_version(FunctionName=self.function)["Version"]
        if self.canary:
            weights = {"AdditionalVersionWeights": {new: self.canary}}
            lam.update_alias(
                FunctionName=self.function, Name=ALIAS, FunctionVersion=old, RoutingConfig=weights
            )
        else:
            lam.update_alias(FunctionName=self.function, Name=ALIAS, FunctionVersion=new)


@dataclass(frozen=True, slots=True)
class Reserved:
    """The function may run so often at once; 0 switches it off."""

    function: str
    most: int

    def apply(self, aws: Aws, now: datetime) -> None:
        """Set it."""
        aws.client("lambda").put_function_concurrency(
            FunctionName=self.function, ReservedConcurrentExecutions=self.most
        )


@dataclass(frozen=True, slots=True)
class BucketDenies:
    """A policy of the images bucket denies the service's role an action."""

    action: str
    sid: str = "OnlyFromTheVpc"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write it."""
        statement = {
            "Sid": self.sid,
            "Effect": "Deny",
            "Principal": {"AWS": ROLE_ARN},
            "Action": self.action,
            "Resource": f"arn:aws:s3:::{bucket()}/*",
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        aws.client("s3").put_bucket_policy(Bucket=bucket(), Policy=json.dumps(document))
