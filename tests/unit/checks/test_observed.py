"""In mode observe the weekly check says what auto would have done, from what was recorded then."""

from typing import Any

import pytest

from responder.checks.finding import GREEN, UNKNOWN, CheckItem
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.observed import Observed
from responder.checks.report.summary import Summary, plain
from responder.core.context import Context
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.messages.language import say
from tests.rows import in_both_languages
from tests.unit.remedies.world import FOUR
from tests.unit.respond.scene import Scene

SETTINGS = Settings(
    stack="responder", region="us-east-1", incidents_table="Incidents", reports_bucket="reports"
)
FILED: list[str] = []


def observing() -> Scene:
    """In mode observe, without a closing report."""
    FILED.clear()
    scene = Scene()
    scene.aws.ssm.modes["everywhere"] = "observe"
    scene.aws.answer("s3", "list_objects_v2", filed)
    return scene


def one_week() -> Scene:
    """One alarm, of which `auto` would have acted, and OK again."""
    scene = observing()
    scene.faults(12).alarm(at=scene.aws.now)
    calm(scene, 24)
    return scene


@pytest.fixture
def scene() -> Scene:
    return observing()


def filed(**asked: Any) -> Json:
    """The closing reports of all incidents there are, by their names alone."""
    keys = [f"incidents/{each}/report.json" for each in FILED]
    found = sorted(each for each in keys if each.startswith(asked["Prefix"]) and each > asked["StartAfter"])
    return {"IsTruncated": False, "Contents": [{"Key": each} for each in found]}


def section(scene: Scene) -> tuple[CheckItem, ...]:
    return Observed().run(Context(scene.aws, SETTINGS, scene.aws.now, scene.aws.now)).items


def lines(item: CheckItem, language: str = "en") -> list[str]:
    return [say(each, language) for each in item.details]


def calm(scene: Scene, minutes: float) -> None:
    scene.aws.tick(minutes=minutes)
    scene.alarm(state="OK", at=scene.aws.now)


def test_it_says_what_would_have_been_done_and_whether_the_alarm_recovered_without_it(scene: Scene) -> None:
    scene.faults(12).alarm(at=scene.aws.now)
    calm(scene, 24)
    scene.aws.tick(days=2)
    (item,) = section(scene)
    assert (item.light, item.in_message) == (GREEN, True)
    assert "would have acted on 1 and asked about 0" in say(item.said, "en")
    (line,) = lines(item)
    assert "would have applied" in line
    assert line.endswith("OK again after 24 min without a change")


def test_each_decision_while_the_alarm_lasted_counts_and_not_the_first_alone(scene: Scene) -> None:
    """Too few requests at first; five minutes later there are enough, and after that too few again."""
    scene.faults(3).alarm(at=scene.aws.now)
    (item,) = section(scene)
    assert "would have refused" in lines(item)[0]
    scene.aws.tick(minutes=5)
    scene.faults(12).command("re-evaluate")
    scene.aws.tick(hours=4)
    scene.command("re-evaluate")
    (item,) = section(scene)
    assert "would have applied" in lines(item)[0]
    assert item.numbers["act"] == 1.0


def test_what_a_person_had_done_already_would_not_have_been_applied(scene: Scene) -> None:
    """Too few requests at first; then a person turns the check off, and only after that there are enough."""
    scene.faults(3).alarm(at=scene.aws.now)
    scene.aws.tick(minutes=3)
    for name in FOUR:
        scene.aws.lambdas.person_sets(name, LIVENESS_ROLLOUT_PERCENTAGE="0")
    scene.aws.tick(minutes=12)
    scene.faults(12).command("re-evaluate")
    assert [each["result"] for each in scene.reported[-1]["outcomes"]] == ["already"]
    (item,) = section(scene)
    assert "would have refused" in lines(item)[0]
    assert item.numbers["act"] == 0.0


def test_an_alarm_that_recovered_after_an_act_did_not_recover_without_it(scene: Scene) -> None:
    """People have set the mode to observe since."""
    scene.aws.ssm.modes["everywhere"] = "auto"
    scene.faults(12).alarm(at=scene.aws.now)
    calm(scene, 24)
    scene.aws.ssm.modes["everywhere"] = "observe"
    (item,) = section(scene)
    (line,) = lines(item)
    assert "without a change" not in line
    assert (item.numbers["act"], item.numbers["calm"]) == (1.0, 0.0)


def test_no_log_and_no_metric_is_read_again_for_it(scene: Scene) -> None:
    scene.faults(12).alarm(at=scene.aws.now)
    before = len(scene.aws.calls)
    section(scene)
    asked = {operation for _, operation, _ in scene.aws.calls[before:]}
    assert asked == {"get_parameters_by_path", "query", "list_objects_v2"}


def test_incidents_that_are_over_are_found_by_their_reports_and_only_those_of_the_week(scene: Scene) -> None:
    for _ in range(3):
        scene.faults(12).alarm(at=scene.aws.now)
        FILED.append(str(scene.pointer["incident"]))
        calm(scene, 10)
        scene.aws.tick(days=3)
    (item,) = section(scene)
    assert item.numbers["incidents"] == 2.0
    assert len(set(lines(item))) == 2


def test_reports_of_an_alarm_whose_name_is_longer_are_not_this_ones(scene: Scene) -> None:
    scene.faults(12).alarm(at=scene.aws.now)
    alarm, _, opened = str(scene.pointer["incident"]).rpartition("-")
    FILED[:] = [f"{alarm}-Corrected-{opened}", f"{alarm}-Corrected-20250101T000000Z"]
    before = scene.aws.count("dynamodb", "query")
    section(scene)
    asked = scene.aws.sent("dynamodb", "query")[before:]
    assert not any("Corrected" in repr(each) for each in asked)


def test_in_any_other_mode_it_says_nothing(scene: Scene) -> None:
    scene.faults(12).alarm(at=scene.aws.now)
    scene.aws.ssm.modes["everywhere"] = "approve"
    assert section(scene) == ()


def test_an_alarm_that_is_still_raised_is_named_so(scene: Scene) -> None:
    scene.alarm(at=scene.aws.now)
    (item,) = section(scene)
    (line,) = lines(item)
    assert line.endswith("no proposal; not OK again yet")


def test_rows_that_cannot_be_read_are_unknown_and_never_none(scene: Scene) -> None:
    scene.aws.fail("dynamodb", "query", Denied, code="AccessDeniedException", times=9)
    (item,) = section(scene)
    assert item.light is UNKNOWN


@in_both_languages
def test_the_message_has_it_although_nothing_is_wrong(scene: Scene, language: str) -> None:
    scene.faults(12).alarm(at=scene.aws.now)
    (item,) = section(scene)
    parts = (CheckSection("observed", (item,)),)
    now = scene.aws.now
    report = CheckReport(Cadence.WEEKLY, now, now.date(), "us-east-1", "123456789012", parts)
    assert say(item.said, language) in plain(Summary(report), language, 30)
