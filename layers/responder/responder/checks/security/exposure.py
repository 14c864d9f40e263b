"""Every day: whom the bucket of images and the functions let in. The monthly audit looks at the rest."""

from dataclasses import dataclass

from responder.checks.model import CheckSection
from responder.checks.security import resource_policies
from responder.checks.security.own_stack import bucket_items
from responder.core.context import Context
from responder.core.permissions import IMAGES_BUCKET, Permission

_READ = (
    "GetBucketAcl",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPublicAccessBlock",
    "GetEncryptionConfiguration",
    "GetReplicationConfiguration",
)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Faces that anyone can read cannot wait for the 1st of the month. Settings only, no image is read.

    The policy itself is judged rather than asked for with GetBucketPolicyStatus: S3 calls a bucket that lets
    one other account in "not public".
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """

    name: str = "exposure"

    def needs(self) -> tuple[Permission, ...]:
        """Reads of the bucket's settings, and of the policies of functions and topic."""
        return (*(Permission(f"s3:{each}", IMAGES_BUCKET) for each in _READ), *resource_policies.NEEDS)

    def run(self, context: Context) -> CheckSection:
        """The bucket's policy, public access block, ACL and key; the policies of functions and topic."""
        found = bucket_items(context, context.settings.bucket, tls=False)
        return CheckSection(self.name, (*found, *resource_policies.shared(context)))
