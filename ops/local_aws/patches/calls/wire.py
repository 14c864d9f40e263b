"""Requests and answers as AWS puts them on the wire, for the protocols in use here."""

from __future__ import annotations

import contextvars
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region

from local_aws.patches import patching

type Answer = tuple[int, dict[str, str], Any]

patching.need(iam_actions, "_action_from_query", "_match_rest_action", "_s3_action", "_BOTOCORE_SERVICE_MAP")
# The routes of Lambda's own model name the operation; ministack guesses it from the path.
iam_actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]

# Services of AWS that ministack does not route, by the prefix of X-Amz-Target.
TARGETS = {
    "AnyScaleFrontendService": "application-autoscaling",
    "AWSHealth_20160804": "health",
    "ServiceQuotasV20190624": "servicequotas",
    "AWSInsightsIndexService": "ce",
}
_NAMES = {"monitoring": "cloudwatch"}


class Raw(NamedTuple):
    """A request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One call of an AWS operation, already read from its protocol."""

    service: str
    operation: str
    params: dict[str, Any]
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    access_key: str
    readable: bool = True  # whether a body that is no form is JSON

    def first(self, name: str) -> str:
        """A query-string value, or nothing."""
        value = self.query.get(name, "")
        return str(value[0] if isinstance(value, list) and value else value or "")


ANSWER: contextvars.ContextVar[Answer | None] = contextvars.ContextVar("answer", default=None)
CURRENT: contextvars.ContextVar[Request | None] = contextvars.ContextVar("drill", default=None)


def read(raw: Raw, detect: Callable[[], str]) -> Request:
    """Find out which operation of which service a request is, and its parameters.

    ``detect``: ministack's own way to find the service. For one that it does not route it parses every model
    of botocore, which takes over two seconds: not asked where ``TARGETS`` knows the service.
    """
    service = TARGETS.get(raw.headers.get("x-amz-target", "").split(".")[0]) or detect()
    key = re.search(r"Credential=([^/]+)/", raw.headers.get("authorization", ""))
    params = _params(raw)
    return Request(
        _NAMES.get(service, service),
        _operation(service, raw),
        params or {},
        raw.path,
        raw.query,
        raw.headers,
        key.group(1) if key else "",
        params is not None,
    )


def _operation(service: str, raw: Raw) -> str:
    target = raw.headers.get("x-amz-target", "")
    if target:
        return target.rsplit(".", 1)[-1]
    kind = raw.headers.get("content-type", "")
    action = iam_actions._action_from_query(raw.query, raw.body, kind)
    if action:
        return str(action)
    if service == "s3":
        return str(iam_actions._s3_action(raw.method, raw.path, raw.query) or "")
    return str(iam_actions._match_rest_action(service, raw.method, raw.path, raw.query) or "")


def _params(raw: Raw) -> dict[str, Any] | None:
    if "x-www-form-urlencoded" in raw.headers.get("content-type", ""):
        return dict(parse_qsl(raw.body.decode(errors="replace"), keep_blank_values=True))
    # The SDKs compress a large PutMetricData.
    body = gzip.decompress(raw.body) if raw.headers.get("content-encoding") == "gzip" else raw.body
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else {}


def arn(service: str, rest: str) -> str:
    """Of something in this account and Region."""
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{rest}"


def lower(members: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Members named as in events and records, with a small first letter: of these keys, or all."""
    return {f"{key[:1].lower()}{key[1:]}": members[key] for key in members if not keys or key in keys}


def stamp(when: float, zone: str = "Z") -> str:
    """In milliseconds."""
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + zone


def ok(body: dict[str, Any], status: int = 200) -> Answer:
    """A JSON answer."""
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()


def error(headers: dict[str, str], code: str, message: str, status: int = 400) -> Answer:
    """An error in the protocol the request came in."""
    asked = headers.get("content-type", "")
    if "x-www-form-urlencoded" in asked:
        return status, {"Content-Type": "text/xml"}, _xml(code, message)
    if not headers.get("x-amz-target") and "/s3/" in headers.get("authorization", ""):
        return status, {"Content-Type": "application/xml"}, _s3_xml(code, message)
    body = {"__type": code, "message": message, "Message": message}
    kind = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}
    return status, kind, json.dumps(body).encode()


def _xml(code: str, message: str) -> bytes:
    inner = f"<Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    return f"<ErrorResponse><Error>{inner}</Error><RequestId>drill</RequestId></ErrorResponse>".encode()


def _s3_xml(code: str, message: str) -> bytes:
    return f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>".encode()
