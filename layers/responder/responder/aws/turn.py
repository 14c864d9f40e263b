"""When AWS throttles several responses at the same time, they continue one after the other.

Alarms of one fault fire in the same second, and their requests may be more than AWS accepts in the time that
a response has for its looks. Each would be left with a part of its answers, and none could act. So only the
one that has the turn asks again; the others wait, and find by then what it has done. A response that can
apply a remedy automatically takes the turn from one that can only look or ask, and a more severe alarm's from
a less severe one's: otherwise the one that can help might still wait when its deadline has passed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from responder.aws.items import to_item
from responder.core.context import Gateway
from responder.core.errors import AwsError, Changed
from responder.core.log import log

# How long a response that died keeps the others waiting.
LASTS = timedelta(seconds=2)
_ID = "turn"
_FREE = "attribute_not_exists(id) OR ends < :now OR holder = :me OR urgency < :urgency"
# The urgency of a response that only looks, or asks a person.
ONLY_LOOKS = 0


@dataclass(slots=True)
class Turn:
    """One row of the table of claims. `urgency`: it is taken immediately from a response with a lower one,
    which finds that out when it next keeps the turn. `wall`: seconds since 1970."""

    aws: Gateway
    table: str
    urgency: int = ONLY_LOOKS
    wall: Callable[[], float] = time.time
    mine: bool = False
    _holder: str = field(default_factory=lambda: uuid4().hex)

    def take(self) -> bool:
        """Take or keep the turn; False while another response, at least as urgent, has it. If that cannot be
        read, each response continues without a turn."""
        now = self.wall()
        try:
            self._put(now + LASTS.total_seconds(), _FREE)
        except Changed:
            self.mine = False
        except AwsError as error:
            log().warning("turn not known", extra={"error": str(error)})
            return True
        else:
            self.mine = True
        return self.mine

    def leave(self) -> None:
        """Give the turn to the next one; if that fails, it runs out."""
        if not self.mine:
            return
        self.mine = False
        try:
            self._put(0, "holder = :me")
        except AwsError as error:
            log().warning("turn not left", extra={"error": str(error)})

    def _put(self, ends: float, condition: str) -> None:
        now = self.wall()
        values = {":now": int(now * 1000), ":me": self._holder, ":urgency": self.urgency}
        row = {
            "id": _ID,
            "holder": self._holder,
            "urgency": self.urgency,
            "ends": int(ends * 1000),
            "expiration": int(now) + 60,
        }
        used = {name: value for name, value in values.items() if name in condition}
        self.aws.call(
            "dynamodb",
            "put_item",
            TableName=self.table,
            Item=to_item(row),
            ConditionExpression=condition,
            ExpressionAttributeValues=to_item(used),
        )
