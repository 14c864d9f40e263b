"""Without a valid settings document no one can approve: nothing is changed, and each answer says why."""

import json
from typing import Any

import pytest

from responder.core.errors import SettingsUnusable, Throttled
from responder.core.settings_fields import read_fields
from responder.store import Incidents
from tests.fakes.gateway import Died
from tests.texts import piece
from tests.unit.followup.scenes import throttled
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.followup.test_reverting import recovering
from tests.unit.people import terminal
from tests.unit.respond.scene import Scene
from tests.unit.slack_inbound import workspace

NAME = "/responder/settings"
DELETED = "deleted after people had set it"
UNUSABLE = {
    "missing": None,
    "deleted": DELETED,
    "no JSON": "observe",
    "an unknown key": '{"peple": {}}',
    "a person of no name": '{"people": {"": {"slack": "U0AIKO", "may": ["lowers_security"]}}}',
}
WHY = {
    "deleted": piece("settings.deleted"),
    "missing": "the settings document in SSM does not exist",
    "no JSON": "the settings document is not JSON",
    "an unknown key": "the settings document has an unknown key, peple",
    "a person of no name": "people. in the settings document is not a valid name",
}


@pytest.fixture(params=UNUSABLE)
def broken(request: pytest.FixtureRequest) -> tuple[str | None, str]:
    """(what is stored, what has to be said)"""
    return UNUSABLE[request.param], WHY[request.param]


def spoil(scene: Scene, stored: str | None) -> None:
    parameters = scene.aws.ssm.parameters
    valid = parameters.pop(NAME, "{}")
    if stored == DELETED:
        parameters |= {"/responder/first-settings": valid, "/responder/set-by-people": "settings"}
    elif stored is not None:
        parameters[NAME] = stored


def written(scene: Scene) -> Any:
    """Whatever represents a decision of a person, or for a change of the service."""
    people = [row for row in scene.rows("STEP#") if row["kind"] == "person"]
    return scene.percentages(), scene.aws.dynamo.rows("Approvals"), people


def test_a_response_only_says_what_it_would_do_and_why_it_does_not(broken: tuple[str | None, str]) -> None:
    scene = Scene().faults(15)
    spoil(scene, broken[0])
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert {each["result"] for each in scene.reported[-1]["outcomes"]} == {"observed"}
    assert piece("guard.settings_unusable") in scene.mail
    assert broken[1] not in scene.mail
    assert " ack " not in scene.mail


def test_the_rest_of_a_partial_change_is_not_said_to_be_tried_again() -> None:
    scene = Scene().faults(15)
    busy = Throttled("lambda", "UpdateFunctionConfiguration", "TooManyRequestsException")
    scene.aws.fail("lambda", "update_function_configuration", busy, times=99, call=3)
    scene.alarm()
    assert piece("step.set_rest_or_wait") in scene.mail
    spoil(scene, "{")
    scene.command("re-evaluate")
    assert scene.result["result"] == "partial"
    assert piece("step.set_rest_or_wait") not in scene.mail


# --- one message of it in an incident ------------------------------------------------------------


def saying(simulation: IncidentSimulation, words: str) -> list[str]:
    """The subject of every message to on-call about it."""
    return [
        each["Subject"]
        for each in simulation.scene.aws.sns.published
        if words in json.loads(each["Message"])["default"]
    ]


@pytest.mark.parametrize("how", ["missing", "an unknown key"])
def test_of_all_messages_of_an_incident_one_says_what_is_wrong(how: str) -> None:
    simulation = IncidentSimulation(throttled())
    spoil(simulation.scene, UNUSABLE[how])
    simulation.play(62)
    assert len(simulation.messages) >= 5
    assert simulation.named("progress settings") == [0]
    (subject,) = saying(simulation, WHY[how])
    assert subject == "[HIGH] Act: settings document unusable - HighErrorRate"


def test_no_message_asks_for_what_is_refused_meanwhile() -> None:
    simulation = IncidentSimulation(throttled())
    spoil(simulation.scene, "{")
    simulation.play(62)
    assert saying(simulation, "liveness-ops ack") == saying(simulation, "liveness-ops approve") == []
    (escalated, *_) = saying(simulation, "[ESCALATED TO LEVEL 2]")
    assert escalated == "[HIGH L2] Unresolved 30 min: act manually - HighErrorRate"
    assert escalated in saying(simulation, piece("step.watchdog_settings"))


def test_where_it_breaks_later_every_level_that_knows_of_the_incident_gets_the_message() -> None:
    simulation = IncidentSimulation(throttled())
    simulation.at(31, lambda: spoil(simulation.scene, "{")).play(61)
    (messages,) = (each for each in simulation.messages if each.name == "progress settings")
    assert (31 <= messages.minute <= 36, messages.body["level"]) == (True, 2)


def test_what_is_mended_and_breaks_again_is_not_reported_again_in_this_incident() -> None:
    simulation = IncidentSimulation(throttled())
    valid = simulation.scene.aws.ssm.parameters[NAME]
    spoil(simulation.scene, "{")
    simulation.at(10, lambda: spoil(simulation.scene, valid)).at(
        20, lambda: spoil(simulation.scene, None)
    ).play(40)
    assert simulation.named("progress settings") == [0]


@pytest.mark.parametrize("after", [True, False])
def test_a_follow_up_that_dies_while_it_sends_does_not_send_it_twice(after: bool) -> None:
    simulation = IncidentSimulation(throttled(), sdk=True)
    spoil(simulation.scene, "{")
    simulation.raise_alarm()
    simulation.scene.aws.fail("sns", "publish", Died(), after=after)
    simulation.follow(until=31)
    assert len(simulation.named("progress settings")) == int(after)


def test_another_execution_does_not_send_it_again() -> None:
    simulation = IncidentSimulation(throttled())
    spoil(simulation.scene, "{")
    simulation.play(10)
    incidents = Incidents(simulation.scene.aws, "Incidents")
    head = incidents.head(simulation.incident)
    assert head is not None
    assert incidents.next_generation(head, simulation.scene.aws.now)
    simulation.follow(until=30)
    assert simulation.named("progress settings") == [0]


def test_where_the_topic_does_not_take_it_it_is_reported_later() -> None:
    simulation = IncidentSimulation(throttled())
    spoil(simulation.scene, "{")
    simulation.raise_alarm()
    simulation.scene.aws.fail("sns", "publish", Throttled, times=3)
    simulation.follow(until=20)
    (minute,) = simulation.named("progress settings")
    assert minute == 3


# --- no one can answer ---------------------------------------------------------------------------


def test_an_approval_that_is_on_record_is_not_carried_out(broken: tuple[str | None, str]) -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    (proposal,) = [each["approval"] for each in scene.reported[-1]["outcomes"] if each.get("approval")]
    scene.approve(proposal)
    spoil(scene, broken[0])
    scene.command("apply", remedy="rollout_to_zero", proposal=proposal)
    assert scene.result["result"] == "refused"
    assert scene.percentages() == ["50"] * 4
    assert broken[1] in scene.mail


@pytest.mark.parametrize("approved", [True, False])
def test_what_is_in_force_stays_in_force(broken: tuple[str | None, str], approved: bool) -> None:
    scene, given = workspace.applied().scene, {}
    if approved:
        scene.command("revert", remedy="rollout_to_zero")
        given = {"proposal": scene.result["approval"]}
        scene.approve(given["proposal"])
    spoil(scene, broken[0])
    scene.command("revert", remedy="rollout_to_zero", **given)
    assert (scene.result["result"], scene.reported[-1]["answered"]) == ("refused", False)
    assert scene.percentages() == ["0"] * 4
    assert broken[1] in scene.mail


def test_what_is_due_meanwhile_is_postponed_and_done_once_the_document_is_fixed() -> None:
    simulation = recovering()
    valid = simulation.scene.aws.ssm.parameters[NAME]
    simulation.at(13, lambda: spoil(simulation.scene, "{"))
    simulation.at(100, lambda: spoil(simulation.scene, valid)).play(150)
    assert simulation.sent("revert") == [102]
    held = [each.name for each in simulation.messages if not each.body["answered"]]
    assert held == ["progress settings", "progress recovered", "progress postponed"]
    assert simulation.closed


def test_a_rejection_is_not_reported_again_once_the_document_is_fixed() -> None:
    simulation = IncidentSimulation(throttled())
    valid = simulation.scene.aws.ssm.parameters[NAME]
    simulation.at(2, simulation.rejects).at(5, lambda: spoil(simulation.scene, "{"))
    simulation.at(12, lambda: spoil(simulation.scene, valid)).play(25)
    assert simulation.named("progress rejected") == [2]


@pytest.mark.parametrize("act", ["acknowledge", "approve", "reject"])
def test_slack_refuses_and_says_why(broken: tuple[str | None, str], act: str) -> None:
    made = workspace.asked()
    before = written(made.scene)
    spoil(made.scene, broken[0])
    assert broken[1] in made.click(act)
    assert written(made.scene) == before


def test_slack_s_pause_works_all_the_same(broken: tuple[str | None, str]) -> None:
    made = workspace.asked()
    spoil(made.scene, broken[0])
    assert made.click("pause", workspace.STRANGER).startswith("The automation is paused until")
    assert [stop["who"] for stop in made.pauses.values()] == [workspace.STRANGER]


@pytest.mark.parametrize("command", ["ack {}", "approve {}", "reject {} --reason no", "revert {}"])
def test_the_console_refuses_and_says_why(
    broken: tuple[str | None, str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = terminal.asked(monkeypatch)
    before = written(here.scene)
    spoil(here.scene, broken[0])
    done = here.run(f"{command.format(here.incident)} --yes")
    assert done.exit_code == 3
    assert broken[1] in done.output
    assert written(here.scene) == before


@pytest.mark.parametrize("command", ["incidents", "show {}", "leases", "mode"])
def test_the_console_still_shows_everything(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here, _ = terminal.asked(monkeypatch)
    spoil(here.scene, None)
    assert here.run(command.format(here.incident)).exit_code == 0


def test_an_acknowledgement_holds_no_escalation_and_on_call_knows_why() -> None:
    simulation = IncidentSimulation(throttled())
    simulation.at(2, lambda: spoil(simulation.scene, None))
    simulation.at(3, simulation.acknowledges)
    simulation.play(31)
    assert simulation.named("escalation 2") == [30]
    assert len(saying(simulation, "acknowledgements are refused (the settings document")) == 1


def test_an_approval_is_not_sent_on_by_the_follow_up() -> None:
    simulation = IncidentSimulation(throttled())
    simulation.at(2, lambda: spoil(simulation.scene, None))
    simulation.at(3, simulation.approves)
    simulation.play(29)
    assert simulation.sent("apply") == []


def test_the_address_of_the_runbook_comes_from_the_document_and_is_in_the_message() -> None:
    url = "https://wiki.example.com/runbook"
    scene = Scene(document=json.dumps({**json.loads(Scene().document), "runbook_url": url})).faults(15)
    scene.aws.ssm.modes["everywhere"] = "observe"
    scene.alarm()
    assert scene.reported[-1]["runbook"] == url
    assert url in scene.mail


@pytest.mark.parametrize("url", ["http://wiki.example.com", "https://wiki example.com", "https://<b>", 5])
def test_only_an_address_of_https_is_taken_for_the_runbook(url: object) -> None:
    with pytest.raises(SettingsUnusable):
        read_fields({"runbook_url": url})
