"""Powertools' table of claims, without the rows that only look like a claim."""

from decimal import Decimal
from typing import Any

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyItemAlreadyExistsError
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import STATUS_CONSTANTS, DataRecord

# What Powertools lets out where a row does not hold what it should.
UNREADABLE = (LookupError, RecursionError, TypeError, ValueError)


class Store(DynamoDBPersistenceLayer):
    """The table, through a client that repeats nothing."""

    def __init__(self, table: str, client: Any) -> None:
        super().__init__(table_name=table, boto3_client=client)

    def _put_record(self, data_record: DataRecord) -> None:
        """Raises ValueError for a row that would be being answered until it is deleted: ours have an end."""
        try:
            super()._put_record(data_record)
        except IdempotencyItemAlreadyExistsError as error:
            there = error.old_data_record
            if there is not None and _endless(there):
                raise ValueError from error
            raise


def _endless(there: DataRecord) -> bool:
    # DynamoDB's numbers arrive as Decimal.
    return there.status == STATUS_CONSTANTS["INPROGRESS"] and not isinstance(
        there.in_progress_expiry_timestamp, Decimal
    )
