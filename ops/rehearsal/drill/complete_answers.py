"""Answers of AWS that are complete."""

from collections.abc import Mapping
from typing import Any

# What an answer of `LocalAws.answers` has where it is an error, or where more would follow.
_NOT_WHOLE = ("__type", "NextToken", "nextToken", "LastEvaluatedKey")


def complete(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer itself; ValueError if it is an error or a part."""
    found = {key: answer[key] for key in _NOT_WHOLE if answer.get(key)}
    if found:
        raise ValueError(f"not read whole: {found}")
    return answer
