"""Of each function: its alarm, what it looks at, what it may do, and what it makes of three faults."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import alarms
from responder.core.liveness_function import LivenessFunction
from responder.core.text import Text
from responder.evidence import Evidence
from responder.evidence.faults import Fault
from responder.messages.language import say
from responder.respond.gather import key
from responder.respond.playbook import Playbook
from tests.unit.alarms.reported import reported
from tests.unit.alarms.world import (
    CREATE,
    RESULT,
    Variation,
    changed,
    decided,
    failing,
    put,
    starts,
    throttled,
)

FILES = sorted(Path(alarms.__path__[0]).glob("[!_]*.py"))
COLD = {"cold": 90, "init_average": 7.0, "cold_average": 8.0, "memory_used": 256}
FAULTS: dict[str, tuple[Variation, ...]] = {
    "a release that cannot be imported": tuple(
        variation
        for name in (CREATE, RESULT)
        for variation in (failing(Fault.IMPORT_ERROR, function=name), changed(name))
    ),
    "time-outs": tuple(failing(Fault.TIMEOUT, function=name) for name in (CREATE, RESULT)),
    "a throttled table, cold starts, full memory": (
        throttled(),
        put(cold_starts__create=starts(CREATE, **COLD), cold_starts__result=starts(RESULT, **COLD)),
    ),
}


def cold_start(file: Path) -> Playbook:
    """As Lambda imports it, apart from what other tests hold."""
    found: Playbook = runpy.run_path(str(file))["playbook"]
    return found


def look(one: Evidence[Any]) -> str:
    """With the functions that it asks about, where it does not ask about both."""
    functions = getattr(one, "functions", tuple(LivenessFunction))
    return one.name if functions == tuple(LivenessFunction) else f"{one.name} ({', '.join(functions)})"


def described(playbook: Playbook) -> Iterator[str]:
    yield f"{playbook.alarm or 'any other alarm'} ({playbook.slug}, {playbook.severity})"
    broken = Text(f"broken.{playbook.slug.replace('-', '_')}")
    yield f"broken: {say(broken, 'en')}"
    yield f"looks: {', '.join(sorted(map(look, playbook.evidence)))}"
    yield f"may: {', '.join(' '.join(filter(None, key(each))) for each in playbook.remedies) or '-'}"
    yield f"corrected version: {'yes' if playbook.corrected else 'no'}"
    for name, variations in FAULTS.items():
        yield ""
        yield f"# {name}"
        yield from reported(decided(playbook, *variations), "en")


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_reads_well(file: Path, readable: SnapshotAssertion) -> None:
    assert "\n".join((*described(cold_start(file)), "")) == readable
