"""`make drill ALARM=timelines [SCENARIO=…]`: play timelines, print who hears what, and the score."""

import argparse
import sys
import time

from rich.console import Console

from tests.timelines import show
from tests.timelines.catalogue import timelines
from tests.timelines.play import judge_all


def main() -> int:
    """1 where anything is not as expected, 2 where there is no such timeline."""
    parser = argparse.ArgumentParser(prog="timelines", description=__doc__)
    parser.add_argument(
        "name", nargs="?", default="", help="only this timeline, or those whose name begins so"
    )
    parser.add_argument("--short", action="store_true", help="only the table of all, without each one's own")
    asked = parser.parse_args()
    chosen = timelines(asked.name)
    if not chosen:
        names = ", ".join(each.id for each in timelines())
        Console(stderr=True).print(f"no such timeline; timelines: {names}")
        return 2
    console, begun, judged = Console(), time.monotonic(), []
    if not console.is_terminal:
        console = Console(width=150)
    for each in judge_all(chosen):
        judged.append(each)
        if not asked.short:
            show.timeline(console, each)
    show.summary(console, judged, time.monotonic() - begun)
    return int(any(each.misses for each in judged))


if __name__ == "__main__":
    sys.exit(main())
