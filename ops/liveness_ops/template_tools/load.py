"""A CloudFormation template as plain data, and its intrinsic functions worked out with given names."""

import pickle  # nosec B403
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from responder.core.plain_data import Data, Json

# The wheel brings the template along; a checkout has it at its root.
_PACKAGED = Path(__file__).parents[1] / "template.yaml"
INSTALLED = _PACKAGED.exists()
ROOT = Path.cwd() if INSTALLED else Path(__file__).parents[3]
TEMPLATE = _PACKAGED if INSTALLED else ROOT / "template.yaml"
EVENTS = ROOT / "events"
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "ap-northeast-1",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "liveness-responder",
}


class _Loader(yaml.CSafeLoader):
    """Short forms (`!Ref`) read as long ones (`{"Ref": …}`)."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> Json:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    match node:
        case yaml.ScalarNode():
            value: Any = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case _:
            value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the only kind left
    return {name: value.split(".", 1) if suffix == "GetAtt" and isinstance(value, str) else value}


_Loader.add_multi_constructor("!", _intrinsic)


def parse(source: str) -> Json:
    """The template of a text: a fresh one each time, read once."""
    # A third of the time of a deep copy.
    template: Json = pickle.loads(_read(source))  # noqa: S301  # nosec B301 - our own bytes
    return template


@lru_cache(4)
def _read(source: str) -> bytes:
    return pickle.dumps(yaml.load(source, _Loader))  # noqa: S506  # a SafeLoader


def template() -> Json:
    """Our template."""
    return parse(TEMPLATE.read_text(encoding="utf-8"))


def resources(template: Data, kind: str) -> dict[str, Json]:
    """Properties by logical id of all resources of one type."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def functions(template: Data) -> dict[str, Json]:
    """Properties of every function, Globals merged in as SAM does (maps key by key, lists end to end)."""
    shared = template["Globals"]["Function"]
    return {
        name: merge(shared, properties)
        for name, properties in resources(template, "AWS::Serverless::Function").items()
    }


def statements(template: Json, function: str) -> list[Json]:
    """All that a function's policies say, the shared ones too; actions and resources as lists."""
    policies = template["Resources"][function]["Properties"].get("Policies", [])
    managed = resources(template, "AWS::IAM::ManagedPolicy")
    documents = [managed[each["Ref"]]["PolicyDocument"] if "Ref" in each else each for each in policies]
    return [
        {**each, "Action": listed(each["Action"]), "Resource": listed(each["Resource"])}
        for document in documents
        for each in document["Statement"]
    ]


def listed(value: Any) -> list[Any]:
    """What may be written as one value or as a list of them."""
    return value if isinstance(value, list) else [value]


def merge(shared: Any, own: Any) -> Any:
    """The own value over the shared one; a list goes after it, an intrinsic function replaces it."""
    if isinstance(shared, list) and isinstance(own, list):
        return shared + own
    if not (isinstance(shared, dict) and isinstance(own, dict)) or _is_intrinsic(own):
        return own
    return shared | {key: merge(shared[key], value) if key in shared else value for key, value in own.items()}


def _is_intrinsic(value: Json) -> bool:
    return len(value) == 1 and all(key == "Ref" or key.startswith("Fn::") for key in value)


def words(value: Any) -> str:
    """A string or a Ref, GetAtt or Sub of it, in the words of `responder.core.permissions`.

    Of two by a condition it is the second: the first has a default in the place of a parameter left empty.
    """
    match value:
        case str():
            return value
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [*parts]}:
            return f"${{{'.'.join(parts)}}}"
        case {"Fn::Sub": str(text)}:
            return text
        case {"Fn::If": [str(), {"Fn::Sub": str()}, {"Fn::Sub": str(text)}]}:
            return text
        case {"Fn::If": [str(), {"Ref": name}, {"Fn::Sub": str()}]}:
            return f"${{{name}}} or nothing"
        case {"Fn::If": [str(), {"Fn::GetAtt": [*parts]}, {"Ref": "AWS::NoValue"}]}:
            return f"${{{'.'.join(parts)}}} or nothing"
    raise ValueError(f"neither a string nor Ref, GetAtt or Sub: {value}")


def defaults(template: Data) -> dict[str, str]:
    """Pseudo parameters, and every parameter that has a default."""
    own = {name: str(each["Default"]) for name, each in template["Parameters"].items() if "Default" in each}
    return PSEUDO | own


def resolve(value: Any, names: Mapping[str, str]) -> Any:
    """The value with `Ref`, `Fn::Sub`, `Fn::Join`, `Fn::GetAtt` replaced; an unknown name stays `${Name}`."""
    match value:
        case {"Ref": str(name)} if len(value) == 1:
            return names.get(name, f"${{{name}}}")
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w:.]+)}", lambda found: names.get(found[1], found[0]), text)
        case {"Fn::Join": [str(between), [*parts]]}:
            return between.join(str(resolve(each, names)) for each in parts)
        case {"Fn::GetAtt": [*parts]}:
            return f"${{{'.'.join(parts)}}}"
        case dict():
            return {key: resolve(each, names) for key, each in value.items()}
        case list():
            return [resolve(each, names) for each in value]
    return value
