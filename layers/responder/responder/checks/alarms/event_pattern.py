"""Would an EventBridge pattern, or an SNS filter policy, let something through? Pure.

What is not understood lets nothing through: nothing is taken for a listener that may be none.
Source: AWS, EventBridge event patterns (comparison operators); SNS message filtering.
"""

import re
from collections.abc import Mapping
from typing import Any

from responder.core.plain_data import Data, Json


def state_change(name: str, arn: str) -> Json:
    """The parts of the event of an alarm that fires which a rule can match."""
    parts = (arn.split(":") + [""] * 5)[:5]
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "region": parts[3],
        "account": parts[4],
        "resources": [arn],
        "detail": {"alarmName": name, "state": {"value": "ALARM"}},
    }


def matches(pattern: Data, event: Data) -> bool:
    """Every field of the pattern is matched by the event; of `$or`, one of its patterns."""
    return all(
        _either(wanted, event) if name == "$or" else _field(wanted, event.get(name))
        for name, wanted in pattern.items()
    )


def _either(patterns: Any, event: Data) -> bool:
    known = isinstance(patterns, list) and all(isinstance(each, Mapping) for each in patterns)
    return known and any(matches(each, event) for each in patterns)


def _field(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        return matches(wanted, found if isinstance(found, Mapping) else {})
    values = found if isinstance(found, list) else [found]
    return isinstance(wanted, list) and any(_accepts(one, value) for one in wanted for value in values)


def _accepts(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return value is not None and wanted == value
    if len(wanted) != 1:
        return False
    (operator, operand), *_ = wanted.items()
    if operator == "exists":
        return operand is (value is not None)
    if not isinstance(value, str):
        return False
    return _differs(operand, value) if operator == "anything-but" else _compares(operator, operand, value)


def _compares(operator: str, operand: Any, value: str) -> bool:
    if not isinstance(operand, str):
        return False
    match operator:
        case "prefix":
            return value.startswith(operand)
        case "suffix":
            return value.endswith(operand)
        case "equals-ignore-case":
            return value.lower() == operand.lower()
        case "wildcard":
            return re.fullmatch(".*".join(map(re.escape, operand.split("*"))), value) is not None
    return False


def _differs(operand: Any, value: str) -> bool:
    if isinstance(operand, str):
        return value != operand
    if isinstance(operand, list):
        return value not in operand
    if isinstance(operand, Mapping) and len(operand) == 1:
        (operator, words), *_ = operand.items()
        known = operator in ("prefix", "suffix", "wildcard", "equals-ignore-case")
        words = words if isinstance(words, list) else [words]
        return known and not any(_compares(operator, word, value) for word in words)
    return False
