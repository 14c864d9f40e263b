"""The contract of a look."""

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import ClassVar, Protocol, runtime_checkable

from responder.core import console_links, errors
from responder.core.context import Context
from responder.core.finding import Finding, Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import Permissions, rights
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason, FailureKind
from responder.core.refusals import Because
from responder.core.settings import Settings
from responder.core.text import Text, Value, text

_KINDS: tuple[tuple[type[errors.AwsError], FailureKind], ...] = (
    (errors.Denied, FailureKind.DENIED),
    (errors.NotSubscribed, FailureKind.NOT_SUBSCRIBED),
    (errors.Missing, FailureKind.MISSING),
    (errors.Throttled, FailureKind.THROTTLED),
    (errors.Unreachable, FailureKind.UNREACHABLE),
)


def action(error: errors.AwsError) -> str:
    """The right that a failed call takes, as IAM names it: `logs:FilterLogEvents`."""
    return ", ".join(rights(error.service, error.operation))


def failure(error: Exception) -> ExplainedReason[FailureKind]:
    """How a call failed, in one clause; codes only, never AWS's free text."""
    own_clock = isinstance(error, errors.Unreachable) and error.service == "look"  # see `aws/parallel.py`
    if own_clock or isinstance(error, TimeoutError):
        return FailureKind.LATE()
    for kind, found in _KINDS:
        if isinstance(error, kind):
            return found(action=action(error))
    if isinstance(error, errors.AwsError):
        return FailureKind.OTHER(action=action(error), code=re.sub(r"[^\w.]", "", error.code)[:80])
    if isinstance(error, errors.Unreadable):
        return FailureKind.UNREADABLE(row=error.row)
    name = error.kind if isinstance(error, errors.Defect) else type(error).__name__
    return FailureKind.OURS(kind=name)


def reason(error: Exception) -> Text:
    """The reason as a sentence."""
    return failure(error).text


def because(error: errors.ResponderError) -> Because:
    """Why nothing was done: the reason of a refusal, or how the call failed."""
    return error.reason if isinstance(error, errors.Refused) else failure(error)


def failed(look_name: str, error: Exception) -> Finding:
    """The finding for a look that raised."""
    link = console_links.HEALTH_PUBLIC if isinstance(error, errors.NotSubscribed) else None
    said = text(
        "evidence.failed", look=text(f"evidence.look.{look_name.partition('.')[0]}"), reason=reason(error)
    )
    return Finding(look_name, Tone.UNKNOWN, said, link=link, subject=Subject.OURS)


def or_none(value: float | None) -> Value:
    """The number, or the words for "no datapoint"."""
    return text("evidence.none") if value is None else value


class Look:
    """What every kind of evidence shares; a class of it says its `KEY` and what its findings are about."""

    KEY: ClassVar[str]
    SUBJECT: ClassVar[Subject]

    @property
    def name(self) -> str:
        """Key of the look; with the liveness function that it is about, where it is about one."""
        function = getattr(self, "function", None)
        return f"{self.KEY}.{function}" if function else self.KEY

    def finding(  # noqa: PLR0913  the fields of a finding
        self,
        tone: Tone,
        said: Text,
        samples: int | None = None,
        details: Iterable[Text] = (),
        numbers: Mapping[str, float] | None = None,
        link: str | None = None,
        *,
        over: timedelta | None = None,
        subject: Subject | None = None,
    ) -> Finding:
        """A finding of this look."""
        figures = (samples, tuple(details), numbers or {}, link)
        return Finding(self.name, tone, said, *figures, subject=subject or self.SUBJECT, over=over)


def side_by_side[T](asks: Mapping[str, Callable[[], T]]) -> tuple[dict[str, T], dict[str, errors.AwsError]]:
    """The answers by name, and the errors of what could not be asked, which hide no other answer."""
    with ThreadPoolExecutor(len(asks)) as pool:
        asked = {name: pool.submit(ask) for name, ask in asks.items()}
    answers: dict[str, T] = {}
    failures: dict[str, errors.AwsError] = {}
    for name, future in asked.items():
        try:
            answers[name] = future.result()
        except errors.AwsError as error:
            failures[name] = error
    return answers, failures


@runtime_checkable
class Evidence[T](Protocol):
    """Data that says what to ask. Frozen and hashable: a playbook's `decide` uses it as a key.

    `look` is the only part that calls AWS; it raises an error of `responder.core.errors` when there is
    nothing to show, and puts what failed in part into the fact. `findings` is pure.
    """

    @property
    def name(self) -> str:
        """Key of the look, unique in a playbook (`failures`, `durations.result`)."""
        ...

    def needs(self) -> Permissions:
        """Every IAM action that `look` may use."""
        ...

    def look(self, context: Context) -> T:
        """Ask AWS."""
        ...

    def findings(self, fact: T, context: Context) -> Findings:
        """Say what came back."""
        ...


@frozen
class Facts:
    """What `decide` gets: facts by evidence name, the time, the settings, when the alarm began (UTC)."""

    found: Data
    now: datetime
    settings: Settings
    since: datetime

    def of[T](self, evidence: Evidence[T]) -> T | None:
        """The fact of one look; None where the look failed."""
        fact: T | None = self.found.get(evidence.name)
        return fact
