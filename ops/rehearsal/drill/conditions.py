"""What may have happened before the alarm: to permissions, tables, functions, releases, people or the alarm.

A scenario names a function of this module that takes the time, with the values of its further parameters."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from local_aws.client import Fault
from rehearsal.drill.alarm_kinds import SUPPRESSOR
from rehearsal.drill.scenario import Aws
from rehearsal.drill.stack import APPROVERS, ROLE, STACK, register
from rehearsal.world import identity
from rehearsal.world.functions import package
from rehearsal.world.identity import ROLE_ARN
from rehearsal.world.names import ACCOUNT, ALIAS, LOGINS, ROLLOUT, TABLE, bucket
from responder.aws.items import to_item
from responder.core.assessment import Assessment, AssessmentResult
from responder.core.settings_document import AUTOMATION, Person
from responder.core.switches import ask_for
from responder.store.ledger import ASSESSMENTS
from responder.store.rows import pack


def denied(aws: Aws, now: datetime, actions: tuple[str, ...]) -> None:
    """The service's role lost these actions in a deployment."""
    identity.set_policy(aws.client("iam"), actions)


def forbidden(aws: Aws, now: datetime, responder: str, action: str, resource: str = "*") -> None:
    """The function's role may not do this on this resource."""
    role = aws.client("lambda").get_function_configuration(FunctionName=responder)["Role"]
    document = {"Effect": "Deny", "Action": action, "Resource": resource}
    aws.client("iam").put_role_policy(
        RoleName=role.rsplit("/", 1)[-1],
        PolicyName="drill-forbids",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [document]}),
    )


def demoted(aws: Aws, now: datetime, remedy: str) -> None:
    """The follow-up has made this remedy one that is only asked for, and no person has resumed it since."""
    stop = ask_for(remedy, AUTOMATION, "made things worse (high-error-rate-20260101T000000Z)")
    name = f"/{STACK}/stops/{stop.name}"
    aws.client("ssm").put_parameter(Name=name, Value=stop.to_json(), Type="String")


def was_ineffective(aws: Aws, now: datetime, remedy: str, scope: str, days: int) -> None:
    """This many days ago this remedy did not help."""
    at = now - timedelta(days=days)
    act = Assessment(remedy, scope, "high-error-rate-earlier", at, AssessmentResult.INEFFECTIVE, at)
    row = {"pk": ASSESSMENTS, "sk": act.act, "data": pack(act), "rank": act.result.rank}
    (table,) = (
        name
        for name in aws.client("dynamodb").list_tables()["TableNames"]
        if name.startswith(f"{STACK}-Incidents-")
    )
    aws.client("dynamodb").put_item(TableName=table, Item=to_item(row))


def table_gone(aws: Aws, now: datetime) -> None:
    """The sessions table was deleted."""
    aws.client("dynamodb").delete_table(TableName=TABLE)


def table_busy(aws: Aws, now: datetime, status: str | None = None, switches: int | None = None) -> None:
    """Another person is changing the table, or switched it often today."""
    aws.table_state(TABLE, status=status, switches=switches)


def released(aws: Aws, now: datetime, function: str, days_ago: float = 0) -> None:
    """A person put other code on `$LATEST`; an alias still serves the old one."""
    aws.client("lambda").update_function_code(FunctionName=function, ZipFile=package(f"{function} 2"))
    aws.function_state(function, last_update_status="Successful")
    aws.age(days_ago)


def changed(aws: Aws, now: datetime, function: str, name: str = "AD_TIMEOUT", value: str = "12") -> None:
    """A person changed another variable of a function just now."""
    set_variables(aws, function, {name: value})


def without(aws: Aws, now: datetime, name: str, functions: tuple[str, ...], released: bool = False) -> None:
    """A variable is missing from these functions; `released`: also behind the alias."""
    for function in functions:
        set_variables(aws, function, {}, name)
        if released:
            release(aws, function)
    aws.age(1)


def in_progress(aws: Aws, now: datetime, function: str) -> None:
    """Another person's update is under way, and stays so."""
    aws.function_state(function, last_update_status="InProgress")


def rolled_back(aws: Aws, now: datetime, functions: tuple[str, ...] = LOGINS) -> None:
    """A person already set the rollout to 0 on these functions."""
    for function in functions:
        set_variables(aws, function, {ROLLOUT: "0"})
    aws.age(1)


def no_alias(aws: Aws, now: datetime, functions: tuple[str, ...] = LOGINS) -> None:
    """The traffic goes to the unqualified functions."""
    for function in functions:
        aws.client("lambda").delete_alias(FunctionName=function, Name=ALIAS)


def rollout_variable(aws: Aws, now: datetime, functions: tuple[str, ...] = LOGINS) -> None:
    """The functions have the rollout's variables, and the settings do not declare that they read them."""
    for function in functions:
        set_variables(aws, function, {"ENABLE_LIVENESS_API": "true", ROLLOUT: "50"})
    aws.age(1)


def for_all(aws: Aws, now: datetime, functions: tuple[str, ...] = LOGINS) -> None:
    """The rollout had reached all users, also behind the alias."""
    for function in functions:
        set_variables(aws, function, {ROLLOUT: "100"})
        release(aws, function)
    aws.age(1)


def release(aws: Aws, function: str) -> None:
    """Publish what is in `$LATEST` and move the alias to it."""
    lam = aws.client("lambda")
    version = lam.publish_version(FunctionName=function)["Version"]
    lam.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=version)


def set_variables(aws: Aws, function: str, put: dict[str, str], drop: str = "") -> None:
    """Put some variables of a function, and drop one; the others stay."""
    lam = aws.client("lambda")
    found = lam.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    kept = {name: value for name, value in found.items() if name != drop}
    lam.update_function_configuration(FunctionName=function, Environment={"Variables": {**kept, **put}})
    aws.function_state(function, last_update_status="Successful")


def deployed(aws: Aws, now: datetime, function: str, canary: float = 0.0) -> None:
    """A person released new code: published, and the alias moved to it, or with `canary` a part of it."""
    lam = aws.client("lambda")
    old = lam.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
    lam.update_function_code(FunctionName=function, ZipFile=package(f"{function} 2"))
    lam.get_waiter("function_updated_v2").wait(FunctionName=function, WaiterConfig={"Delay": 0.05})
    new = lam.publish_version(FunctionName=function)["Version"]
    if canary:
        weights = {"AdditionalVersionWeights": {new: canary}}
        lam.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=old, RoutingConfig=weights)
    else:
        lam.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=new)


def reserved(aws: Aws, now: datetime, function: str, most: int) -> None:
    """The function's reserved concurrency; 0 stops it."""
    aws.client("lambda").put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=most)


def bucket_denies(aws: Aws, now: datetime, action: str, sid: str = "OnlyFromTheVpc") -> None:
    """A policy of the images bucket denies the service's role an action."""
    statement = {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": {"AWS": ROLE_ARN},
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket()}/*",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    aws.client("s3").put_bucket_policy(Bucket=bucket(), Policy=json.dumps(document))


def actions_disabled(aws: Aws, now: datetime, alarm: str) -> None:
    """Its actions are switched off: the oldest way to silence it."""
    aws.client("cloudwatch").disable_alarm_actions(AlarmNames=[alarm])


def muted(aws: Aws, now: datetime, alarm: str, rule: str = "release-night") -> None:
    """A mute rule is in force for it, for two hours from an hour ago."""
    begun = now - timedelta(hours=1)
    aws.client("cloudwatch").put_alarm_mute_rule(
        Name=rule,
        Rule={"Schedule": {"Expression": f"at({begun:%Y-%m-%dT%H:%M})", "Duration": "PT2H"}},
        MuteTargets={"AlarmNames": [alarm]},
    )


def maintenance(aws: Aws, now: datetime) -> None:
    """The alarm that suppresses the composite one is raised."""
    set_maintenance(aws, "ALARM")


def not_evaluated(aws: Aws, now: datetime, alarm: str, state: str) -> None:
    """CloudWatch cannot evaluate the alarm as it should."""
    aws.alarm_evaluation(alarm, state)


def set_maintenance(aws: Aws, state: str) -> None:
    """The alarm that suppresses the composite one is in this state."""
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=SUPPRESSOR, StateValue=state, StateReason="maintenance"
    )


def with_session(aws: Aws, now: datetime, name: str) -> None:
    """This person is registered with a session of the role in addition to the IAM user."""
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{name}"
    people = (_with(each, arn) if each.name == name else each for each in APPROVERS)
    register(aws, people)


def settings_changed(aws: Aws, now: datetime, values: Mapping[str, Any]) -> None:
    """An administrator writes these settings directly to Parameter Store."""
    ssm, name = aws.client("ssm"), f"/{STACK}/settings"
    document = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"]) | {**values}
    ssm.put_parameter(Name=name, Value=json.dumps(document), Type="String", Overwrite=True)


def alarm_deleted(aws: Aws, now: datetime, alarm: str) -> None:
    """A person deletes the alarm."""
    aws.client("cloudwatch").delete_alarms(AlarmNames=[alarm])


def entry_down(aws: Aws, now: datetime) -> None:
    """The next request to the entry has no answer."""
    aws.inject([Fault("lambda", "InvokeFunctionUrl", "ServiceException", status=502)])


def _with(person: Person, arn: str) -> Person:
    return Person(person.name, person.slack, (*person.aws, arn), person.may)
