"""Change sets as CloudFormation makes them: what it refuses only then, what is replaced, and pages.

AWS's resource schemas say which types a Region has, and which properties cannot change in place: those that
cfn-lint brings along.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import get_region
from ministack.services import cloudformation as stored
from ministack.services.cloudformation import changesets, handlers, helpers, language_extensions, stacks

from local_aws.patches import patching
from local_aws.patches.calls.wire import Answer
from local_aws.patches.drill.store import STORE

_SCHEMAS = Path(os.environ.get("DRILL_SCHEMAS", "/nonexistent"))
# Of a change set on AWS; the API reference speaks of 1 MB: https://github.com/mapbox/cfn-config/pull/156
_PAGE = 100
# Found only while the template of a change set is transformed and read: the request itself succeeds.
_LATE = re.compile(
    "Transform |Template Error: Encountered|Template format error: Unrecognized resource types"
)
_NOTHING = json.dumps({"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})
_JSON = "Fn::ToJsonString"


def install() -> None:
    """Be as strict as AWS where a change set is made, and answer it in pages."""
    actions: dict[str, Callable[[dict[str, Any]], Answer]] = handlers._ACTION_HANDLERS
    make, show = actions["CreateChangeSet"], actions["DescribeChangeSet"]
    actions["CreateChangeSet"] = lambda params: _made(make, params)
    actions["DescribeChangeSet"] = lambda params: _page(show, params)
    actions["DescribeType"] = _type
    patching.need(stored, "_change_sets")
    patching.need(changesets, "_find_change_set", "_resolve_template", "_parse_template", "_p")
    for module in (changesets, handlers):
        patching.wrap(module, "validate_template_support", "template conditions params", _of_the_region)
    patching.wrap(
        language_extensions,
        "apply",
        "template parameters",
        lambda before, template, parameters: before(_transformable(template), parameters),
    )
    patching.wrap(
        stacks,
        "_property_recreation",
        "resource_type name",
        lambda before, kind, name: _recreation(kind, name) or before(kind, name),
    )


def _made(make: Callable[[dict[str, Any]], Answer], params: dict[str, Any]) -> Answer:
    """A template that cannot be transformed makes a change set that FAILED, with the reason."""
    answer = make(params)
    refused = re.search(rb"<Message>(?:Template format error: (?=T))?(.*?)</Message>", answer[2], re.DOTALL)
    if not refused or not _LATE.match(reason := refused[1].decode()):
        return answer
    body, _problem = changesets._resolve_template(params)
    if not changesets._parse_template(body).get("Transform"):
        return answer
    kept = ("StackName", "ChangeSetName", "ChangeSetType")
    named: dict[str, Any] = {name: value for name, value in params.items() if name in kept}
    answer = make({**named, "TemplateBody": _NOTHING})
    _arn, made = changesets._find_change_set(*_names(named))
    made.update(Status="FAILED", ExecutionStatus="UNAVAILABLE", StatusReason=reason, Changes=[])
    return answer


def _page(show: Callable[[dict[str, Any]], Answer], params: dict[str, Any]) -> Answer:
    arn, whole = changesets._find_change_set(*_names(params))
    if not whole:
        return show(params)
    begin = int(changesets._p(params, "NextToken", "0"))
    end = begin + _PAGE
    stored._change_sets[arn] = {**whole, "Changes": whole["Changes"][begin:end]}
    status, headers, body = show(params)
    stored._change_sets[arn] = whole
    if end < len(whole["Changes"]):
        mark = b"</DescribeChangeSetResult>"
        body = body.replace(mark, f"<NextToken>{end}</NextToken>".encode() + mark)
    return status, headers, body


def _names(params: dict[str, Any]) -> tuple[str, str]:
    return changesets._p(params, "ChangeSetName"), changesets._p(params, "StackName")


def _of_the_region(before: Any, template: Any, conditions: dict[str, bool], params: Any = None) -> None:
    before(template, conditions, params)
    known = _types(get_region())
    used = {
        each["Type"]
        for each in template["Resources"].values()
        if conditions.get(each.get("Condition"), True) and each["Type"].startswith("AWS::")
    }
    if known and not template.get("Transform") and (missing := sorted(used - known.keys())):
        raise ValueError(f"Template format error: Unrecognized resource types: [{', '.join(missing)}]")


@cache
def _types(region: str) -> dict[str, str]:
    """The types of a Region, with the file of their schema; none where no schema is kept for it."""
    path = _SCHEMAS / "providers" / f"{region}.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _type(params: dict[str, Any]) -> Answer:
    """The name and the schema of a type of the Region.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeType.html.
    """
    name = changesets._p(params, "TypeName")
    file = (_types(get_region()) or _types("us-east-1")).get(name)
    answer: Answer = helpers._error("TypeNotFoundException", f"The type '{name}' cannot be found.", 404)
    if file is not None:
        schema = escape((_SCHEMAS / "resources" / f"{file}.json").read_text())
        known = f"<TypeName>{name}</TypeName><Schema>{schema}</Schema>"
        result = f"<DescribeTypeResult>{known}</DescribeTypeResult>"
        answer = helpers._xml(200, "DescribeTypeResponse", result)
    return answer


@cache
def _recreation(kind: str, name: str) -> str:
    """Whether another value of a property needs another resource; empty where no schema is kept."""
    file = _types("us-east-1").get(kind)
    if file is None:
        return ""
    schema, path = json.loads((_SCHEMAS / "resources" / f"{file}.json").read_text()), f"/properties/{name}"
    fixed = schema.get("createOnlyProperties", ())
    if path in fixed:
        return "Always"
    partly = any(each.startswith(f"{path}/") for each in fixed)
    return "Conditionally" if partly or path in schema.get("conditionalCreateOnlyProperties", ()) else "Never"


def _transformable(template: dict[str, Any]) -> dict[str, Any]:
    """The template, unless it has the function below another one.

    https://github.com/aws-cloudformation/cfn-language-discussion/issues/143
    """
    if not STORE.settings.nested_functions and _JSON in _nested(template.get("Resources"), False):
        raise language_extensions.LanguageExtensionsError(
            f"Template Error: Encountered unsupported function: {_JSON} Supported functions are: […]"
        )
    return template


def _nested(node: Any, below: bool) -> Iterator[str]:
    """Functions that are not the whole value of a property."""
    if isinstance(node, list):
        for part in node:
            yield from _nested(part, below)
    elif isinstance(node, dict):
        for key, value in node.items():
            if below:
                yield key
            # Its own argument may hold functions, as AWS's page on it lists them.
            yield from _nested(value, (below or key.startswith("Fn::")) and key != _JSON)
