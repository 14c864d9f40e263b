from datetime import timedelta

from responder.core.settings import IncidentTimers
from responder.core.settings_document import parse
from responder.followup_rules import FollowUpMemory
from responder.store import Incidents
from responder.store.approvals import acknowledgements, rows
from tests.unit.people.terminal import MARI, PEOPLE, Terminal


def test_an_acknowledgement_counts_and_says_until_when_the_escalation_waits(terminal: Terminal) -> None:
    done = terminal.run("ack INCIDENT")
    assert done.exit_code == 0
    assert (
        "Acknowledged by aiko. The escalation is held for about 60 min, until Feb 04 11:27 UTC."
        in done.output
    )
    now, aws = terminal.scene.aws.now, terminal.scene.aws
    found = rows(aws, "Approvals", f"ACK#{terminal.incident}")
    counted = acknowledgements(found, now - timedelta(minutes=3), parse(PEOPLE).people, now)
    assert [each.person for each in counted] == ["aiko"]
    assert [step["what"] for step in terminal.steps] == ["acknowledge"]


def test_who_may_approve_anything_may_acknowledge(terminal: Terminal) -> None:
    terminal.caller = MARI
    assert terminal.machine("ack INCIDENT") == {
        "exit": 0,
        "incident": terminal.incident,
        "person": "mari",
        "until": "2026-02-04T11:27:00Z",
    }


def test_the_incident_s_own_clock_counts(terminal: Terminal) -> None:
    """A parameter that was changed since does not change it."""
    incidents = Incidents(terminal.scene.aws, "Incidents")
    head = incidents.head(terminal.incident)
    assert head is not None
    incidents.remember(head, FollowUpMemory(IncidentTimers(hold=90)), terminal.scene.aws.now)
    assert terminal.machine("ack INCIDENT")["until"] == "2026-02-04T11:57:00Z"


def test_again_later_it_holds_for_longer(terminal: Terminal) -> None:
    first = terminal.machine("ack INCIDENT")["until"]
    terminal.scene.aws.tick(minutes=50)
    assert terminal.machine("ack INCIDENT")["until"] > first
    assert len(terminal.rows) == 1
