"""Functions whose rollout differed: what is asked for, and reported of it, names the value that each gets."""

from dataclasses import replace
from typing import Any

import pytest

from responder.core.change import Status
from responder.core.codec import dump, load
from responder.core.command import RestoreStep, RestoreVerdict
from responder.core.errors import Unreachable
from responder.core.plain_data import Json
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.report import answer
from responder.slack.status import add
from responder.store import Incidents
from tests.fakes import FakeAws
from tests.texts import piece
from tests.unit.remedies.world import FACE_LOGIN, FOUR, OTHERS, ROLLOUT
from tests.unit.respond.scene import Scene, played_once

NAME = "rollout_to_zero"


@played_once
def off(*olds: str) -> Scene:
    """The rollout was switched off from these values."""
    aws = FakeAws()
    for function, old in zip(FOUR, olds, strict=True):
        aws.lambdas.add(function, {**OTHERS, ROLLOUT: old}, Runtime="python3.9")
    scene = Scene(aws=aws).faults(15)
    scene.alarm()
    aws.settle()
    scene.aws.tick(minutes=3)
    scene.command("finish", remedy=NAME)
    scene.aws.tick(minutes=1)
    return scene


def back(scene: Scene, **wanted: Any) -> str:
    """Asked for, approved, carried out; the second line of the message that asked."""
    scene.command("revert", remedy=NAME, wanted=wanted)
    yes: str = scene.mail.splitlines()[1]
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("revert", remedy=NAME, wanted=wanted, proposal=proposal)
    scene.aws.settle()
    scene.aws.tick(minutes=1)
    return yes


def subject(scene: Scene, of: int = -1) -> str:
    return str(scene.aws.sns.published[of]["Subject"])


def test_each_function_gets_its_own_old_value_and_the_request_names_the_range() -> None:
    scene = off("10", "100", "100", "100")
    yes = back(scene)
    assert scene.percentages() == ["10", "100", "100", "100"]
    assert "Approve? restore liveness check to 10-100% - " in subject(scene)
    assert "on again for 10-100% of users (depending on the function)" in yes


def test_a_function_that_was_off_before_is_no_part_of_the_request() -> None:
    scene = off("0", "50", "50", "50")
    yes = back(scene)
    assert "Approve? restore liveness check to 50% - " in subject(scene)
    assert "on again for 50% of users" in yes
    asked = scene.reported[-1]["outcomes"][0]["changes"]
    assert {(each["before"], each["after"]) for each in asked} == {("0", "50")}
    assert len(asked) == 3
    assert scene.percentages() == ["0", "50", "50", "50"]


def test_a_step_below_the_present_one_and_off_again_are_named_so() -> None:
    scene = off("50", "50", "50", "50")
    back(scene, percent=25)
    back(scene, percent=10)
    assert "Approve? reduce liveness check to 10% - " in subject(scene)
    back(scene, percent=0)
    assert "Approve? liveness check off (rollout 0%) - " in subject(scene)
    assert scene.percentages() == ["0"] * 4


def test_where_nothing_would_change_nothing_is_asked_and_the_change_is_over() -> None:
    scene = off("50", "50", "50", "50")
    incidents = Incidents(scene.aws, "Incidents")
    (lease,) = incidents.ledger().of_incident(scene.pointer["incident"])
    changes = tuple(replace(each, before="0", status=Status.ALREADY) for each in lease.changes)
    snapshot = {"functions": {name: {**lease.snapshot["functions"][name], "old": "0"} for name in FOUR}}
    incidents.settle(replace(lease, changes=changes, snapshot=snapshot), None, scene.aws.now)
    writes = scene.aws.count("lambda", "update_function_configuration")
    scene.command("revert", remedy=NAME)
    assert scene.result["result"] == "reverted"
    assert [one["state"] for one in scene.leases()] == ["ended"]
    assert scene.aws.count("lambda", "update_function_configuration") == writes
    assert scene.percentages() == ["0"] * 4


def test_a_revert_that_fails_is_not_reported_as_switching_off() -> None:
    scene = off("10", "50", "100", "100")
    scene.command("revert", remedy=NAME)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.aws.fail("lambda", "get_function_configuration", Unreachable, times=8)
    scene.command("revert", remedy=NAME, proposal=proposal)
    assert scene.result["result"] == "failed"
    assert "FAILED: restore liveness check to 10-100% - " in subject(scene)
    assert [each["after"] for each in scene.result["changes"]] == ["10", "50", "100", "100"]


def test_what_people_set_meanwhile_is_reported_by_its_value() -> None:
    scene = off("50", "50", "50", "50")
    scene.command("revert", remedy=NAME)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    for function in FOUR:
        value = "30" if function == FACE_LOGIN else "20"
        scene.aws.lambdas.functions[function].latest["Environment"]["Variables"][ROLLOUT] = value
    scene.command("revert", remedy=NAME, proposal=proposal)
    assert scene.result["result"] == "kept"
    assert "Liveness check on again (rollout 20-30%): kept as changed manually - " in subject(scene)
    assert "Kept as changed manually: rollout value 20, 30." in scene.mail


def test_the_console_and_the_timeline_get_the_same_words() -> None:
    scene = off("10", "100", "100", "100")
    answered = scene.command("revert", remedy=NAME)
    assert answered["names"][NAME] == {
        "key": "remedy.back.rollout_to_zero",
        "values": {"to": {"key": "remedy.back.range", "values": {"least": "10", "most": "100"}}},
    }


def test_the_result_of_a_command_names_the_cause_that_was_found_and_when() -> None:
    scene = off("50", "50", "50", "50")
    back(scene)
    response, result = scene.reported[0], scene.reported[-1]
    assert (response["kind"], result["kind"]) == ("response", "command")
    assert result["cause"] == response["cause"]
    assert result["why"]["key"] == "why.as_of"
    assert result["why"]["text"] in scene.mail
    assert f"{piece('label.cause')}\n{result['cause']['text']}" in scene.mail


def asks_on(step: RestoreStep, percent: int = 50) -> tuple[Scene, Json]:
    """10 % is set; the next step is asked for, with how this one went."""
    scene = off("100", "100", "100", "100")
    back(scene, percent=10)
    scene.command("finish", remedy=NAME)
    count = len(scene.reported)
    scene.command("revert", remedy=NAME, wanted={"percent": percent}, step=dump(step))
    assert len(scene.reported) == count + 1
    return scene, scene.reported[-1]


def test_one_message_says_that_a_step_is_fine_and_asks_for_the_next() -> None:
    scene, reported = asks_on(RestoreStep(RestoreVerdict.VERIFIED, percent=10, minutes=2, requests=24))
    first, consequence = scene.mail.splitlines()[:2]
    assert (
        "[STEP 10%: OK] Requests at this step: 24, failed: 0. "
        "Approval needed: restore liveness check to 50%. Approve or reject by"
    ) in first
    assert "on again for 50% of users" in consequence
    assert "【段階復帰 10%: 正常】この段階のリクエスト 24 件、失敗 0 件です。" in reported["headlines"]["ja"]
    assert f"liveness-ops approve {reported['incident']} {scene.result['approval']}" in scene.mail
    assert subject(scene) == "[HIGH, LIVENESS AT 10%] Approve? Next step, current step OK - HighErrorRate"
    assert (reported["kind"], reported["topic"]) == ("command", "restore_verified")


@pytest.mark.parametrize(
    ("step", "said", "asks"),
    [
        (
            RestoreStep(RestoreVerdict.UNPROVEN, 10, 60, 3),
            "After 60 min there were too few requests to confirm this step: 3 of 20 (0 failed)",
            "Decide: next step, current step unconfirmed",
        ),
        (
            RestoreStep(RestoreVerdict.UNPROVEN, 10, 60),
            "After 60 min the requests could not be read",
            "Decide: next step, current step unconfirmed",
        ),
        (
            RestoreStep(RestoreVerdict.FAILING, 10, 5, 34, 5),
            "[STEP 10%: FAILING] 5 of 34 requests fail at this step",
            "Approve? Liveness off again, step failing",
        ),
        (
            RestoreStep(RestoreVerdict.FAILING, 10, 5, 3, 0, raised=True),
            "HighErrorRate is in ALARM again",
            "Approve? Liveness off again, step failing",
        ),
    ],
)
def test_a_step_is_reported_with_the_figures_it_was_judged_by(
    step: RestoreStep, said: str, asks: str
) -> None:
    scene, reported = asks_on(step, 0 if step.judged is RestoreVerdict.FAILING else 50)
    assert said in scene.mail.splitlines()[0]
    assert scene.result["why"]["key"] == f"duty.{step.judged}"
    assert subject(scene) == f"[HIGH, LIVENESS AT 10%] {asks} - HighErrorRate"
    assert reported["topic"] == step.judged


def test_that_message_has_the_buttons_in_slack() -> None:
    _, reported = asks_on(RestoreStep(RestoreVerdict.VERIFIED, percent=10, minutes=2, requests=24))
    report = load(ReportMessage, reported)
    blocks = answer(report, add(None, report)).blocks
    pressed = [
        each["action_id"] for block in blocks for each in block.get("elements", ()) if "action_id" in each
    ]
    assert pressed == ["approve", "reject"]


def test_a_question_whose_message_failed_is_reported_by_the_retry_with_how_the_step_went() -> None:
    scene = off("100", "100", "100", "100")
    back(scene, percent=10)
    scene.command("finish", remedy=NAME)
    step = dump(RestoreStep(RestoreVerdict.VERIFIED, percent=10, minutes=2, requests=24))
    scene.aws.fail("sns", "publish", Unreachable)
    asked = len(scene.rows("PROPOSAL#"))
    with pytest.raises(Unreachable):
        scene.command("revert", remedy=NAME, wanted={"percent": 50}, step=step)
    assert len(scene.rows("PROPOSAL#")) == asked, "what is on record is not asked again"
    scene.command("revert", remedy=NAME, wanted={"percent": 50}, step=step)
    assert (scene.reported[-1]["topic"], scene.result["result"]) == ("restore_verified", "asked")
    assert len(scene.rows("PROPOSAL#")) == asked + 1
