"""One response of each playbook on moto, an independent imitation of AWS: what the drill expects, and shows
on the local AWS, is so there."""

import json
import re
import subprocess
import sys

import pytest

from liveness_ops.template_tools.load import ROOT
from rehearsal.drill.catalogue import alarms
from responder.core.plain_data import Json
from tests.witness import compare
from tests.witness.outcome import Played, Tally

pytestmark = pytest.mark.timeout(300)
# Of a table that was switched to on-demand; the first entry of `differences.yaml`.
_OLD_UNITS = re.compile(r"setting: 0/0 \| 5/5 FaceAuth-LivenessSessions (EmployeeIdIndex )?units")

# A response reads more functions for its calls than a whole playbook.
_ALONE = 0.6


@pytest.fixture(scope="module")
def played() -> dict[str, Played]:
    """By scenario. A process of its own, as it forks, and a fork takes no other threads along."""
    command = [sys.executable, "-m", "tests.witness", "--responses"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    plain: dict[str, Json] = json.loads(done.stdout)
    return {name: Played(**{**fields, "tally": Tally(**fields["tally"])}) for name, fields in plain.items()}


def test_every_playbook_answers(played: dict[str, Played]) -> None:
    assert {name.partition("/")[0] for name in played} == set(alarms())
    assert [play.error or play.left_out for play in played.values()] == [""] * len(played)
    assert all(play.acts[0]["causes"] for play in played.values())


def test_it_decides_and_changes_what_the_drill_expects(played: dict[str, Played]) -> None:
    problems = [
        (name, problem)
        for name, play in played.items()
        for problem in play.problems
        if not _OLD_UNITS.fullmatch(problem)
    ]
    assert problems == []


def test_moto_answers_most_of_the_calls(played: dict[str, Played]) -> None:
    assert compare.too_few({name: play.tally for name, play in played.items()}, _ALONE) == []
