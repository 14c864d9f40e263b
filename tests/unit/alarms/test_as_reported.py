"""What on-call reads of each case: every cause, figure, proposal, command and step."""

import re
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.rows import in_both_languages
from tests.unit.alarms import world
from tests.unit.alarms.reported import STORIES, reported
from tests.unit.alarms.world import CREATE, RESULT, SETTINGS, changed, decided

EACH = pytest.mark.parametrize("name", STORIES)
# What is unknown is shown as `<name>`; a key without a sentence shows itself.
GAP = re.compile(r"<[a-z_]+>|\b(cause|why|say|step|out|propose)\.[a-z_]+( \(|$)")


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack knows its account and bucket."""
    monkeypatch.setattr(world, "SETTINGS", replace(SETTINGS, account="123456789012", bucket="images"))


def all_of(name: str, language: str) -> str:
    playbook, cases = STORIES[name]
    found = ((case, reported(decided(playbook, *cases[case].variations), language)) for case in cases)
    return "\n\n".join("\n".join((f"# {case}", *lines)) for case, lines in found) + "\n"


@EACH
def test_reads_well(name: str, readable: SnapshotAssertion) -> None:
    assert all_of(name, "en") == readable


@EACH
def test_a_change_just_before_is_never_reported_as_excluded(name: str) -> None:
    playbook, cases = STORIES[name]
    for case in cases.values():
        found = decided(playbook, *case.variations, changed(CREATE), changed(RESULT))
        assert "out.changes" not in {each.kind.value for each in found.ruled_out}


@EACH
@in_both_languages
def test_no_sentence_has_a_gap(name: str, language: str) -> None:
    said = [line for line in all_of(name, language).splitlines() if not line.startswith("   $ ")]
    assert [line for line in said if GAP.search(line)] == []
