"""The register that a deleted stack has left: the command by which the next stack takes it up again. Pure.

A stack is made of the tables alone by importing them; the deployment then adds everything else to it. AWS
CloudFormation User Guide, "Create a stack from existing resources".
"""

import json
import shlex
from collections import defaultdict
from collections.abc import Iterable

from liveness_ops.preflight.form import Form

_TABLE = "AWS::DynamoDB::Table"
_CHANGE_SET = "take-up-the-register"


def left_behind(form: Form, names: Iterable[str]) -> dict[str, list[str]]:
    """Of these names those that a stack of this name made: logical id -> names."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        logical = next((kept for start, kept in form.kept().items() if name.startswith(start)), "")
        if logical:
            found[logical].append(name)
    return dict(found)


def command(form: Form, left: dict[str, list[str]]) -> str:
    """Empty where there is no table, or where several are of the same kind: a person has to choose then."""
    kept = {logical: names for logical, names in left.items() if _type(form, logical) == _TABLE}
    if not kept or any(len(names) > 1 for names in kept.values()):
        return ""
    # An import that is rolled back must not delete what it imported.
    resources = {each: _body(form, each) | {"DeletionPolicy": "Retain"} for each in kept}
    asked = {
        "StackName": form.stack,
        "ChangeSetName": _CHANGE_SET,
        "ChangeSetType": "IMPORT",
        "TemplateBody": json.dumps({"Resources": resources}, separators=(",", ":")),
        "ResourcesToImport": [
            {"ResourceType": _TABLE, "LogicalResourceId": each, "ResourceIdentifier": {"TableName": name}}
            for each, (name,) in kept.items()
        ],
    }
    where = f"--region {form.region} --stack-name {form.stack}"
    change_set = f"{where} --change-set-name {_CHANGE_SET}"
    return " && ".join(
        (
            f"aws cloudformation create-change-set --region {form.region} "
            f"--cli-input-json {shlex.quote(json.dumps(asked, separators=(',', ':')))}",
            f"aws cloudformation wait change-set-create-complete {change_set}",
            f"aws cloudformation execute-change-set {change_set}",
            f"aws cloudformation wait stack-import-complete {where}",
        )
    )


def _type(form: Form, logical: str) -> str:
    return str(form.template["Resources"][logical]["Type"])


def _body(form: Form, logical: str) -> dict[str, object]:
    known = form.template["Resources"][logical]
    return {"Type": known["Type"], "Properties": known["Properties"]}
