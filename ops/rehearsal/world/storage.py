"""The sessions table and the images bucket."""

from typing import Any

from rehearsal.world.names import INDEX, REGION, TABLE, bucket

UNITS = 5
_UNITS = {"ReadCapacityUnits": UNITS, "WriteCapacityUnits": UNITS}


def create_table(dynamodb: Any, *, provisioned: bool) -> None:
    """Deployed on demand; in the other world a person made it provisioned."""
    billing: dict[str, Any] = {"BillingMode": "PAY_PER_REQUEST"}
    if provisioned:
        billing = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": _UNITS}
    index = {
        "IndexName": INDEX,
        "KeySchema": [{"AttributeName": "employee_id", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
        **({"ProvisionedThroughput": _UNITS} if provisioned else {}),
    }
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "session_id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "session_id", "AttributeType": "S"},
            {"AttributeName": "employee_id", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[index],
        SSESpecification={"Enabled": True},  # by the key that AWS manages for DynamoDB
        **billing,
    )
    dynamodb.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
    )
    dynamodb.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def create_bucket(s3: Any) -> None:
    """SSE-S3, closed to the public, not versioned (the manual requires it so, and it is not)."""
    name, region = bucket(s3.meta.region_name), s3.meta.region_name
    # The first Region has no name as a place.
    place = {} if region == REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **place)
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket=name,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": prefix,
                    "Status": "Enabled",
                    "Filter": {"Prefix": prefix},
                    "Expiration": {"Days": days},
                }
                for prefix, days in (("logins/", 30), ("temp/", 1), ("liveness-audit/", 90))
            ]
        },
    )
