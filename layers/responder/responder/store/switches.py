"""What people control at run time, in SSM, and CloudWatch's own mute rules; stops are created and removed."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from responder.aws.gateway import ALL_SECONDS, LOOK_SECONDS, Retry, policy_of, through
from responder.aws.parallel import side_by_side
from responder.core.alarm_event import slug
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Missing, ResponderError, SettingsUnusable, Unreachable
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.core.retry import COMMAND_SECONDS, Sleep, again
from responder.core.settings import CORRECTED, Settings
from responder.core.settings_document import SettingsDocument, parse
from responder.core.switches import (
    KEPT,
    Silence,
    Stop,
    Switches,
    name_of,
    read_document,
    read_stop,
    stops_path,
    switches,
)
from responder.store.incidents import slug_of

_TAKEN = "ParameterAlreadyExists"
# The parameter below the stack's path that says what SNS takes as a subject; the self-test writes it.
SUBJECTS = "mail-subjects"
# SSM takes ten names a call; the next round removes the rest.
_AT_ONCE, _BATCHES = 10, 10


@frozen
class LastKnownSettings:
    """`settings`: with those of the settings document over those of the environment. `parameters`: as they
    were read with it, or why they could not be."""

    settings: Settings
    parameters: Mapping[str, str] | ResponderError

    def context(self, aws: Gateway, now: datetime, since: datetime | None = None) -> Context:
        """The context for a response that begins now."""
        return Context(aws, self.settings, now, since or now, self.parameters)


def known(aws: Gateway, settings: Settings) -> LastKnownSettings:
    """Read the settings document with modes and stops, in one call. Where the document cannot be used, the
    newest version of it that can be is used for times and contacts; who may approve is not taken from it, and
    `Switches` says why. Raises nothing, whatever AWS answers."""
    asking = aws if policy_of(aws, Retry) else through(aws, Retry(time.monotonic() + LOOK_SECONDS))
    found: LastKnownSettings | ResponderError = side_by_side(
        {"known": partial(_known, asking, settings)}, through=asking
    )["known"]
    if isinstance(found, ResponderError):
        log().warning("settings not read", extra={"error": str(found)})
        return LastKnownSettings(settings, found)
    return found


def begin_to_know(aws: Gateway, settings: Settings) -> Callable[[], LastKnownSettings]:
    """The same in parallel with other work; the returned function waits for it, as long as for evidence."""
    pool = ThreadPoolExecutor(1)
    asked = pool.submit(known, through(aws, Retry(time.monotonic() + ALL_SECONDS)), settings)
    pool.shutdown(wait=False)
    return asked.result


def _known(aws: Gateway, settings: Settings) -> LastKnownSettings:
    parameters = read_parameters(aws, settings)
    subjects = parameters.get(f"{settings.parameters_path}/{SUBJECTS}", settings.subjects)
    return LastKnownSettings(_over(aws, replace(settings, subjects=subjects), parameters), parameters)


def _over(aws: Gateway, settings: Settings, parameters: Mapping[str, str]) -> Settings:
    try:
        return read_document(settings.parameters_path, parameters).over(settings)
    except SettingsUnusable as error:
        log().warning("settings document not usable", extra={"problem": error.problem.word})
    try:
        return last_valid(aws, settings, parameters).over(settings)
    except ResponderError as error:
        log().warning("no usable version of the settings document", extra={"error": str(error)})
        return settings


def last_valid(aws: Gateway, settings: Settings, parameters: Mapping[str, str]) -> SettingsDocument:
    """The newest version that can be read, of those that SSM keeps (100), else the template's first one.

    Raises:
        SettingsUnusable: there is none.
        AwsError: they could not be read.
    """
    path = settings.parameters_path
    for each in reversed(document_versions(aws, settings)):
        with suppress(SettingsUnusable):
            return parse(str(each["Value"]))
    first = {name: value for name, value in parameters.items() if name == f"{path}/first-settings"}
    return read_document(path, first)


def document_versions(aws: Gateway, settings: Settings) -> list[Json]:
    """The versions of the document that people have set, oldest first, as SSM returns them; none where it was
    never set.

    Raises AwsError.
    """
    try:
        pages = aws.pages("ssm", "get_parameter_history", Name=f"{settings.parameters_path}/settings")
        found = [each for page in pages for each in page.get("Parameters", [])]
    except Missing:
        return []
    return sorted(found, key=lambda each: int(each["Version"]))


def read_switches(context: Context, alarm: str, *, anew: bool = False) -> Switches:
    """Modes, stops, settings document, and active mute rules of this alarm. `anew`: also where the parameters
    were read at the beginning of the response.

    Raises:
        ResponderError: any of it could not be read; the guards then only observe.
    """
    aws, settings = context.aws, context.settings
    read = None if anew else context.parameters
    found = side_by_side(
        {
            "parameters": lambda: read_parameters(aws, settings) if read is None else read,
            "muted": lambda: _muted(aws, alarm),
        },
        through=aws,
    )
    for answer in found.values():
        if isinstance(answer, ResponderError):
            raise answer
    return switches(settings.parameters_path, found["parameters"], found["muted"])


def alarm_of(settings: Settings, incident: str) -> str:
    """Whose state and mute rules count: the alarm of the incident. Its id shows which of the two it is, so
    that all can be read side by side; whether it belongs to the responder is judged by the record."""
    own = settings.alarm_name
    corrected = f"{own}{CORRECTED}"
    return corrected if slug_of(incident) == slug(corrected) else own


def read_settings(context: Context) -> SettingsDocument:
    """The settings document, where neither modes nor stops matter; as read at the beginning, if it was.

    Raises:
        SettingsUnusable: it is missing or invalid.
        ResponderError: it could not be read.
    """
    found = context.parameters
    if isinstance(found, ResponderError):
        raise found
    parameters = read_parameters(context.aws, context.settings) if found is None else found
    return read_document(context.settings.parameters_path, parameters)


def read_parameters(aws: Gateway, settings: Settings) -> dict[str, str]:
    """Every parameter under the stack's path, by its full name. Raises our errors."""
    path = settings.parameters_path
    pages = aws.pages("ssm", "get_parameters_by_path", Path=path, Recursive=True)
    return {each["Name"]: each["Value"] for page in pages for each in page.get("Parameters", [])}


def _muted(aws: Gateway, alarm: str) -> tuple[Silence, ...]:
    pages = aws.pages("cloudwatch", "list_alarm_mute_rules", AlarmName=alarm, Statuses=["ACTIVE"])
    found = (each for page in pages for each in page.get("AlarmMuteRuleSummaries", []))
    return tuple(Silence(Refusal.MUTED(name=name_of(each.get("AlarmMuteRuleArn")))) for each in found)


def create_stop(aws: Gateway, settings: Settings, stop: Stop, pause: Sleep = time.sleep) -> bool:
    """Create a stop; False if the name is taken, since a stop is never overwritten. SSM takes few writes a
    second of an account, so a throttled one is repeated.

    Raises:
        AwsError: it is not known to be there.
    """
    name, value = f"{stops_path(settings.parameters_path)}{stop.name}", stop.to_json()
    try:
        again(
            lambda: aws.call("ssm", "put_parameter", Name=name, Value=value, Type="String"),
            time.monotonic() + COMMAND_SECONDS,
            pause=pause,
        )
    except Unreachable:
        # It may have taken effect nevertheless.
        if _value(aws, name) != value:
            raise
    except AwsError as error:
        if error.code != _TAKEN:
            raise
        return False
    return True


def remove_ended_stops(aws: Gateway, settings: Settings, now: datetime) -> int:
    """Remove at most 100 stops that ended over an hour ago; returns how many. A stop in force, a planned one
    and an unreadable one are never removed. Each is read again just before, because a person may have created
    another one of the same name.

    Raises:
        AwsError: they could not be read, or not removed.
    """
    ended = _ended(read_parameters(aws, settings), settings, now)
    removed = 0
    for first in range(0, min(len(ended), _AT_ONCE * _BATCHES), _AT_ONCE):
        found = aws.call("ssm", "get_parameters", Names=ended[first : first + _AT_ONCE])
        known = {each["Name"]: each["Value"] for each in found.get("Parameters", [])}
        if still := _ended(known, settings, now):
            aws.call("ssm", "delete_parameters", Names=still)
            removed += len(still)
    return removed


def _ended(parameters: Mapping[str, str], settings: Settings, now: datetime) -> list[str]:
    below = stops_path(settings.parameters_path)
    found = {
        name: read_stop(name.removeprefix(below), parameters[name])
        for name in parameters
        if name.startswith(below)
    }
    return sorted(name for name, stop in found.items() if stop.over(now - KEPT))


def _value(aws: Gateway, name: str) -> str | None:
    try:
        return str(aws.call("ssm", "get_parameter", Name=name)["Parameter"]["Value"])
    except AwsError:
        return None
