"""Members that AWS leaves out of an answer where they have no value, and ministack sends as empty text."""

from __future__ import annotations

import json
import re
from typing import Any

from .wire import Answer

# API reference of Lambda, FunctionConfiguration (an empty text is none of the codes' values); for the others
# the examples of their pages in the AWS CLI Command Reference.
_MEMBERS = {
    "cloudformation": "Description StackStatusReason ResourceStatusReason",
    "iam": "Description",
    "lambda": "KMSKeyArn StateReason StateReasonCode LastUpdateStatusReason LastUpdateStatusReasonCode",
    "secretsmanager": "Description",
    "ssm": "Description",
}
_NAMES = {service: frozenset(names.split()) for service, names in _MEMBERS.items()}
_XML = re.compile(rb"<(\w+)></\1>|<(\w+) ?/>")


def left_out(service: str, answer: Answer) -> Answer:
    """The answer without them."""
    status, headers, body = answer
    names = _NAMES.get(service)
    if names is None or not isinstance(body, bytes):
        return answer
    if body.startswith(b"<"):
        body = _XML.sub(lambda tag: b"" if (tag[1] or tag[2]).decode() in names else tag[0], body)
    elif b'""' in body:
        body = json.dumps(json.loads(body, object_hook=lambda members: _kept(members, names))).encode()
    others = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    return status, others, body


def _kept(members: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value != "" or name not in names}
