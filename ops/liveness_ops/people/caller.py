"""Who is at the keyboard, and what time it is at AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from liveness_ops.people.ending import Exit, Stop
from responder.approvals import everybody, named
from responder.approvals.people import approver, class_of
from responder.change import Lease
from responder.gateway import Gateway
from responder.mode import Effect
from responder.settings import Settings
from responder.text import Text, text

type Clock = Callable[[], datetime]

# The header tells whole seconds, and takes some time to arrive.
_SAME = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is the name that `Approvers` gives to the identity `principal`; the end of its ARN
    (`user/eve`) where it gives none, and `known` is then False."""

    person: str
    principal: str
    known: bool = True

    def approves(self, effect: Effect, settings: Settings) -> str:
        """The name under which this caller approves a class of action. Raises Stop where it may not."""
        name = approver(settings, effect, self.principal)
        if name is None:
            kind = Text(f"class.{effect}")
            said = text("console.no_right", person=self.person, principal=self.principal, kind=kind)
            raise Stop(Exit.STRANGER, said, {"principal": self.principal})
        return name

    def takes_back(self, lease: Lease, settings: Settings) -> str:
        """The name under which this caller takes a remedy back, by the rule of Slack's button; likewise."""
        return self.approves(class_of(lease), settings)


def identify(aws: Gateway, settings: Settings, local: Clock, strangers: bool = False) -> tuple[Caller, Clock]:
    """The caller as AWS knows it, and a clock that is right where this machine's is wrong.

    Raises:
        Stop: `Approvers` names nobody with this identity, and `strangers` may not come in.
        AwsError: AWS does not know the caller, or cannot be reached.
    """
    answer = aws.call("sts", "get_caller_identity")
    principal = str(answer["Arn"])
    person = named(everybody(settings), principal)
    if person is None and not strangers:
        said = text("console.stranger", principal=principal)
        raise Stop(Exit.STRANGER, said, {"principal": principal})
    caller = Caller(person or principal.split(":", 5)[-1], principal, person is not None)
    return caller, _right(answer, local)


def _right(answer: Mapping[str, Any], local: Clock) -> Clock:
    """An approval from the future, or from before the question, would count for nothing.

    Late by what the answer took on its way is harmless, early is not.
    """
    stamp = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if not stamp:
        return local
    ahead = parsedate_to_datetime(stamp).astimezone(UTC) - local()
    return local if timedelta() <= ahead < _SAME else lambda: local() + ahead
