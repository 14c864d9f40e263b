"""Every error this project raises, as one tree.

ResponderError
├── BadEvent            what arrived is neither an alarm event nor a command
├── NotClaimed          the claim could not be written: a repeat looks like the first
├── BeingAnswered       another run is answering the same event right now
├── Defect              our own code could not handle what came back
├── Unreadable          what is on record is broken: half written, or not written by the responder
├── Refused             a change that must not be made now; carries the reason for people
│   ├── Declined          a request of a person that is not carried out
│   └── SettingsUnusable  the settings document is missing or invalid: no one may approve anything
├── SlackError          Slack did not do what was asked
│   ├── SlackBusy       asked too often, or not reached at all; nothing was done
│   ├── SlackUnsure     no usable answer; whether it took effect is unknown
│   └── SlackRefused    it does not take the request as it is; nothing was done
└── AwsError            a call to AWS did not do what was asked
    ├── Denied          the right is missing; names the action
    ├── NotSubscribed   the account has no plan for this API
    ├── Missing         the thing asked for does not exist
    ├── Throttled       asked too often
    ├── Busy            another change of the same thing is in flight
    ├── Changed         another party changed it between our read and our write
    ├── Stopped         a write that was not sent: a person has stopped it meanwhile; carries the reason
    ├── Unreachable     no answer in time; whether it took effect is unknown
    └── Rejected        AWS does not accept the request as it is
"""

import math
from collections.abc import Sequence

from responder.core.declined import DeclineReason
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, SettingsProblem
from responder.core.text import Strings

type StoredRow = Data | None


class ResponderError(Exception):
    """The root of all errors of the responder."""


class BadEvent(ResponderError):
    """The input is no alarm event and no command; `field` names what could not be read."""

    def __init__(self, field: str) -> None:
        super().__init__(f"unreadable event: {field}")
        self.field = field


class NotClaimed(ResponderError):
    """The claim could not be written, and nothing was done under it; `why` is what was in the way."""

    def __init__(self, key: str, why: ResponderError) -> None:
        super().__init__(key)
        self.why = why


class BeingAnswered(ResponderError):
    """Another run is answering the same event; Lambda tries again, and finds it answered."""


class Defect(ResponderError):
    """A part of a response failed because of a bug; `kind` is the exception's class."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"defect: {kind}")
        self.kind = kind


class Unreadable(ResponderError):
    """A row does not hold what it should; `row` is its key, never its content."""

    def __init__(self, row: str) -> None:
        super().__init__(f"unreadable row: {row}")
        self.row = row


class Refused(ResponderError):
    """A change that must not be made now."""

    def __init__(self, reason: Because) -> None:
        super().__init__(reason.kind.value)
        self.reason = reason


class Declined(Refused):
    """A request of a person that is not carried out; `because` says why, and how it ends."""

    def __init__(self, because: ExplainedReason[DeclineReason]) -> None:
        super().__init__(because)
        self.because = because


class SettingsUnusable(Refused):
    """The settings document is missing or invalid. `where`: the part of it, `people.aiko.aws`; `more`: what
    else is wrong with it, in the order in which it was found."""

    def __init__(
        self, problem: SettingsProblem, where: str = "", more: "Sequence[SettingsUnusable]" = ()
    ) -> None:
        shown = "".join(each if each.isprintable() else "?" for each in where)[:100]
        super().__init__(problem(where=shown) if shown else problem())
        self.problem = problem
        self.where = shown
        self.all: tuple[SettingsUnusable, ...] = (self, *more)


class SlackError(ResponderError):
    """A call failed. `code` is Slack's error code or the class of what went wrong, never free text."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"slack:{method} {code}")
        self.method = method
        self.code = code


class SlackBusy(SlackError):
    """Too many requests for longer than we wait, or no connection; nothing was done. `after`: how many
    seconds Slack asks to wait; endless where waiting does not help."""

    def __init__(self, method: str, code: str, after: float = math.inf) -> None:
        super().__init__(method, code)
        self.after = after


class SlackUnsure(SlackError):
    """No usable answer in time. A message may or may not have been posted."""


class SlackRefused(SlackError):
    """The request is not accepted as it is (`channel_not_found`, `invalid_blocks`, …); nothing was done."""


class AwsError(ResponderError):
    """A call failed. `code` is AWS's error code, never its free text (it can hold values)."""

    def __init__(self, service: str, operation: str, code: str) -> None:
        super().__init__(f"{service}:{operation} {code}")
        self.service = service
        self.operation = operation
        self.code = code


class Denied(AwsError):
    """The role lacks the right for `service:operation`."""


class NotSubscribed(AwsError):
    """The account's support plan does not include this API."""


class Missing(AwsError):
    """The resource does not exist."""


class Throttled(AwsError):
    """Too many requests; nothing was done. `after`: how many seconds to wait at least; AWS names none."""

    after = 0.0


class Busy(AwsError):
    """Another change of the same resource is in flight; nothing was done."""


class Changed(AwsError):
    """The compared revision is no longer the current one; nothing was done. `item`: the row that was in the
    way, as DynamoDB typed it, where the call asked for it; `reasons`: one code per part of a transaction."""

    def __init__(
        self,
        service: str,
        operation: str,
        code: str,
        *,
        item: StoredRow = None,
        reasons: Strings = (),
    ) -> None:
        super().__init__(service, operation, code)
        self.item = item
        self.reasons = reasons


class Stopped(AwsError):
    """The write was not sent: a stop or a stricter mode was set after the decision; `reason` names it."""

    def __init__(self, service: str, operation: str, reason: Because) -> None:
        super().__init__(service, operation, "Stopped")
        self.reason = reason


class Unreachable(AwsError):
    """No usable answer in time. A write may or may not have taken effect."""


class Rejected(AwsError):
    """The request is invalid for the resource as it is; nothing was done."""
