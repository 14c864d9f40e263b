"""Read what people control at run time from SSM, and CloudWatch's own mute rules."""

from responder.alarm import slug
from responder.errors import Missing, ResponderError
from responder.gateway import Gateway
from responder.incidents.incident import slug_of
from responder.refusal import Refusal
from responder.settings import CORRECTED, Settings
from responder.settings_document import SettingsDocument
from responder.shell.look import side_by_side
from responder.silence import Silence, name_of
from responder.switches import Switches, read_document, switches


def read_switches(aws: Gateway, settings: Settings, alarm: str) -> Switches:
    """Modes, stops, settings document, and active mute rules of this alarm.

    Raises:
        ResponderError: any of it could not be read; the guards then only observe.
    """
    found = side_by_side(
        {
            "parameters": lambda: read_parameters(aws, settings),
            "muted": lambda: _muted(aws, alarm),
        },
        through=aws,
    )
    for answer in found.values():
        if isinstance(answer, ResponderError):
            raise answer
    return switches(settings.parameters_path, found["parameters"], found["muted"])


def alarm_of(settings: Settings, incident: str) -> str:
    """Whose state and mute rules count: the alarm of the incident. Its id tells which of the two it is, so
    that all can be read side by side; whether it is ours at all is judged by what is on record."""
    own = settings.alarm_name
    corrected = f"{own}{CORRECTED}"
    return corrected if slug_of(incident) == slug(corrected) else own


def read_settings(aws: Gateway, settings: Settings) -> SettingsDocument:
    """The settings document alone, where neither modes nor stops matter.

    Raises:
        SettingsUnusable: it is missing or invalid.
        AwsError: it could not be read.
    """
    try:
        found = aws.call("ssm", "get_parameter", Name=f"{settings.parameters_path}/settings")
    except Missing:
        return read_document(None)
    return read_document(str(found["Parameter"]["Value"]))


def read_parameters(aws: Gateway, settings: Settings) -> dict[str, str]:
    """Every parameter under the stack's path, by its full name. Raises our errors."""
    path = settings.parameters_path
    pages = aws.pages("ssm", "get_parameters_by_path", Path=path, Recursive=True)
    return {each["Name"]: each["Value"] for page in pages for each in page.get("Parameters", [])}


def _muted(aws: Gateway, alarm: str) -> tuple[Silence, ...]:
    pages = aws.pages("cloudwatch", "list_alarm_mute_rules", AlarmName=alarm, Statuses=["ACTIVE"])
    found = (each for page in pages for each in page.get("AlarmMuteRuleSummaries", []))
    return tuple(Silence(Refusal.MUTED(name=name_of(each.get("AlarmMuteRuleArn")))) for each in found)
