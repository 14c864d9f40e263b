"""What is there, for machines and in one line for people. Pure."""

from typing import Any

from liveness_ops.preflight.facts import FUNCTIONS, Found, Function
from liveness_ops.preflight.form import Form
from liveness_ops.preflight.names import BUCKET, INDEX, ROLE, STACK, TABLE, expected
from responder.core.settings import Settings
from responder.core.text import Text, text

_NONE = "–"


def summary(form: Form, found: Found) -> dict[str, Any]:
    """Names are those that the deployment will have; what is missing or could not be looked at is null."""
    alarms = form.alarms()
    groups = form.filtered()
    return {
        "functions": {form.value(each): _function(form.value(each), found) for each in FUNCTIONS},
        "alarms": {name: _there(name, found.alarms) for name in alarms.values()},
        "log_groups": {name: _there(name, found.log_groups) for name in groups},
        "table": _named(form.value(TABLE), found.tables),
        "index": _named(form.value(INDEX), found.indexes),
        "bucket": _named(expected(form, BUCKET), found.buckets),
        "role": None if found.policies is None else form.value(ROLE),
        "inline_policies": None if found.policies is None else list(found.policies),
        "service_stack": _named(form.value(STACK), frozenset(found.stacks or ())),
        "metrics": None if found.metrics is None else sorted(found.metrics),
        "concurrency": None if found.limits is None else found.limits.concurrent,
        "unreserved": None if found.limits is None else found.limits.free,
        "quota_per_second": min(found.quotas) if found.quotas else None,
        "slack_secret": None if found.secret is None else found.secret.there and not found.secret.missing,
    }


def said(told: dict[str, Any]) -> Text:
    """The same in one line."""
    functions = [each for each in told["functions"].values() if each]
    return text(
        "preflight.found",
        functions=len(functions),
        all_functions=len(told["functions"]),
        aliased=sum(bool(each["aliases"]) for each in functions),
        alarms=_count(told["alarms"]),
        all_alarms=len(told["alarms"]),
        groups=_count(told["log_groups"]),
        all_groups=len(told["log_groups"]),
        table=told["table"] or _NONE,
        index=told["index"] or _NONE,
        bucket=told["bucket"] or _NONE,
        role=told["role"] or _NONE,
        service=told["service_stack"] or _NONE,
        metrics=len(told["metrics"] or ()),
        free=_NONE if told["unreserved"] is None else told["unreserved"],
        concurrent=_NONE if told["concurrency"] is None else told["concurrency"],
        quota=told["quota_per_second"] or _NONE,
    )


def _function(name: str, found: Found) -> dict[str, Any] | None:
    known: Function | None = (found.functions or {}).get(name)
    if known is None:
        return None
    served = (found.served or {}).get(name)
    variable = Settings().rollout_variable
    return {
        "runtime": known.runtime,
        "memory": known.memory,
        "timeout": known.timeout,
        "vpc": known.vpc,
        "log_group": known.log_group,
        "rollout_variable": None if known.variables is None else variable in known.variables,
        "aliases": None if served is None else list(served.aliases),
        "versions": None if served is None else served.versions,
    }


def _there(name: str, names: frozenset[str] | None) -> bool | None:
    return None if names is None else name in names


def _named(name: str, names: frozenset[str] | None) -> str | None:
    return name if names is not None and name in names else None


def _count(there: dict[str, bool | None]) -> int:
    return sum(each is True for each in there.values())
