"""`make witness`: play the same scenarios on the local AWS and on moto, and print what differs."""

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table

from liveness_ops.people.options import Language
from rehearsal.drill.build import SamError
from rehearsal.drill.run import deployed, plays
from rehearsal.drill.scenario import Scenario
from rehearsal.world.build import World
from tests.witness import compare, extras
from tests.witness.choice import of_playbooks, responses
from tests.witness.moto_version import NotUsable, usable
from tests.witness.outcome import Act, acts
from tests.witness.processes import Played, play_all, play_extras
from tests.witness.server import served

_FURTHER = "checks, console"


@dataclass
class Row:
    """A playbook on both."""

    scenarios: int = 0
    calls: int = 0
    stubbed: Counter[str] = field(default_factory=Counter)
    differ: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 1 - sum(self.stubbed.values()) / self.calls if self.calls else 1.0


def on_the_local_aws(scenarios: Sequence[Scenario]) -> dict[str, list[Act]]:
    """What really ran there."""
    with plays(scenarios, Language.EN) as futures:
        runs = [future.result() for future in futures]
    return {run.scenario.id: acts(run) for run in runs}


def rows(
    scenarios: Sequence[Scenario], local: Mapping[str, list[Act]], moto: Mapping[str, Played]
) -> dict[str, Row]:
    """By playbook."""
    found: dict[str, Row] = defaultdict(Row)
    for scenario in scenarios:
        row, played = found[scenario.alarm], moto[scenario.id]
        if played.left_out:
            row.left_out.append(f"{scenario.id}: {played.left_out}")
            continue
        row.scenarios += 1
        row.calls += sum(sum(act["calls"].values()) for act in played.acts)
        row.stubbed.update(played.stubbed)
        row.differ += [f"{scenario.id}: {played.error}"] if played.error else []
        row.differ += compare.differences(scenario.id, local[scenario.id], played.acts)
    return dict(found)


def _extras(port: int) -> tuple[list[Act], Played]:
    aws = deployed(World.ROLLED_OUT, Language.EN)
    try:
        local = extras.run(aws, aws.environment())
    finally:
        aws.stop()
    return local, play_extras(port)


def _extra_row(local: list[Act], moto: Played) -> Row:
    row = Row(len(moto.acts), sum(sum(act["calls"].values()) for act in moto.acts), Counter(moto.stubbed))
    row.differ = [moto.error] if moto.error else compare.differences(_FURTHER, local, moto.acts)
    return row


def _again(scenarios: Sequence[Scenario], local: dict[str, list[Act]], moto: dict[str, Played]) -> None:
    """Whatever differs once more on both: on a busy machine a look comes too late."""
    differ = [
        each
        for each in scenarios
        if compare.unexplained(compare.differences(each.id, local[each.id], moto[each.id].acts))
        and not moto[each.id].left_out
    ]
    if differ:
        local.update(on_the_local_aws(differ))
        moto.update(play_all(differ))


def main() -> int:
    """1 where anything differs that is not named, or an entry names nothing; 2 where moto cannot be used."""
    parser = argparse.ArgumentParser(prog="witness", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of moto's server; the system chooses without it")
    parser.add_argument("--responses", action="store_true", help="one response of each playbook, as JSON")
    asked = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=150)
    try:
        usable()
        # Before minutes are spent: is the port free?
        with served(asked.port):
            pass
        if asked.responses:
            sys.stdout.write(json.dumps({name: asdict(each) for name, each in play_all(responses())}))
            return 0
        scenarios, begun = of_playbooks(), time.monotonic()
        local = on_the_local_aws(scenarios)
        moto = dict(play_all(scenarios))
        _again(scenarios, local, moto)
        further = _extras(asked.port)
    except (NotUsable, SamError) as stop:
        Console(stderr=True).print(str(stop))
        return 2
    found = {**rows(scenarios, local, moto), _FURTHER: _extra_row(*further)}
    faults = _show(console, found)
    console.print(f"{len(scenarios)} scenarios, {time.monotonic() - begun:.0f} s", highlight=False)
    return int(bool(faults))


def _show(console: Console, found: Mapping[str, Row]) -> list[str]:
    table = Table("playbook", "scenarios", "calls", "by moto", "stubs", "differs")
    numbers = {entry.seen: str(number) for number, entry in enumerate(compare.named(), 1)}
    for alarm, row in found.items():
        of = [entry for entry in compare.named() if any(entry.matches(each) for each in row.differ)]
        unexplained = compare.unexplained(row.differ)
        differs = "unexplained" if unexplained else ", ".join(numbers[each.seen] for each in of) or "-"
        stubs = " ".join(each.partition(":")[2] for each in row.stubbed)
        table.add_row(alarm, str(row.scenarios), str(row.calls), f"{row.share:.0%}", stubs, differs)
    console.print(table)
    every = [each for row in found.values() for each in row.differ]
    for entry in compare.named():
        console.print(f"{numbers[entry.seen]}. {entry.says} {entry.aws} {entry.source}", highlight=False)
    for left_out in (each for row in found.values() for each in row.left_out):
        console.print(f"not played: {left_out}", highlight=False)
    faults = [f"differs: {each}" for each in compare.unexplained(every)]
    faults += [f"names nothing: {each.seen}" for each in compare.unseen(every)]
    faults += [
        f"{alarm}: moto answers {row.share:.0%} of the calls, fewer than {compare.SHARE:.0%}"
        for alarm, row in found.items()
        if row.share < compare.SHARE
    ]
    for fault in faults:
        console.print(fault, style="red", highlight=False, markup=False)
    return faults


if __name__ == "__main__":
    os.environ.update(AWS_ACCESS_KEY_ID="moto", AWS_SECRET_ACCESS_KEY="moto")
    sys.exit(main())
