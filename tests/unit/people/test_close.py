"""`liveness-ops close`, and how an incident whose alarm is gone, or that was closed by a person, is shown."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from responder.core.change import LeaseState, Ledger
from responder.core.errors import Declined
from responder.followup_rules import FollowUpMemory
from responder.people import decide
from responder.store import Incidents
from tests.unit.followup.report_samples import INCIDENT, MEMORY, SETTINGS
from tests.unit.people.terminal import MARI, Terminal, asked


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The alarm was deleted, nothing is in force."""
    terminal, _ = asked(monkeypatch)
    terminal.scene.gone = True
    return terminal


def remembers(terminal: Terminal, **watch: Any) -> None:
    """What the follow-up has on record."""
    incidents = Incidents(terminal.scene.aws, "Incidents")
    head = incidents.head(terminal.incident)
    assert head is not None
    incidents.remember(head, FollowUpMemory(**watch), terminal.scene.aws.now)


def test_it_says_when_it_will_be_closed_and_who_is_notified(gone: Terminal) -> None:
    done = gone.run("close INCIDENT --reason renamed --yes")
    assert done.exit_code == 0
    assert "aiko closes the incident" in done.output
    assert [(row["decision"], row["reason"]) for row in gone.rows] == [("close", "renamed")]
    assert [(step["what"], step["reason"]) for step in gone.steps] == [("close", "renamed")]


def test_a_machine_reads_who_and_why(gone: Terminal) -> None:
    found = gone.machine("close INCIDENT --reason 'it was  renamed' --yes")
    assert found == {"exit": 0, "incident": gone.incident, "person": "aiko", "reason": "it was renamed"}


def test_it_asks_before_it_does(gone: Terminal) -> None:
    done = gone.run("close INCIDENT --reason renamed", typed="n\n")
    assert (done.exit_code, gone.rows) == (1, [])
    assert "Reason: renamed" in done.output


def test_without_a_reason_nothing_is_sent(gone: Terminal) -> None:
    assert gone.run("close INCIDENT --reason ' ' --yes").exit_code == 2
    assert gone.run("close INCIDENT --yes").exit_code == 2
    assert (gone.sent, gone.rows) == ([], [])


def test_while_the_alarm_is_raised_it_ends_with_the_status_of_a_refusal(gone: Terminal) -> None:
    gone.scene.gone = False
    assert gone.refused("close INCIDENT --reason renamed --yes") == (7, "denial.still_raised")


def test_what_is_in_force_is_named_with_the_command_that_takes_it_back(off: Terminal) -> None:
    off.scene.gone = True
    done = off.run("close INCIDENT --reason renamed --yes")
    assert done.exit_code == 7
    assert f"liveness-ops revert {off.incident} rollout_to_zero" in done.output.replace("\n", " ")


@pytest.mark.parametrize(("incident", "status"), [("nothing-20260101T000000Z", 4), ("", 4)])
def test_an_unknown_or_closed_incident_has_its_status(gone: Terminal, incident: str, status: int) -> None:
    if not incident:
        pointer = next(r for r in gone.scene.aws.dynamo.rows("Incidents") if r["pk"]["S"] == "ALARMS")
        gone.scene.aws.dynamo.put_item(TableName="Incidents", Item={**pointer, "closed": {"BOOL": True}})
    assert gone.machine(f"close {incident or gone.incident} --reason x --yes")["exit"] == status


def test_any_class_is_enough(gone: Terminal) -> None:
    gone.caller = MARI
    assert gone.machine("close INCIDENT --reason renamed --yes")["person"] == "mari"


# --- how it is shown -------------------------------------------------------------------------------


def test_that_the_alarm_does_not_exist_is_in_the_list_and_in_the_story(gone: Terminal) -> None:
    remembers(gone, gone=gone.scene.aws.now)
    (row,) = gone.machine("incidents")["incidents"]
    assert row["alarm_gone_since"] == "2026-02-04T10:27:00Z"
    assert gone.machine("show INCIDENT")["alarm_gone_since"] == "2026-02-04T10:27:00Z"
    assert "alarm does not exist (first noticed" in gone.run("show INCIDENT").output


@pytest.mark.parametrize("by", ["aiko", ""])
def test_closed_by_hand_is_distinguished_from_an_automatic_end(gone: Terminal, by: str) -> None:
    remembers(gone, closed=True, closed_by=by, closed_why="renamed" if by else "")
    pointer = next(r for r in gone.scene.aws.dynamo.rows("Incidents") if r["pk"]["S"] == "ALARMS")
    gone.scene.aws.dynamo.put_item(TableName="Incidents", Item={**pointer, "closed": {"BOOL": True}})
    (row,) = gone.machine("incidents --all")["incidents"]
    answer = gone.machine("show INCIDENT")
    shown = gone.run("show INCIDENT").output
    if by:
        assert row["closed_by_hand"] == "aiko"
        assert answer["closed_by_hand"] == {"person": "aiko", "reason": "renamed"}
        assert "closed manually (aiko)" in shown
    else:
        assert (row["closed_by_hand"], answer["closed_by_hand"]) == (None, None)
        assert "closed manually" not in shown
    (end,) = [each for each in answer["timeline"] if each["kind"] == "closed"]
    assert end["by"] == (by or "automation")


@pytest.mark.parametrize(("state", "refused"), [(LeaseState.APPLYING, True), (LeaseState.IN_FORCE, False)])
def test_what_stays_ends_with_its_incident_once_it_is_known_what_was_set(
    state: LeaseState, refused: bool
) -> None:
    with pytest.raises(Declined) if refused else nullcontext():
        decide._nothing_left(Ledger((replace(MEMORY, state=state),)), SETTINGS, INCIDENT)
