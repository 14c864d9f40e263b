"""Policy variables: ``${aws:username}`` in resources and in the values of conditions.

Source: IAM User Guide, "IAM policy elements: Variables and tags". A statement whose variable has no value and
no default matches nothing, a Deny as little as an Allow; before version 2012-10-17 a variable is plain text.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ministack.core import iam_evaluator

from local_aws.patches import patching

_VARIABLE = re.compile(r"\$\{\s*([^},\s]+)\s*(?:,\s*'([^']*)'\s*)?\}")
_TAKES = re.compile(r"(?:ForAnyValue:|ForAllValues:)?(?:String|Arn)", re.IGNORECASE)


def install() -> None:
    """Fill variables in where statements and conditions are matched."""
    patching.need(
        iam_evaluator, "_resolve_condition_key", "ParsedStatement", "EvalContext", "_action_matches"
    )
    patching.wrap(iam_evaluator, "_conditions_met", "conditions ctx", _met)
    patching.wrap(
        iam_evaluator,
        "_first_match",
        "ctx stmts effect",
        lambda before, ctx, stmts, effect: before(ctx, _filled_in(ctx, stmts, effect), effect),
    )
    parse = patching.swap(
        iam_evaluator,
        "parse_policy_document",
        "doc",
        lambda doc: list(once(doc) if isinstance(doc, str) else parse(of_its_version(doc))),
    )
    # Every call is judged by half a dozen policies, twice; their statements are never changed in place.
    once = lru_cache(1024)(lambda doc: parse(of_its_version(doc)))


def of_its_version(document: Any) -> Any:
    """A policy as its version reads it: in an old one a variable is plain text."""
    try:
        loaded = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return document
    if not isinstance(loaded, dict) or loaded.get("Version", "") >= "2012-10-17":
        return document
    # Between "$" and "{" is a character that no name contains, so that it is no variable.
    return json.loads(json.dumps(loaded).replace("${", "$\\u0000{"))


def _met(met: Any, conditions: Any, ctx: Any) -> bool:
    filled: dict[str, dict[str, Any]] = {}
    for operator, keys in (conditions or {}).items():
        filled[operator] = {}
        for key, values in keys.items():
            listed = [values] if isinstance(values, str) else values
            if _TAKES.match(operator) and isinstance(listed, list):
                listed = [_filled(str(each), ctx) for each in listed]
                if None in listed:
                    return False
            filled[operator][key] = listed
    return bool(met(filled, ctx))


def _filled_in(ctx: Any, statements: list[Any], effect: str) -> list[Any]:
    """Those of this effect on this action."""
    meant = [each for each in statements if each.effect == effect and _is_about(each, ctx.action)]
    return [filled for filled in (_resources(ctx, each) for each in meant) if filled]


def _is_about(statement: Any, action: str) -> bool:
    """Kept with the statement, which many requests are judged by."""
    known: dict[str, bool] = statement.__dict__.setdefault("drill_actions", {})
    if action not in known:
        known[action] = iam_evaluator._action_matches(action, statement.actions, statement.not_actions)
    return known[action]


def _resources(ctx: Any, statement: Any) -> Any:
    groups = statement.resources, statement.not_resources
    if not any("$" in each for group in groups for each in group):
        return statement
    lists = [[_filled(each, ctx) for each in group] for group in groups]
    if any(None in group for group in lists):
        return None
    return replace(statement, resources=lists[0], not_resources=lists[1])


def _filled(value: str, ctx: Any) -> str | None:
    """The text with every variable replaced; None where one has neither a value nor a default."""
    parts, end = [], 0
    for found in _VARIABLE.finditer(value):
        known = iam_evaluator._resolve_condition_key(found.group(1), ctx)
        if known is None:
            known = found.group(2)
        if not isinstance(known, str):
            return None
        parts += [value[end : found.start()], known]
        end = found.end()
    return "".join(parts) + value[end:]
