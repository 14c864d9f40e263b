"""The whole life of a lowered threshold: two people, four hours, and back automatically."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from alarms import low_confidence
from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState, Status
from responder.core.errors import Denied
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import Proposal, Verdict
from responder.messages.language import say
from responder.remedies.lower_threshold import LowerThreshold
from responder.respond.playbook import Playbook
from responder.watchdog.rules import RoundRegister, Trouble, left_over
from tests.texts import piece
from tests.unit.followup.scenes import KEN, new_scene
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.respond.scene import CREATE, RESULT

NAME = Settings().threshold_variable
UPDATE = ("lambda", "update_function_configuration")
APPLIED, HOURS = 6, 4 * 60
# Minutes, in tests that are not about its four hours.
SHORT = 60


def playbook() -> Playbook:
    """The evidence is another test's matter: near misses, as soon as the alarm is raised."""
    why = text("why.no_scores")
    wanted = Proposal(RemedyName.LOWER_THRESHOLD, why, Mode.APPROVE)
    verdict = Verdict(Cause.AMBER(), why, proposals=(wanted,))
    return replace(
        low_confidence.playbook, evidence=(), decide=lambda _: verdict, remedies=(LowerThreshold(),)
    )


def simulation(readers: str = f"{CREATE},{RESULT}") -> IncidentSimulation:
    scene = new_scene(playbook())
    for name in (CREATE, RESULT):
        scene.aws.lambdas.add(name, {"FACE_AUTH_BUCKET": "s3cret", NAME: "90.0"})
    scene.environment["THRESHOLD_READERS"] = readers
    scene.aws.ssm.modes["lower_threshold"] = "approve"
    return IncidentSimulation(scene)


@cache
def left_alone() -> IncidentSimulation:
    """Approved, and nothing else happens for five hours."""
    return approved().play(APPLIED + HOURS + 60)


def approved(hours: int = 4) -> IncidentSimulation:
    """Aiko after 2 min, mio after 5: the follow-up carries it out a minute later, for so many hours."""
    made = simulation()
    made.scene.environment["THRESHOLD_HOURS"] = str(hours)
    return made.at(2, lambda: made.approves("aiko")).at(5, lambda: made.approves("mio"))


def values(made: IncidentSimulation) -> list[str]:
    return [made.scene.aws.lambdas.variables(name)[NAME] for name in (CREATE, RESULT)]


def after(made: IncidentSimulation, minute: float) -> list[Json]:
    return [each.body for each in made.messages if each.minute > minute]


def test_it_is_asked_of_two_people_and_nothing_is_done_before() -> None:
    made = simulation().play(1)
    (outcome,) = made.message("response")["outcomes"]
    assert (outcome["result"], outcome["lowers_security"]) == ("asked", True)
    assert [(each["before"], each["after"]) for each in outcome["changes"]] == [("90.0", "85.0")] * 2
    assert made.message("response")["security_lowered_by"] is None


def test_the_first_approval_is_not_enough_for_any_sender_of_the_command() -> None:
    made = simulation()

    def aiko() -> None:
        made.approves("aiko")
        made.scene.command("apply", remedy="lower_threshold", scope="", proposal=made.proposals[-1])

    made.at(2, aiko).play(20)
    assert values(made) == ["90.0", "90.0"]
    refused = made.message("command refused")["outcomes"][0]["because"]
    assert refused["key"] == "guard.one_more"
    shown = made.message("command refused")["outcomes"][0]["changes"]
    assert [(each["before"], each["after"]) for each in shown] == [("90.0", "85.0")] * 2
    # The second person approves from this message.
    (asked,) = made.message("command refused")["waiting"]
    assert asked["approval"] == made.proposals[-1]
    first = str(made.message("command refused")["headline"])
    assert first.endswith(say(text("must.approve_second", until=asked["approval_valid_until"]), "en"))
    assert made.sent("apply") == []


def test_the_same_person_again_or_one_without_the_right_is_not_the_second() -> None:
    made = simulation()
    made.at(2, lambda: made.approves("aiko")).at(3, lambda: made.approves("aiko"))
    made.at(4, lambda: made.approves("ken", identity=KEN)).play(25)
    assert values(made) == ["90.0", "90.0"]
    assert made.sent("apply") == []


def test_the_second_person_makes_it_so_for_four_hours() -> None:
    made = approved().play(20)
    assert made.sent("apply") == [APPLIED]
    assert values(made) == ["85.0", "85.0"]
    (lease,) = made.scene.leases()
    assert (lease["state"], lease["remedy"]) == ("in_force", "lower_threshold")
    lasts = made.message("command applied")["leases"][0]
    assert (lasts["until"], lasts["at"]) == (lease["until"].replace("+00:00", "Z"), lasts["at"])


def test_while_the_alarm_lasts_it_still_goes_back_after_four_hours_with_no_one_asked() -> None:
    made = left_alone()
    assert made.scene.state == "ALARM"
    assert made.sent("revert") == [APPLIED + HOURS]
    assert set(made.named("command reverted")) == {APPLIED + HOURS}
    assert values(made) == ["90.0", "90.0"]
    assert "command asked" not in [each.name for each in made.messages if each.minute > APPLIED]


def test_a_recovery_does_not_end_it_early_and_it_keeps_the_incident_open() -> None:
    made = approved(hours=1)
    made.scene.traffic(0, 400)
    seen: list[list[str]] = []
    made.at(30, made.recovers).at(APPLIED + SHORT - 1, lambda: seen.append(values(made)))
    made.play(APPLIED + SHORT + 20)
    assert seen == [["85.0", "85.0"]]
    assert made.sent("revert") == [APPLIED + SHORT]
    assert values(made) == ["90.0", "90.0"]
    assert made.closed
    course = made.message("progress mitigated")["course"]
    (keeps,) = [each["said"]["text"] for each in course if each["label"]["key"] == "course.keeps"]
    assert piece("course.keeps_threshold") in keeps


def test_every_hour_on_call_reads_that_it_is_lowered() -> None:
    """Escalations and their repeats say it too; in their hour there is no reminder."""
    made = left_alone()
    messages = [each.minute for each in made.messages if APPLIED <= each.minute < APPLIED + HOURS]
    assert max(later - before for before, later in pairwise((*messages, APPLIED + HOURS))) <= 61


def test_until_it_is_undone_every_message_says_first_that_security_is_lowered() -> None:
    made = left_alone()
    lowered = [each for each in made.messages if APPLIED < each.minute < APPLIED + HOURS]
    assert lowered
    for each in lowered:
        assert each.body["headline"].startswith("[SECURITY LOWERED] ")
        assert "] The confidence threshold is lowered" in each.body["headline"]
    for body in (made.messages[0].body, *after(made, APPLIED + HOURS)):
        assert "[SECURITY LOWERED]" not in body["headline"]


def test_it_goes_back_also_where_the_write_has_lost_another_variable() -> None:
    made = approved(hours=1)
    lambdas, sets = made.scene.aws.lambdas, made.scene.aws.lambdas.update_function_configuration

    def loses(FunctionName: str, **request: Any) -> Json:  # noqa: N803  AWS's own name
        if made.minute < SHORT and FunctionName == RESULT:
            request["Environment"]["Variables"].pop("FACE_AUTH_BUCKET")
        return sets(FunctionName, **request)

    lambdas.update_function_configuration = loses  # type: ignore[method-assign,assignment]
    made.play(APPLIED + SHORT + 5)
    assert max(made.named("command partial")) < APPLIED + 1, "told once, not every few minutes"
    assert made.sent("revert") == [APPLIED + SHORT]
    assert values(made) == ["90.0", "90.0"]


def test_what_a_person_set_meanwhile_is_kept_and_reported() -> None:
    made = approved(hours=1)
    made.at(20, lambda: made.scene.aws.lambdas.person_sets(RESULT, **{NAME: "88.0"}))
    made.play(APPLIED + SHORT + 10)
    assert values(made) == ["90.0", "88.0"]
    message = made.message("progress changed")["headlines"]["en"]
    assert "LIVENESS_CONFIDENCE_THRESHOLD of FaceAuth-GetLivenessResult is now 88.0" in message


def test_a_revert_that_fails_is_tried_again_and_reported() -> None:
    made = approved(hours=1)
    made.at(40, lambda: made.scene.aws.fail(*UPDATE, Denied, times=6))
    made.play(APPLIED + SHORT + 95)
    assert len(made.sent("revert")) > 1
    assert made.named("progress stuck")
    assert values(made) == ["90.0", "90.0"]


def test_the_watchdog_notices_when_it_is_overdue() -> None:
    now = simulation().scene.aws.now
    change = Change(RESULT, NAME, "90.0", "85.0", Status.APPLIED)
    held = Lease(
        "lower_threshold",
        "liveness-threshold",
        "low-confidence-20261124T100000Z",
        LeaseState.IN_FORCE,
        now - timedelta(hours=4, minutes=21),
        now - timedelta(minutes=21),
        {},
        (change,),
        "mio",
    )
    (found,) = left_over(RoundRegister(now, newest=None), held, Settings())
    assert found.trouble is Trouble.OVERDUE
    assert "lower_threshold" in say(found.steps[0], "en")
    assert list(left_over(RoundRegister(now, newest=None), replace(held, until=now), Settings())) == []


def test_it_can_be_reverted_before_its_end() -> None:
    made = approved()
    made.at(30, lambda: made.scene.command("revert", remedy="lower_threshold", scope=""))
    made.play(60)
    assert set(made.named("command reverted")) == {30}
    assert values(made) == ["90.0", "90.0"]


def test_as_deployed_no_one_is_asked_and_it_is_reported_why() -> None:
    made = simulation(readers=CREATE).play(10)
    (outcome,) = made.message("response")["outcomes"]
    assert outcome["result"] == "refused"
    assert piece("obstacle.threshold_not_read") in outcome["because"]["text"]
    assert made.scene.aws.count(*UPDATE) == 0
