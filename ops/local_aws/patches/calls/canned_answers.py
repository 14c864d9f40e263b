"""Canned answers for what ministack does not have, and for whatever a drill wants to set."""

from __future__ import annotations

from typing import Any

from local_aws.patches.drill.store import STORE

from .wire import Answer, Request, error, ok

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

# Services that ministack does not route at all.
SERVICES = frozenset({"application-autoscaling", "health", "servicequotas", "ce"})

# Operations answered here; "answer" or "error". Posting to /_drill/canned_answers replaces an entry.
DEFAULTS: dict[str, dict[str, Any]] = {
    "cloudwatch:GetMetricWidgetImage": {"answer": {"MetricWidgetImage": _PIXEL}},
    "health:DescribeEvents": {
        "error": "SubscriptionRequiredException",
        "message": "An AWS Premium Support subscription is required to call the AWS Health API.",
    },
    "health:DescribeEventDetails": {"error": "SubscriptionRequiredException"},
    "ce:GetCostAndUsage": {"error": "DataUnavailableException"},
    "ce:GetCostForecast": {"error": "DataUnavailableException"},
    "servicequotas:ListServiceQuotas": {"answer": {"Quotas": []}},
}


def find(request: Request) -> dict[str, Any] | None:
    """The canned answer for a call, set by the drill or built in."""
    name = f"{request.service}:{request.operation}"
    return STORE.canned_answers.get(name) or DEFAULTS.get(name)


def answer(entry: dict[str, Any], request: Request) -> Answer:
    """Put a canned answer on the wire."""
    if "error" in entry:
        message = str(entry.get("message", "canned by the local AWS"))
        return error(request.headers, entry["error"], message, int(entry.get("status", 400)))
    return ok(entry["answer"])


def absent(request: Request) -> Answer:
    """A call that is not implemented fails, never with an empty success."""
    name = f"{request.service}:{request.operation}"
    return error(request.headers, "UnknownOperationException", f"{name} is not served here", 400)
