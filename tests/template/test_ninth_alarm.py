"""A new alarm is one module: `make generate` writes everything about it into template.yaml."""

import re
from dataclasses import replace

import pytest

from liveness_ops import generate
from liveness_ops.template_tools.alarms import GENERIC, alarm_modules, logical_id, playbook_of
from liveness_ops.template_tools.gaps import gaps
from liveness_ops.template_tools.load import parse
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Correction, Definition, error_rate, of_service
from responder.core.manual import GENERAL
from responder.core.modes import Severity
from responder.core.plain_data import Json
from responder.core.text import text as sentence
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.respond.playbook import Playbook
from tests.template.house_rules import broken_rules


def decide(facts: Facts) -> Verdict:
    return Verdict(Cause.UNKNOWN(), sentence("why.no_playbook"))


NINTH = Playbook(
    alarm="FaceAuth-Liveness-ManySessionsExpired",
    slug="many-sessions-expired",
    severity=Severity.HIGH,
    evidence=(),
    decide=decide,
    manual=GENERAL,
    definition=Definition(AlarmOwner.EXTRA, of_service("SessionExpired", "Sum", 5)),
)
CORRECTED = replace(
    NINTH,
    definition=Definition(
        AlarmOwner.EXTRA,
        of_service("SessionExpired", "Sum", 5),
        correction=Correction(error_rate, "MinimumFaults"),
    ),
)
MODULE = "many_sessions_expired"


def missing(playbook: Playbook, text: str) -> str:
    return "".join(gap.lines for gap in gaps(MODULE, playbook, text))


def test_nothing_has_to_be_generated_again() -> None:
    """`make generate` has been run since the last change of a playbook or of the table of remedies."""
    assert generate.stale() == {}


def test_everything_of_a_ninth_alarm_is_written(text: str) -> None:
    written = missing(NINTH, text)
    for expected in (
        "          ALARM_NAME: !Sub ${AlarmPrefix}Liveness-ManySessionsExpired",
        "      Handler: alarms.many_sessions_expired.handler",
        "      Policies:",
        "      LogGroupName: !Sub /aws/lambda/${AWS::StackName}-many-sessions-expired",
        "alarm:${AlarmPrefix}Liveness-ManySessionsExpired",
        "- !GetAtt ManySessionsExpiredAlarm.Arn",
    ):
        assert expected in written


def test_a_corrected_alarm_goes_to_the_same_function_and_to_no_other(text: str) -> None:
    written = missing(CORRECTED, text)
    name = "${AlarmPrefix}Liveness-ManySessionsExpired"
    assert f'alarmName: [!Sub "{name}", !Sub "{name}-Corrected"]' in written
    assert f"- !Sub {name}-Corrected\n" in written
    assert "-Corrected" not in missing(NINTH, text)


@pytest.mark.parametrize("playbook", [NINTH, CORRECTED], ids=["plain", "corrected"])
def test_the_generated_parts_complete_the_template(text: str, playbook: Playbook) -> None:
    for gap in gaps(MODULE, playbook, text):
        text = gap.fill(text)
    assert missing(playbook, text) == ""
    template: Json = parse(text)
    assert broken_rules(template, "ManySessionsExpired") == []
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert [name for group in groups for name in group["Parameters"]] == list(template["Parameters"])
    others = set(alarm_modules()) - {GENERIC}
    assert not any(gaps(module, playbook_of(module), text) for module in others)


def test_what_is_written_today_is_what_would_be_written(text: str) -> None:
    """The stub and the existing functions cannot differ."""
    for module in set(alarm_modules()) - {GENERIC}:
        playbook = playbook_of(module)
        name = f"{NINTH.alarm}-{module}"
        twin = replace(playbook, alarm=name)
        printed = next(gap.lines for gap in gaps(f"{module}_twin", twin, text) if gap.what == "its function")
        plain = _named_like(printed, name, module, playbook.alarm, text)
        plain = plain.replace("Twin", "").replace("-twin", "").replace("_twin", "")
        lines = [line for line in plain.split("\n") if line and "Description: " not in line]
        assert "\n".join(lines) in "\n".join(
            line for line in text.split("\n") if line and "Description: " not in line and not _OWN.match(line)
        )


# What one function alone is reported.
_OWN = re.compile(r" +SLOW_SESSION_CREATION_SECONDS: ")


def _named_like(printed: str, twin: str, module: str, alarm: str, text: str) -> str:
    """The name of the twin's alarm follows from the prefix; that of the original may be a parameter."""
    shown = f"${{AlarmPrefix}}{twin.removeprefix('FaceAuth-')}"
    parameter = f"{logical_id(module)}AlarmName"
    if parameter not in parse(text)["Parameters"]:
        return printed.replace(shown, f"${{AlarmPrefix}}{alarm.removeprefix('FaceAuth-')}")
    plain = printed.replace(f'!Sub "{shown}"', f"!Ref {parameter}").replace(
        f"!Sub {shown}\n", f"!Ref {parameter}\n"
    )
    return plain.replace(shown, f"${{{parameter}}}")
