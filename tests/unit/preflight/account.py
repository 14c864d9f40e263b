"""An account with the service as it is once rolled out, as preflight finds it, and a report about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from liveness_ops.preflight.facts import Found, Function, Limits, Served, adopt
from liveness_ops.preflight.form import Form
from liveness_ops.preflight.judging import Report, judge
from liveness_ops.preflight.lines import Kind, Note, Weight
from liveness_ops.template_tools.load import template
from rehearsal.world import names
from rehearsal.world.alarms import ALARMS
from rehearsal.world.variables import variables

ME = f"arn:aws:iam::{names.ACCOUNT}:user/me"
ADDRESS = {"OnCallEmail": "ops@company.example", "FirstApprover": ME}
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack-AbCdEf"
SLACK = {**ADDRESS, "SlackSecretArn": SECRET, "SlackChannel": "T0TEAM/C0ONCALL"}
TODAY = date(2026, 11, 27)
TEMPLATE = template()
TEMPLATE["Parameters"]["ReservedConcurrency"] |= {
    "Default": "slack",
    "AllowedValues": ["none", "slack", "all"],
}
USUAL = frozenset((Note.READERS, Note.UPDATES_UNTIL, Note.VPC))


def function(name: str, **other: Any) -> Function:
    small = name in names.LIVENESS
    known = Function(
        name,
        runtime="python3.9",
        role=names.ROLE,
        vpc=True,
        memory=256 if small else 512,
        timeout=10 if name == names.CREATE else 15 if small else 30,
        log_group=f"/aws/lambda/{name}",
        variables=frozenset(variables(name, rolled_out=True)),
    )
    return replace(known, **other)


FOUND = Found(
    names.ACCOUNT,
    names.REGION,
    ME,
    functions={name: function(name) for name in names.FUNCTIONS},
    served=dict.fromkeys(names.FUNCTIONS, Served(("live",), 1)),
    limits=Limits(1000, 1000),
    alarms=frozenset(each.name for each in ALARMS),
    metrics=frozenset(("SuccessCount",)),
    log_groups=frozenset(f"/aws/lambda/{name}" for name in names.FUNCTIONS),
    tables=frozenset((names.TABLE,)),
    indexes=frozenset((names.INDEX,)),
    buckets=frozenset((names.bucket(),)),
    queues=frozenset(),
    policies=(names.POLICY,),
    stacks={names.STACK: "CREATE_COMPLETE"},
    parameters=frozenset(),
    quotas=(25.0, 25.0),
    sessions=1000.0,
)


def report(
    given: Mapping[str, str] = ADDRESS,
    found: Found = FOUND,
    stack_name_: str = "liveness-responder",
    today: date = TODAY,
    profile: str = "",
    **other: Any,
) -> Report:
    """Of the account with `other` in the place of what it has."""
    found = replace(found, **other)
    deployed = found.stack.kept if found.stack else {}
    form = Form(TEMPLATE, stack_name_, found.region, found.account, given, deployed, profile=profile)
    return judge(adopt(form, found), found, today)


def kinds(answer: Report) -> set[Kind]:
    """What is reported besides what is always reported of this service."""
    return {each.kind for each in answer.lines} - USUAL


def problems(answer: Report) -> list[tuple[Kind, str]]:
    """Lines that are no notes, with their subjects."""
    return [(each.kind, each.subject) for each in answer.lines if each.kind.weight is not Weight.NOTE]
