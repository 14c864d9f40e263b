"""Failed requests, counted from the logs of both liveness functions."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.finding import Finding
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission
from responder.evidence import logs, tell_failures
from responder.evidence.facts import FailureTally
from responder.evidence.failed import reason
from responder.evidence.known_lines import ERRORS, KNOWN
from responder.evidence.tally import count

# Words that stand in the lines we count, in both log formats; classify.py has the last word.
_WORDS = (
    *(known.begins.partition("METRIC")[0].rstrip(": ") for known in KNOWN if known.level not in ERRORS),
    *("Task timed out", "Runtime exited", "Status: error"),
)
PATTERN = " ".join(("?ERROR ?CRITICAL ?timeout ?errorType", *(f'?"{each}"' for each in _WORDS)))


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed requests of the last 3 h by class, AWS code and operation; one per request id."""

    @property
    def name(self) -> str:
        """Its key."""
        return "failures"

    def needs(self) -> tuple[Permission, ...]:
        """Reading both log groups."""
        return tuple(Permission("logs:FilterLogEvents", which.logs) for which in LivenessFunction)

    def look(self, context: Context) -> FailureTally:
        """Both groups side by side; one that cannot be read does not hide the other."""
        with ThreadPoolExecutor(len(LivenessFunction)) as pool:
            answers = dict(zip(context.settings.functions, pool.map(_read, _asks(context)), strict=True))
        read = {name: answer for name, answer in answers.items() if isinstance(answer, logs.LogRead)}
        errors = {name: answer for name, answer in answers.items() if isinstance(answer, AwsError)}
        if not read:
            raise next(iter(errors.values()))
        return _tally(context, read, errors)

    def tell(self, fact: FailureTally, context: Context) -> tuple[Finding, ...]:
        """Faults first, then what is normal, then what could not be read."""
        return tell_failures.tell(self.name, fact, context)


def _asks(context: Context) -> list[tuple[Context, str]]:
    return [(context, logs.group_of(function)) for function in context.settings.functions]


def _read(ask: tuple[Context, str]) -> logs.LogRead | AwsError:
    try:
        return logs.read(*ask, PATTERN)
    except AwsError as error:
        return error


def _tally(
    context: Context, read: Mapping[str, logs.LogRead], errors: Mapping[str, AwsError]
) -> FailureTally:
    found = [count(name, part.events) for name, part in read.items()]
    return FailureTally(
        since=context.now - logs.SEGMENTS[-1],
        failures=tuple(sorted((f for each in found for f in each.failures), key=lambda failure: failure.at)),
        complete_since={name: part.complete_since for name, part in read.items()},
        lines=sum(len(part.events) for part in read.values()),
        unread={name: reason(error) for name, error in errors.items()},
        throttled=tuple(at for each in found for at in each.throttled),
    )
