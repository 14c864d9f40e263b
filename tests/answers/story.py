"""`calls.yaml`, played on one imitation of AWS: what each call answered, by its members."""

import io
import re
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from botocore import xform_name
from botocore.exceptions import ClientError, WaiterError
from botocore.model import OperationModel, Shape

from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Strings

ACCOUNT = "123456789012"
# An operation that moto does not have; Lambda's answer there has the code of a path that is not known.
NOT_IMPLEMENTED = "not implemented"
_NO_PATH = "404"
_CALLS = Path(__file__).with_name("calls.yaml")
_NAME = re.compile(r"\{(\w+)\}")
# Members of these shapes are compared as they are: codes whose values botocore does not know.
_CODES = {"Code"}
_KINDS: dict[type, str] = {bool: "boolean", int: "number", float: "number", bytes: "bytes"}
# What an error says besides its code, as far as it is read.
_OF_ERRORS = ("CancellationReasons", "Item")
# Errors that the operations do not declare: each service's page "Common Errors"; for Health, "Accessing the
# AWS Health API"; SQS has kept the codes that it had before it spoke JSON ("Error messages").
COMMON = {
    "cloudformation": {"ValidationError"},
    "cloudwatch": {"ValidationError"},
    "dynamodb": {"ValidationException"},
    "health": {"SubscriptionRequiredException"},
    "lambda": {"ValidationException"},
    "logs": {"InvalidParameterException"},
    "sns": {"InvalidParameter"},
    "sqs": {"AWS.SimpleQueueService.NonExistentQueue"},
    "ssm": {"ValidationException"},
}


@frozen
class Call:
    """One call. `keep`: name -> path of a value of the answer that later calls use. `waiter`: botocore's name
    of what is waited for afterwards, with its parameters."""

    service: str
    operation: str
    given: Data
    keep: Mapping[str, str]
    waiter: Mapping[str, Data]
    compared: bool

    def __str__(self) -> str:
        return f"{self.service}:{self.operation} {dict(self.given)}"


@frozen
class Answer:
    """`members`: path -> kinds of its values, those of an enumeration as they are; an error's code is that of
    the path `error`. `unlike_model`: what botocore's model of the operation does not allow."""

    call: Call
    members: Mapping[str, str]
    unlike_model: Strings = ()


def calls() -> list[Call]:
    """All calls in their order."""
    return [
        _call(part["service"], dict(entry), compared=group == "calls")
        for part in yaml.safe_load(_CALLS.read_text(encoding="utf-8"))
        for group in ("world", "calls")
        for entry in part.get(group, ())
    ]


def _call(service: str, entry: Json, *, compared: bool) -> Call:
    keep, waiter = entry.pop("keep", {}), entry.pop("wait", {})
    ((operation, given),) = entry.items()
    return Call(service, operation, given, keep, waiter, compared)


def play(client_of: Callable[[str], Any]) -> list[Answer]:
    """`client_of`: gives a boto3 client of the imitation for the name of a service."""
    known: Json = {
        "account": ACCOUNT,
        "absent": "absent",
        "now": int(time.time() * 1000),
        "code": _code(),
    }
    return [_answer(client_of(call.service), call, known) for call in calls()]


def _code() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code.py", "def handler(event, context):\n    return event\n")
    return packed.getvalue()


def _answer(client: Any, call: Call, known: Json) -> Answer:
    model = client.meta.service_model.operation_model(call.operation)
    try:
        answer = getattr(client, xform_name(call.operation))(**_filled(call.given, known))
    except NotImplementedError:
        return Answer(call, {"error": NOT_IMPLEMENTED})
    except AssertionError as error:
        return Answer(call, {"error": type(error).__name__})
    except ClientError as error:
        return _refused(call, model, error.response)
    known |= {name: _value(answer, path) for name, path in call.keep.items()}
    for name, given in call.waiter.items():
        with suppress(WaiterError):
            client.get_waiter(name).wait(**given, WaiterConfig={"Delay": 0.05, "MaxAttempts": 100})
    members, unlike = defaultdict[str, set[str]](set), list[str]()
    if model.output_shape is not None:
        _read(model.output_shape, answer, "", members, unlike)
    return Answer(call, _sorted(members), tuple(unlike))


def _refused(call: Call, model: OperationModel, response: Any) -> Answer:
    code = response["Error"]["Code"]
    if code == _NO_PATH:
        return Answer(call, {"error": NOT_IMPLEMENTED})
    declared = {
        shape.metadata.get("error", {}).get("code", shape.name): shape for shape in model.error_shapes
    }
    # S3's model declares hardly any of its errors.
    known = code in declared or code in COMMON.get(call.service, ()) or call.service == "s3"
    members, unlike = defaultdict[str, set[str]](set), [] if known else [f"error {code}"]
    members["error"] = {code}
    if code in declared:
        more = {name: value for name, value in response.items() if name in _OF_ERRORS}
        _read(declared[code], more, "", members, [])
    return Answer(call, _sorted(members), tuple(unlike))


def _filled(value: Any, known: Data) -> Any:
    match value:
        case dict():
            return {name: _filled(inner, known) for name, inner in value.items()}
        case list():
            return [_filled(inner, known) for inner in value]
        case str() if whole := _NAME.fullmatch(value):
            return known[whole[1]]
        case str():
            return _NAME.sub(lambda name: str(known[name[1]]), value)
    return value


def _value(answer: Any, path: str) -> Any:
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def _read(shape: Shape, value: Any, path: str, members: dict[str, set[str]], unlike: list[str]) -> None:
    """Note the kind of a value and of all that is in it."""
    inner = list(_inside(shape, value, path))
    for inner_shape, inner_value, inner_path in inner:
        _read(inner_shape, inner_value, inner_path, members, unlike)
    if shape.type_name == "structure":
        missing = [name for name in getattr(shape, "required_members", ()) if name not in value]
        unlike.extend(f"{path}.{name} is missing".lstrip(".") for name in missing)
    elif shape.type_name in ("list", "map"):
        if not inner:
            members[path].add("empty")
    else:
        members[path].add(_kind(shape, value))
        enum = getattr(shape, "enum", ())
        if enum and value not in enum:
            unlike.append(f"{path} is {value}")


def _inside(shape: Any, value: Any, path: str) -> Iterator[tuple[Shape, Any, str]]:
    match shape.type_name:
        case "structure":
            for name, inner in value.items():
                if name in shape.members:
                    yield shape.members[name], inner, f"{path}.{name}".lstrip(".")
        case "list":
            yield from ((shape.member, inner, path) for inner in value)
        case "map":
            # Keys are names of the world: SQS's attributes, an item's.
            yield from ((shape.value, inner, f"{path}.*") for inner in value.values())


def _kind(shape: Any, value: Any) -> str:
    if isinstance(value, str):
        return "empty text" if not value else value if shape.enum or shape.name in _CODES else "text"
    return _KINDS.get(type(value), str(shape.type_name))


def _sorted(members: Mapping[str, set[str]]) -> dict[str, str]:
    return {path: "|".join(sorted(kinds)) for path, kinds in sorted(members.items())}
