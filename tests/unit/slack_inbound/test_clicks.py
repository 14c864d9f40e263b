"""Each button does one thing, records it as the console would, and shows the result."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest

from responder.core.change import Change
from responder.core.command import ApprovalRequest, fingerprint
from responder.core.errors import Unreachable
from responder.core.modes import Effect
from responder.core.plain_data import Data
from responder.core.settings_document import parse
from responder.core.switches import switches
from responder.store import Incidents
from responder.store.approvals import acknowledgements, rows
from tests.texts import piece
from tests.unit.slack_inbound.workspace import (
    AIKO,
    AIKO_ARN,
    CHANNEL,
    FUNCTION,
    KEN,
    MARI,
    PEOPLE,
    ROOT,
    SIGNING,
    THREAD,
    TOKEN,
    SlackWorkspace,
    applied,
    asked,
)

CHANGES = (Change("FaceAuth-GetLivenessResult", "CONFIDENCE_THRESHOLD", "90", "85"),)


def test_an_approval_is_carried_out_by_the_alarm_s_own_function() -> None:
    workspace = asked()
    said = workspace.click("approve")
    assert workspace.scene.percentages() == ["0"] * 4
    assert said.startswith("Approved by aiko, in progress: liveness check off (rollout 0%).")
    (row,) = workspace.rows
    assert (row["pk"], row["sk"], row["decision"]) == (workspace.commands[0]["proposal"], "aiko", "approve")
    assert row["principal"] == AIKO
    (step,) = workspace.steps
    assert step == {
        "person": "aiko",
        "principal": AIKO,
        "what": "approve",
        "proposal": row["pk"],
        "remedy": "rollout_to_zero",
        "scope": "",
    }


def test_slack_has_its_answer_once_it_is_on_record_and_before_anything_is_changed() -> None:
    workspace = asked()
    answer = workspace.send(workspace.request(workspace.pressed("approve")))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert len(workspace.rows) == 1
    assert workspace.scene.percentages() == ["50"] * 4
    assert workspace.client.requests == []


def test_the_answer_goes_to_that_person_where_the_button_was() -> None:
    workspace = asked()
    workspace.click("approve")
    assert {key: workspace.client.requests[-1][1][key] for key in ("channel", "user", "thread_ts")} == {
        "channel": CHANNEL,
        "user": AIKO,
        "thread_ts": THREAD,
    }


def test_what_is_left_for_later_holds_no_secret() -> None:
    workspace = asked()
    workspace.press("approve")
    workspace.submit("because of the release")
    kept = [json.dumps(event) for name, event in workspace.queue if name == FUNCTION]
    assert len(kept) == 2
    for word in (SIGNING, TOKEN, "v0=", "hooks.slack.com", "trigger", "because of the release"):
        assert not any(word in each for each in kept), word


def test_the_command_is_made_of_the_proposal_on_record_not_of_the_button() -> None:
    workspace = applied()
    workspace.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 10})
    workspace.click("approve")
    (command,) = workspace.commands
    assert (command["command"], command["wanted"]) == ("revert", {"percent": 10})
    assert workspace.scene.percentages() == ["10"] * 4


def test_in_the_language_of_the_stack() -> None:
    workspace = asked()
    workspace.scene.environment["LANGUAGE"] = "ja"
    assert workspace.click("approve").startswith("aiko の承認を記録し、「")


def test_an_acknowledgement_counts_and_says_until_when_the_escalation_waits() -> None:
    workspace = asked()
    said = workspace.click("acknowledge", MARI)
    assert "Acknowledged by mari. The escalation is held for about 60 min, until Feb 04 11:27 UTC." in said
    found = rows(workspace.scene.aws, "Approvals", f"ACK#{workspace.incident}")
    people = parse(PEOPLE).people
    counted = acknowledgements(found, workspace.now - timedelta(minutes=3), people, workspace.now)
    assert [each.person for each in counted] == ["mari"]
    assert [step["what"] for step in workspace.steps] == ["acknowledge"]


def test_a_rejection_asks_why_and_counts() -> None:
    workspace = asked()
    assert workspace.press("reject", KEN) == 200
    (method, form), view = workspace.client.requests[0], workspace.client.requests[0][1]["view"]
    assert (method, form["trigger_id"]) == ("views.open", "1.2.1")
    assert view["callback_id"] == "reject_reason"
    assert workspace.rows == []
    answer = workspace.submit("  the release \n is over ", KEN)
    assert (answer["statusCode"], answer["body"]) == (200, "")
    workspace.later()
    (row,) = workspace.rows
    assert (row["decision"], row["reason"], row["sk"]) == ("reject", "the release is over", "ken")
    assert (workspace.steps[0]["what"], workspace.steps[0]["reason"]) == ("reject", "the release is over")
    assert workspace.said.startswith("Rejected: liveness check off (rollout 0%)")
    assert "rejected the proposal" in workspace.click("approve")
    assert workspace.scene.percentages() == ["50"] * 4


def test_the_form_brings_back_what_it_is_about() -> None:
    workspace = asked()
    workspace.press("reject")
    about = json.loads(workspace.client.requests[0][1]["view"]["private_metadata"])
    assert about == {**workspace.value(), "channel": CHANNEL, "ts": THREAD}


def test_slack_takes_the_form() -> None:
    """Titles and buttons of a form have at most 24 characters, in either language."""
    for language in ("en", "ja"):
        workspace = asked()
        workspace.scene.environment["LANGUAGE"] = language
        workspace.press("reject")
        view = workspace.client.requests[0][1]["view"]
        assert all(0 < len(view[part]["text"]) <= 24 for part in ("title", "submit", "close"))
        assert len(view["private_metadata"]) <= 3000


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_without_a_reason_the_form_stays_open(reason: str) -> None:
    workspace = asked()
    answer = workspace.submit(reason)
    assert json.loads(answer["body"]) == {
        "response_action": "errors",
        "errors": {"reason": piece("click.form_empty")},
    }
    assert workspace.rows == []


def test_a_form_that_cannot_be_opened_names_the_other_way() -> None:
    workspace = asked()
    workspace.client.error = "expired_trigger_id"
    workspace.press("reject")
    workspace.client.error = ""
    workspace.later()
    assert "(expired_trigger_id)" in workspace.said
    command = f"liveness-ops reject {workspace.incident} {workspace.proposal} --reason"
    assert f'{command} "why" --region us-east-1 --stack responder' in workspace.said


def test_where_slack_takes_nothing_from_us_a_form_that_does_not_open_is_a_warning_sign() -> None:
    """Otherwise the person who rejects sees nothing, and believes that it is rejected."""
    workspace = asked()
    workspace.client.error = "token_revoked"
    assert workspace.press("reject") == 503
    workspace.later()
    assert (workspace.client.requests, workspace.rows) == ([], [])


def test_a_revert_that_needs_an_approval_asks_for_it() -> None:
    workspace = applied()
    said = workspace.click("revert", proposal="")
    assert said.startswith("Requested: restore liveness check.")
    assert workspace.scene.result["approval"] == workspace.proposal
    assert workspace.scene.percentages() == ["0"] * 4
    assert [(step["what"], step["remedy"]) for step in workspace.steps] == [("revert", "rollout_to_zero")]
    workspace.scene.aws.tick(minutes=1)
    said = workspace.click("approve", KEN)
    assert said.startswith("Approved by ken, in progress: restore liveness check to 50%.")
    assert workspace.scene.percentages() == ["50"] * 4


def test_a_revert_says_nothing_of_its_reason_unless_that_button_is_pressed() -> None:
    workspace = applied()
    workspace.click("revert", proposal="")
    assert workspace.rows == []
    said = workspace.click("revert_worse", proposal="")
    assert said.startswith("Already awaiting approval: restore liveness check to 50%")
    assert said_of_harm(workspace.rows) == [("aiko", "worse")]


def test_a_revert_in_progress_is_not_ordered_again_and_its_reason_is_recorded() -> None:
    workspace = applied()
    workspace.click("revert", proposal="")
    workspace.click("approve", KEN)
    before, steps = len(workspace.commands), len(workspace.steps)
    assert piece("denial.going_back") in workspace.click("revert", proposal="")
    assert (len(workspace.commands), len(workspace.steps)) == (before, steps)
    assert piece("denial.going_back") in workspace.click("revert_worse", proposal="")
    assert said_of_harm(workspace.rows) == [("aiko", "worse")]
    assert (len(workspace.commands), len(workspace.steps)) == (before, steps + 1)


def test_who_may_not_revert_it_says_nothing_of_harm_either() -> None:
    workspace = applied()
    workspace.click("revert_worse", MARI, proposal="")
    assert (workspace.rows, workspace.steps) == ([], [])


def said_of_harm(rows: Iterable[Data]) -> list[tuple[str, str]]:
    return [(row["sk"], row["decision"]) for row in rows if row["pk"].startswith("WORSE#")]


def test_a_revert_that_was_rejected_is_approved_by_the_same_person_once_it_is_asked_again() -> None:
    workspace = applied()
    workspace.click("revert", proposal="")
    workspace.submit("too early", AIKO)
    workspace.later()
    workspace.scene.aws.tick(minutes=2)
    workspace.click("revert", KEN, proposal="")
    workspace.scene.aws.tick(minutes=1)
    assert piece("click.carried_out") in workspace.click("approve", AIKO)
    assert workspace.scene.percentages() == ["50"] * 4
    assert [row["decision"] for row in workspace.rows] == ["approve"]


def test_asked_again_it_is_rejected_again() -> None:
    workspace = applied()
    for reason in ("too early", "still too early"):
        workspace.click("revert", proposal="")
        workspace.scene.aws.tick(seconds=20)
        workspace.submit(reason)
        workspace.later()
        workspace.scene.aws.tick(minutes=2)
    assert [row["reason"] for row in workspace.rows] == ["still too early"]
    assert [step["what"] for step in workspace.steps] == ["revert", "reject", "revert", "reject"]


def test_what_is_asked_for_already_is_not_ordered_again() -> None:
    workspace = applied()
    workspace.click("revert", proposal="")
    workspace.scene.aws.tick(minutes=2)
    said = workspace.click("revert", KEN, proposal="")
    assert f"Already awaiting approval: restore liveness check to 50% ({workspace.proposal})" in said
    assert len(workspace.commands) == 1


def test_a_pause_holds_for_two_hours_and_is_what_the_guards_read() -> None:
    workspace = asked()
    said = workspace.click("pause", MARI)
    ((name, pause),) = workspace.pauses.items()
    assert name == "/responder/stops/slack-U0MARI-20260204T102700Z"
    assert pause == {"who": "mari", "why": f"Slack {workspace.incident}", "until": "2026-02-04T12:27:00Z"}
    found = switches("/responder", workspace.scene.aws.ssm.parameters, ())
    assert [each.who for each in found.active(workspace.now + timedelta(minutes=119))] == ["mari"]
    assert found.active(workspace.now + timedelta(minutes=121)) == ()
    assert "liveness-ops resume slack-U0MARI-20260204T102700Z --region us-east-1 --stack responder" in said
    assert workspace.steps[0]["what"] == "pause"


def test_a_pause_later_holds_for_longer() -> None:
    workspace = asked()
    workspace.click("pause")
    workspace.scene.aws.tick(minutes=30)
    workspace.click("pause")
    assert len(workspace.pauses) == 2


def test_while_paused_an_approval_is_on_record_and_nothing_is_changed() -> None:
    workspace = asked()
    workspace.click("pause")
    workspace.click("approve")
    assert workspace.scene.percentages() == ["50"] * 4
    assert workspace.scene.result["because"]["key"] == "guard.paused"


def test_what_was_approved_in_the_last_second_is_carried_out_though_its_time_is_over_by_then() -> None:
    workspace = asked()
    workspace.scene.aws.tick(minutes=27, seconds=55)
    assert workspace.press("approve") == 200
    workspace.scene.aws.tick(seconds=20)
    workspace.later()
    assert piece("click.carried_out") in workspace.said
    assert workspace.scene.percentages() == ["0"] * 4


def test_a_rejection_of_what_was_approved_says_that_it_may_be_in_progress() -> None:
    workspace = asked()
    workspace.press("approve")
    workspace.queue.clear()
    assert workspace.press("reject", KEN) == 200
    workspace.submit("not now", KEN)
    workspace.later()
    assert piece("person.rejected_late") in workspace.said
    workspace.click("approve")
    assert workspace.commands == []


# --- two people ------------------------------------------------------------------------------------


def weaker() -> tuple[SlackWorkspace, str]:
    workspace = asked()
    proposal = fingerprint(workspace.incident, "lower_threshold", CHANGES)
    now = workspace.now
    one = ApprovalRequest(
        proposal, workspace.incident, "lower_threshold", "", Effect.LOWERS_SECURITY, now, CHANGES
    )
    Incidents(workspace.scene.aws, "Incidents").record(workspace.incident, "asked", one, now, (one,))
    workspace.scene.aws.tick(minutes=1)
    return workspace, proposal


def test_what_makes_every_check_weaker_waits_for_two_people() -> None:
    workspace, proposal = weaker()
    said = workspace.click("approve", proposal=proposal, r="lower_threshold")
    assert "2 different people are needed" in said
    assert workspace.commands == []
    workspace.click("approve", KEN, proposal=proposal, r="lower_threshold")
    assert [each["proposal"] for each in workspace.commands] == [proposal]
    assert "Approved by aiko, ken, in progress" in workspace.said


def test_one_person_by_slack_and_by_terminal_is_one_person() -> None:
    workspace, proposal = weaker()
    workspace.scene.approve(proposal, "aiko", AIKO_ARN)
    said = workspace.click("approve", proposal=proposal, r="lower_threshold")
    assert "2 different people are needed" in said
    assert (len(workspace.rows), workspace.commands) == (1, [])


# --- when something does not work ------------------------------------------------------------------


def test_a_click_is_carried_out_although_slack_takes_no_answer() -> None:
    workspace = asked()
    workspace.client.error = "ratelimited"
    workspace.press("approve")
    workspace.later()
    assert workspace.scene.percentages() == ["0"] * 4


def test_everyone_reads_who_has_taken_it() -> None:
    workspace = asked()
    workspace.shown()
    assert workspace.press("acknowledge") == 200
    workspace.later()
    method, edit = workspace.client.requests[-1]
    assert (method, edit["channel"], edit["ts"]) == ("chat.update", CHANNEL, ROOT)
    assert edit["text"].startswith("🟡 acknowledged by aiko")


def test_an_acknowledgement_is_answered_although_it_cannot_be_shown() -> None:
    workspace = asked()
    workspace.shown()
    workspace.scene.aws.fail("dynamodb", "update_item", Unreachable, where={"TableName": "Incidents"})
    assert workspace.click("acknowledge").startswith("Acknowledged by aiko.")
