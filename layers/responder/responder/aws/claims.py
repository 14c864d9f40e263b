"""One state change, and one command, is answered once: Powertools Idempotency over the claims table."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import BaseError as PowertoolsError
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyItemAlreadyExistsError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import STATUS_CONSTANTS, DataRecord

from responder.aws.boto import FAILURES, Boto
from responder.aws.translate import translated
from responder.core.errors import BeingAnswered, Defect, Denied, NotClaimed, ResponderError, Unreadable
from responder.core.plain_data import Data, Json

# Powertools' table of claims, which refuses rows that only look like a claim.

# The exceptions that Powertools raises for a row with unexpected content.
UNREADABLE = (LookupError, RecursionError, TypeError, ValueError)


class Store(DynamoDBPersistenceLayer):
    """The table, through a client that repeats nothing."""

    def __init__(self, table: str, client: Any) -> None:
        super().__init__(table_name=table, boto3_client=client)

    def _put_record(self, data_record: DataRecord) -> None:
        """Raises ValueError for a row that would count as being answered until it is deleted: rows of the
        responder have an end."""
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


type KeptFor = Callable[[Data], timedelta]


class _Run:
    """The work, and whether it began, which Powertools' errors do not show: it is `done`, or has `failed`."""

    def __init__(self, work: Callable[[], Json], store: Store, kept: KeptFor) -> None:
        self._work = work
        self._store = store
        self._kept = kept
        self.done: Json | None = None
        self.failed: Exception | None = None

    def claimed(self, *, key: str) -> Json:
        try:
            self.done = self._work()
        except Exception as error:
            self.failed = error
            raise
        # Powertools asks for it when it stores the answer.
        self._store.expires_after_seconds = int(self._kept(self.done).total_seconds())
        return self.done


class Claims:
    """The claims of one table. `once` is what the handler uses."""

    def __init__(self, boto: Boto, table: str) -> None:
        self._boto = boto
        self._table = table

    def once(self, key: str, work: Callable[[], Json], context: Any, kept: KeptFor) -> Json:
        """Run `work` for this key, or give the answer of the run that did, for as long as that is `kept`.

        An exception of `work` is thrown as it is, and frees the claim, so that Lambda's retry runs it again.
        That the claim could not be freed is noted on it (`__notes__`); that claim ends with the run's time.

        Raises:
            BeingAnswered: another run holds the claim right now.
            NotClaimed: the claim could not be written, or its row holds no answer; `work` did not run.
            Denied: the work is done, and its answer may not be stored: no message would report that
                otherwise.
        """
        store = Store(self._table, self._boto.raw("dynamodb"))
        run = _Run(work, store, kept)
        answer: object = None
        try:
            answer = _once(run, store, context)(key=key)
        except (PowertoolsError, *UNREADABLE) as error:
            if run.failed is None:
                return _unkept(run, store, key, error)
            if error is not run.failed:
                run.failed.add_note(f"claim not freed: {_why(error, key, 'DeleteItem')}")
        if run.failed is not None:
            # The work began, and only the next try can finish it, whatever the state of the claim.
            raise run.failed
        if not isinstance(answer, dict):
            # Another writer's row, or half of one of the responder: it must not count as an answer.
            raise NotClaimed(key, Unreadable(key))
        return answer


def _once(run: _Run, store: Store, context: Any) -> Callable[..., object]:
    config = IdempotencyConfig()
    config.register_lambda_context(context)
    once: Callable[..., object] = idempotent_function(
        run.claimed, data_keyword_argument="key", persistence_store=store, config=config, key_prefix="event"
    )
    return once


def _unkept(run: _Run, store: Store, key: str, error: Exception) -> Json:
    """The claim failed, not the work."""
    if isinstance(error, IdempotencyAlreadyInProgressError):
        raise BeingAnswered(key) from error
    if run.done is None:
        raise NotClaimed(key, _why(error, key, "PutItem")) from error
    why = _why(error, key, "UpdateItem")
    if isinstance(why, Denied):
        _free(store, key, why)
        raise why from error
    # The work is done; since its answer could not be kept, it may be done again.
    return run.done


def _free(store: Store, key: str, why: Denied) -> None:
    """Otherwise the next tries would only see another run at work, and could not report what is missing."""
    with suppress(Exception):
        # Powertools makes the claim's id from whatever it is given.
        store.delete_record(data=key, exception=why)  # type: ignore[arg-type]


def _why(error: Exception, key: str, operation: str) -> ResponderError:
    """What Powertools has wrapped, or could not read. `operation`: where botocore does not say which."""
    cause = error.__cause__ or error
    if isinstance(cause, FAILURES):
        return translated(cause, "dynamodb", getattr(cause, "operation_name", operation))
    if isinstance(cause, (PowertoolsError, *UNREADABLE)):
        return Unreadable(key)
    return Defect(type(cause).__name__)
