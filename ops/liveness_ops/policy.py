"""From what a function needs to its policies in template.yaml, letter for letter.

Permissions that several functions need together are once in a managed policy (`shared`). A function has those
of which it needs every permission, and the rest in its own policy: together exactly what it needs.

python -m liveness_ops.policy high_error_rate   prints the block of one function
python -m liveness_ops.policy --write           puts the shared ones and every block into template.yaml
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace as changed
from functools import cache
from importlib import import_module
from itertools import groupby
from pathlib import Path
from textwrap import indent
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
from responder.core.permissions import (
    ANY,
    CREATE_FUNCTION,
    IMAGES_BUCKET,
    RESULT_FUNCTION,
    SETTINGS,
    SLACK_IF_ANY,
    UNPOSTED_IF_ANY,
    Permission,
    responder,
    to_configure,
)
from responder.core.text import Strings
from responder.evidence import metrics
from responder.evidence.access import Access
from responder.evidence.bucket import Bucket
from responder.evidence.failures import Failures
from responder.evidence.health import AwsHealth
from responder.evidence.modifications import RecentChanges
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond.playbook import PLAYBOOKS, SHELL

ANY_REASON = "AWS knows no narrower resource for these, nor for composite alarms"
OWN_BUCKET = "face-auth-images-${AWS::AccountId}-${AWS::Region}"
_SECTION = re.compile(r"(?<=\n)  # --- rights that several functions share -*\n(?s:.*?)(?=  # --- )")
_HEADER = f"  # --- rights that several functions share {'-' * 51}"
_BLOCK = re.compile(r"^      Policies:\n(?:       .*(?:\n|$))*", re.MULTILINE)
_END = re.compile(r"\n*\n(?=(?:  )?\S)|\n*\Z")
# The bucket's name may be left to us: then it is the one FaceAuth gives it.
_OR_ITS_OWN = {IMAGES_BUCKET: ("DefaultBucket", IMAGES_BUCKET.partition(":::")[0] + ":::" + OWN_BUCKET)}
# IAM refuses an empty resource; nothing has this name.
NOTHING = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:none"
# The conditions of denials, by action: these actions are denied only under them.
CONDITIONS = {
    "lambda:UpdateFunctionConfiguration": 'Condition:\n  "Null":\n    lambda:Layer: "false"',
    "ssm:PutParameter": 'Condition:\n  StringEquals:\n    ssm:Overwrite: "true"',
}
_VERSION = 'Version: "2012-10-17"'
_MANAGED = """
  {name}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: {purpose}
      PolicyDocument:
        Version: "2012-10-17"
{document}"""


class Statement(NamedTuple):
    """Actions (with the reason for each) that are allowed or denied on the same resources."""

    forbidden: bool
    resources: Strings
    actions: tuple[tuple[str, str], ...]


class SharedPolicy(NamedTuple):
    """A managed policy of the template: what it is for, and its rights without their reasons."""

    purpose: str
    rights: frozenset[Permission]


@cache
def shared() -> Mapping[str, SharedPolicy]:
    """The shared policies by logical id: what parts of the code need that several functions use. No
    permission is in two of them."""
    commands = (Permission("lambda:InvokeFunction", responder(slug)) for slug in PLAYBOOKS)
    parts: dict[str, tuple[str, Iterable[Permission]]] = {
        "SettingsPolicy": ("Read modes, stops and settings", SETTINGS),
        "AlarmPolicy": (
            "Answer an alarm - claim and record it, notify on-call, look at metrics and recent changes",
            (*SHELL, *metrics.NEEDS, *RecentChanges().needs(), *AwsHealth().needs()),
        ),
        "FailuresPolicy": (
            "Find out why requests fail - in logs, the role of the service and the bucket of the images",
            (*Failures().needs(), *Access().needs(), *Bucket().needs()),
        ),
        "TablePolicy": ("Switch the billing mode of the sessions table", OnDemandBilling().needs()),
        "RolloutPolicy": ("Set the rollout to 0", RolloutToZero().needs()),
        "CreateFunctionPolicy": (
            "Configure and release the function that opens sessions",
            to_configure(CREATE_FUNCTION, ""),
        ),
        "ResultFunctionPolicy": (
            "Configure and release the function that judges sessions",
            to_configure(RESULT_FUNCTION, ""),
        ),
        "CommandPolicy": ("Send commands to the functions of the alarms", commands),
    }
    found: dict[str, SharedPolicy] = {}
    for name, (purpose, needs) in parts.items():
        before = (one for policy in found.values() for one in policy.rights)
        found[name] = SharedPolicy(purpose, bare(needs).difference(before))
    return found


def bare(needs: Iterable[Permission]) -> frozenset[Permission]:
    """The permissions without their reasons."""
    return frozenset(changed(each, why="") for each in needs)


def attached(needs: Iterable[Permission]) -> Strings:
    """The shared policies of a function: those of which it needs every right."""
    rights = bare(needs)
    return tuple(name for name, policy in shared().items() if policy.rights <= rights)


def statements(needs: Iterable[Permission]) -> list[Statement]:
    """Grouped by resource; resources with the same actions share one statement."""
    reasons: dict[tuple[bool, str, str], set[str]] = defaultdict(set)
    for need in needs:
        reasons[need.forbidden, need.resource, need.action].add(need.why)
    same: dict[tuple[bool, tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for (forbidden, resource), group in groupby(sorted(reasons.items()), key=lambda each: each[0][:2]):
        actions = tuple((action, "; ".join(sorted(whys - {""}))) for (_, _, action), whys in group)
        same[forbidden, actions].append(resource)
    return sorted(Statement(forbidden, tuple(where), what) for (forbidden, what), where in same.items())


def block(needs: Iterable[Permission]) -> list[str]:
    """The lines of `Policies`, as they are in a function's properties; none where nothing is needed."""
    needs = tuple(needs)
    names = attached(needs)
    elsewhere = {one for name in names for one in shared()[name].rights}
    own = [each for each in needs if changed(each, why="") not in elsewhere]
    lines = ["Policies:", *(f"  - !Ref {name}" for name in names)] if needs else []
    if own:
        lines += [f"  - {_VERSION}", _document(own, 4)]
    return indent("\n".join(lines), " " * 6).splitlines()


def section(functions: Mapping[str, Iterable[Permission]]) -> str:
    """The shared policies as they are in the template, each with the reasons of the functions that have it.
    `functions`: what each of them needs, by logical id."""
    parts = [_HEADER]
    for name, policy in shared().items():
        users = (needs for needs in functions.values() if name in attached(needs))
        rights = {each for needs in users for each in needs if changed(each, why="") in policy.rights}
        parts.append(_MANAGED.format(name=name, purpose=policy.purpose, document=_document(rights, 8)))
    return "\n".join((*parts, "", ""))


def _document(needs: Iterable[Permission], depth: int) -> str:
    statements_ = "\n".join(map(_statement, statements(needs)))
    return indent(f"Statement:\n{indent(statements_, '  ')}", " " * depth)


def _statement(statement: Statement) -> str:
    said = [f"{action}{f' # {why}' if why else ''}" for action, why in statement.actions]
    effect = "Deny" if statement.forbidden else "Allow"
    where = _listed(map(_resource, statement.resources))
    found = f"- Effect: {effect}\n  Action:{_listed(said)}\n  Resource:{where}"
    if statement.forbidden:
        ((action, _),) = statement.actions
        found += f"\n{indent(CONDITIONS[action], '  ')}"
    return found


def _listed(values: Iterable[str]) -> str:
    """One value on the line of its key, several below it."""
    first, *others = values
    return "".join(f"\n    - {each}" for each in (first, *others)) if others else f" {first}"


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


def written(template: str) -> str:
    """The template's text with the current shared policies and every function's current block."""
    functions = all_needs()
    template = _SECTION.sub(lambda _: section(functions), template, count=1)
    for function, needs in functions.items():
        template = replace(template, function, block(needs))
    return template


def replace(template: str, function: str, lines: list[str]) -> str:
    """The template's text with this block as the function's last property."""
    head, body, tail = _cut(template, function)
    kept = _BLOCK.sub("", body).rstrip("\n")
    return "\n".join((head + kept, *lines)) + tail


def current(template: str, function: str) -> list[str]:
    """The lines of the function's block as they are in the template's text."""
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
    """What each function of the template declares that it needs, by logical id."""
    found = {logical_id(module): playbook_of(module).needs() for module in alarm_modules()}
    others = {logical_id(module): import_module(module).needs for module in OTHER_MODULES}
    checks = {logical_id(module): check_needs(module) for module in check_modules()}
    others |= {logical_id(name): import_module(module).needs for name, module in CLOCKED.items()}
    return found | {name: frozenset(needs) for name, needs in others.items()} | checks


def main(arguments: list[str] | None = None, path: Path = TEMPLATE) -> None:
    """Print one block, or write all."""
    parser = argparse.ArgumentParser(prog="python -m liveness_ops.policy", description=__doc__)
    parser.add_argument("module", nargs="?", help="a module of functions/alarms")
    parser.add_argument(
        "--write", action="store_true", help="write the shared policies and every block into template.yaml"
    )
    chosen = parser.parse_args(arguments)
    if chosen.module:
        print("\n".join(block(playbook_of(chosen.module).needs())))
    if chosen.write:
        path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
