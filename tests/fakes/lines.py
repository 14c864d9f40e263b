"""A line of the AWS CLI as a request, checked against AWS's own model: a command that is shown must run."""

import json
import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple

import jmespath  # type: ignore[import-untyped]
from botocore import xform_name
from botocore.model import Shape, StructureShape
from botocore.session import get_session
from botocore.validate import ParamValidator

from responder.core.plain_data import Json

_EVERYWHERE = {"region", "query", "output"}
_BETWEEN = ("&&", ";", "if", "then", "else", "fi")
# Before the code of an error that a line waits for.
_ERROR = " 2>&1 | grep -o "
_SERVICES = {"s3api": "s3"}


class Request(NamedTuple):
    """`operation` is boto3's method."""

    service: str
    operation: str
    arguments: Json


class Asked(NamedTuple):
    """What a line asks before it does anything: a request, what of its answer counts (JMESPath; of an error,
    boto3's `response` is the answer), and the answers that let it continue."""

    request: Request
    query: str
    said: str

    def holds(self, answer: Any) -> bool:
        """As the CLI would write that part of the answer with `--output text`."""
        return str(jmespath.search(self.query, answer)) == self.said


def asked(line: str) -> Iterator[Asked]:
    """Every `[ "$(aws …)" = WORDS ]` of a line."""
    for words in _parts(line):
        if words[0] == "[":
            inside, refused, _ = words[1][2:-1].partition(_ERROR)
            (request,) = requests(inside)
            inner = shlex.split(inside)
            query = "Error.Code" if refused else inner[inner.index("--query") + 1]
            yield Asked(request, query, words[3])


def requests(line: str) -> Iterator[Request]:
    """Of each part between `&&`. Raises AssertionError where AWS has no such operation or argument."""
    for words in _parts(line):
        if words[0] == "[":
            yield from requests(words[1][2:-1].partition(_ERROR)[0])
        else:
            yield _request(words)


def _parts(line: str) -> Iterator[list[str]]:
    words: list[str] = []
    # As a shell splits it: each special character that is not quoted is a separate word.
    cut = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
    cut.whitespace_split, cut.commenters = True, ""
    for word in [*cut, "&&"]:
        if word in _BETWEEN:
            if words and words[0] not in ("echo", "false"):
                yield words
            words = []
        else:
            words.append(word)


def _request(words: list[str]) -> Request:
    program, name, operation, *rest = words
    assert program == "aws", words
    service = _SERVICES.get(name, name)
    model = get_session().get_service_model(service)
    known = {xform_name(each, "-"): each for each in model.operation_names}
    shape = model.operation_model(known[operation]).input_shape
    assert isinstance(shape, StructureShape)
    given = dict(_arguments(rest, shape))
    report = ParamValidator().validate(given, shape)
    assert not report.has_errors(), report.generate_report()
    return Request(service, operation.replace("-", "_"), given)


def _arguments(words: list[str], shape: StructureShape) -> Iterator[tuple[str, Any]]:
    members = {xform_name(name, "-"): (name, each) for name, each in shape.members.items()}
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            options[word.removeprefix("--")] = []
        elif options:
            options[next(reversed(options))].append(word)
    for option, values in options.items():
        if option not in _EVERYWHERE:
            name, member = members[option]
            yield name, _value(member, values)


def _value(member: Shape, values: list[str]) -> Any:
    if len(values) == 1 and values[0][:1] in "{[" and member.type_name in ("structure", "list"):
        return json.loads(values[0])
    if member.type_name == "list":
        return values
    (value,) = values
    if member.type_name != "structure":
        return value
    pairs = (part.partition("=") for part in value.split(","))
    return {name: {"true": True, "false": False}.get(given, given) for name, _, given in pairs}
