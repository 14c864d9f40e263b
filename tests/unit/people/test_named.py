"""An incident is named by its id, the beginning of it, or `latest`; what is not clear is never guessed."""

from datetime import timedelta

import pytest

from responder.aws.items import typed
from tests.unit.people.terminal import Terminal

ID = "FaceAuth-Liveness-HighErrorRate-20260204T102400Z"


def another(terminal: Terminal, alarm: str, hours: int = 1, *, closed: bool = False) -> str:
    """An incident of another alarm, so many hours older."""
    dynamo, opened = terminal.scene.aws.dynamo, terminal.scene.aws.now - timedelta(hours=hours)
    name = f"{alarm}-{opened:%Y%m%dT%H%M%SZ}"
    for row in [
        each for each in dynamo.rows("Incidents") if each["incident" if "incident" in each else "pk"]
    ]:
        given = {"incident": typed(name), "alarm": typed(alarm), "opened": typed(opened.isoformat())}
        if row["pk"] == typed("ALARMS"):
            pointer = {**given, "sk": typed(alarm), "slug": typed(alarm), "closed": typed(closed)}
            dynamo.put_item(TableName="Incidents", Item={**row, **pointer})
        elif row["sk"] == typed("HEAD"):
            dynamo.put_item(TableName="Incidents", Item={**row, **given, "pk": typed(f"INCIDENT#{name}")})
    return name


@pytest.mark.parametrize(
    "said", [ID, "FaceAuth-Liveness-High", "faceauth", "HighError", "high-error-rate", "20260204", "latest"]
)
@pytest.mark.parametrize("command", ["show", "ack"])
def test_an_incident_is_found_by_any_unambiguous_part_of_its_name(
    terminal: Terminal, command: str, said: str
) -> None:
    assert terminal.incident == ID
    assert terminal.machine(f"{command} {said}")["incident"] == ID


def test_the_short_name_of_the_alarm_is_enough(terminal: Terminal) -> None:
    dynamo = terminal.scene.aws.dynamo
    head = next(each for each in dynamo.rows("Incidents") if each["sk"] == typed("HEAD"))
    dynamo.put_item(TableName="Incidents", Item={**head, "slug": typed("sessions-table-throttles")})
    assert terminal.machine("show sessions-table")["incident"] == ID


def test_what_was_found_is_reported(terminal: Terminal) -> None:
    assert ID in terminal.run("ack high").stderr


@pytest.mark.parametrize("command", ["show", "ack", "approve", "revert", "close --reason x"])
def test_of_several_none_is_guessed_and_all_are_listed(terminal: Terminal, command: str) -> None:
    other = another(terminal, "FaceAuth-Liveness-SlowSession")
    name, *options = command.split()
    found = terminal.machine(" ".join((name, "FaceAuth", *options)))
    assert (found["exit"], found["incidents"]) == (2, [ID, other])
    done = terminal.run(" ".join((name, "FaceAuth", *options)))
    assert all(each in done.stderr for each in (ID, other))
    assert [each for each in terminal.sent if "incident" in each] == []


def test_the_latest_is_never_guessed_for_a_command_that_changes_something(terminal: Terminal) -> None:
    another(terminal, "FaceAuth-Liveness-SlowSession")
    assert terminal.machine("show latest")["incident"] == ID
    assert terminal.machine("ack latest")["exit"] == 2
    assert terminal.sent == []


def test_a_closed_one_does_not_stand_in_the_way_of_an_open_one(terminal: Terminal) -> None:
    over = another(terminal, "FaceAuth-Liveness-SlowSession", closed=True)
    assert terminal.machine("ack FaceAuth")["incident"] == ID
    assert terminal.machine("show Slow")["incident"] == over
    assert terminal.machine("ack Slow")["exit"] == 4
    assert terminal.machine("show FaceAuth")["incidents"] == [ID, over]


def test_one_that_is_misspelt_is_suggested(terminal: Terminal) -> None:
    found = terminal.machine("ack FaceAuth-Livenes-HighErorRate-20260204T102400Z")
    assert (found["exit"], found["error"], found["suggestions"]) == (4, "denial.unknown_incident", [ID])
    said = terminal.run("show FaceAuth-Livenes-HighErorRate").stderr
    assert f"Did you mean {ID}?" in said
    assert "liveness-ops incidents" in said


def test_a_broken_row_of_another_alarm_does_not_hide_one_that_is_named_whole(terminal: Terminal) -> None:
    row = {"pk": typed("ALARMS"), "sk": typed("odd"), "opened": typed("never")}
    terminal.scene.aws.dynamo.put_item(TableName="Incidents", Item=row)
    assert terminal.machine(f"ack {ID}")["exit"] == 0


@pytest.mark.parametrize("letters", [4, 8, 16])
def test_a_proposal_is_named_by_its_beginning(terminal: Terminal, letters: int) -> None:
    found = terminal.machine(f"approve {ID} {terminal.proposal[:letters]} --yes")
    assert (found["exit"], found["proposal"]) == (0, terminal.proposal)


def test_a_beginning_that_an_old_proposal_has_too_is_not_clear(terminal: Terminal) -> None:
    dynamo = terminal.scene.aws.dynamo
    row = next(each for each in dynamo.rows("Incidents") if terminal.proposal in str(each["sk"]))
    twin = f"{terminal.proposal[:8]}00000000"
    given = {
        name: typed(str(value["S"]).replace(terminal.proposal, twin))
        for name, value in row.items()
        if "S" in value
    }
    old = {**row, **given}
    dynamo.put_item(TableName="Incidents", Item=old)
    found = terminal.machine(f"approve {ID} {terminal.proposal[:4]} --yes")
    assert (found["exit"], sorted(found["proposals"])) == (2, sorted((terminal.proposal, twin)))
    assert terminal.machine(f"approve {ID} {terminal.proposal} --yes")["exit"] == 0
