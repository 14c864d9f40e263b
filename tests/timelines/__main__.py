"""`make drill ALARM=timelines [SCENARIO=…] [MESSAGES=en]`: play timelines, print who is notified of what."""

import argparse
import os
import sys
import time

from rich.console import Console

from liveness_ops.people.options import Language, spoken
from rehearsal.drill import words
from tests.timelines.catalogue import timelines
from tests.timelines.play import judge_all
from tests.timelines.show import Shown


def main() -> int:
    """1 where anything is not as expected, 2 where there is no such timeline."""
    parser = argparse.ArgumentParser(prog="timelines", description=__doc__)
    parser.add_argument(
        "name", nargs="?", default="", help="only this timeline, or those whose name begins so"
    )
    parser.add_argument("--short", action="store_true", help="only the table of all, without each one's own")
    own = Language(spoken((), os.environ))
    parser.add_argument("--messages", type=Language, choices=list(Language), default=own)
    asked = parser.parse_args()
    chosen = timelines(asked.name)
    if not chosen:
        names = ", ".join(each.id for each in timelines())
        Console(stderr=True, emoji=False).print(words.say("timeline.unknown", asked.messages, names=names))
        return 2
    console, begun, judged = Console(emoji=False), time.monotonic(), []
    if not console.is_terminal:
        console = Console(emoji=False, width=150)
    shown = Shown(console, asked.messages)
    for each in judge_all(chosen):
        judged.append(each)
        if not asked.short:
            shown.timeline(each)
    shown.summary(judged, time.monotonic() - begun)
    return int(any(each.misses for each in judged))


if __name__ == "__main__":
    sys.exit(main())
