"""Just before a write the stops, the mode and the alarm are read once more: what was stopped or silenced
meanwhile is not done."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from inspect import signature
from threading import Event, Thread
from typing import Any

import pytest

from responder.aws.boto import _PAUSE_SECONDS, Boto, _config
from responder.aws.gateway import LOOK_SECONDS, through
from responder.core.context import Gateway
from responder.core.errors import Denied, Stopped, Throttled
from responder.core.plain_data import Json
from responder.core.refusals import Because, Refusal
from responder.respond import proposal
from responder.respond.checked_writes import WINDOW, CheckedWrites, checked
from tests.unit.remedies.world import FOUR
from tests.unit.respond.scene import Scene
from tests.unit.respond.test_budget import throttled
from tests.unit.slack_inbound.workspace import applied

pytestmark = pytest.mark.unit
STOP = "/responder/stops/by-hand"
MODES = "/responder/modes"
READS = "get_parameters_by_path"


def meanwhile(scene: Scene, happens: Callable[[], Any]) -> None:
    """It happens once, right after the switches were read for the first time from now on."""
    original = scene.aws.ssm.get_parameters_by_path

    def once(**asked: Any) -> Json:
        found = original(**asked)
        setattr(scene.aws.ssm, READS, original)
        happens()
        return found

    setattr(scene.aws.ssm, READS, once)


def put(scene: Scene, name: str, value: str) -> Callable[[], None]:
    return lambda: scene.aws.ssm.parameters.update({name: value})


def after_the_first(scene: Scene, operation: str, **becomes: Any) -> None:
    """This read of CloudWatch has another answer from its second time on."""
    answers = {"describe_alarms": scene._described, "list_alarm_mute_rules": scene._muted}

    def once(**asked: Any) -> Json:
        found = answers[operation](**asked)
        scene.aws.answer("cloudwatch", operation, answers[operation])
        for name, value in becomes.items():
            setattr(scene, name, value)
        return found

    scene.aws.answer("cloudwatch", operation, once)


def applied_rows(scene: Scene) -> list[Json]:
    """The ledger's counters."""
    return scene.rows("APPLIED#")


def modes(**changed: str) -> str:
    return json.dumps({"everywhere": "auto", "rollout_to_zero": "auto", **changed})


JSON_STOP = json.dumps({"who": "aiko", "why": "release", "until": "2026-02-04T23:00:00Z"})
MEANWHILE: dict[str, tuple[str, str, str]] = {
    "a stop": (STOP, JSON_STOP, "guard.paused"),
    "a stop of any text": (STOP, "stop it!", "guard.paused"),
    "the global mode": (MODES, modes(everywhere="observe"), "guard.mode_observe"),
    "the mode of the remedy": (MODES, modes(rollout_to_zero="observe"), "guard.mode_observe"),
    "a mode that asks": (MODES, modes(everywhere="approve"), "guard.mode_approve"),
    "no mode at all": (MODES, modes(everywhere="AUTO"), "guard.mode_unreadable"),
    "no modes that can be read": (MODES, "auto", "guard.mode_unreadable"),
    "no valid settings": ("/responder/settings", "{", "guard.settings_unusable"),
}


@pytest.mark.parametrize(("name", "value", "why"), MEANWHILE.values(), ids=MEANWHILE.keys())
def test_what_is_stopped_between_the_look_and_the_write_is_not_done(name: str, value: str, why: str) -> None:
    scene = Scene().faults(15)
    meanwhile(scene, put(scene, name, value))
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert scene.aws.count("lambda", "update_function_configuration") == 0
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", why)
    assert applied_rows(scene) == []


SILENCED: dict[str, tuple[str, Json, str]] = {
    "actions disabled": ("describe_alarms", {"row": {"ActionsEnabled": False}}, "guard.actions_disabled"),
    "suppressed": (
        "describe_alarms",
        {"row": {"ActionsSuppressedBy": "Alarm", "ActionsSuppressor": "Maintenance"}},
        "guard.suppressed",
    ),
    "deleted": ("describe_alarms", {"gone": True}, "guard.alarm_gone"),
    "muted": ("list_alarm_mute_rules", {"mutes": ["night"]}, "guard.muted"),
}
EACH_SILENCE = pytest.mark.parametrize(
    ("operation", "becomes", "why"), SILENCED.values(), ids=SILENCED.keys()
)


@EACH_SILENCE
def test_an_alarm_silenced_between_the_look_and_the_write_is_not_acted_on(
    operation: str, becomes: Json, why: str
) -> None:
    scene = Scene().faults(15)
    after_the_first(scene, operation, **becomes)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", why)
    assert applied_rows(scene) == []


@EACH_SILENCE
def test_what_is_in_force_stays_while_its_alarm_is_silenced_but_goes_back_when_it_is_gone(
    operation: str, becomes: Json, why: str
) -> None:
    scene = applied().scene
    scene.command("revert", remedy="rollout_to_zero")
    (proposal,) = [each["approval"] for each in scene.reported[-1]["outcomes"] if each.get("approval")]
    scene.aws.tick(minutes=1)
    scene.approve(proposal)
    after_the_first(scene, operation, **becomes)
    scene.command("revert", remedy="rollout_to_zero", proposal=proposal)
    if why == "guard.alarm_gone":
        assert scene.percentages() == ["50"] * 4
    else:
        assert (scene.percentages(), scene.result["because"]["key"]) == (["0"] * 4, why)


@pytest.mark.parametrize(
    ("state", "why"), [("OK", "guard.already_ok"), ("INSUFFICIENT_DATA", "guard.no_data_now")]
)
def test_a_fault_that_is_over_before_the_first_write_is_not_acted_on(state: str, why: str) -> None:
    """A write that AWS turns away for its rate is sent for up to twenty seconds."""
    scene = Scene().faults(15)
    after_the_first(scene, "describe_alarms", state=state)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", why)
    assert applied_rows(scene) == []


def test_what_is_begun_is_finished_although_its_alarm_is_calm_by_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Some functions with the change and some without it would be of no use."""
    scene = Scene().faults(15)

    def calm(_: float) -> None:
        scene.state = "OK"
        time.sleep(1.1)

    def patient(*given: Any) -> tuple[Any, CheckedWrites]:
        context, writes = checked(*given)
        writes.pause, writes.window = calm, 2.0
        return context, writes

    monkeypatch.setattr(proposal, "checked", patient)
    update = "update_function_configuration"
    scene.aws.fail("lambda", update, Throttled, times=1, where={"FunctionName": FOUR[0]})
    scene.alarm()
    assert scene.percentages() == ["0"] * 4


@pytest.mark.parametrize(
    ("service", "operation", "because"),
    [
        ("cloudwatch", "describe_alarms", "guard.alarm_unreadable"),
        ("cloudwatch", "list_alarm_mute_rules", "guard.pauses_unreadable"),
        ("ssm", READS, "guard.pauses_unreadable"),
    ],
)
def test_what_cannot_be_read_again_stops_the_write(service: str, operation: str, because: str) -> None:
    scene = Scene().faults(15)
    scene.aws.fail(service, operation, Denied, call=2, times=9)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert scene.result["because"]["key"] == because


def test_what_was_turned_away_every_time_was_not_read() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("ssm", "get_parameters_by_path", Throttled, call=2, times=99)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4


def test_once_the_stop_has_gone_the_next_response_acts_and_no_limit_was_used() -> None:
    scene = Scene().faults(15)
    for _ in range(3):
        meanwhile(scene, put(scene, STOP, JSON_STOP))
        scene.command("re-evaluate") if scene.rows("STEP#") else scene.alarm()
        del scene.aws.ssm.parameters[STOP]
        scene.aws.tick(minutes=0.1)
    assert scene.percentages() == ["50"] * 4
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4


def test_the_table_s_billing_mode_is_left_too() -> None:
    scene = throttled()
    meanwhile(scene, put(scene, STOP, JSON_STOP))
    scene.alarm()
    assert scene.aws.count("dynamodb", "update_table") == 0


def test_an_approved_change_is_not_made_and_its_approval_stays_good() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    (proposal,) = [each["approval"] for each in scene.reported[-1]["outcomes"] if each.get("approval")]
    scene.aws.tick(minutes=1)
    scene.approve(proposal)
    meanwhile(scene, put(scene, STOP, JSON_STOP))
    scene.command("apply", remedy="rollout_to_zero", proposal=proposal)
    assert scene.result["because"]["key"] == "guard.paused"
    assert scene.percentages() == ["50"] * 4
    del scene.aws.ssm.parameters[STOP]
    scene.aws.tick(minutes=0.1)
    scene.command("apply", remedy="rollout_to_zero", proposal=proposal)
    assert scene.percentages() == ["0"] * 4


def test_a_revert_is_not_made_the_change_stays_in_force_and_the_approval_good() -> None:
    scene = applied().scene
    scene.command("revert", remedy="rollout_to_zero")
    (proposal,) = [each["approval"] for each in scene.reported[-1]["outcomes"] if each.get("approval")]
    scene.aws.tick(minutes=1)
    scene.approve(proposal)
    meanwhile(scene, put(scene, STOP, JSON_STOP))
    scene.command("revert", remedy="rollout_to_zero", proposal=proposal)
    assert scene.result["because"]["key"] == "guard.paused"
    assert scene.percentages() == ["0"] * 4
    assert [lease["state"] for lease in scene.leases()] == ["in_force"]
    del scene.aws.ssm.parameters[STOP]
    scene.aws.tick(minutes=0.1)
    scene.command("revert", remedy="rollout_to_zero", proposal=proposal)
    assert scene.percentages() == ["50"] * 4


def test_a_change_that_still_has_to_be_released_is_not_released() -> None:
    scene = Scene().faults(15)
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    scene.alarm()
    scene.aws.settle()
    published = scene.aws.count("lambda", "publish_version")
    meanwhile(scene, put(scene, STOP, JSON_STOP))
    scene.command("finish", remedy="rollout_to_zero")
    assert scene.aws.count("lambda", "publish_version") == published
    assert scene.result["because"]["key"] == "guard.paused"
    del scene.aws.ssm.parameters[STOP]
    scene.aws.tick(minutes=0.1)
    scene.command("finish", remedy="rollout_to_zero")
    assert scene.aws.count("lambda", "publish_version") == published + len(FOUR)


# --- the gateway of a remedy --------------------------------------------------------------------------


@dataclass
class Sent(Gateway):
    """What went through, and when by the clock of the test."""

    now: float = 100.0
    sent: list[tuple[str, float]] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    answer: Because | None = None
    takes: float = 0.0
    gate: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        self.sent.append((operation, self.now))
        return {}

    def ask(self) -> Because | None:
        self.asked.append(self.now)
        self.gate.wait(5)
        self.now += self.takes
        return self.answer

    def writes(self, window: float = WINDOW) -> CheckedWrites:
        return CheckedWrites(self.ask, lambda: self.now, window)


def test_reads_pass_without_asking() -> None:
    aws = Sent(answer=Refusal.MODE_OBSERVE())
    writes = aws.writes()
    through(aws, writes).call("lambda", "get_function_configuration")
    list(through(aws, writes).pages("lambda", "list_aliases"))
    assert (len(aws.sent), aws.asked, writes.stopped, writes.wrote) == (2, [], None, False)


def test_a_write_that_is_stopped_is_not_sent_and_says_why() -> None:
    aws = Sent(answer=Refusal.MODE_OBSERVE())
    writes = aws.writes()
    with pytest.raises(Stopped) as caught:
        through(aws, writes).call("lambda", "update_alias")
    assert caught.value.reason == Refusal.MODE_OBSERVE() == writes.stopped
    assert (aws.sent, writes.wrote) == ([], False)


def test_writes_side_by_side_share_one_answer() -> None:
    aws = Sent()
    writes = aws.writes()
    aws.gate.clear()
    threads = [
        Thread(target=through(aws, writes).call, args=("lambda", "update_function_configuration"))
        for _ in range(4)
    ]
    for each in threads:
        each.start()
    aws.gate.set()
    for each in threads:
        each.join()
    assert (len(aws.sent), len(aws.asked), writes.wrote) == (4, 1, True)


def test_what_was_read_beforehand_is_used_while_it_is_fresh() -> None:
    aws = Sent()
    writes = aws.writes()
    writes.prepare()
    through(aws, writes).call("dynamodb", "update_table")
    assert len(aws.asked) == 1


@pytest.mark.parametrize("later", [0.1, 1.0, 2.0, 10.0])
def test_no_write_is_sent_later_than_the_window_after_the_read_that_allowed_it_began(later: float) -> None:
    aws = Sent()
    writes = aws.writes()
    for _ in range(5):
        through(aws, writes).call("lambda", "publish_version")
        aws.now += later
    for _, at in aws.sent:
        assert at - max(began for began in aws.asked if began <= at) <= WINDOW


@pytest.mark.parametrize(("takes", "sent"), [(0.1, 1), (2.5, 0)])
def test_no_write_is_sent_much_later_than_its_time_although_it_was_asked_for_before(
    takes: float, sent: int
) -> None:
    """The look that has to allow it may take until then."""
    aws = Sent(takes=takes)
    writes = aws.writes()
    writes.until = aws.now
    with suppress(Stopped):
        through(aws, writes).call("lambda", "update_alias")
    assert len(aws.sent) == sent
    assert writes.stopped == (None if sent else Refusal.TOO_LATE())


def test_an_answer_that_takes_too_long_is_none() -> None:
    aws = Sent()
    writes = CheckedWrites(aws.ask, window=0.05)
    aws.gate.clear()
    with pytest.raises(Stopped) as caught:
        through(aws, writes).call("lambda", "update_alias")
    aws.gate.set()
    assert caught.value.reason.kind is Refusal.PAUSES_UNREADABLE
    assert aws.sent == []


@pytest.mark.parametrize("error", [Denied("ssm", "GetParametersByPath", "AccessDenied"), KeyError("x")])
def test_whatever_the_reading_ends_with_nothing_is_sent(error: Exception) -> None:
    def ask() -> None:
        raise error

    aws = Sent()
    writes = CheckedWrites(ask)
    with pytest.raises(Stopped):
        through(aws, writes).call("lambda", "update_alias")
    assert aws.sent == []


def test_the_last_write_is_sent_within_ten_seconds_of_a_stop() -> None:
    """As the docs promise: the read may have begun just before the stop; a write that AWS turns away before
    doing anything is sent once more."""
    config: Any = _config(attempts=1, patience=signature(Boto).parameters["patience"].default)
    once = config.connect_timeout + config.read_timeout
    assert WINDOW == LOOK_SECONDS
    assert WINDOW + once + _PAUSE_SECONDS < 10
