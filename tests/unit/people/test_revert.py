"""revert: what is in force goes back, by approval where that is needed."""

import io
import json
from dataclasses import replace

import pytest

from responder.aws.items import typed
from responder.core.change import Change, Lease, LeaseState, Status
from responder.core.errors import Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.people.decide import going_back
from responder.store import Incidents
from tests.texts import piece
from tests.unit.followup.report_samples import BILLING, at
from tests.unit.people.terminal import AIKO, KEN, MARI, Terminal, asked


def test_a_step_back_is_asked_for_shown_approved_and_set(off: Terminal) -> None:
    done = off.run("revert INCIDENT rollout_to_zero --percent 10", "y\ny\n")
    assert done.exit_code == 0, done.output
    assert off.scene.percentages() == ["10"] * 4
    assert "Set the liveness check to 10%?" in done.output
    assert "LIVENESS_ROLLOUT_PERCENTAGE: 0 → 10" in done.output
    assert "raises security" in done.output
    assert "restore liveness check to 10%: applied, taking effect" in done.output
    # Both of the same second.
    steps = {step["what"]: step for step in off.steps}
    assert sorted(steps) == ["approve", "revert"]
    assert steps["revert"]["percent"] == 10


@pytest.mark.parametrize(("percent", "after"), [("", "50"), ("--percent 10", "10")])
def test_what_it_would_set_is_shown_first_as_a_restore(off: Terminal, percent: str, after: str) -> None:
    card, _, _ = off.run(f"revert {off.incident} {percent}", "n\n").output.partition("[y/N]")
    assert f"LIVENESS_ROLLOUT_PERCENTAGE: 0 → {after}" in card
    assert "restores security" in card
    assert "lowers security" not in card
    assert "→ 0" not in card


def test_the_card_of_a_revert_that_has_begun_is_not_that_of_the_remedy(
    off: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = Incidents(off.scene.aws, "Incidents").ledger().leases
    back = tuple(replace(each, before="0", after="10", status=Status.IN_PROGRESS) for each in found.changes)
    begun = replace(found, state=LeaseState.REVERTING, changes=back)
    monkeypatch.setattr("liveness_ops.people.confirm._lease", lambda *_: begun)
    card = off.run("revert INCIDENT", "n\n").output
    assert "LIVENESS_ROLLOUT_PERCENTAGE: 10 → 50" in card
    assert "lowers security" not in card


def test_its_card_promises_nothing_for_an_approval(off: Terminal) -> None:
    cards = off.run("revert INCIDENT", "y\nn\n").output.split("[y/N]")
    assert ["If approved" in each for each in cards] == [False, True, False]


@pytest.mark.parametrize("later", [0, 14])
def test_in_progress_it_is_neither_asked_for_again_nor_recorded(off: Terminal, later: int) -> None:
    off.run("revert INCIDENT --yes")
    before = len(off.steps), len(off.asked), len(off.scene.reported)
    off.scene.aws.tick(minutes=later)
    for line in (f"revert {off.incident}", f"revert {off.incident} --yes"):
        done = off.run(line)
        assert (done.exit_code, piece("denial.going_back") in done.output) == (7, True), done.output
    assert (len(off.steps), len(off.asked), len(off.scene.reported)) == before


def test_long_after_it_was_sent_it_can_be_requested_again(off: Terminal) -> None:
    off.run("revert INCIDENT --yes")
    off.scene.aws.tick(minutes=16)
    assert off.run("revert INCIDENT", "n\n").exit_code == 1


def test_a_step_in_progress_does_not_stop_the_whole_revert(off: Terminal) -> None:
    off.run("revert INCIDENT --percent 10 --yes")
    assert off.run("revert INCIDENT --percent 10").exit_code == 7
    assert "10 → 50" in off.run("revert INCIDENT", "n\n").output


def test_in_progress_it_can_still_be_said_that_it_made_things_worse(off: Terminal) -> None:
    off.run("revert INCIDENT --yes")
    done = off.run("revert INCIDENT --made-worse --yes")
    assert (done.exit_code, piece("denial.going_back") in done.output) == (0, True)
    assert [row["decision"] for row in off.rows if row["pk"].startswith("WORSE#")] == ["worse"]


def test_after_a_step_the_old_value_is_shown_not_the_one_of_the_remedy(off: Terminal) -> None:
    off.run("revert INCIDENT --percent 10 --yes")
    card = off.run("revert INCIDENT", "n\n").output
    assert "LIVENESS_ROLLOUT_PERCENTAGE: 10 → 50" in card
    assert "lowers security" not in card


def test_a_step_that_lowers_the_rollout_again_is_not_shown_as_a_restore(off: Terminal) -> None:
    off.run("revert INCIDENT --percent 10 --yes")
    card = off.run("revert INCIDENT --percent 5", "n\n").output
    assert "10 → 5" in card
    assert "lowers security" in card


@pytest.mark.parametrize("state", [LeaseState.IN_FORCE, LeaseState.REVERTING])
@pytest.mark.parametrize("percent", ["0", "10"])
def test_a_value_that_is_set_already_is_shown_to_stay(
    off: Terminal, monkeypatch: pytest.MonkeyPatch, percent: str, state: LeaseState
) -> None:
    (found,) = Incidents(off.scene.aws, "Incidents").ledger().leases
    done = tuple(replace(each, after=percent, status=Status.APPLIED) for each in found.changes)
    stepped = replace(found, state=state, changes=done)
    monkeypatch.setattr("liveness_ops.people.confirm._lease", lambda *_: stepped)
    card = off.run(f"revert {off.incident} --percent {percent}", "n\n").output
    assert f"LIVENESS_ROLLOUT_PERCENTAGE: stays {percent}" in card
    assert "→" not in card
    assert "lowers security" not in card


def test_without_a_percentage_the_old_value_comes_back(off: Terminal) -> None:
    found = off.machine("revert INCIDENT --yes")
    assert off.scene.percentages() == ["50"] * 4
    assert (found["remedy"], found["carried_out"]) == ("rollout_to_zero", True)


def test_asked_for_and_not_approved_it_stays_and_the_proposal_waits(off: Terminal) -> None:
    done = off.run("revert INCIDENT --percent 10", "y\nn\n")
    assert (done.exit_code, piece("console.left_open") in done.output) == (1, True)
    assert f"liveness-ops reject {off.incident} " in done.output
    assert off.scene.percentages() == ["0"] * 4
    assert off.run("approve INCIDENT --yes").exit_code == 0
    assert off.scene.percentages() == ["10"] * 4


def test_a_person_who_may_not_approve_a_remedy_cannot_request_its_revert(off: Terminal) -> None:
    off.caller = MARI
    done = off.run("revert INCIDENT --percent 10 --yes")
    assert (done.exit_code, off.rows, off.asked, off.steps) == (3, [], [], [])
    assert off.scene.percentages() == ["0"] * 4


def test_that_it_made_things_worse_is_on_record_only_where_a_person_reports_it(off: Terminal) -> None:
    off.run("revert INCIDENT --percent 10 --yes")
    assert not [row for row in off.rows if row["pk"].startswith("WORSE#")]
    assert "why" not in off.steps[-1]
    off.run("revert INCIDENT --percent 50 --made-worse --yes")
    (row,) = [row for row in off.rows if row["pk"].startswith("WORSE#")]
    (lease,) = off.scene.leases()
    assert row["pk"].startswith(f"WORSE#{off.incident}#rollout_to_zero#{lease['scope']}@")
    assert (row["sk"], row["decision"], row["principal"]) == ("aiko", "worse", AIKO)
    # Both of the same second.
    given = [step.get("why", "") for step in off.steps if step["what"] == "revert"]
    assert sorted(given) == ["", "made_worse"]


def test_also_what_needs_no_approval_is_reverted_by_its_class_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = warm(monkeypatch)
    terminal.caller = AIKO
    done = terminal.run("revert INCIDENT --scope result --yes")
    assert (done.exit_code, terminal.asked, terminal.steps) == (3, [], [])


def test_what_is_left_of_an_incident_is_reverted_after_its_end(off: Terminal) -> None:
    close(off)
    assert off.machine("revert INCIDENT --yes")["carried_out"] is True
    assert off.scene.percentages() == ["50"] * 4


def test_that_revert_waits_after_the_end_too_and_nothing_else_does(off: Terminal) -> None:
    off.run("revert INCIDENT", "y\nn\n")
    close(off)
    assert off.run("approve INCIDENT --yes").exit_code == 0
    assert off.scene.percentages() == ["50"] * 4
    assert off.run("ack INCIDENT --yes").exit_code == 4


def test_declined_nothing_is_sent(off: Terminal) -> None:
    done = off.run("revert INCIDENT", "n\n")
    assert (done.exit_code, off.asked, off.steps) == (1, [], [])


def test_where_nothing_is_in_force_there_is_nothing_to_revert(terminal: Terminal) -> None:
    assert terminal.run("revert INCIDENT --yes").exit_code == 5
    assert terminal.asked == []


def test_another_remedy_than_the_one_in_force_is_not_reverted(off: Terminal) -> None:
    assert off.run("revert INCIDENT on_demand_billing --yes").exit_code == 5
    assert off.asked == []


def test_a_rejected_revert_waits_until_it_is_asked_for_again(off: Terminal) -> None:
    off.run("revert INCIDENT --percent 10", "y\nn\n")
    off.run("reject INCIDENT --reason 'too early' --yes")
    assert off.run("revert INCIDENT --percent 10 --yes").exit_code == 5
    assert off.scene.percentages() == ["0"] * 4
    off.scene.aws.tick(minutes=1)
    assert off.run("revert INCIDENT --percent 10", "y\nn\n").exit_code == 1
    off.caller = KEN
    assert off.run("approve INCIDENT --yes").exit_code == 0
    assert off.scene.percentages() == ["10"] * 4


@pytest.mark.parametrize("percent", ["-1", "101", "some"])
def test_a_percentage_outside_of_0_to_100_is_refused(off: Terminal, percent: str) -> None:
    assert off.run(f"revert {off.incident} --percent={percent} --yes").exit_code == 2


def test_where_the_function_cannot_be_asked_it_says_which_call(off: Terminal) -> None:
    off.entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    done = off.run("revert INCIDENT --yes")
    assert done.exit_code == 6
    assert "lambda:Invoke ReadTimeoutError" in done.output


def close(terminal: Terminal) -> None:
    terminal.scene.aws.dynamo.update_item(
        TableName="Incidents",
        Key={"pk": typed("ALARMS"), "sk": typed(terminal.scene.pointer["slug"])},
        UpdateExpression="SET closed = :yes",
        ExpressionAttributeValues={":yes": typed(True)},
    )


# --- two functions kept warm -----------------------------------------------------------------------


def warm(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal, _ = asked(monkeypatch)
    incidents = Incidents(terminal.scene.aws, "Incidents")
    now = terminal.scene.aws.now
    for function in Settings().functions:
        change = Change(function, "ProvisionedConcurrentExecutions", "0", "5", Status.APPLIED)
        lease = Lease(
            "provisioned_concurrency",
            function,
            terminal.incident,
            LeaseState.IN_FORCE,
            now,
            now,
            {},
            (change,),
        )
        incidents.begin(replace(lease), incidents.ledger().version, now)
    terminal.entry.answer = answered("reverted")
    terminal.caller = MARI
    return terminal


NO_WORD = b'{"report": "1", "results": {"provisioned_concurrency result": "refused"}, "because": 1}'


def answered(result: str, *, in_progress: bool = False) -> Json:
    name = "provisioned_concurrency result"
    body = {"report": "1", "results": {name: result}, "in_progress": {name: in_progress}}
    return {"Payload": io.BytesIO(json.dumps(body).encode())}


def test_where_another_change_is_in_force_it_is_named(off: Terminal) -> None:
    done = off.run("revert INCIDENT rollout --json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["error"]) == (5, "denial.no_lease")
    assert found["leases"] == [{"remedy": "rollout_to_zero", "scope": ""}]
    assert "rollout_to_zero  liveness check off" in done.stderr


def test_of_several_one_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = warm(monkeypatch)
    done = terminal.run("revert INCIDENT --yes")
    assert (done.exit_code, terminal.asked) == (2, [])
    assert "--scope create" in done.output
    assert "--scope result" in done.output


@pytest.mark.parametrize("scope", ["result", "FaceAuth-GetLivenessResult"])
def test_a_function_is_named_by_its_role_or_its_name(monkeypatch: pytest.MonkeyPatch, scope: str) -> None:
    terminal = warm(monkeypatch)
    found = terminal.machine(f"revert {terminal.incident} --scope {scope} --yes")
    assert (found["exit"], found["scope"]) == (0, "result")
    assert b'"scope": "result"' in terminal.asked[0]["Payload"]


def test_only_rollout_comes_back_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = warm(monkeypatch)
    done = terminal.run("revert INCIDENT --scope result --percent 10 --yes")
    assert (done.exit_code, terminal.asked) == (2, [])


def test_what_aws_is_still_reverting_is_not_called_reverted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = warm(monkeypatch)
    terminal.entry.answer = answered("reverted", in_progress=True)
    done = terminal.run("revert INCIDENT --scope result --yes")
    assert done.exit_code == 0
    assert "(GetLivenessResult): being reverted" in done.output


def test_what_is_left_because_a_person_changed_it_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = warm(monkeypatch)
    terminal.entry.answer = answered("kept")
    done = terminal.run("revert INCIDENT --scope result --yes")
    assert done.exit_code == 0
    assert "restore provisioned concurrency (GetLivenessResult): kept as changed manually" in done.output


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"results": {}}',
        b'{"results": null}',
        b"\xff",
        b'{"report": "", "results": 1}',
        NO_WORD,
    ],
)
def test_an_answer_that_says_nothing_is_no_success(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    terminal = warm(monkeypatch)
    terminal.entry.answer = {"Payload": io.BytesIO(body)}
    done = terminal.run("revert INCIDENT --scope result --yes")
    assert (done.exit_code, done.output.splitlines()[-1][:26]) == (6, "A call failed (lambda:Invo")


def test_where_it_is_unknown_when_it_was_sent_it_can_be_requested_again() -> None:
    sent = tuple(replace(each, status=Status.IN_PROGRESS) for each in BILLING.changes)
    assert not going_back(replace(BILLING, state=LeaseState.REVERTING, changes=sent), {}, at(60 * 72))
