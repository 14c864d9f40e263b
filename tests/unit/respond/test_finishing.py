"""Promises about an automatic act that an alias still has to release: it is judged again before it is."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from unittest.mock import Mock

import pytest

from responder.core.errors import Denied, ResponderError, Throttled
from responder.core.settings_document import parse
from responder.store import Incidents, approvals
from responder.store.approval_writer import settled
from tests.fakes import Died
from tests.texts import piece
from tests.unit.remedies.world import FOUR, ROLLOUT, percentages
from tests.unit.respond.scene import PEOPLE, RESULT, Scene
from tests.unit.respond.test_commands import ROLLOUT_TO_ZERO, applied
from tests.unit.respond.test_half_done import died, rejects, state


def mode(value: str) -> Callable[[Scene], object]:
    return lambda scene: scene.aws.ssm.modes.update(everywhere=value)


def turned_away(scene: Scene) -> None:
    at = [(scene.aws.now - timedelta(minutes=1), 50.0)]
    scene.figures.put("AWS/Lambda", "Throttles", at, FunctionName=RESULT)


SINCE: dict[str, tuple[Callable[[Scene], object], str]] = {
    "the mode approve": (mode("approve"), "guard.mode_approve"),
    "a line of throttling": (lambda scene: scene.faults(1, code="ThrottlingException"), "guard.throttled"),
    piece("step.throttled_calls"): (turned_away, "guard.throttled"),
    "an alarm that cannot be evaluated": (
        lambda scene: scene.row.update({"EvaluationState": "PARTIAL_DATA"}),
        "guard.evaluation",
    ),
    "faults that are over": (lambda scene: scene.logs.events.clear(), "guard.capped_by_evidence"),
}


def finish(scene: Scene) -> None:
    scene.aws.tick(minutes=1)
    scene.claims.answers.clear()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.aws.settle()


def half(what: str) -> Scene:
    """$LATEST has it, the alias that serves the traffic does not, and something has changed since."""
    scene = applied(alias=True)
    SINCE[what][0](scene)
    return scene


def untouched(scene: Scene) -> bool:
    return percentages(scene.aws, "live") == ["50"] * 4 and not scene.aws.count("lambda", "publish_version")


@pytest.mark.parametrize("what", SINCE)
def test_what_happened_since_has_a_person_asked_before_the_traffic_is_moved(what: str) -> None:
    scene = half(what)
    finish(scene)
    assert untouched(scene)
    assert scene.result["result"] == "asked"
    assert scene.result["because"]["key"] == SINCE[what][1]
    assert state(scene) == "partial"


def test_where_nothing_has_changed_since_the_alias_is_moved() -> None:
    scene = applied(alias=True)
    for _ in range(3):
        finish(scene)
    assert percentages(scene.aws, "live") == ["0"] * 4
    assert state(scene) == "in_force"


@pytest.mark.parametrize("what", SINCE)
def test_it_is_reported_once_however_often_it_is_continued(what: str) -> None:
    scene = half(what)
    finish(scene)
    sent = len(scene.reported)
    for _ in range(3):
        finish(scene)
    assert len(scene.reported) == sent
    assert untouched(scene)


@pytest.mark.parametrize("what", SINCE)
def test_a_person_may_have_it_finished(what: str) -> None:
    scene = half(what)
    finish(scene)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("apply", proposal=proposal, **ROLLOUT_TO_ZERO)
    scene.aws.settle()
    for _ in range(3):
        finish(scene)
    assert percentages(scene.aws, "live") == ["0"] * 4
    assert (state(scene), scene.leases()[0]["by"]) == ("in_force", "aiko")


@pytest.mark.parametrize("what", ["the mode approve", "a line of throttling"])
def test_a_new_decision_finishes_it_only_where_nothing_speaks_against_it_now(what: str) -> None:
    scene = half(what)
    finish(scene)
    scene.aws.tick(minutes=4)
    scene.command("re-evaluate")
    assert scene.result["because"]["key"] == SINCE[what][1]
    assert untouched(scene)
    mode("auto")(scene)
    scene.aws.tick(minutes=59)
    scene.faults(15)
    scene.requests(200)
    scene.command("re-evaluate")
    scene.aws.settle()
    for _ in range(3):
        finish(scene)
    assert percentages(scene.aws, "live") == ["0"] * 4


@pytest.mark.parametrize("readable", [True, False])
def test_what_a_person_rejected_since_is_not_finished(
    monkeypatch: pytest.MonkeyPatch, readable: bool
) -> None:
    scene = half("the mode approve")
    finish(scene)
    mode("auto")(scene)
    scene.aws.tick(minutes=5)
    rejects(scene, scene.result["approval"])
    if not readable:
        monkeypatch.setattr(approvals, "rows", Mock(side_effect=Throttled("dynamodb", "query", "Throttled")))
    finish(scene)
    assert untouched(scene)


def test_where_a_person_restored_some_of_it_after_a_run_had_died_the_rest_is_not_released() -> None:
    scene = Scene().faults(15)
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    assert scene.percentages() == ["0"] * 4
    scene.aws.tick(minutes=2)
    for name in FOUR[:2]:
        scene.aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
    for _ in range(3):
        finish(scene)
    assert untouched(scene)
    assert scene.percentages() == ["50", "50", "0", "0"]
    assert scene.result["because"]["key"] == "guard.recent_change"


def test_a_mode_that_is_set_after_it_was_judged_counts_too() -> None:
    scene = applied(alias=True)
    read = ("ssm", "get_parameters_by_path")

    def before_the_last_look() -> None:
        scene.aws.between(*read, lambda: scene.aws.between(*read, lambda: mode("approve")(scene)))

    scene.aws.between(*read, before_the_last_look)
    finish(scene)
    assert scene.aws.ssm.modes["everywhere"] == "approve"
    assert untouched(scene)
    assert scene.result["because"]["key"] == "guard.mode_approve"


def test_a_run_that_dies_before_it_is_on_record_reports_it_again() -> None:
    scene = half("the mode approve")
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    sent = len(scene.reported)
    died(scene, lambda: finish(scene))
    finish(scene)
    assert len(scene.reported) == sent + 2
    assert scene.reported[-1]["outcomes"][0]["approval"] == scene.reported[-2]["outcomes"][0]["approval"]
    assert state(scene) == "partial"


@pytest.mark.parametrize(
    ("what", "reason"), [("OK", "guard.already_ok"), ("INSUFFICIENT_DATA", "guard.no_data_now")]
)
def test_an_alarm_that_is_over_has_nothing_finished(what: str, reason: str) -> None:
    scene = applied(alias=True)
    scene.state = what
    finish(scene)
    assert untouched(scene)
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", reason)
    assert state(scene) == "partial"


def test_what_a_person_approved_is_finished_under_that_approval() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    scene.alarm()
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("apply", proposal=proposal, **ROLLOUT_TO_ZERO)
    scene.aws.settle()
    scene.row = {"EvaluationState": "PARTIAL_DATA"}
    for _ in range(3):
        finish(scene)
    assert percentages(scene.aws, "live") == ["0"] * 4


READS = [
    ("cloudwatch", "describe_alarms"),
    ("cloudwatch", "list_alarm_mute_rules"),
    ("cloudwatch", "get_metric_data"),
    ("ssm", "get_parameters_by_path"),
    ("logs", "filter_log_events"),
    ("dynamodb", "get_item"),
]


def fails(scene: Scene, read: tuple[str, str], call: int, times: int = 1) -> None:
    scene.aws.fail(*read, Throttled, call=call, times=times)


def failed_targets(scene: Scene) -> list[str]:
    return [each["target"] for each in scene.leases()[0]["changes"] if each["status"] == "failed"]


@pytest.mark.parametrize("read", READS, ids=lambda read: read[1])
@pytest.mark.parametrize(
    "call", [*range(1, 3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 9))]
)
def test_a_read_that_failed_once_is_tried_again_a_minute_later(read: tuple[str, str], call: int) -> None:
    scene = applied(alias=True)
    fails(scene, read, call)
    for _ in range(5):
        with suppress(ResponderError):
            finish(scene)
        assert not failed_targets(scene)
    assert percentages(scene.aws, "live") == ["0"] * 4


@pytest.mark.parametrize("read", [("logs", "filter_log_events"), ("cloudwatch", "get_metric_data")])
def test_what_stays_unread_is_put_before_a_person_as_such(read: tuple[str, str]) -> None:
    scene = applied(alias=True)
    sent = len(scene.reported)
    fails(scene, read, 1, 9999)
    for _ in range(4):
        finish(scene)
    assert len(scene.reported) == sent
    for _ in range(3):
        finish(scene)
    assert len(scene.reported) == sent + 1
    assert scene.result["result"] == "asked"
    assert scene.result["because"]["key"] in ("guard.evidence_unread", "guard.throttling_unread")
    assert untouched(scene)


def test_a_pause_that_begins_while_it_is_judged_only_postpones_it() -> None:
    scene = applied(alias=True)
    stop, read = "/responder/stops/deploy", ("ssm", "get_parameters_by_path")

    def pause() -> None:
        scene.aws.ssm.parameters[stop] = '{"who": "aiko", "why": "release 12"}'

    scene.aws.between(*read, lambda: scene.aws.between(*read, pause))
    finish(scene)
    assert scene.result["because"]["key"] == "guard.paused"
    assert untouched(scene)
    assert not failed_targets(scene)
    del scene.aws.ssm.parameters[stop]
    for _ in range(3):
        finish(scene)
    assert percentages(scene.aws, "live") == ["0"] * 4


def test_the_message_that_keeps_it_back_shows_what_is_then_on_record() -> None:
    scene = half("the mode approve")
    finish(scene)
    assert [each["state"] for each in scene.reported[-1]["leases"]] == ["partial"]
    assert "(rollout 0%): set in $LATEST, but not in every alias" in scene.mail
    assert piece("remedy.security.rollout_to_zero_unreleased") in scene.mail
    assert "photos and videos can pass" not in scene.reported[-1]["headlines"]["en"]


def test_what_one_function_was_reported_of_does_not_silence_the_others() -> None:
    scene = applied(alias=True)
    scene.aws.fail("lambda", "publish_version", Denied, times=1)
    finish(scene)
    assert len(failed_targets(scene)) == 1
    scene.state = "OK"
    sent = len(scene.reported)
    finish(scene)
    assert len(scene.reported) == sent + 1
    assert scene.result["because"]["key"] == "guard.already_ok"
    finish(scene)
    assert len(scene.reported) == sent + 1


def test_what_is_asked_again_to_finish_it_can_be_answered() -> None:
    scene = Scene().faults(15)
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    mode("approve")(scene)
    scene.alarm()
    scene.aws.tick(minutes=5)
    mode("auto")(scene)
    scene.command("re-evaluate")
    assert scene.result["result"] == "applied"
    scene.aws.settle()
    mode("approve")(scene)
    finish(scene)
    proposal = scene.result["approval"]
    known = Incidents(scene.aws, "Incidents").asked(scene.pointer["incident"], proposal)
    assert known is not None
    assert settled(approvals.answer((), known, parse(PEOPLE).people, scene.aws.now), scene.aws.now) is None
