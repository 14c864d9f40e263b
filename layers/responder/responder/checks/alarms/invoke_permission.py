"""May EventBridge call the function that a rule names? Without that, nothing comes of an alarm that is heard.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from responder.core.errors import Missing
from responder.core.gateway import Gateway

_CALLS = frozenset({"lambda:InvokeFunction", "lambda:*", "*"})
_SOURCE, _ACCOUNT = "aws:sourcearn", "aws:sourceaccount"


def reachable(aws: Gateway, function: str, rule: str) -> bool:
    """The function is there, and lets the rule (an ARN) call it.

    Raises:
        AwsError: its policy could not be read.
    """
    try:
        answer = aws.call("lambda", "get_policy", FunctionName=function)
    except Missing:  # of the function, or of any policy
        return False
    return lets_in(str(answer.get("Policy", "")), rule)


def lets_in(policy: str, rule: str) -> bool:
    """A condition that is not understood lets nothing in. Pure."""
    try:
        statements = json.loads(policy)["Statement"]
    except (ValueError, KeyError, TypeError):
        return False
    return any(_allows(each, rule) for each in statements if isinstance(each, Mapping))


def _allows(statement: Mapping[str, Any], rule: str) -> bool:
    principal = statement.get("Principal")
    services = _list(principal.get("Service") if isinstance(principal, Mapping) else principal)
    called = not _CALLS.isdisjoint(_list(statement.get("Action")))
    heard = not {"events.amazonaws.com", "*"}.isdisjoint(services)
    return (
        statement.get("Effect") == "Allow"
        and called
        and heard
        and all(_met(key, wanted, rule) for key, wanted in _conditions(statement))
    )


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for operator, keys in (statement.get("Condition") or {}).items():
        known = operator in ("ArnLike", "ArnEquals", "StringEquals", "StringLike")
        for key, wanted in keys.items():
            yield key.lower() if known else operator, _list(wanted)


def _met(key: str, wanted: list[str], rule: str) -> bool:
    if key == _SOURCE:
        return any(fnmatchcase(rule, each) for each in wanted)
    return key == _ACCOUNT and rule.split(":")[4:5] == wanted


def _list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
