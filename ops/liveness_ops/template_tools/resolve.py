"""Intrinsic functions of a template, worked out with given names."""

import re
from collections.abc import Mapping
from typing import Any

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "ap-northeast-1",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "liveness-responder",
}


def defaults(template: Mapping[str, Any]) -> dict[str, str]:
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
