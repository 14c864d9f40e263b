"""What a deleted stack has left (tables, reports, failed events): the command by which the next has it.

Pure. A stack is made of these resources alone by importing them; the deployment then adds everything else.
AWS CloudFormation User Guide, "Create a stack from existing resources".
"""

import json
import shlex
from collections import defaultdict
from collections.abc import Iterable

from liveness_ops.preflight.form import IDENTIFIERS, Form

_CHANGE_SET = "import-kept-resources"


def left_behind(form: Form, names: Iterable[str]) -> dict[str, list[str]]:
    """Of these names those that a stack of this name made: logical id -> names. A queue's name is its URL."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        last = name.rpartition("/")[2]
        logical = next((kept for start, kept in form.kept().items() if last.startswith(start)), "")
        if logical:
            found[logical].append(name)
    return dict(found)


def command(form: Form, left: dict[str, list[str]]) -> str:
    """Empty where nothing is left, or several of a kind: a person has to choose then."""
    if not left or twice(left):
        return ""
    # An import that is rolled back must not delete what it imported.
    resources = {each: _body(form, each) | {"DeletionPolicy": "Retain"} for each in left}
    asked = {
        "StackName": form.stack,
        "ChangeSetName": _CHANGE_SET,
        "ChangeSetType": "IMPORT",
        "TemplateBody": json.dumps({"Resources": resources}, separators=(",", ":")),
        "ResourcesToImport": [
            {
                "ResourceType": _type(form, each),
                "LogicalResourceId": each,
                "ResourceIdentifier": {IDENTIFIERS[_type(form, each)]: name},
            }
            for each, (name,) in left.items()
        ],
    }
    where = f"{form.where} --stack-name {form.stack}"
    change_set = f"{where} --change-set-name {_CHANGE_SET}"
    return " && ".join(
        (
            f"aws cloudformation create-change-set {form.where} "
            f"--cli-input-json {shlex.quote(json.dumps(asked, separators=(',', ':')))}",
            f"aws cloudformation wait change-set-create-complete {change_set}",
            f"aws cloudformation execute-change-set {change_set}",
            f"aws cloudformation wait stack-import-complete {where}",
        )
    )


def twice(left: dict[str, list[str]]) -> list[str]:
    """Names of which only one can be taken over."""
    return [name for names in left.values() if len(names) > 1 for name in names]


def _type(form: Form, logical: str) -> str:
    return str(form.template["Resources"][logical]["Type"])


def _body(form: Form, logical: str) -> dict[str, object]:
    known = form.template["Resources"][logical]
    return {"Type": known["Type"], "Properties": known["Properties"]}
