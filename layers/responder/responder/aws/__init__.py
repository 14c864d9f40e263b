"""The only room that imports boto3 and botocore."""

from responder.aws.boto import Boto

__all__ = ["Boto"]
