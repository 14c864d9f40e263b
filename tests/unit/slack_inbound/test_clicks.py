"""Each button does one thing, records it as the console would, and shows the result."""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from responder.core.approval_request import ApprovalRequest, fingerprint
from responder.core.change import Change
from responder.core.errors import Unreachable
from responder.core.modes import Effect
from responder.core.settings_document import parse
from responder.core.switches import switches
from responder.store import Incidents
from responder.store.approvals import acknowledgements, rows
from tests.texts import piece
from tests.unit.slack_inbound.office import (
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
    Office,
    applied,
    asked,
)

pytestmark = pytest.mark.unit
CHANGES = (Change("FaceAuth-GetLivenessResult", "CONFIDENCE_THRESHOLD", "90", "85"),)


def test_an_approval_is_carried_out_by_the_alarm_s_own_function() -> None:
    office = asked()
    said = office.click("approve")
    assert office.scene.percentages() == ["0"] * 4
    assert said.startswith("Approved by aiko, in progress: liveness check off (rollout 0%).")
    (row,) = office.rows
    assert (row["pk"], row["sk"], row["decision"]) == (office.commands[0]["proposal"], "aiko", "approve")
    assert row["principal"] == AIKO
    (step,) = office.steps
    assert step == {
        "person": "aiko",
        "principal": AIKO,
        "what": "approve",
        "proposal": row["pk"],
        "remedy": "rollout_to_zero",
        "scope": "",
    }


def test_slack_has_its_answer_once_it_is_on_record_and_before_anything_is_changed() -> None:
    office = asked()
    answer = office.send(office.request(office.pressed("approve")))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert len(office.rows) == 1
    assert office.scene.percentages() == ["50"] * 4
    assert office.ear.heard == []


def test_the_answer_goes_to_that_person_where_the_button_was() -> None:
    office = asked()
    office.click("approve")
    assert {key: office.ear.heard[-1][1][key] for key in ("channel", "user", "thread_ts")} == {
        "channel": CHANNEL,
        "user": AIKO,
        "thread_ts": THREAD,
    }


def test_what_is_left_for_later_holds_no_secret() -> None:
    office = asked()
    office.press("approve")
    office.submit("because of the release")
    kept = [json.dumps(event) for name, event in office.queue if name == FUNCTION]
    assert len(kept) == 2
    for word in (SIGNING, TOKEN, "v0=", "hooks.slack.com", "trigger", "because of the release"):
        assert not any(word in each for each in kept), word


def test_the_command_is_made_of_the_proposal_on_record_not_of_the_button() -> None:
    office = applied()
    office.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 10})
    office.click("approve")
    (command,) = office.commands
    assert (command["command"], command["wanted"]) == ("revert", {"percent": 10})
    assert office.scene.percentages() == ["10"] * 4


def test_in_the_language_of_the_stack() -> None:
    office = asked()
    office.scene.environment["LANGUAGE"] = "ja"
    assert office.click("approve").startswith("aiko の承認を記録し、「")


def test_an_acknowledgement_counts_and_says_until_when_the_escalation_waits() -> None:
    office = asked()
    said = office.click("acknowledge", MARI)
    assert "Acknowledged by mari. The escalation is held for about 60 min, until Feb 04 11:27 UTC." in said
    found = rows(office.scene.aws, "Approvals", f"ACK#{office.incident}")
    people = parse(PEOPLE).people
    counted = acknowledgements(found, office.now - timedelta(minutes=3), people, office.now)
    assert [each.person for each in counted] == ["mari"]
    assert [step["what"] for step in office.steps] == ["acknowledge"]


def test_a_rejection_asks_why_and_counts() -> None:
    office = asked()
    assert office.press("reject", KEN) == 200
    (method, form), view = office.ear.heard[0], office.ear.heard[0][1]["view"]
    assert (method, form["trigger_id"]) == ("views.open", "1.2.1")
    assert view["callback_id"] == "reject_reason"
    assert office.rows == []
    answer = office.submit("  the release \n is over ", KEN)
    assert (answer["statusCode"], answer["body"]) == (200, "")
    office.later()
    (row,) = office.rows
    assert (row["decision"], row["reason"], row["sk"]) == ("reject", "the release is over", "ken")
    assert (office.steps[0]["what"], office.steps[0]["reason"]) == ("reject", "the release is over")
    assert office.said.startswith("Rejected: liveness check off (rollout 0%)")
    assert "rejected the proposal" in office.click("approve")
    assert office.scene.percentages() == ["50"] * 4


def test_the_form_brings_back_what_it_is_about() -> None:
    office = asked()
    office.press("reject")
    about = json.loads(office.ear.heard[0][1]["view"]["private_metadata"])
    assert about == {**office.value(), "channel": CHANNEL, "ts": THREAD}


def test_slack_takes_the_form() -> None:
    """Titles and buttons of a form have at most 24 characters, in either language."""
    for language in ("en", "ja"):
        office = asked()
        office.scene.environment["LANGUAGE"] = language
        office.press("reject")
        view = office.ear.heard[0][1]["view"]
        assert all(0 < len(view[part]["text"]) <= 24 for part in ("title", "submit", "close"))
        assert len(view["private_metadata"]) <= 3000


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_without_a_reason_the_form_stays_open(reason: str) -> None:
    office = asked()
    answer = office.submit(reason)
    assert json.loads(answer["body"]) == {
        "response_action": "errors",
        "errors": {"reason": piece("click.form_empty")},
    }
    assert office.rows == []


def test_a_form_that_cannot_be_opened_names_the_other_way() -> None:
    office = asked()
    office.ear.deaf = "expired_trigger_id"
    office.press("reject")
    office.ear.deaf = ""
    office.later()
    assert "(expired_trigger_id)" in office.said
    assert f"liveness-ops reject {office.incident} {office.proposal} --reason" in office.said


def test_where_slack_takes_nothing_from_us_a_form_that_does_not_open_is_a_warning_sign() -> None:
    """Otherwise the person who rejects sees nothing, and believes that it is rejected."""
    office = asked()
    office.ear.deaf = "token_revoked"
    assert office.press("reject") == 503
    office.later()
    assert (office.ear.heard, office.rows) == ([], [])


def test_a_revert_that_needs_an_approval_asks_for_it() -> None:
    office = applied()
    said = office.click("revert", proposal="")
    assert said.startswith("Requested: restore liveness check.")
    assert office.scene.result["approval"] == office.proposal
    assert office.scene.percentages() == ["0"] * 4
    assert [(step["what"], step["remedy"]) for step in office.steps] == [("revert", "rollout_to_zero")]
    office.scene.aws.tick(minutes=1)
    said = office.click("approve", KEN)
    assert said.startswith("Approved by ken, in progress: restore liveness check to 50%.")
    assert office.scene.percentages() == ["50"] * 4


def test_a_revert_says_nothing_of_its_reason_unless_that_button_is_pressed() -> None:
    office = applied()
    office.click("revert", proposal="")
    assert office.rows == []
    said = office.click("revert_worse", proposal="")
    assert said.startswith("Already awaiting approval: restore liveness check to 50%")
    assert said_of_harm(office.rows) == [("aiko", "worse")]


def test_who_may_not_revert_it_says_nothing_of_harm_either() -> None:
    office = applied()
    office.click("revert_worse", MARI, proposal="")
    assert (office.rows, office.steps) == ([], [])


def said_of_harm(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(row["sk"], row["decision"]) for row in rows if row["pk"].startswith("WORSE#")]


def test_a_revert_that_was_rejected_is_approved_by_the_same_person_once_it_is_asked_again() -> None:
    office = applied()
    office.click("revert", proposal="")
    office.submit("too early", AIKO)
    office.later()
    office.scene.aws.tick(minutes=2)
    office.click("revert", KEN, proposal="")
    office.scene.aws.tick(minutes=1)
    assert piece("click.carried_out") in office.click("approve", AIKO)
    assert office.scene.percentages() == ["50"] * 4
    assert [row["decision"] for row in office.rows] == ["approve"]


def test_asked_again_it_is_rejected_again() -> None:
    office = applied()
    for reason in ("too early", "still too early"):
        office.click("revert", proposal="")
        office.scene.aws.tick(seconds=20)
        office.submit(reason)
        office.later()
        office.scene.aws.tick(minutes=2)
    assert [row["reason"] for row in office.rows] == ["still too early"]
    assert [step["what"] for step in office.steps] == ["revert", "reject", "revert", "reject"]


def test_what_is_asked_for_already_is_not_ordered_again() -> None:
    office = applied()
    office.click("revert", proposal="")
    office.scene.aws.tick(minutes=2)
    said = office.click("revert", KEN, proposal="")
    assert f"Already awaiting approval: restore liveness check to 50% ({office.proposal})" in said
    assert len(office.commands) == 1


def test_a_pause_holds_for_two_hours_and_is_what_the_guards_read() -> None:
    office = asked()
    said = office.click("pause", MARI)
    ((name, pause),) = office.pauses.items()
    assert name == "/responder/stops/slack-U0MARI-20260204T102700Z"
    assert pause == {"who": "mari", "why": f"Slack {office.incident}", "until": "2026-02-04T12:27:00Z"}
    found = switches("/responder", office.scene.aws.ssm.parameters, ())
    assert [each.who for each in found.active(office.now + timedelta(minutes=119))] == ["mari"]
    assert found.active(office.now + timedelta(minutes=121)) == ()
    assert "liveness-ops resume slack-U0MARI-20260204T102700Z --region us-east-1 --stack responder" in said
    assert office.steps[0]["what"] == "pause"


def test_a_pause_later_holds_for_longer() -> None:
    office = asked()
    office.click("pause")
    office.scene.aws.tick(minutes=30)
    office.click("pause")
    assert len(office.pauses) == 2


def test_while_paused_an_approval_is_on_record_and_nothing_is_changed() -> None:
    office = asked()
    office.click("pause")
    office.click("approve")
    assert office.scene.percentages() == ["50"] * 4
    assert office.scene.result["because"]["key"] == "guard.paused"


def test_what_was_approved_in_the_last_second_is_carried_out_though_its_time_is_over_by_then() -> None:
    office = asked()
    office.scene.aws.tick(minutes=27, seconds=55)
    assert office.press("approve") == 200
    office.scene.aws.tick(seconds=20)
    office.later()
    assert piece("click.carried_out") in office.said
    assert office.scene.percentages() == ["0"] * 4


def test_a_rejection_of_what_was_approved_says_that_it_may_be_in_progress() -> None:
    office = asked()
    office.press("approve")
    office.queue.clear()
    assert office.press("reject", KEN) == 200
    office.submit("not now", KEN)
    office.later()
    assert piece("person.rejected_late") in office.said
    office.click("approve")
    assert office.commands == []


# --- two people ------------------------------------------------------------------------------------


def weaker() -> tuple[Office, str]:
    office = asked()
    proposal = fingerprint(office.incident, "lower_threshold", CHANGES)
    now = office.now
    one = ApprovalRequest(
        proposal, office.incident, "lower_threshold", "", Effect.LOWERS_SECURITY, now, CHANGES
    )
    Incidents(office.scene.aws, "Incidents").record(office.incident, "asked", one, now, (one,))
    office.scene.aws.tick(minutes=1)
    return office, proposal


def test_what_makes_every_check_weaker_waits_for_two_people() -> None:
    office, proposal = weaker()
    said = office.click("approve", proposal=proposal, r="lower_threshold")
    assert "2 different people are needed" in said
    assert office.commands == []
    office.click("approve", KEN, proposal=proposal, r="lower_threshold")
    assert [each["proposal"] for each in office.commands] == [proposal]
    assert "Approved by aiko, ken, in progress" in office.said


def test_one_person_by_slack_and_by_terminal_is_one_person() -> None:
    office, proposal = weaker()
    office.scene.approve(proposal, "aiko", AIKO_ARN)
    said = office.click("approve", proposal=proposal, r="lower_threshold")
    assert "2 different people are needed" in said
    assert (len(office.rows), office.commands) == (1, [])


# --- when something does not work ------------------------------------------------------------------


def test_a_click_is_carried_out_although_slack_takes_no_answer() -> None:
    office = asked()
    office.ear.deaf = "ratelimited"
    office.press("approve")
    office.later()
    assert office.scene.percentages() == ["0"] * 4


def test_everyone_reads_who_has_taken_it() -> None:
    office = asked()
    office.shown()
    assert office.press("acknowledge") == 200
    office.later()
    method, edit = office.ear.heard[-1]
    assert (method, edit["channel"], edit["ts"]) == ("chat.update", CHANNEL, ROOT)
    assert edit["text"].startswith("🟡 acknowledged by aiko")


def test_an_acknowledgement_is_answered_although_it_cannot_be_shown() -> None:
    office = asked()
    office.shown()
    office.scene.aws.fail("dynamodb", "update_item", Unreachable, where={"TableName": "Incidents"})
    assert office.click("acknowledge").startswith("Acknowledged by aiko.")
