"""How often a command that watches looks again."""

import time

SECONDS = 5


def wait() -> None:
    """Ctrl-C ends it with a KeyboardInterrupt."""
    time.sleep(SECONDS)
