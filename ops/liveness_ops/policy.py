"""From what a playbook needs to the policy of its function in template.yaml, letter for letter.

python -m liveness_ops.policy high_error_rate   prints the block
python -m liveness_ops.policy --write           puts every function's block into template.yaml
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from liveness_ops.template_tools.alarms import (
    CLOCKED,
    OTHER_MODULES,
    alarm_modules,
    check_modules,
    check_needs,
    logical_id,
    playbook_of,
)
from liveness_ops.template_tools.load import TEMPLATE
from responder.core.permissions import ANY, IMAGES_BUCKET, SLACK_IF_ANY, UNPOSTED_IF_ANY, Permission

ANY_REASON = "AWS knows no narrower resource for these, nor for composite alarms"
OWN_BUCKET = "face-auth-images-${AWS::AccountId}-${AWS::Region}"
_BLOCK = re.compile(r"^      Policies:\n(?:       .*(?:\n|$))*", re.MULTILINE)
_END = re.compile(r"\n*\n(?=(?:  )?\S)|\n*\Z")
# The bucket's name may be left to us: then it is the one FaceAuth gives it.
_OR_ITS_OWN = {IMAGES_BUCKET: ("DefaultBucket", IMAGES_BUCKET.partition(":::")[0] + ":::" + OWN_BUCKET)}
# An empty resource would be no policy at all; nothing is called this.
NOTHING = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:none"
# What is denied is denied only so.
CONDITIONS = {
    "lambda:UpdateFunctionConfiguration": ("Condition:", '  "Null":', '    lambda:Layer: "false"'),
    "ssm:PutParameter": ("Condition:", "  StringEquals:", '    ssm:Overwrite: "true"'),
}


class Statement(NamedTuple):
    """Actions (with the reason for each) that are allowed or denied on the same resources."""

    forbidden: bool
    resources: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]


def statements(needs: Iterable[Permission]) -> list[Statement]:
    """Grouped by resource; resources with the same actions share one statement."""
    reasons: dict[tuple[bool, str, str], set[str]] = defaultdict(set)
    for need in needs:
        reasons[need.forbidden, need.resource, need.action].add(need.why)
    by_resource: dict[tuple[bool, str], list[tuple[str, str]]] = defaultdict(list)
    for (forbidden, resource, action), whys in sorted(reasons.items()):
        by_resource[forbidden, resource].append((action, "; ".join(sorted(whys - {""}))))
    shared: dict[tuple[bool, tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for (forbidden, resource), actions in by_resource.items():
        shared[forbidden, tuple(actions)].append(resource)
    return sorted(Statement(forbidden, tuple(where), what) for (forbidden, what), where in shared.items())


def block(needs: Iterable[Permission]) -> list[str]:
    """The lines of `Policies`, as they stand in a function's properties; none where nothing is needed."""
    needs = tuple(needs)
    if not needs:
        return []
    lines = ["Policies:", '  - Version: "2012-10-17"', "    Statement:"]
    for statement in statements(needs):
        lines += [f"      {line}" for line in _statement(statement)]
    return [f"      {line}" for line in lines]


def _statement(statement: Statement) -> list[str]:
    lines = [f"- Effect: {'Deny' if statement.forbidden else 'Allow'}", "  Action:"]
    lines += [f"    - {action}{f' # {why}' if why else ''}" for action, why in statement.actions]
    lines += ["  Resource:", *(f"    - {_resource(each)}" for each in statement.resources)]
    if statement.forbidden:
        ((action, _),) = statement.actions
        lines += [f"  {line}" for line in CONDITIONS[action]]
    return lines


def _resource(resource: str) -> str:
    if resource == ANY:
        return f'"*" # {ANY_REASON}'
    if resource == SLACK_IF_ANY:
        return f'!If [WithSlack, !Ref {resource[2:].partition("}")[0]}, !Sub "{NOTHING}"]'
    if resource == UNPOSTED_IF_ANY:
        return "!If [WithSlack, !GetAtt Unposted.Arn, !Ref AWS::NoValue]"
    if resource in _OR_ITS_OWN:
        condition, own = _OR_ITS_OWN[resource]
        return f'!If [{condition}, !Sub "{own}", !Sub "{resource}"]'
    if name := re.fullmatch(r"\$\{(\w+)(\.\w+)?}", resource):
        return f"!{'GetAtt' if name[2] else 'Ref'} {name[1]}{name[2] or ''}"
    return f"!Sub {resource}" if "${" in resource else resource


def replace(template: str, function: str, lines: list[str]) -> str:
    """The template's text with this block as the function's last property."""
    head, body, tail = _cut(template, function)
    kept = _BLOCK.sub("", body).rstrip("\n")
    return "\n".join((head + kept, *lines)) + tail


def current(template: str, function: str) -> list[str]:
    """The lines of the function's block as they stand in the template's text."""
    found = _BLOCK.search(_cut(template, function)[1])
    return found[0].rstrip("\n").split("\n") if found else []


def _cut(template: str, function: str) -> tuple[str, str, str]:
    """Before the resource's body, the body, and what follows it."""
    head, start, rest = template.partition(f"\n  {function}:\n")
    if not start:
        raise KeyError(function)
    end = _END.search(rest)
    cut = end.start() if end else len(rest)
    return head + start, rest[:cut], rest[cut:]


def all_needs() -> dict[str, frozenset[Permission]]:
    """By logical id: what each function that we deploy says it needs."""
    found = {logical_id(module): playbook_of(module).needs() for module in alarm_modules()}
    others = {logical_id(module): import_module(module).needs for module in OTHER_MODULES}
    checks = {logical_id(module): check_needs(module) for module in check_modules()}
    others |= {logical_id(name): import_module(module).needs for name, module in CLOCKED.items()}
    return found | {name: frozenset(needs) for name, needs in others.items()} | checks


def main(arguments: list[str] | None = None, path: Path = TEMPLATE) -> None:
    """Print one block, or write all."""
    parser = argparse.ArgumentParser(prog="python -m liveness_ops.policy", description=__doc__)
    parser.add_argument("module", nargs="?", help="a module of functions/alarms")
    parser.add_argument("--write", action="store_true", help="write every block into template.yaml")
    chosen = parser.parse_args(arguments)
    if chosen.module:
        print("\n".join(block(playbook_of(chosen.module).needs())))
    if chosen.write:
        text = path.read_text(encoding="utf-8")
        for function, needs in all_needs().items():
            text = replace(text, function, block(needs))
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
