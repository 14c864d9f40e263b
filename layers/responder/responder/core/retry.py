"""Repeats calls that AWS or Slack refused for their rate.

A refusal for the rate (429, ThrottlingException) is definite: nothing was done. So every read may be asked
again, and a write wherever what it was decided on still holds. `WRITES` names each write of the project and
how it is repeated; one that is not in it is sent once.
"""

import random
import time
from collections.abc import Callable, Mapping
from enum import Enum

from responder.core.errors import SlackBusy, Throttled

# The longest pause before each further try of what was turned away, in seconds. Each is drawn at random, so
# that responses to several alarms of one fault do not ask together again. Enough of them for 20 seconds.
PAUSES = (0.5, *(1.0,) * 8, *(2.0,) * 24)
# For so long a person's command is written again.
COMMAND_SECONDS = 5.0


class Repeat(Enum):
    """How a write that was turned away for its rate is sent again."""

    # By `Boto`, for some seconds: it carries its own condition, or depends on nothing that was read.
    AS_IT_IS = "as it is"
    # By `CheckedWrites`, until 20 s after the event, where it names the revision that it may replace; modes,
    # stops and the alarm are read again before each try.
    AT_REVISION = "at its revision"
    # Likewise, where the read named in `COMPARED_WITH` answers the same as before the first try.
    COMPARED = "compared again"
    # Not at all: what was read before it may have changed, and nothing holds the two together. The
    # person who asked for it gets an error, or the next scheduled run tries again.
    NEVER = "never"


# By service and operation as botocore names them.
WRITES: Mapping[tuple[str, str], Repeat] = {
    # Remedies.
    ("lambda", "update_function_configuration"): Repeat.AT_REVISION,
    ("lambda", "publish_version"): Repeat.AT_REVISION,
    ("lambda", "update_alias"): Repeat.AT_REVISION,
    ("lambda", "put_provisioned_concurrency_config"): Repeat.COMPARED,
    ("lambda", "delete_provisioned_concurrency_config"): Repeat.COMPARED,
    ("dynamodb", "update_table"): Repeat.COMPARED,
    # The responder's records: a condition of their own, or a row that nothing else writes.
    ("dynamodb", "put_item"): Repeat.AS_IT_IS,
    ("dynamodb", "update_item"): Repeat.AS_IT_IS,
    ("dynamodb", "transact_write_items"): Repeat.AS_IT_IS,
    # Reports, under a name of their own.
    ("s3", "put_object"): Repeat.AS_IT_IS,
    # Messages and commands, each of which may come twice.
    ("sns", "publish"): Repeat.AS_IT_IS,
    ("sqs", "send_message"): Repeat.AS_IT_IS,
    ("sqs", "receive_message"): Repeat.AS_IT_IS,
    ("sqs", "delete_message"): Repeat.AS_IT_IS,
    ("sqs", "change_message_visibility"): Repeat.AS_IT_IS,
    ("lambda", "invoke"): Repeat.AS_IT_IS,
    # A stop is created and never written over; a mode is set by one request at a time.
    ("ssm", "put_parameter"): Repeat.AS_IT_IS,
    # Another stop of the same name may have been created meanwhile.
    ("ssm", "delete_parameter"): Repeat.NEVER,
    ("ssm", "delete_parameters"): Repeat.NEVER,
    # Backups: a name of its own, the ARN of one backup.
    ("dynamodb", "create_backup"): Repeat.AS_IT_IS,
    ("dynamodb", "delete_backup"): Repeat.AS_IT_IS,
}
_CONCURRENCY = ("lambda", "get_provisioned_concurrency_config")
COMPARED_WITH: Mapping[tuple[str, str], tuple[str, str]] = {
    ("lambda", "put_provisioned_concurrency_config"): _CONCURRENCY,
    ("lambda", "delete_provisioned_concurrency_config"): _CONCURRENCY,
    ("dynamodb", "update_table"): ("dynamodb", "describe_table"),
}


def again[T](
    ask: Callable[[], T],
    until: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
    may: Callable[[], bool] = lambda: True,
) -> T:
    """`ask`, and once more after each pause where it was turned away for its rate. The last pause ends at
    `until` by `clock`; what asks for a longer one is not asked again. `may`: it is asked on now."""
    turned_away: Throttled | SlackBusy | None = None
    try:
        for longest in PAUSES:
            if turned_away is None or may():
                try:
                    return ask()
                except (Throttled, SlackBusy) as error:
                    turned_away = error
            left, least = until - clock(), turned_away.after
            if left <= 0 or least > left:
                raise turned_away
            pause(min(left, least + random.uniform(0, longest)))  # noqa: S311  # nosec B311 - spread, not secrecy
        return ask()
    finally:
        # An error knows this frame, and the connection that it came from.
        del turned_away
