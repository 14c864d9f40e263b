"""Every playbook on the local AWS and on moto: what differs, as a table."""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from liveness_ops.people.options import Language
from rehearsal.drill.run import deployed, plays
from rehearsal.drill.scenario import Scenario
from rehearsal.world.build import World
from tests.witness import compare, extras
from tests.witness.choice import of_playbooks
from tests.witness.outcome import Act, Played, acts
from tests.witness.processes import play_all, play_extras

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


def compared(port: int) -> int:
    """1 where anything differs that is not named, or an entry names nothing. Raises NotUsable, SamError."""
    console = Console() if sys.stdout.isatty() else Console(width=150)
    scenarios, begun = of_playbooks(), time.monotonic()
    local = on_the_local_aws(scenarios)
    moto = dict(play_all(scenarios))
    _again(scenarios, local, moto)
    table = {**rows(scenarios, local, moto), _FURTHER: _extra_row(*_extras(port))}
    faults = _show(console, table)
    console.print(f"{len(scenarios)} scenarios, {time.monotonic() - begun:.0f} s", highlight=False)
    return int(bool(faults))


def on_the_local_aws(scenarios: Sequence[Scenario]) -> dict[str, list[Act]]:
    """What really ran there."""
    with plays(scenarios, Language.EN) as futures:
        runs = [future.result() for future in futures]
    return {run.scenario.id: acts(run) for run in runs}


def rows(
    scenarios: Sequence[Scenario], local: Mapping[str, list[Act]], moto: Mapping[str, Played]
) -> dict[str, Row]:
    """By playbook."""
    table: dict[str, Row] = defaultdict(Row)
    for scenario in scenarios:
        row, played = table[scenario.alarm], moto[scenario.id]
        if played.left_out:
            row.left_out.append(f"{scenario.id}: {played.left_out}")
            continue
        row.scenarios += 1
        row.calls += sum(sum(act["calls"].values()) for act in played.acts)
        row.stubbed.update(played.stubbed)
        row.differ += [f"{scenario.id}: {played.error}"] if played.error else []
        row.differ += compare.differences(scenario.id, local[scenario.id], played.acts)
    return dict(table)


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
        scenario
        for scenario in scenarios
        if compare.unexplained(compare.differences(scenario.id, local[scenario.id], moto[scenario.id].acts))
        and not moto[scenario.id].left_out
    ]
    if differ:
        local.update(on_the_local_aws(differ))
        moto.update(play_all(differ))


def _show(console: Console, rows_by_alarm: Mapping[str, Row]) -> list[str]:
    table = Table("playbook", "scenarios", "calls", "by moto", "stubs", "differs")
    numbers = {entry.seen: str(number) for number, entry in enumerate(compare.named(), 1)}
    for alarm, row in rows_by_alarm.items():
        known = [entry for entry in compare.named() if any(map(entry.matches, row.differ))]
        unexplained = compare.unexplained(row.differ)
        differs = "unexplained" if unexplained else ", ".join(numbers[entry.seen] for entry in known) or "-"
        stubs = " ".join(name.partition(":")[2] for name in row.stubbed)
        table.add_row(alarm, str(row.scenarios), str(row.calls), f"{row.share:.0%}", stubs, differs)
    console.print(table)
    differences = [difference for row in rows_by_alarm.values() for difference in row.differ]
    for entry in compare.named():
        console.print(f"{numbers[entry.seen]}. {entry.says} {entry.aws} {entry.source}", highlight=False)
    for left_out in (reason for row in rows_by_alarm.values() for reason in row.left_out):
        console.print(f"not played: {left_out}", highlight=False)
    faults = [f"differs: {difference}" for difference in compare.unexplained(differences)]
    faults += [f"names nothing: {entry.seen}" for entry in compare.unseen(differences)]
    faults += [
        f"{alarm}: moto answers {row.share:.0%} of the calls, fewer than {compare.SHARE:.0%}"
        for alarm, row in rows_by_alarm.items()
        if row.share < compare.SHARE
    ]
    for fault in faults:
        console.print(fault, style="red", highlight=False, markup=False)
    return faults
