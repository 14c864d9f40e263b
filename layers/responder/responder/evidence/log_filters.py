r"""The metric filters of the template: the patterns of each metric and log, made from the table of known log
lines. Pure.

AWS's limits (Filter pattern syntax): 1,024 characters; five patterns with regular expressions for each log
group, of all owners together; no groups, no spaces, and `|` only between whole expressions. Not every page of
AWS lists the colon among the symbols, so it is written as `\x3A`.

Sure faults need no regular expression. In text, a pattern names the fields between spaces from the first one
on; that a tab separates fields too, AWS's own pattern for logs of Lambda shows
(`[timestamp=*Z, request_id="*-*", event]`). In JSON, `*` at the end of a string matches any rest.
"""

from collections.abc import Iterable, Iterator, Mapping

from responder.core.liveness_function import LivenessFunction
from responder.evidence.classify import IMPORT_ERRORS, KNOWN, SERVICE_ERROR, Follows, KnownLine
from responder.evidence.faults import READS_OF_OBJECTS, Fault

DENIED = "An error occurred (AccessDenied"
TIMED_OUT = "Task timed out after "
# Sure codes of Rekognition, DynamoDB and S3. Others are rare, and all of them in one pattern are too long.
SURE_CODES = (
    "AccessDenied",
    "AccessDeniedException",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
)


def denied_in_text(function: LivenessFunction) -> str:
    """AWS denied a call: one line of each request, and each metric or audit log that was lost."""
    return _any(rf"^\[{level}\]\s\S+\s\S+\s{said}" for level, said in _denied(function))


def denied_in_json(function: LivenessFunction) -> str:
    """AWS denied a call, where the function logs JSON."""
    return f"{{ $.message = {_any(f'^{said}' for _, said in _denied(function))} }}"


def timed_out_in_text() -> str:
    """Lambda's own line, in its two forms."""
    said = _regex(TIMED_OUT)
    return _any((rf"^20\S+Z\s\S+\s{said}", rf"^{_regex('RequestId: ')}\S+{_regex(' Error: ')}{said}"))


def timed_out_in_json() -> str:
    """Lambda's own report."""
    return '{ $.type = "platform.report" && $.record.status = "timeout" }'


def sure_lines(function: LivenessFunction) -> tuple[KnownLine, ...]:
    """The lines that end a request and quote what AWS answered: one for each failed request."""
    return tuple(known for known in KNOWN if known.of_call and known.fails and function in known.of)


def sure_in_text(known: KnownLine) -> str:
    """A call failed with a sure code: one line of each request. Denied reads of objects do not count."""
    words = f"{_last(known)}An error occurred".split()
    codes = " || ".join(f'code="({each})"' for each in SURE_CODES)
    operation = " && ".join(f"call!={each}" for each in sorted(READS_OF_OBJECTS))
    named = (*_words(words, 1), codes, *_words(["when", "calling", "the"], len(words) + 1), operation)
    return f'[level=*{known.level}*, time=*Z, id="*-*", {", ".join(named)}, ...]'


def sure_in_json(known: KnownLine) -> str:
    """A call failed with a sure code, where the function logs JSON."""
    codes = " || ".join(
        f'$.message = "{_last(known)}An error occurred ({code}) when calling the *"' for code in SURE_CODES
    )
    reads = " && ".join(
        f'$.message != "*when calling the {each} operation*"' for each in sorted(READS_OF_OBJECTS)
    )
    return f"{{ ({codes}) && {reads} }}"


def not_imported_in_text() -> str:
    """Lambda's report of a request whose function could not be imported; the runtime's line is there
    twice."""
    kinds = " || ".join(f'kind="{each}"' for each in IMPORT_ERRORS)
    return f"[{', '.join(_words(_REPORT.split(), 1))}, {kinds}, ...]"


def not_imported_in_json() -> str:
    """The function could not be imported, where it logs JSON."""
    kinds = " || ".join(f'$.record.errorType = "{each}"' for each in IMPORT_ERRORS)
    return f'{{ $.type = "platform.report" && ({kinds}) }}'


# A run that did not begin has no Init Duration. `#` matches any value.
_REPORT = (
    "REPORT RequestId: # Duration: # ms Billed Duration: # ms Memory Size: # MB Max Memory Used: # MB "
    "Status: error Error Type:"
)


def _words(words: list[str], first: int) -> list[str]:
    """Fields that are these words, with their own names."""
    return [
        f"w{number}" if word == "#" else f"w{number}={word if word.isalnum() else f'"{word}"'}"
        for number, word in enumerate(words, first)
    ]


def _last(known: KnownLine) -> str:
    """The handler's line of a failed request, which repeats the service's."""
    return (SERVICE_ERROR if known.fails and known.fault is Fault.OTHER else "") + known.begins


def _denied(function: LivenessFunction) -> Iterator[tuple[str, str]]:
    """Level and expression of each line."""
    for known in KNOWN:
        if known.follows is Follows.ERROR and function in known.of:
            yield known.level, _regex(_last(known) + DENIED)


def _regex(said: str) -> str:
    return said.replace("METRIC", r"\w+").replace(" ", r"\s").replace("(", r"\x28").replace(":", r"\x3A")


def _any(expressions: Iterable[str]) -> str:
    return f"%{'|'.join(expressions)}%"


def _sure(function: LivenessFunction) -> frozenset[str]:
    lines = sure_lines(function)
    imports = (not_imported_in_text(), not_imported_in_json())
    return frozenset((*map(sure_in_text, lines), *map(sure_in_json, lines), *imports))


def _timeouts(
    prefix: str, function: LivenessFunction
) -> dict[str, Mapping[LivenessFunction, frozenset[str]]]:
    return {
        f"{prefix}TimeoutsInText": {function: frozenset({timed_out_in_text()})},
        f"{prefix}TimeoutsInJson": {function: frozenset({timed_out_in_json()})},
    }


# The patterns that count into a metric, in the log of each function; each counts 1 for a line. Without one
# of them, an alarm misses a part of what it is for.
FILTERS: Mapping[str, Mapping[LivenessFunction, frozenset[str]]] = {
    "AccessDenied": {
        each: frozenset({denied_in_text(each), denied_in_json(each)}) for each in LivenessFunction
    },
    "SureFaults": {each: _sure(each) for each in LivenessFunction},
    **_timeouts("CreateSession", LivenessFunction.CREATE),
    **_timeouts("GetResult", LivenessFunction.RESULT),
}
