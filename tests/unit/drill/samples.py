"""Scenarios as they were played, without playing them."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from liveness_ops.people.options import Language
from local_aws.client import Mail
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.difference import About, Difference
from rehearsal.drill.follow import Message, PastEvent
from rehearsal.drill.followed_incident import FollowedIncident
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.results import DrillResult
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.step_result import StepResult
from responder.core.plain_data import Json
from responder.core.report import ReportKind
from responder.messages.mail import envelope
from tests.unit.messages.samples import ACTS, ASKS

SETTING = "FaceAuth-Enrollment LIVENESS_ROLLOUT_PERCENTAGE"
DIFFERENCES = (
    Difference(About.CAUSE, "cause.throttling", "cause.internal"),
    Difference(About.SETTING, "50", "0", SETTING),
)
INCIDENT = "FaceAuth-Liveness-HighErrorRate-20261123T180700Z"


def step_result(language: Language, *sent: Mail, **more: Any) -> StepResult:
    plain: Json = {"before": {SETTING: "50"}, "after": {SETTING: "0"}, "calls": (), "rows": ()}
    return StepResult(**{**plain, "mail": sent, "seconds": 1.25, **more})


def mail(language: Language, report: Any = ACTS) -> Mail:
    sent = envelope(report, language)
    return Mail("arn:-Notifications-", "1", sent.subject, sent.bodies, {}, (), 0.0)


def played(
    name: str, language: Language, *differences: Difference, alarm: str = "high-error-rate", **more: Any
) -> ScenarioRun:
    """A response, then the course of the incident to its end."""
    (scenario,) = scenarios(alarm, name)
    first, later = mail(language), mail(language, replace(ASKS, kind=ReportKind.ESCALATION, level=2))
    course = SimpleNamespace(
        incident=INCIDENT,
        entries=(
            Message(0, first, {"kind": "response"}),
            PastEvent(16, "Recovers"),
            Message(110, later, {"kind": "escalation", "topic": "escalate", "level": 2}),
        ),
    )
    acts = (
        step_result(language, first, problems=list(differences)),
        step_result(
            language,
            followed=cast(FollowedIncident, course),
            files={f"report.{each}.html": "<!doctype html>" for each in Language},
        ),
    )
    return ScenarioRun(scenario, acts, **more)


def nothing_proposed(language: Language) -> ScenarioRun:
    """No message came, and nothing changed."""
    (scenario,) = scenarios("high-error-rate", "twice")
    return ScenarioRun(scenario, (step_result(language, after={SETTING: "50"}),))


def drill(language: Language, *, differing: bool = True, others: Sequence[Scenario] = ()) -> DrillResult:
    """Two alarms; one scenario differs, and it is not the first one. `others`: were left out."""
    found = [
        played("acts", language),
        played("asks-throttling", language, *(DIFFERENCES if differing else ())),
        nothing_proposed(language),
        played("asks-two-people", language, alarm="low-success-rate", again=True),
    ]
    return DrillResult.of(found, language, 61.04, others=others)
