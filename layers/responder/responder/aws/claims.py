"""One state change is answered once: Powertools Idempotency over the claims table."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyPersistenceLayerError,
)
from botocore.exceptions import BotoCoreError, ClientError

from responder.aws.boto import Boto
from responder.aws.translate import translated
from responder.errors import BeingAnswered, Defect, Denied, NotClaimed, ResponderError, Unreadable

# Longer than any redelivery that may still act: EventBridge and Lambda give up after 15 min each.
_KEPT_SECONDS = 24 * 3600


class Claims:
    """The claims of one table. `once` is what the handler uses."""

    def __init__(self, boto: Boto, table: str) -> None:
        self._boto = boto
        self._table = table

    def once(self, key: str, work: Callable[[], dict[str, Any]], context: Any) -> dict[str, Any]:
        """Run `work` for this key, or give the answer of the run that did.

        An exception of `work` frees the claim, so that Lambda's retry runs it again.

        Raises:
            BeingAnswered: another run holds the claim right now.
            NotClaimed: the claim could not be written, or what stands there is no answer; `work` did not run.
            Denied: the work is done, and we may not keep its answer: nobody would be told of that otherwise.
        """
        done: list[dict[str, Any]] = []
        config = IdempotencyConfig(expires_after_seconds=_KEPT_SECONDS)
        config.register_lambda_context(context)
        store = DynamoDBPersistenceLayer(table_name=self._table, boto3_client=self._boto.raw("dynamodb"))

        def claimed(*, key: str) -> dict[str, Any]:
            done.append(work())
            return done[0]

        once: Callable[..., dict[str, Any]] = idempotent_function(
            claimed, data_keyword_argument="key", persistence_store=store, config=config, key_prefix="alarm"
        )
        try:
            answer: object = once(key=key)
        except IdempotencyAlreadyInProgressError as error:
            raise BeingAnswered(key) from error
        except IdempotencyPersistenceLayerError as error:
            why = _why(error)
            if not done:
                raise NotClaimed(key, why) from error
            if isinstance(why, Denied):
                _free(store, key, why)
                raise why from error
            # The work is done; that its answer could not be kept only means it may be done again.
            return done[0]
        if not isinstance(answer, dict):
            # Somebody's row, or half of one of ours: it must not pass for an answer.
            raise NotClaimed(key, Unreadable(key))
        return answer


def _free(store: DynamoDBPersistenceLayer, key: str, why: Denied) -> None:
    """Else the next tries would only see that another one is at it, and could not say what is missing."""
    with suppress(Exception):
        # Powertools makes the claim's id from whatever it is given.
        store.delete_record(data=key, exception=why)  # type: ignore[arg-type]


def _why(error: IdempotencyPersistenceLayerError) -> ResponderError:
    """What Powertools has wrapped."""
    cause = error.__cause__
    if isinstance(cause, ClientError):
        return translated(cause, "dynamodb", cause.operation_name)
    if isinstance(cause, BotoCoreError):
        return translated(cause, "dynamodb", "PutItem")
    return Defect(type(cause).__name__)
