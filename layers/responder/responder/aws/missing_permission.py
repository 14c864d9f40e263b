"""Which right was missing, from what is kept of a run that died of it."""

import re
from collections.abc import Mapping
from typing import Any

from responder.core.errors import Denied

# As `AwsError` writes itself: `dynamodb:Query AccessDeniedException`. Anything else may be somebody's text.
_WRITTEN = re.compile(r"([a-z][a-z-]{1,40}[0-9]?):([A-Z][A-Za-z]{1,60}[0-9]?) ([A-Za-z]{1,60}|403)")


def lacking(answer: Mapping[str, Any]) -> Denied | None:
    """`answer`: the error as the function's payload. None where it did not die of a missing right."""
    # A durable execution writes the module before it.
    if str(answer.get("errorType")).rpartition(".")[2] != Denied.__name__:
        return None
    written = _WRITTEN.fullmatch(str(answer.get("errorMessage", "")))
    return Denied(*written.groups()) if written else None
