"""incidents, show, leases, tail: the current state, for people and for machines."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from rich.console import ConsoleDimensions

from liveness_ops.console import polling
from liveness_ops.people.screen import OpsConsole, Screen
from responder.aws.items import typed
from responder.core.errors import AwsError, Denied, Throttled
from responder.core.plain_data import Json
from responder.core.switches import ask_for
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.people.terminal import KEN, Terminal
from tests.unit.people.test_ends import Closed

EVE = "arn:aws:iam::123456789012:user/eve"


def close(terminal: Terminal) -> None:
    row = next(row for row in terminal.fake.dynamo.rows("Incidents") if row["pk"] == {"S": "ALARMS"})
    terminal.fake.dynamo.put_item(TableName="Incidents", Item={**row, "closed": {"BOOL": True}})


def replace_by_a_later_one(terminal: Terminal) -> None:
    row = next(row for row in terminal.fake.dynamo.rows("Incidents") if row["pk"] == {"S": "ALARMS"})
    later = {**row, "incident": typed("FaceAuth-Liveness-HighErrorRate-20260301T000000Z")}
    terminal.fake.dynamo.put_item(TableName="Incidents", Item=later)


class Turns:
    """What happens while a command that watches waits; then Ctrl-C."""

    def __init__(self, *happens: Any) -> None:
        self.happens = list(happens)

    def __call__(self) -> None:
        if not self.happens:
            raise KeyboardInterrupt
        self.happens.pop(0)()


type Happens = Callable[..., None]


@pytest.fixture
def happens(monkeypatch: pytest.MonkeyPatch) -> Happens:
    def plan(*turns: Any) -> None:
        monkeypatch.setattr(polling, "wait", Turns(*turns))

    return plan


def lines(output: str) -> list[Json]:
    return [json.loads(line) for line in output.splitlines()]


# --- incidents -------------------------------------------------------------------------------------


def test_an_open_incident_is_a_row_with_all_that_on_call_asks_first(terminal: Terminal) -> None:
    terminal.run("ack INCIDENT")
    found = terminal.machine("incidents")
    (row,) = found["incidents"]
    (waits,) = row.pop("waiting_for")
    assert row == {
        "incident": terminal.incident,
        "alarm": "FaceAuth-Liveness-HighErrorRate",
        "severity": "high",
        "since": "2026-02-04T10:24:00Z",
        "state": "ALARM",
        "closed": False,
        "closed_by_hand": None,
        "alarm_gone_since": None,
        "level": 1,
        "acknowledged_by": ["aiko"],
        "in_force": [],
    }
    assert (waits["remedy"], waits["answer"], waits["people"]) == ("rollout_to_zero", "open", 1)


def test_what_is_in_force_is_in_the_row(zero: Terminal) -> None:
    (row,) = zero.machine("incidents")["incidents"]
    assert row["in_force"] == [{"remedy": "rollout_to_zero", "scope": "liveness-rollout"}]


@pytest.mark.parametrize("line", ["incidents", "incidents --watch", "leases", "show {}"])
def test_lowered_security_is_reported_before_anything_else(
    zero: Terminal, happens: Happens, line: str
) -> None:
    happens()
    shown = zero.run(line.format(zero.incident)).output
    assert shown.startswith(piece("ops.lowered"))


def test_an_id_is_on_one_line_to_be_copied(terminal: Terminal) -> None:
    assert terminal.incident in terminal.run("incidents").output


def test_anyone_may_look(terminal: Terminal) -> None:
    terminal.caller = EVE
    for line in ("incidents", "leases", "mode", "failures", f"show {terminal.incident}"):
        assert terminal.machine(line)["exit"] == 0


def test_closed_ones_are_shown_only_when_asked_for(terminal: Terminal) -> None:
    close(terminal)
    done = terminal.run("incidents")
    assert (done.exit_code, done.output) == (0, "No open incidents.\n")
    assert [each["closed"] for each in terminal.machine("incidents --all")["incidents"]] == [True]


def test_an_incident_whose_first_response_is_not_on_record_is_shown_too(terminal: Terminal) -> None:
    head = {"pk": f"INCIDENT#{terminal.incident}", "sk": "HEAD"}
    key = {name: typed(value) for name, value in head.items()}
    terminal.fake.dynamo.delete_item(TableName="Incidents", Key=key)
    (row,) = terminal.machine("incidents")["incidents"]
    assert (row["severity"], row["level"]) == (None, None)
    assert terminal.run("incidents").exit_code == 0
    assert terminal.machine("show INCIDENT")["exit"] == 4


def forget(terminal: Terminal, count: int) -> list[str]:
    """So many incidents of earlier days, to which no alarm refers."""
    dynamo, names = terminal.fake.dynamo, []
    head = next(row for row in dynamo.rows("Incidents") if row["sk"] == {"S": "HEAD"})
    for day in range(count):
        opened = terminal.fake.now - timedelta(days=day + 1)
        names.append(f"FaceAuth-Liveness-HighErrorRate-{opened:%Y%m%dT%H%M%SZ}")
        known = {"pk": f"INCIDENT#{names[-1]}", "incident": names[-1], "opened": opened.isoformat()}
        row = {**head, **{name: typed(value) for name, value in known.items()}}
        dynamo.put_item(TableName="Incidents", Item=row)
    return names


def test_those_that_are_over_come_after_the_open_ones_the_newest_first(terminal: Terminal) -> None:
    names = forget(terminal, 3)
    found = terminal.machine("incidents --all")
    assert [each["incident"] for each in found["incidents"]] == [terminal.incident, *names]
    assert [each["closed"] for each in found["incidents"]] == [False, True, True, True]
    assert found["incidents"][1]["severity"] == "high"
    assert found["older"] == 0
    assert len(terminal.machine("incidents")["incidents"]) == 1


def test_of_many_the_newest_are_listed_and_the_others_counted(terminal: Terminal) -> None:
    names = forget(terminal, 60)
    found = terminal.machine("incidents --all")
    assert [each["incident"] for each in found["incidents"]] == [terminal.incident, *names[:50]]
    assert found["older"] == 10
    assert "10 older incidents are not listed" in terminal.run("incidents --all").output


def test_a_row_that_cannot_be_read_hides_no_other(terminal: Terminal) -> None:
    names = forget(terminal, 2)
    for broken in ({"severity": typed("odd")}, {"opened": typed("yesterday")}):
        name = names.pop() if "opened" in broken else names[-1]
        row = next(
            row
            for row in terminal.fake.dynamo.rows("Incidents")
            if row["pk"] == typed(f"INCIDENT#{name}") and row["sk"] == typed("HEAD")
        )
        terminal.fake.dynamo.put_item(TableName="Incidents", Item={**row, **broken})
    found = terminal.machine("incidents --all")["incidents"]
    assert [each["incident"] for each in found] == [terminal.incident, *names[:1]]


def test_the_manual_steps_of_an_incident_name_whom_to_call_and_have_no_gap(terminal: Terminal) -> None:
    document = json.loads(terminal.fake.ssm.parameters["/responder/settings"])
    said = json.dumps({**document, "level_2_contact": "+81 3 0000 0000"})
    terminal.fake.ssm.parameters["/responder/settings"] = said
    steps = terminal.machine("show INCIDENT")["manual_steps"]
    assert steps
    assert any("+81 3 0000 0000" in each["en"] for each in steps)
    assert not [each["en"] for each in steps if re.search(r"<[a-z_]+>", each["en"] + each["ja"])]


@pytest.mark.parametrize("command", ["incidents", "leases", "show {incident}"])
def test_a_broken_row_of_the_ledger_is_named(terminal: Terminal, command: str) -> None:
    row = {"pk": typed("STACK"), "sk": typed("LEASE#odd"), "data": typed("{")}
    terminal.fake.dynamo.put_item(TableName="Incidents", Item=row)
    done = terminal.run(command.format(incident=terminal.incident))
    assert done.exit_code == 8
    assert "The record STACK LEASE#odd is broken" in " ".join(done.output.split())


def test_where_the_table_may_not_be_listed_there_is_one_line(terminal: Terminal) -> None:
    terminal.fake.fail("dynamodb", "scan", Denied, code="AccessDeniedException", times=9)
    assert terminal.ends("incidents --all") == (6, 1)


def test_a_watch_that_no_one_reads_ends(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "wait", lambda: None)
    monkeypatch.setattr(OpsConsole, "file", Closed())
    assert terminal.run("incidents --watch").exit_code == 0
    assert terminal.run("tail INCIDENT").exit_code == 0


def test_a_watch_that_is_no_terminal_shows_every_look(terminal: Terminal, happens: Happens) -> None:
    happens(lambda: None, lambda: None)
    assert terminal.run("incidents --watch").output.count(terminal.incident) == 3


def looked_at(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Standard output is a terminal of this width, without colours."""

    def console(screen: Screen) -> OpsConsole:
        found = OpsConsole(screen.lost, stderr=False)
        # With a width alone, rich takes a dumb terminal to be 80 columns wide.
        found.size = ConsoleDimensions(width, 25)
        monkeypatch.setattr(found, "_force_terminal", True)
        found.no_color = True
        return found

    monkeypatch.setattr(Screen, "console", property(console))
    monkeypatch.setenv("TERM", "dumb")


@in_both_languages
@pytest.mark.parametrize("width", [80, 120, 160, 200])
def test_on_a_terminal_no_id_is_broken(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, width: int, language: str
) -> None:
    looked_at(monkeypatch, width)
    shown = terminal.run("incidents", language=language).output
    assert terminal.incident in shown
    assert terminal.proposal in shown
    assert ("┃" in shown) == (width > 120)


def test_for_another_program_a_table_is_columns_parted_by_tabs(zero: Terminal) -> None:
    done = zero.run("incidents")
    head, row = (line.split("\t") for line in done.stdout.splitlines())
    assert (head[0], row[0], len(head)) == ("Incident", zero.incident, len(row))
    assert "Security is currently lowered" in done.stderr
    assert zero.run("leases").stdout.splitlines()[1].split("\t")[5] == zero.incident


@pytest.mark.parametrize("line", ["incidents", "leases", "show {}", "mode", "failures", "ack {}", "settings"])
def test_for_a_machine_there_is_nothing_beside_the_object(zero: Terminal, line: str) -> None:
    done = zero.run(f"{line.format(zero.incident)} --json")
    assert (done.exit_code, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)


def test_an_error_is_no_part_of_the_result(terminal: Terminal) -> None:
    done = terminal.run("show nothing")
    assert (done.stdout, "There is no incident" in done.stderr) == ("", True)


def test_on_a_narrow_terminal_every_row_is_a_card_and_the_id_is_whole(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at(monkeypatch, 60)
    shown = terminal.run("incidents").output
    assert terminal.incident in shown.splitlines()
    assert "  Severity: high" in shown.splitlines()
    assert "┃" not in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", (piece("ops.col_by", "ja"), "の承認")), ("en", ("Acknowledged", "approval"))],
)
def test_the_table_speaks_both_languages(terminal: Terminal, language: str, words: tuple[str, str]) -> None:
    shown = terminal.run("incidents", language=language).output
    assert all(each in shown for each in words)


def test_a_table_that_lives_looks_again_until_ctrl_c(terminal: Terminal, happens: Happens) -> None:
    happens(lambda: close(terminal))
    done = terminal.run("incidents --watch --json")
    first, second, end = lines(done.stdout)
    assert (len(first["incidents"]), len(second["incidents"])) == (1, 0)
    assert end == {"exit": 0, "looks": 2}


def test_a_look_that_fails_does_not_end_it(terminal: Terminal, happens: Happens) -> None:
    aws = terminal.fake
    happens(lambda: aws.fail("dynamodb", "query", Throttled), lambda: None)
    done = terminal.run("incidents --watch --json")
    assert done.exit_code == 0
    assert [("error" in each) for each in lines(done.stdout)] == [False, True, False, False]


def test_the_living_table_is_shown_to_people(terminal: Terminal, happens: Happens) -> None:
    happens()
    done = terminal.run("incidents --watch")
    assert done.exit_code == 0
    assert terminal.incident in done.output


# --- leases ----------------------------------------------------------------------------------------


def test_a_lease_says_what_it_is_and_when_it_ends(zero: Terminal) -> None:
    (lease,) = zero.machine("leases")["leases"]
    assert (lease["remedy"], lease["lowers_security"], lease["until"]) == ("rollout_to_zero", True, None)
    assert (lease["incident"], lease["by"], lease["overdue"]) == (zero.incident, "automation", False)
    assert {change["after"] for change in lease["changes"]} == {"0"}
    shown = zero.run("leases").output
    assert piece("ops.lowered") in shown
    assert "LOWERS SECURITY" in shown


def test_what_lowers_security_comes_first(zero: Terminal) -> None:
    row = next(
        row
        for row in zero.fake.dynamo.rows("Incidents")
        if row["sk"] == {"S": "LEASE#rollout_to_zero#liveness-rollout"}
    )
    data = json.loads(row["data"]["S"])
    warm = {**data, "remedy": "a_first_one", "until": "2026-02-04T11:00:00+00:00"}
    item = {**row, "sk": typed("LEASE#a_first_one#x"), "data": typed(json.dumps(warm))}
    zero.fake.dynamo.put_item(TableName="Incidents", Item=item)
    found = zero.machine("leases")["leases"]
    assert [each["remedy"] for each in found] == ["rollout_to_zero", "a_first_one"]
    zero.fake.tick(hours=1)
    assert zero.machine("leases")["leases"][1]["overdue"] is True
    assert "overdue since" in " ".join(zero.run("leases").output.split())


def test_where_nothing_is_in_force_it_reports_it(terminal: Terminal) -> None:
    assert terminal.run("leases").output == "No changes in force.\n"
    assert terminal.machine("leases")["leases"] == []


# --- show ------------------------------------------------------------------------------------------


def test_one_incident_is_shown_whole(zero: Terminal) -> None:
    zero.run("ack INCIDENT")
    found = zero.machine("show INCIDENT")
    assert (found["incident"], found["closed"], found["state"]) == (zero.incident, False, "ALARM")
    assert found["timeline"][0]["kind"] == "alarm"
    assert "closed" not in [each["kind"] for each in found["timeline"]]
    assert (found["times"]["closed"], found["ending"]) == (None, "open")
    assert found["causes"][0]["cause"]["key"].startswith("cause.")
    assert found["findings"]
    assert [each["person"] for each in found["acknowledgements"]] == ["aiko"]
    assert found["in_force"] == ["rollout_to_zero#liveness-rollout"]
    assert [each["level"] for each in found["messages"]][:1] == [1]


def test_what_was_asked_is_shown_with_its_result(terminal: Terminal) -> None:
    terminal.caller = KEN
    terminal.run("reject INCIDENT --reason later --yes")
    (asked,) = terminal.machine("show INCIDENT")["proposals"]
    assert (asked["answer"], asked["by"]) == ("rejected", "ken")
    assert piece("answer.rejected") in terminal.run("show INCIDENT").output


@pytest.fixture
def approved(terminal: Terminal) -> Terminal:
    assert terminal.run("approve INCIDENT --yes").exit_code == 0
    return terminal


def test_an_approval_that_was_carried_out_is_shown_as_that_with_who_and_when(approved: Terminal) -> None:
    (asked,) = approved.machine("show INCIDENT")["proposals"]
    assert (asked["answer"], asked["by"]) == ("carried_out", "aiko")
    assert asked["carried_out"] == asked["at"]
    (said,) = asked["answers"]
    assert (said["person"], said["decision"]) == ("aiko", "approve")
    assert said["at"] <= asked["at"]
    shown = " ".join(approved.run("show INCIDENT").output.split())
    assert "applied (aiko" in shown
    assert "aiko: Approved" in shown
    assert "nobody approved" not in shown


def test_what_can_be_done_next_is_shown_as_commands(terminal: Terminal) -> None:
    name, proposal = terminal.incident, terminal.proposal
    shown = terminal.run(f"show {name}").stdout.splitlines()
    typed = [each.partition("liveness-ops ")[2] for each in shown if "liveness-ops " in each]
    where = "--stack responder"
    assert typed == [
        f"ack {name} {where}",
        f"approve {name} {proposal} {where}",
        f'reject {name} {proposal} --reason "…" {where}',
    ]
    assert terminal.run(typed[0]).exit_code == 0
    assert not any("liveness-ops ack" in each for each in terminal.run(f"show {name}").stdout.splitlines())


@pytest.mark.parametrize(
    ("variable", "options", "repeated"),
    [
        ("AWS_REGION", "", "--region us-east-1 --stack responder"),
        ("AWS_DEFAULT_REGION", "", "--region us-east-1 --stack responder"),
        ("AWS_PROFILE", "", "--region us-east-1 --stack responder"),
        ("AWS_REGION", "--profile lead", "--profile lead --region us-east-1 --stack responder"),
        ("AWS_PROFILE", "--profile lead", "--profile lead --stack responder"),
        ("AWS_REGION", "--local", "--stack responder --local"),
        ("TZ", "", "--stack responder"),
    ],
)
def test_a_command_repeats_the_region_that_only_a_variable_gives(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, variable: str, options: str, repeated: str
) -> None:
    monkeypatch.setenv(variable, "us-east-1")
    shown = terminal.run(f"show {terminal.incident} {options}").stdout
    (given,) = re.findall(rf"liveness-ops ack {terminal.incident} (.*)", shown)
    assert given == repeated


def test_what_is_in_force_is_reverted_by_the_command_that_is_shown(zero: Terminal) -> None:
    shown = zero.run("show INCIDENT").stdout
    assert f"liveness-ops revert {zero.incident} rollout_to_zero --stack responder" in shown


def test_a_proposal_that_waits_is_shown_with_its_values_and_its_end(approved: Terminal) -> None:
    approved.fake.tick(minutes=1)
    assert approved.run("revert INCIDENT --percent 10", "y\nn\n").exit_code == 1
    shown = approved.run("show INCIDENT").stdout
    assert "LIVENESS_ROLLOUT_PERCENTAGE: 0 → 10" in shown
    assert "valid until Feb 04" in shown


def test_no_id_of_a_message_is_shown_to_people(terminal: Terminal) -> None:
    assert "/response/" in json.dumps(terminal.machine("show INCIDENT"))
    assert "/response/" not in terminal.run("show INCIDENT").output


def test_each_decision_of_a_person_is_one_row_of_the_timeline(approved: Terminal) -> None:
    rows = [each for each in approved.machine("show INCIDENT")["timeline"] if each["by"] == "aiko"]
    assert [each["by"] for each in rows if each["said"]["en"] == "Approved"] == ["aiko"]


def test_people_are_read_from_their_rows_where_no_step_was_noted(approved: Terminal) -> None:
    aws = approved.fake.dynamo
    for found in [each for each in aws.rows("Incidents") if each["pk"]["S"].startswith("PERSON#")]:
        aws.delete_item(TableName="Incidents", Key={"pk": found["pk"], "sk": found["sk"]})
    answer = approved.machine("show INCIDENT")
    assert [(each["person"], each["what"]) for each in answer["people"]] == [("aiko", "approve")]
    assert "Approved" in [each["said"]["en"] for each in answer["timeline"] if each["by"] == "aiko"]


def test_no_identity_of_a_person_is_shown(approved: Terminal) -> None:
    found = json.dumps(approved.machine("show INCIDENT"))
    assert "arn:aws:iam" not in found
    assert "principal" not in found


@in_both_languages
def test_every_part_is_reported_to_people(zero: Terminal, language: str) -> None:
    shown = zero.run("show INCIDENT", language=language).output
    titles = (
        ["タイムライン", piece("ops.causes", "ja"), piece("ops.findings", "ja")]
        if language == "ja"
        else ["Timeline", "Causes", "Findings"]
    )
    assert all(each in shown for each in titles)
    assert "ops." not in shown
    assert "Traceback" not in shown


def test_closed_ones_are_shown_with_their_end(terminal: Terminal) -> None:
    close(terminal)
    found = terminal.machine("show INCIDENT")
    assert (found["exit"], found["closed"]) == (0, True)
    assert found["timeline"][-1]["kind"] == "closed"


@pytest.mark.parametrize(
    ("language", "title"), [("ja", piece("ops.open_items", "ja")), ("en", piece("ops.open_items"))]
)
def test_what_is_left_to_do_after_a_closed_one_has_its_title(
    terminal: Terminal, language: str, title: str
) -> None:
    close(terminal)
    shown = terminal.run("show INCIDENT", language=language).output
    assert title in shown
    assert "ops." not in shown


def test_also_where_its_alarm_has_had_another_one_since(terminal: Terminal) -> None:
    incident = terminal.incident
    replace_by_a_later_one(terminal)
    found = terminal.machine(f"show {incident}")
    assert (found["exit"], found["closed"], found["state"]) == (0, True, None)


# --- tail ------------------------------------------------------------------------------------------


def test_new_steps_come_as_they_happen_and_the_close_ends_it(terminal: Terminal, happens: Happens) -> None:
    def ack() -> None:
        terminal.fake.tick(minutes=1)
        terminal.run("ack INCIDENT")

    happens(ack, lambda: None, lambda: close(terminal))
    found = lines(terminal.run("tail INCIDENT --json").stdout)
    assert found[-1]["exit"] == 0
    assert found[-1]["closed"] is True
    steps = [(each["kind"], each["by"]) for each in found[:-1]]
    assert steps.count(("person", "aiko")) == 1
    assert steps[-1] == ("person", "aiko")


def test_a_step_that_is_older_than_the_last_one_shown_is_not_lost(
    terminal: Terminal, happens: Happens
) -> None:
    from responder.store import Incidents

    incidents, at = Incidents(terminal.fake, "Incidents"), terminal.fake.now.replace(year=2025)

    def late() -> None:
        incidents.note(terminal.incident, "person", {"person": "ken", "what": "note"}, at)

    happens(late)
    found = lines(terminal.run("tail INCIDENT --json").stdout)
    assert found[-2]["by"] == "ken"


def test_an_approved_revert_is_named_as_such_and_not_as_its_remedy(zero: Terminal, happens: Happens) -> None:
    zero.fake.now += timedelta(minutes=2)
    zero.run("revert INCIDENT --yes")
    happens()
    _, _, shown = zero.run("tail INCIDENT").output.partition("[aiko] Approved")
    assert shown.splitlines()[1].strip() == "proposal: restore liveness check to 50%"
    lines = shown.splitlines()
    # The row from before the write is left out.
    (below,) = [after for line, after in pairwise(lines) if "being reverted" in line]
    assert "0 → 50 (in progress)" in below


def test_ctrl_c_ends_it_as_done(terminal: Terminal, happens: Happens) -> None:
    happens()
    done = terminal.run("tail INCIDENT")
    assert done.exit_code == 0
    assert "[automation]" in done.output


def test_a_closed_one_ends_immediately(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "wait", lambda: pytest.fail("waited"))
    close(terminal)
    assert lines(terminal.run("tail INCIDENT --json").stdout)[-1]["closed"] is True


def test_a_look_that_fails_is_made_again(terminal: Terminal, happens: Happens) -> None:
    aws = terminal.fake
    happens(lambda: aws.fail("dynamodb", "get_item", Throttled), lambda: close(terminal))
    done = terminal.run("tail INCIDENT")
    assert done.exit_code == 0
    assert "trying again" in done.output


# --- ends ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["show", "tail"])
def test_an_incident_that_never_was_has_its_exit_status(terminal: Terminal, command: str) -> None:
    assert terminal.machine(f"{command} nothing-20260101T000000Z")["exit"] == 4
    assert terminal.machine(f"{command} 'what is that'")["exit"] == 4


@pytest.mark.parametrize("line", ["incidents", "incidents --all", "leases", "show {}", "tail {}"])
@pytest.mark.parametrize("error", [Denied, Throttled])
def test_where_aws_refuses_there_is_one_line(terminal: Terminal, line: str, error: type[AwsError]) -> None:
    incident = terminal.incident
    for operation in ("query", "get_item"):
        terminal.fake.fail("dynamodb", operation, error, code="Injected", times=9)
    done = terminal.run(line.format(incident))
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert "Injected" in done.output


def test_a_remedy_of_the_incident_that_is_only_asked_for_is_shown_with_its_reason(zero: Terminal) -> None:
    shown = zero.run("show INCIDENT").output
    assert "resume ask-" not in shown
    for remedy in ("rollout_to_zero", "provisioned_concurrency"):
        stop = ask_for(remedy, "automation", f"{remedy} made things worse")
        zero.fake.ssm.parameters[f"/responder/stops/{stop.name}"] = stop.to_json()
    shown = zero.run("show INCIDENT").output
    assert "liveness-ops resume ask-rollout_to_zero" in shown
    assert "rollout_to_zero made things worse" in shown
    # Another incident's remedy is of no interest here.
    assert "ask-provisioned_concurrency" not in shown
