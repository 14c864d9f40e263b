"""What a person does in a drill with the rights of `OperatorPolicy` and no others."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from liveness_ops.people.entry import Url, ask
from liveness_ops.people.exits import EarlyExit
from local_aws.client import LocalAws
from rehearsal.drill.alarm_commands import table
from rehearsal.drill.scenario import Step
from rehearsal.drill.stack import PRINCIPALS, ROLE, STACK
from rehearsal.drill.step_result import StepResult
from rehearsal.world.names import ACCOUNT, REGION
from responder.aws.items import to_item
from responder.core.remedy import RemedyName
from responder.core.switches import ask_name
from responder.people.request import PersonRequest, RequestKind
from responder.people.switches import digest


@dataclass(frozen=True, slots=True)
class Operator:
    """A person at a keyboard: an IAM user, or with `session` the same person in a session of the role."""

    aws: LocalAws
    name: str
    incident: str
    proposal: str
    keys: Credentials

    def client(self, service: str) -> Any:
        """AWS, as this person reaches it past the console."""
        return self.aws.client_with((self.keys.access_key, self.keys.secret_key, self.keys.token), service)

    def ask(self, kind: RequestKind, **fields: Any) -> None:
        """Send a request as the console does. Raises EarlyExit where it was not done."""
        wire = Url(_output(self.aws, "PeopleUrl"), REGION, self.keys, self.aws.endpoint)
        ask(wire, "en", PersonRequest(kind, **fields), "liveness-ops pause")


type Act = Callable[[Operator], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAct(Step):
    """A step of a person. `ends`: how: `done`, the error of the entry, or the error code of AWS."""

    command: str = ""
    remedy: str = ""
    act: Act
    who: str
    session: bool = False
    ends: str = "done"

    def play(self, aws: LocalAws, acts: Sequence[StepResult]) -> str:
        """How it ended."""
        report = next(each.report for each in acts if each.report)
        proposals = [one["approval"] for each in acts for one in each.outcomes if one.get("approval")]
        keys = _session(aws, self.who) if self.session else _user(aws, self.who)
        operator = Operator(aws, self.who, report["incident"], proposals[-1] if proposals else "", keys)
        try:
            self.act(operator)
        except EarlyExit as stop:
            return str(stop.data.get("error"))
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        except BotoCoreError as error:
            return type(error).__name__
        return "done"


def approves(operator: Operator) -> None:
    """The last proposal that was reported."""
    operator.ask(RequestKind.APPROVE, incident=operator.incident, proposal=operator.proposal)


def rejects(operator: Operator) -> None:
    """Reject the last reported proposal, with a reason."""
    operator.ask(RequestKind.REJECT, incident=operator.incident, proposal=operator.proposal, reason="later")


def withdraws(operator: Operator) -> None:
    """The own rejection."""
    operator.ask(RequestKind.WITHDRAW, incident=operator.incident, proposal=operator.proposal)


def closes(operator: Operator) -> None:
    """The incident, manually."""
    operator.ask(RequestKind.CLOSE, incident=operator.incident, reason="the alarm was renamed")


def stops(operator: Operator) -> None:
    """Directly in SSM: it does not need the responder."""
    value = stop_of(operator.name)
    operator.client("ssm").put_parameter(Name=f"/{STACK}/stops/drill", Value=value, Type="String")


def resumes_rollout(operator: Operator) -> None:
    """The stop by which the rollout is only asked for, as it is shown."""
    name = ask_name(RemedyName.ROLLOUT_TO_ZERO)
    ssm = operator.client("ssm")
    shown = ssm.get_parameter(Name=f"/{STACK}/stops/{name}")["Parameter"]["Value"]
    operator.ask(RequestKind.RESUME, name=name, shown=digest(shown))


def overwrites_the_stop(operator: Operator) -> None:
    """Overwrite the stop with one that has ended, directly in SSM."""
    name = f"/{STACK}/stops/{ask_name(RemedyName.ROLLOUT_TO_ZERO)}"
    over = json.dumps({"until": "2020-01-01T00:00:00Z"})
    operator.client("ssm").put_parameter(Name=name, Value=over, Type="String", Overwrite=True)


def stop_of(name: str) -> str:
    """What this person writes."""
    return json.dumps({"who": name, "why": "the entry is down"})


def forges_a_row(operator: Operator) -> None:
    """An approval in another person's name."""
    other = next(name for name in PRINCIPALS if name != operator.name)
    row = {
        "pk": operator.proposal,
        "sk": other,
        "decision": "approve",
        "principal": PRINCIPALS[other],
        "at": datetime.now(UTC).isoformat(),
    }
    operator.client("dynamodb").put_item(TableName=table(operator.aws, "Approvals"), Item=to_item(row))


def commands(operator: Operator) -> None:
    """The alarm's function, as the entry does it."""
    order = {"command": "apply", "incident": operator.incident, "proposal": operator.proposal}
    payload = json.dumps({**order, "remedy": "rollout_to_zero"}).encode()
    operator.client("lambda").invoke(FunctionName=f"{STACK}-high-error-rate", Payload=payload)


def forges_an_event(operator: Operator) -> None:
    """The entry's function without its URL, with another person as the caller."""
    other = next(arn for name, arn in PRINCIPALS.items() if name != operator.name)
    asked = {"do": "approve", "incident": operator.incident, "proposal": operator.proposal}
    event = {
        "requestContext": {"authorizer": {"iam": {"userArn": other, "accountId": ACCOUNT}}},
        "body": json.dumps({"id": "0" * 32, **asked}),
    }
    operator.client("lambda").invoke(FunctionName=f"{STACK}-people", Payload=json.dumps(event).encode())


def raises_the_mode(operator: Operator) -> None:
    """Directly in SSM."""
    value = json.dumps({"everywhere": "auto", "rollout_to_zero": "auto"})
    operator.client("ssm").put_parameter(Name=f"/{STACK}/modes", Value=value, Type="String", Overwrite=True)


def _output(aws: LocalAws, name: str) -> str:
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return next(str(one["OutputValue"]) for one in stack["Outputs"] if one["OutputKey"] == name)


def _user(aws: LocalAws, name: str) -> Credentials:
    """The IAM user of this name with the policy of people on call; new keys, as AWS allows two at most."""
    iam = aws.client("iam")
    if name not in _names(iam.list_users()["Users"], "UserName"):
        iam.create_user(UserName=name)
        iam.attach_user_policy(UserName=name, PolicyArn=_output(aws, "OperatorPolicy"))
    for old in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=old["AccessKeyId"])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def _session(aws: LocalAws, name: str) -> Credentials:
    """A session of a role that every user may assume under the own name alone."""
    keys, iam = _user(aws, name), aws.client("iam")
    arn = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
    if ROLE not in _names(iam.list_roles()["Roles"], "RoleName"):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}},
        }
        trust = {"Version": "2012-10-17", "Statement": [statement]}
        # It is older than the incident.
        late = aws.settings()["policies_late"]
        aws.settings(policies_late=0)
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
        iam.attach_role_policy(RoleName=ROLE, PolicyArn=_output(aws, "OperatorPolicy"))
        aws.settings(policies_late=late)
    allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [allowed]}
    iam.put_user_policy(UserName=name, PolicyName="assume", PolicyDocument=json.dumps(policy))
    sts = Operator(aws, name, "", "", keys).client("sts")
    given = sts.assume_role(RoleArn=arn, RoleSessionName=name)["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def _names(found: Iterable[dict[str, Any]], key: str) -> set[str]:
    return {each[key] for each in found}
