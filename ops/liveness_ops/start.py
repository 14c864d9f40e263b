"""The program `liveness-ops`: Ctrl-C ends it quietly, also while its parts are still imported."""

import os
import signal
import sys

# `Exit.INTERRUPTED`, which is not imported yet.
_INTERRUPTED = 130


def main() -> None:
    """Import the console and do what was typed."""
    heard = signal.getsignal(signal.SIGINT)
    # A background job may be started with Ctrl-C ignored; that stays.
    if heard is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    from liveness_ops.cli import app

    signal.signal(signal.SIGINT, heard)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
