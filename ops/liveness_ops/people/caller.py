"""Who is at the keyboard, and what time it is at AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from liveness_ops.people.ending import Exit, Stop
from responder.core.context import Gateway
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, SettingsUnusable
from responder.core.settings import Settings
from responder.core.settings_document import NOBODY, People
from responder.core.switches import read_document
from responder.core.text import text
from responder.store.switches import read_parameters

type Clock = Callable[[], datetime]

# The header tells whole seconds, and takes some time to arrive.
_SAME = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is the name of the registered person with the identity `principal`; the end of the ARN
    (`user/eve`) where there is none, and `known` is then False. `people`: everyone who is registered."""

    person: str
    principal: str
    known: bool = True
    people: People = NOBODY


def identify(aws: Gateway, settings: Settings, local: Clock, strangers: bool = False) -> tuple[Caller, Clock]:
    """The caller as AWS knows it, and a clock that is right where this machine's is wrong.

    Raises:
        Stop: the settings document cannot be used or names nobody with this identity, and `strangers` may
            not come in.
        AwsError: AWS does not know the caller, or cannot be reached.
    """
    answer = aws.call("sts", "get_caller_identity")
    principal = str(answer["Arn"])
    people = _people(aws, settings, principal, strangers)
    person = people.who(principal)
    if person is None and not strangers:
        raise Stop.declined(DeclineReason.STRANGER(principal=principal), {"principal": principal})
    name = principal.split(":", 5)[-1] if person is None else person.name
    return Caller(name, principal, person is not None, people), _right(answer, local)


def _people(aws: Gateway, settings: Settings, principal: str, strangers: bool) -> People:
    """Nobody where the settings document cannot be read, for what a stranger may do too: looking and
    stopping work also then."""
    try:
        return read_document(settings.parameters_path, read_parameters(aws, settings)).people
    except SettingsUnusable as error:
        if not strangers:
            said = text("settings.refused", reason=error.reason.text)
            raise Stop(Exit.STRANGER, said, {"principal": principal}) from None
    except AwsError:
        if not strangers:
            raise
    return NOBODY


def _right(answer: Mapping[str, Any], local: Clock) -> Clock:
    """An approval from the future, or from before the question, would count for nothing.

    Late by what the answer took on its way is harmless, early is not.
    """
    stamp = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if not stamp:
        return local
    ahead = parsedate_to_datetime(stamp).astimezone(UTC) - local()
    return local if timedelta() <= ahead < _SAME else lambda: local() + ahead
