"""A ninth alarm is one module, one function, one folder: what is missing is printed until all are there."""

from pathlib import Path
from typing import Any

import pytest

from liveness_ops.template_tools.alarms import GENERIC, alarm_modules, playbook_of
from liveness_ops.template_tools.gaps import gaps
from liveness_ops.template_tools.load import parse
from liveness_ops.template_tools.stubs import event_stubs, missing
from responder.evidence import Facts
from responder.mode import Severity
from responder.playbook import Playbook
from responder.text import text as sentence
from responder.verdict import Verdict
from tests.template.house_rules import broken_rules

pytestmark = pytest.mark.template


def decide(facts: Facts) -> Verdict:
    return Verdict(sentence("cause.unknown"), sentence("why.no_playbook"))


NINTH = Playbook(
    alarm="FaceAuth-Liveness-SessionCreationErrors",
    slug="session-creation-errors",
    severity=Severity.HIGH,
    broken=sentence("broken.session_creation_errors"),
    evidence=(),
    decide=decide,
)
MODULE = "session_creation_errors"


@pytest.mark.parametrize("module", alarm_modules())
def test_nothing_is_missing(module: str, text: str) -> None:
    left = missing(module, playbook_of(module), text)
    assert not left, f"functions/alarms/{module}.py still needs:\n{left}"


def test_everything_of_a_ninth_alarm_is_printed(text: str, tmp_path: Path) -> None:
    printed = missing(MODULE, NINTH, text, tmp_path)
    for expected in (
        "  SessionCreationErrorsAlarmName:",
        "    Default: FaceAuth-Liveness-SessionCreationErrors",
        "      Handler: alarms.session_creation_errors.handler",
        "      Policies:",
        "      LogGroupName: !Sub /aws/lambda/${AWS::StackName}-session-creation-errors",
        "# events/session-creation-errors/alarm.json",
        "# events/session-creation-errors/ok.json",
        "# events/session-creation-errors/insufficient.json",
        "alarm:${SessionCreationErrorsAlarmName}",
        '"alarmName": "FaceAuth-Liveness-SessionCreationErrors"',
    ):
        assert expected in printed


def test_what_is_printed_is_all_that_is_needed(text: str, tmp_path: Path) -> None:
    for gap in gaps(MODULE, NINTH, text):
        text = gap.fill(text)
    for path, stub in event_stubs(MODULE, NINTH, tmp_path).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(stub, encoding="utf-8")
    assert missing(MODULE, NINTH, text, tmp_path) == ""
    template: dict[str, Any] = parse(text)
    assert broken_rules(template, "SessionCreationErrors") == []
    assert all(not missing(module, playbook_of(module), text) for module in alarm_modules())


def test_what_is_written_today_is_what_would_be_printed(text: str) -> None:
    """The stub and the functions as they stand cannot drift apart."""
    for module in set(alarm_modules()) - {GENERIC}:
        playbook = playbook_of(module)
        name = f"{NINTH.alarm}-{module}"
        twin = Playbook(
            name,
            playbook.slug,
            playbook.severity,
            playbook.broken,
            playbook.evidence,
            decide,
            playbook.remedies,
        )
        printed = next(gap.lines for gap in gaps(f"{module}_twin", twin, text) if gap.what == "its function")
        plain = printed.replace("Twin", "").replace("-twin", "").replace("_twin", "")
        lines = [line for line in plain.split("\n") if line and "Description: " not in line]
        assert "\n".join(lines) in "\n".join(
            line for line in text.split("\n") if line and "Description: " not in line
        )
