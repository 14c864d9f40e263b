"""Read the switches people hold from SSM and from CloudWatch's own mute rules."""

from responder.errors import ResponderError
from responder.gateway import Gateway
from responder.settings import Settings
from responder.shell.look import side_by_side
from responder.switches import Switches, switches


def read_switches(aws: Gateway, settings: Settings, alarm: str) -> Switches:
    """Modes, pauses and active mute rules of this alarm.

    Raises:
        ResponderError: any of it could not be read; the guards then only observe.
    """
    found = side_by_side(
        {
            "parameters": lambda: _parameters(aws, settings.parameters_path),
            "muted": lambda: _muted(aws, alarm),
        }
    )
    for answer in found.values():
        if isinstance(answer, ResponderError):
            raise answer
    return switches(settings.parameters_path, found["parameters"], found["muted"])


def _parameters(aws: Gateway, path: str) -> dict[str, str]:
    pages = aws.pages("ssm", "get_parameters_by_path", Path=path, Recursive=True)
    return {each["Name"]: each["Value"] for page in pages for each in page.get("Parameters", [])}


def _muted(aws: Gateway, alarm: str) -> tuple[str, ...]:
    answer = aws.call("cloudwatch", "list_alarm_mute_rules", AlarmName=alarm, Statuses=["ACTIVE"])
    names = (each.get("AlarmMuteRuleArn", "") for each in answer.get("AlarmMuteRuleSummaries", []))
    return tuple(arn.rsplit(":", 1)[-1] for arn in names)
