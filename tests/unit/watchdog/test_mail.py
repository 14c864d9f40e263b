"""The mail of a round that found several incidents."""

from dataclasses import replace

import pytest

from rehearsal.drill.mail_shape import faults
from responder.core.context import Context
from responder.core.report import Report
from responder.core.text import text
from responder.messages.language import say
from responder.watchdog.report import message
from responder.watchdog.rules import OpenIncident
from tests.fakes import FakeAws
from tests.laid_out import machine, plain, subject
from tests.rows import in_both_languages
from tests.unit.watchdog.test_rules import NOW, found, incident, register
from tests.unit.watchdog.world import SETTINGS

STEP = text("step.watchdog_headless")


def unanswered(count: int) -> Report:
    """So many alarms that no response was completed for."""
    incidents = (
        replace(incident(), id=f"faceauth-{number}-20260204T092500Z", alarm=f"FaceAuth-{number}-Errors")
        for number in range(count)
    )
    troubles = (each for one in incidents for each in found(register(OpenIncident(incident=one, head=None))))
    return message(tuple(troubles), (), Context(FakeAws(NOW), SETTINGS, NOW, NOW))


@in_both_languages
@pytest.mark.parametrize("count", [1, 2, 10, 40])
def test_it_names_as_many_incidents_as_fit_and_each_step_once(count: int, language: str) -> None:
    report = unanswered(count)
    mail = plain(report, language)
    assert list(faults(subject(report), mail, machine(report, language))) == []
    assert mail.count(say(STEP, language)) == 1
    named = [number for number in range(count) if f"faceauth-{number}-" in mail]
    assert named[:10] == list(range(count))[:10]
    assert mail.count("aws cloudwatch describe-alarms") == min(count, 10)
    # The console refuses to acknowledge an incident that has no response.
    assert "liveness-ops ack" not in mail
    if count > len(named):
        assert say(text("report.more", count=count - len(named)), language) in mail
