"""FaceAuth as deployed, and as rolled out and corrected, together with the responder's stack."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from responder.aws.items import to_item
from responder.checks.finding import CheckItem, CheckStatus
from responder.checks.model import CheckSection
from responder.checks.readiness.check import Readiness
from responder.checks.run.alarm_names import users
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.remedy import REMEDIES
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES
from responder.core.text import Text, Value
from responder.respond.playbook import PLAYBOOKS
from responder.store import self_tests
from responder.store.rows import pack
from tests.fakes import FakeAws
from tests.fakes.registered import document
from tests.unit.remedies.world import FOUR, OTHERS, ROLLOUT
from tests.unit.respond.scene import CREATE, ENVIRONMENT, RESULT, Scene

BUCKET = "face-auth-images-123456789012-us-east-1"
AIKO, KEN = ([f"U0{name.upper()}", f"arn:aws:iam::123456789012:user/{name}"] for name in ("aiko", "ken"))
PEOPLE = document(aiko=["lowers_security", *AIKO], ken=[*CLASSES, *KEN])
TABLE = Settings().sessions_table
LIVENESS = {
    "LIVENESS_SESSIONS_TABLE": TABLE,
    "FACE_AUTH_BUCKET": BUCKET,
    "LIVENESS_CONFIDENCE_THRESHOLD": "90.0",
}
MODES = {name: spec.ceiling for name, spec in REMEDIES.items() if spec.applied}
USERS = users(PLAYBOOKS)


class Ready:
    """`ready.run()` is the section. `denied`: (action, resource) that no role may, `why` in AWS's words."""

    def __init__(self, scene: Scene, settings: Settings) -> None:
        self.scene, self.settings = scene, settings
        self.denied: set[tuple[str, str]] = set()
        self.decision = "implicitDeny"
        self.why: dict[str, dict[str, bool]] = {}
        self.subscribed(("email", ""), ("email", "2 3 4"), ("email", "3 4"), ("email", "4 only-4"))
        for slug in USERS:
            name = f"{settings.stack}-{slug}"
            self.aws.lambdas.add(name, Role=f"arn:aws:iam::123456789012:role/{name}-role")
        for remedy, mode in MODES.items():
            self.aws.ssm.modes[remedy.value] = mode.value
        self.aws.answer("iam", "simulate_principal_policy", self.simulated)
        self.rehearsed(7)

    def rehearsed(self, days: float | None, refused: Text | None = None) -> None:
        """The last self-test was so long ago; None: there was none. `refused`: why its message was."""
        key = {name: {"S": value} for name, value in self_tests.KEY.items()}
        self.aws.dynamo.delete_item(TableName=self.settings.incidents_table, Key=key)
        if days is not None:
            test = self_tests.SelfTest("t", self.aws.now - timedelta(days=days))
            notified = pack({"notified": refused is None, "refused": refused, "letters": None})
            row = to_item({**self_tests.KEY, "id": test.id, "data": pack(test), "notified": notified})
            self.aws.dynamo.put_item(TableName=self.settings.incidents_table, Item=row)

    @property
    def aws(self) -> FakeAws:
        return self.scene.aws

    def people(self, **people: Iterable[str]) -> None:
        """Only these are registered."""
        self.aws.ssm.parameters[f"/{self.settings.stack}/settings"] = document(**people)

    def run(self, **settings: Any) -> CheckSection:
        asked = replace(self.settings, **settings)
        return Readiness(USERS).run(Context(self.aws, asked, self.aws.now, self.aws.now))

    def subscribed(self, *filters: tuple[str, str], waiting: int = 0) -> None:
        """(protocol, levels that pass); no levels: no filter."""
        arns = [f"{self.settings.topic}:{number}" for number in range(len(filters))]
        found = [
            {"SubscriptionArn": arn, "Protocol": protocol, "Endpoint": "somebody@s3cret.example"}
            for arn, (protocol, _) in zip(arns, filters, strict=True)
        ]
        found += [{"SubscriptionArn": "PendingConfirmation", "Protocol": "email", "Endpoint": "x"}] * waiting
        self.aws.answer("sns", "list_subscriptions_by_topic", {"Subscriptions": found})
        policies = {
            arn: {"FilterPolicy": json.dumps({"level": levels.split()})} if levels else {}
            for arn, (_, levels) in zip(arns, filters, strict=True)
        }
        self.aws.answer(
            "sns",
            "get_subscription_attributes",
            lambda **asked: {"Attributes": policies[asked["SubscriptionArn"]]},
        )

    def simulated(self, **asked: Any) -> Json:
        """One result per action, the strictest, without a resource's name; below it each resource's own."""
        return {
            "EvaluationResults": [self._result(each, asked["ResourceArns"]) for each in asked["ActionNames"]]
        }

    def _result(self, action: str, resources: Iterable[str]) -> Json:
        parts = [
            {
                "EvalResourceName": each,
                "EvalResourceDecision": self.decision if (action, each) in self.denied else "allowed",
            }
            for each in resources
        ]
        decisions = {part["EvalResourceDecision"] for part in parts}
        whole = next(iter(decisions - {"allowed"}), "allowed")
        about = {"EvalActionName": action, "EvalResourceName": "arn:${Partition}:…", "EvalDecision": whole}
        return {**about, "ResourceSpecificResults": parts, **(self.why if whole != "allowed" else {})}


def deployed() -> Ready:
    """No alias, on demand, no rollout variable, nothing declared."""
    scene = Scene(document="{}")
    for name in FOUR:
        scene.aws.lambdas.add(name, OTHERS, Runtime="python3.9")
    for name in (CREATE, RESULT):
        scene.aws.lambdas.add(name, LIVENESS, Runtime="python3.9", MemorySize=256)
    return Ready(scene, Settings.read({**ENVIRONMENT, "ROLLOUT_READERS": "", "BUCKET": BUCKET}))


def corrected() -> Ready:
    """Aliases with traffic, variables present and declared, people for everything."""
    scene = Scene(document=PEOPLE)
    aws = scene.aws
    for name in FOUR:
        aws.lambdas.add(name, {**OTHERS, ROLLOUT: "50"}, Runtime="python3.13")
    for name in (CREATE, RESULT):
        aws.lambdas.add(name, LIVENESS, Runtime="python3.13", MemorySize=256)
        aws.lambdas.release(name, "live")
        aws.lambdas.person_deploys(name, "code-2")
        aws.lambdas.release(name, "live")
        used = {"FunctionName": name, "Resource": f"{name}:live"}
        scene.figures.put("AWS/Lambda", "Invocations", [(aws.now + timedelta(minutes=20), 40.0)], **used)
    aws.tick(minutes=30)
    readers = f"{CREATE},{RESULT}"
    more = {"BUCKET": BUCKET, "THRESHOLD_READERS": readers}
    return Ready(scene, Settings.read({**ENVIRONMENT, **more}))


def provisioned() -> Ready:
    """Corrected, but for a table that was made PROVISIONED."""
    ready = corrected()
    ready.aws.dynamo.add(TABLE, (5, 5), {"EmployeeIdIndex": (5, 5)})
    return ready


def found(section: CheckSection, *lights: CheckStatus) -> set[tuple[str, str]]:
    """(key, what it is about) of the items with one of these lights."""
    return {
        (each.said.key.removeprefix("check.ready."), about(each))
        for each in section.items
        if each.light in lights
    }


def about(item: CheckItem) -> str:
    """The remedy, class, level or function in its sentence."""
    values = item.said.values
    named = [_key(values[name]) for name in ("remedy", "kind", "level", "function") if name in values]
    return " ".join(named)


def item(section: CheckSection, key: str, subject: str = "") -> CheckItem:
    wanted = [
        each for each in section.items if each.said.key == f"check.ready.{key}" and about(each) == subject
    ]
    assert len(wanted) == 1, found(section, *CheckStatus)
    return wanted[0]


def reasons(one: CheckItem) -> list[str]:
    return [each.key for each in one.details]


def _key(value: Value) -> str:
    return value.key.rpartition(".")[2] if isinstance(value, Text) else str(value)
