"""Repeats calls that AWS or Slack refused for their rate.

A refusal for the rate (429, ThrottlingException) is definite: nothing was done. So every read may be asked
again, and a write wherever what it was decided on still holds (`aws.operations`).
"""

import random
import time
from collections.abc import Callable

from responder.core.errors import SlackBusy, Throttled

# The longest pause before each further try of what was turned away, in seconds. Each is drawn at random, so
# that responses to several alarms of one fault do not ask together again. Enough of them for 20 seconds.
PAUSES = (0.5, *(1.0,) * 8, *(2.0,) * 24)
# For so long a person's command is written again.
COMMAND_SECONDS = 5.0

type Sleep = Callable[[float], None]


def again[T](
    ask: Callable[[], T],
    until: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Sleep = time.sleep,
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
