"""Every playbook on the local AWS and on moto: what differs, as a table."""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from liveness_ops.people.options import Language
from rehearsal.drill.catalogue import alarms, scenarios
from rehearsal.drill.run import deployed, plays
from rehearsal.drill.scenario import Scenario
from rehearsal.world.build import World
from responder.core.remedy import RemedyName
from tests.witness import compare, extras
from tests.witness.choice import of_playbooks, reason
from tests.witness.outcome import Act, Played, Tally, acts
from tests.witness.processes import play_all, play_extras
from tests.witness.stubs import EXTENSIONS, STUBS

_FURTHER = "checks, console"
_HEADING = (
    "Calls of the functions, one a request. moto alone: no extension changed the answer. "
    "Extended: moto's answer, changed by an extension. The others: by a stub."
)


@dataclass
class Row:
    """A playbook on both."""

    scenarios: int = 0
    tally: Tally = field(default_factory=Tally)
    reverted: set[str] = field(default_factory=set)
    differ: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, played: Played) -> None:
        self.tally.add(played.tally)
        steps = (act["step"].split() for act in played.acts if act["changes"])
        self.reverted |= {step[1] for step in steps if step[0] == "revert"}


def compared(port: int) -> int:
    """1 where anything differs that is not named, or an entry names nothing. Raises NotUsable, SamError."""
    console = Console() if sys.stdout.isatty() else Console(width=150)
    chosen, begun = of_playbooks(), time.monotonic()
    local = on_the_local_aws(chosen)
    moto = dict(play_all(chosen))
    _again(chosen, local, moto)
    table = {**rows(chosen, local, moto), _FURTHER: _extra_row(*_extras(port))}
    faults = _show(console, table)
    console.print(f"{len(chosen)} scenarios, {time.monotonic() - begun:.0f} s", highlight=False)
    return int(bool(faults))


def on_the_local_aws(chosen: Sequence[Scenario]) -> dict[str, list[Act]]:
    """What really ran there."""
    with plays(chosen, Language.EN) as futures:
        runs = [future.result() for future in futures]
    return {run.scenario.id: acts(run) for run in runs}


def rows(
    chosen: Sequence[Scenario], local: Mapping[str, list[Act]], moto: Mapping[str, Played]
) -> dict[str, Row]:
    """By playbook."""
    table: dict[str, Row] = defaultdict(Row)
    for scenario in chosen:
        row, played = table[scenario.alarm], moto[scenario.id]
        if played.left_out:
            row.left_out.append(f"{scenario.id}: {played.left_out}")
            continue
        row.scenarios += 1
        row.add(played)
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
    row = Row(len(moto.acts))
    row.add(moto)
    row.differ = [moto.error] if moto.error else compare.differences(_FURTHER, local, moto.acts)
    return row


def _again(chosen: Sequence[Scenario], local: dict[str, list[Act]], moto: dict[str, Played]) -> None:
    """Whatever differs once more on both: on a busy machine a look comes too late."""
    differ = [
        scenario
        for scenario in chosen
        if compare.unexplained(compare.differences(scenario.id, local[scenario.id], moto[scenario.id].acts))
        and not moto[scenario.id].left_out
    ]
    if differ:
        local.update(on_the_local_aws(differ))
        moto.update(play_all(differ))


def _show(console: Console, rows_by_alarm: Mapping[str, Row]) -> list[str]:
    columns = ("playbook", "scenarios", "calls", "moto alone", "extended", "stubs", "differs")
    table = Table(*columns, title=_HEADING)
    numbers = {entry.seen: str(number) for number, entry in enumerate(compare.named(), 1)}
    for alarm, row in rows_by_alarm.items():
        known = [entry for entry in compare.named() if any(map(entry.matches, row.differ))]
        unexplained = compare.unexplained(row.differ)
        differs = "unexplained" if unexplained else ", ".join(numbers[entry.seen] for entry in known) or "-"
        tally = row.tally
        stubs = " ".join(f"{name.partition(':')[2]} {count}" for name, count in tally.stubs.items())
        shares = f"{tally.by_moto:.1%}", f"{tally.by_extension:.1%}"
        table.add_row(alarm, str(row.scenarios), str(tally.calls), *shares, stubs, differs)
    console.print(table)
    differences = [difference for row in rows_by_alarm.values() for difference in row.differ]
    for entry in compare.named():
        console.print(f"{numbers[entry.seen]}. {entry.says} {entry.aws} {entry.source}", highlight=False)
    for left_out in (text for row in rows_by_alarm.values() for text in row.left_out):
        console.print(f"not played: {left_out}", highlight=False)
    for why, count in Counter(filter(None, map(reason, scenarios()))).items():
        console.print(f"not chosen: {count} scenarios: {why}", highlight=False)
    faults = [f"differs: {difference}" for difference in compare.unexplained(differences)]
    faults += [f"names nothing: {entry.seen}" for entry in compare.unseen(differences)]
    faults += compare.too_few({alarm: row.tally for alarm, row in rows_by_alarm.items()})
    faults += not_shown(rows_by_alarm)
    for fault in faults:
        console.print(fault, style="red", highlight=False, markup=False)
    return faults


def not_shown(rows_by_alarm: Mapping[str, Row]) -> list[str]:
    """A playbook that moto plays nothing of, a remedy that is never reverted, and help that is not needed."""
    played = {alarm for alarm, row in rows_by_alarm.items() if row.scenarios and row.tally.calls}
    revertible = {remedy for remedy in RemedyName if remedy.spec.can_revert}
    reverted = {remedy for row in rows_by_alarm.values() for remedy in row.reverted}
    used = {name for row in rows_by_alarm.values() for name in row.tally.used}
    return [
        *(f"{alarm}: moto plays no scenario of it" for alarm in sorted({*alarms(), _FURTHER} - played)),
        *(f"{remedy}: no scenario on moto reverts it" for remedy in sorted(revertible - reverted)),
        *(f"{name}: no call needs it any more" for name in sorted({*STUBS, *EXTENSIONS} - used)),
    ]
