"""A remedy that several alarms ask for runs once; the others are reported where."""

import copy
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.core.cause import Cause
from responder.core.change import Ledger
from responder.core.context import Context
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import GENERAL
from responder.core.modes import Mode, Severity
from responder.core.plain_data import Json
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import Proposal, Verdict
from responder.evidence import Facts
from responder.evidence.modifications import RecentChanges
from responder.remedies.memory_increase import MemoryIncrease
from responder.respond.gather import gather
from responder.respond.playbook import Playbook
from responder.store import Incidents
from tests.unit.respond.scene import ALARM, RESULT, Scene

SLOW = "FaceAuth-Liveness-SlowVerification"
MEMORY = {"remedy": "memory_increase", "scope": "result"}


def decide(facts: Facts) -> Verdict:
    why = text("why.no_fault_seen")
    proposal = Proposal(RemedyName.MEMORY_INCREASE, why, Mode.APPROVE, LivenessFunction.RESULT)
    return Verdict(Cause.MEMORY(), why, proposals=(proposal,))


BOOK = Playbook(
    alarm="",
    slug="high-error-rate",
    severity=Severity.MEDIUM,
    evidence=(),
    decide=decide,
    manual=GENERAL,
    definition=None,
    remedies=(MemoryIncrease(LivenessFunction.RESULT),),
)


def raised(scene: Scene, alarm: str) -> tuple[str, str]:
    """(incident, proposal) of an alarm that was raised."""
    scene.environment["ALARM_NAME"] = alarm
    event = scene.event(resources=[f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{alarm}"])
    event["detail"]["alarmName"] = alarm
    incident = scene.deliver(event)["incident"]
    return incident, scene.result["approval"]


def two() -> tuple[Scene, Scene, tuple[str, str], tuple[str, str]]:
    """Two alarms of one fault ask for the same; AWS is the same one."""
    first = Scene(playbook=BOOK)
    first.aws.lambdas.functions[RESULT].latest["MemorySize"] = 256
    first.aws.now += timedelta(minutes=30)
    second = copy.copy(first)
    second.playbook = replace(BOOK, slug="slow-verification")
    second.environment = dict(first.environment)
    asked = raised(first, ALARM), raised(second, SLOW)
    return first, second, *asked


def apply(scene: Scene, asked: tuple[str, str]) -> Json:
    incident, proposal = asked
    scene.approve(proposal, "ken", "U0KEN")
    scene.command("apply", **MEMORY, incident=incident, proposal=proposal)
    scene.aws.settle()
    return scene.result


def writes(scene: Scene) -> int:
    return sum(call[1] == "update_function_configuration" for call in scene.aws.calls)


def test_what_two_alarms_ask_for_is_done_once_though_both_are_approved() -> None:
    first, second, one, other = two()
    assert one != other
    assert apply(first, one)["result"] == "applied"
    again = apply(second, other)
    assert again["result"] == "already"
    assert again["because"] == {
        "key": "guard.linked",
        "values": {"incident": one[0]},
        "text": again["because"]["text"],
    }
    assert writes(first) == 1
    assert first.aws.lambdas.functions[RESULT].latest["MemorySize"] == 512


def test_the_alarm_that_did_not_ask_first_names_the_incident_that_has_it() -> None:
    first, second, one, (other, _) = two()
    apply(first, one)
    second.command("re-evaluate", incident=other)
    assert {"key": "guard.linked", "values": {"incident": one[0]}} in [
        {"key": each["key"], "values": each["values"]} for each in second.reported[-1]["warnings"]
    ]


def test_what_was_changed_for_good_long_ago_answers_no_new_fault() -> None:
    first, second, one, (other, _) = two()
    apply(first, one)
    second.aws.now += timedelta(hours=2)
    second.command("re-evaluate", incident=other)
    assert "guard.linked" not in [each["key"] for each in second.reported[-1]["warnings"]]


def findings(scene: Scene) -> list[str]:
    details = [line for each in scene.reported[-1]["findings"] for line in each["details"]]
    return [line["key"] for line in details if line["values"].get("target") == RESULT]


def with_a_change_of_the_first() -> tuple[Scene, str]:
    """The second alarm's scene and incident, a minute after the first one's remedy was applied."""
    first, second, one, (other, _) = two()
    apply(first, one)
    second.playbook = replace(second.playbook, evidence=(RecentChanges(),))
    second.aws.now += timedelta(minutes=1)
    return second, other


def test_a_change_by_another_alarms_function_is_reported_as_the_responders() -> None:
    """CloudTrail, which names who did it, is minutes late; AWS has renewed the RevisionId since."""
    scene, incident = with_a_change_of_the_first()
    scene.command("re-evaluate", incident=incident)
    assert findings(scene) == ["evidence.changes.ours"]


def test_a_later_change_by_a_person_is_not_reported_as_the_responders() -> None:
    scene, incident = with_a_change_of_the_first()
    scene.aws.administrator("lambda", "update_function_configuration", FunctionName=RESULT, Description="x")
    scene.aws.settle()
    scene.command("re-evaluate", incident=incident)
    assert findings(scene) == ["evidence.changes.unnamed"]


def test_the_ledger_is_read_once_more_where_it_does_not_explain_a_change_of_just_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other response began after this one had read the ledger, and wrote before it read the function."""
    scene, incident = with_a_change_of_the_first()
    read, reads = Incidents.ledger, itertools.count()
    monkeypatch.setattr(Incidents, "ledger", lambda self: read(self) if next(reads) else Ledger())
    context = Context(scene.aws, Settings.read(scene.environment), scene.aws.now, scene.aws.now)
    incidents = Incidents(scene.aws, "Incidents", timedelta(minutes=10))
    found = gather(scene.playbook, context, SLOW, incidents, lambda: None, incident).facts.of(RecentChanges())
    assert found is not None
    assert [change.ours for change in found.changes if change.target == RESULT] == [True]
