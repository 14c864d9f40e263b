"""What a look or a remedy is given: the gateway to AWS, the settings, the time, the alarm."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Protocol

from responder.core.errors import Rejected, ResponderError
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.settings import Settings

# How the services name the place where the next page begins: in an answer, and in a request.
PLACES = {
    "nextToken": "nextToken",
    "NextToken": "NextToken",
    "NextMarker": "Marker",
    "Marker": "Marker",
    "LastEvaluatedKey": "ExclusiveStartKey",
    "LastEvaluatedBackupArn": "ExclusiveStartBackupArn",
    "LastEvaluatedTableName": "ExclusiveStartTableName",
    # S3; a list of objects repeats the place that was asked for, too.
    "ContinuationToken": "ContinuationToken",  # pragma: allowlist secret
    "NextContinuationToken": "ContinuationToken",  # pragma: allowlist secret
    "NextKeyMarker": "KeyMarker",
    "NextVersionIdMarker": "VersionIdMarker",
}


class Gateway(Protocol):
    """The one way to every AWS API: `responder.aws.Boto`, with policies before it (`responder.aws.gateway`).

    `service` is the botocore client name (`lambda`; `cloudtrail@us-east-1` in another Region than the
    function's), `operation` its snake_case method (`get_function_configuration`). Raises only errors of
    `responder.core.errors`.
    """

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        """One request; the answer as botocore parses it."""
        ...

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[Json]:
        """Every page of a list, each a call of its own, made when it is consumed."""
        places: list[Json] = [{}]
        while True:
            page = self.call(service, operation, **{**arguments, **places[-1]})
            yield page
            ends = page.get("IsTruncated") is False
            place = {} if ends else {PLACES[n]: page[n] for n in PLACES if page.get(n)}
            if not place:
                return
            # A place that comes again leads in a circle.
            if place in places:
                raise Rejected(service, operation.title().replace("_", ""), "PaginationError")
            places.append(place)


def turned_away(aws: Gateway | None) -> bool:
    """Whether throttled requests had to be repeated, so that evidence may take longer."""
    return bool(getattr(aws, "turned_away", False))


@frozen
class Context:
    """Built once per response. `now` and `since` (first ALARM of this state) are UTC.

    parameters: those of SSM under the stack's path, as they were read at its beginning with the settings
        document; None where they were not.
    """

    aws: Gateway
    settings: Settings
    now: datetime
    since: datetime
    parameters: Mapping[str, str] | ResponderError | None = field(default=None, compare=False, repr=False)
    began: float = field(default_factory=time.monotonic, compare=False, repr=False)

    @property
    def present(self) -> datetime:
        """`now` and what has passed since this response began (UTC)."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def ago(self, **span: float) -> datetime:
        """`now` minus a `timedelta(**span)`."""
        return self.now - timedelta(**span)
