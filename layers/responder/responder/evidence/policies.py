"""A policy document read for one question: which actions does it allow? Pure; never raises."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Strings

# The one prefix the two liveness functions write to.
AUDIT_OBJECTS = "liveness-audit/*"


def partition(region: str) -> str:
    """`aws`, `aws-cn` or `aws-us-gov`."""
    special = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for prefix, name in special.items() if region.startswith(prefix)), "aws")


def objects(settings: Settings) -> str:
    """Every object that the liveness functions keep."""
    if not settings.bucket:
        return ""
    return f"arn:{partition(settings.region)}:s3:::{settings.bucket}/{AUDIT_OBJECTS}"


def table(settings: Settings) -> str:
    """The sessions table."""
    if not settings.account:
        return ""
    where = f"{settings.region}:{settings.account}"
    return f"arn:{partition(settings.region)}:dynamodb:{where}:table/{settings.sessions_table}"


def role(settings: Settings) -> str:
    """The service's role."""
    if not settings.account:
        return ""
    return f"arn:{partition(settings.region)}:iam::{settings.account}:role/{settings.service_role}"


type Statement = Data
type Statements = tuple[Statement, ...]


def statements(document: Any) -> tuple[Statement, ...]:
    """The statements of a document given as a mapping or as (URL-encoded) JSON."""
    found = whole(document).get("Statement", ())
    listed = [found] if isinstance(found, Mapping) else found
    return (
        tuple(each for each in listed if isinstance(each, Mapping))
        if isinstance(listed, list | tuple)
        else ()
    )


def whole(document: Any) -> Data:
    """The document itself; empty where it cannot be read."""
    if isinstance(document, str):
        document = _read(document) or _read(unquote(document))
    return document if isinstance(document, Mapping) else {}


def written(found: Iterable[Statement]) -> Strings:
    """Each statement as one line, the same whatever the order in which AWS returns it."""
    return tuple(sorted(json.dumps(_sorted(each), sort_keys=True, default=str) for each in found))


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _sorted(each) for name, each in value.items()}
    return sorted(map(_sorted, value), key=str) if isinstance(value, list | tuple) else value


def allowed(found: Iterable[Statement], action: str, resource: str = "") -> bool:
    """An Allow names the action and no unconditional Deny does. Without a resource, none is judged."""
    about = tuple(each for each in found if covers(each, action) and reaches(each, resource))
    return not any(map(_denies, about)) and any(each.get("Effect") == "Allow" for each in about)


def surely_allowed(found: Iterable[Statement], action: str, resource: str = "") -> bool | None:
    """Whether it is allowed, judged without conditions: None where the answer depends on one."""
    every = tuple(found)
    bare = tuple(each for each in every if not each.get("Condition"))
    may, without = allowed(every, action, resource), allowed(bare, action, resource)
    hindered = any(
        each.get("Effect") == "Deny" and covers(each, action) and reaches(each, resource) for each in every
    )
    return None if may and (hindered or not without) else may


def covers(statement: Statement, action: str) -> bool:
    """The statement is about the action, by Action or NotAction."""
    if "NotAction" in statement:
        return not any(_matches(each, action) for each in listed(statement["NotAction"]))
    return any(_matches(each, action) for each in listed(statement.get("Action")))


def reaches(statement: Statement, resource: str) -> bool:
    """The statement is about the resource, by Resource or NotResource; true where no resource is given."""
    if not resource:
        return True
    if "NotResource" in statement:
        return not any(_matches(each, resource, exact=True) for each in listed(statement["NotResource"]))
    return any(_matches(each, resource, exact=True) for each in listed(statement.get("Resource")))


def encloses(outer: str, inner: str, *, exact: bool = False) -> bool:
    """Whatever the pattern `inner` matches, `outer` matches as well.

    `exact`: capitals count. IAM compares resources so, and actions not.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """
    return _enclosing(outer, exact).fullmatch(inner) is not None


def listed(value: Any) -> Strings:
    """What may be written as one string or a list of them."""
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def _denies(statement: Statement) -> bool:
    # A Deny that depends on a condition need not concern the service.
    return statement.get("Effect") == "Deny" and not statement.get("Condition")


def _matches(pattern: str, found: str, *, exact: bool = False) -> bool:
    return _compiled(pattern, exact).fullmatch(found) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str, exact: bool) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.compile("".join(parts), re.NOFLAG if exact else re.IGNORECASE)


@lru_cache(maxsize=4096)
def _enclosing(pattern: str, exact: bool) -> re.Pattern[str]:
    # A star of the inner pattern is only within a star of the outer one.
    parts = (".*" if part == "*" else "[^*]" if part == "?" else re.escape(part) for part in pattern)
    return re.compile("".join(parts), re.DOTALL if exact else re.IGNORECASE | re.DOTALL)


def _read(document: str) -> Any:
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        return None
