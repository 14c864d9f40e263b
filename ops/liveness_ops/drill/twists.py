"""What may have happened before the alarm: to rights, tables, functions, releases, people or the alarm."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from liveness_ops.drill.kinds import SUPPRESSOR
from liveness_ops.drill.scenario import Aws
from liveness_ops.drill.stack import APPROVERS, ROLE, STACK, register
from liveness_ops.local_aws import Fault
from liveness_ops.world import identity
from liveness_ops.world.functions import package
from liveness_ops.world.identity import ROLE_ARN
from liveness_ops.world.names import ACCOUNT, ALIAS, LOGINS, ROLLOUT, TABLE, bucket
from responder.core.settings_document import Person


@dataclass(frozen=True, slots=True)
class Denied:
    """The service's role lost these actions in a deployment."""

    actions: tuple[str, ...]

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write the narrower policy."""
        identity.set_policy(aws.client("iam"), self.actions)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Our own function's role must not do this (any more) on this resource."""

    responder: str
    action: str
    resource: str = "*"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Deny beats whatever its policy allows."""
        role = aws.client("lambda").get_function_configuration(FunctionName=self.responder)["Role"]
        document = {"Effect": "Deny", "Action": self.action, "Resource": self.resource}
        aws.client("iam").put_role_policy(
            RoleName=role.rsplit("/", 1)[-1],
            PolicyName="drill-forbids",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [document]}),
        )


@dataclass(frozen=True, slots=True)
class TableGone:
    """The sessions table was deleted."""

    def apply(self, aws: Aws, now: datetime) -> None:
        """Delete it."""
        aws.client("dynamodb").delete_table(TableName=TABLE)


@dataclass(frozen=True, slots=True)
class TableBusy:
    """The table is being changed by somebody else, or was switched often today."""

    status: str | None = None
    switches: int | None = None

    def apply(self, aws: Aws, now: datetime) -> None:
        """Set it."""
        aws.table_state(TABLE, status=self.status, switches=self.switches)


@dataclass(frozen=True, slots=True)
class Released:
    """Somebody put other code on `$LATEST`; an alias goes on serving the old one."""

    function: str
    days_ago: float = 0

    def apply(self, aws: Aws, now: datetime) -> None:
        """Update the code, as a deployment does."""
        aws.client("lambda").update_function_code(
            FunctionName=self.function, ZipFile=package(f"{self.function} 2")
        )
        aws.function_state(self.function, last_update_status="Successful")
        aws.age(self.days_ago)


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed another variable of a function just now."""

    function: str
    name: str = "AD_TIMEOUT"
    value: str = "12"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Read, merge, write: the careful way."""
        set_variables(aws, self.function, {self.name: self.value})


@dataclass(frozen=True, slots=True)
class Without:
    """A variable is missing from these functions; `released`: also behind the alias."""

    name: str
    functions: tuple[str, ...]
    released: bool = False

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write the configuration without it, long enough ago to be no fresh change."""
        for function in self.functions:
            set_variables(aws, function, {}, self.name)
            if self.released:
                release(aws, function)
        aws.age(1)


@dataclass(frozen=True, slots=True)
class InProgress:
    """An update of somebody else is under way, and stays so."""

    function: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """Set it."""
        aws.function_state(self.function, last_update_status="InProgress")


@dataclass(frozen=True, slots=True)
class RolledBack:
    """Somebody already set the rollout to 0 on these functions."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write it, a day ago."""
        for function in self.functions:
            set_variables(aws, function, {ROLLOUT: "0"})
        aws.age(1)


@dataclass(frozen=True, slots=True)
class NoAlias:
    """The traffic goes to the unqualified functions."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Delete the aliases."""
        for function in self.functions:
            aws.client("lambda").delete_alias(FunctionName=function, Name=ALIAS)


@dataclass(frozen=True, slots=True)
class RolloutVariable:
    """The functions have the rollout's variables, and nobody declared that they read them."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write them, long ago."""
        for function in self.functions:
            set_variables(aws, function, {"ENABLE_LIVENESS_API": "true", ROLLOUT: "50"})
        aws.age(1)


@dataclass(frozen=True, slots=True)
class ForEverybody:
    """The rollout had reached everybody, also behind the alias."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write, publish, move the alias, long ago."""
        for function in self.functions:
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


@dataclass(frozen=True, slots=True)
class Deployed:
    """Somebody released new code: published, and the alias moved to it, or with `canary` a part of it."""

    function: str
    canary: float = 0.0

    def apply(self, aws: Aws, now: datetime) -> None:
        """As a deployment does."""
        lam = aws.client("lambda")
        old = lam.get_alias(FunctionName=self.function, Name=ALIAS)["FunctionVersion"]
        lam.update_function_code(FunctionName=self.function, ZipFile=package(f"{self.function} 2"))
        lam.get_waiter("function_updated_v2").wait(FunctionName=self.function, WaiterConfig={"Delay": 0.05})
        new = lam.publish_version(FunctionName=self.function)["Version"]
        if self.canary:
            weights = {"AdditionalVersionWeights": {new: self.canary}}
            lam.update_alias(
                FunctionName=self.function, Name=ALIAS, FunctionVersion=old, RoutingConfig=weights
            )
        else:
            lam.update_alias(FunctionName=self.function, Name=ALIAS, FunctionVersion=new)


@dataclass(frozen=True, slots=True)
class Reserved:
    """The function may run so often at once; 0 switches it off."""

    function: str
    most: int

    def apply(self, aws: Aws, now: datetime) -> None:
        """Set it."""
        aws.client("lambda").put_function_concurrency(
            FunctionName=self.function, ReservedConcurrentExecutions=self.most
        )


@dataclass(frozen=True, slots=True)
class BucketDenies:
    """A policy of the images bucket denies the service's role an action."""

    action: str
    sid: str = "OnlyFromTheVpc"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write it."""
        statement = {
            "Sid": self.sid,
            "Effect": "Deny",
            "Principal": {"AWS": ROLE_ARN},
            "Action": self.action,
            "Resource": f"arn:aws:s3:::{bucket()}/*",
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        aws.client("s3").put_bucket_policy(Bucket=bucket(), Policy=json.dumps(document))


@dataclass(frozen=True, slots=True)
class ActionsDisabled:
    """Its actions are switched off: the oldest way to silence it."""

    alarm: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """`aws cloudwatch disable-alarm-actions`."""
        aws.client("cloudwatch").disable_alarm_actions(AlarmNames=[self.alarm])


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute rule is in force for it, for two hours from an hour ago."""

    alarm: str
    rule: str = "release-night"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Make the rule."""
        begun = now - timedelta(hours=1)
        aws.client("cloudwatch").put_alarm_mute_rule(
            Name=self.rule,
            Rule={"Schedule": {"Expression": f"at({begun:%Y-%m-%dT%H:%M})", "Duration": "PT2H"}},
            MuteTargets={"AlarmNames": [self.alarm]},
        )


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The alarm that suppresses the composite one is raised."""

    def apply(self, aws: Aws, now: datetime) -> None:
        """Raise it."""
        set_maintenance(aws, "ALARM")


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """CloudWatch cannot evaluate the alarm as it should."""

    alarm: str
    state: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """Say so."""
        aws.alarm_evaluation(self.alarm, self.state)


def set_maintenance(aws: Aws, state: str) -> None:
    """The alarm that suppresses the composite one is in this state."""
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=SUPPRESSOR, StateValue=state, StateReason="maintenance"
    )


@dataclass(frozen=True, slots=True)
class WithSession:
    """This person is registered with a session of the role beside the IAM user."""

    name: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """In the settings document."""
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{self.name}"
        people = (_with(each, arn) if each.name == self.name else each for each in APPROVERS)
        register(aws, people)


@dataclass(frozen=True, slots=True)
class BrokenSettings:
    """An administrator mistypes a key of the settings document, past the entry for people."""

    def apply(self, aws: Aws, now: datetime) -> None:
        """The version before stays in SSM's history."""
        ssm, name = aws.client("ssm"), f"/{STACK}/settings"
        value = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
        value["soak_minute"] = 15
        ssm.put_parameter(Name=name, Value=json.dumps(value), Type="String", Overwrite=True)


@dataclass(frozen=True, slots=True)
class AlarmDeleted:
    """A person deletes the alarm."""

    alarm: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """In CloudWatch; that is no change of its state."""
        aws.client("cloudwatch").delete_alarms(AlarmNames=[self.alarm])


@dataclass(frozen=True, slots=True)
class EntryDown:
    """The next request to the entry has no answer."""

    faults: tuple[Fault, ...] = field(
        default=(Fault("lambda", "InvokeFunctionUrl", "ServiceException", status=502),)
    )

    def apply(self, aws: Aws, now: datetime) -> None:
        """Before anything of ours runs."""
        aws.inject(self.faults)


def _with(person: Person, arn: str) -> Person:
    return Person(person.name, person.slack, (*person.aws, arn), person.may)
