"""What every step of an upgrade works with: the local AWS with the service, both versions, people, Slack."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from botocore.credentials import Credentials

from liveness_ops.people.exits import EarlyExit
from local_aws.client import LocalAws
from rehearsal.drill import scenario_setup
from rehearsal.drill.alarm_trigger import raised
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.follow import Follow
from rehearsal.drill.incident_events import RequestsArrive
from rehearsal.drill.person_acts import Operator
from rehearsal.drill.stack import APPROVER, STACK
from rehearsal.drill.watched_alarms import watched_alarm
from rehearsal.first_deployment import point_at
from rehearsal.upgrade.checkout import Checkout, need
from rehearsal.upgrade.course import Course
from rehearsal.world import seed
from rehearsal.world.build import World
from rehearsal.world.names import REGION
from rehearsal.world.points import of_requests
from rehearsal.world.traffic import unfold
from responder.aws.items import from_item
from responder.people.request import RequestKind
from tests.fakes.slack_server import SlackServer

# By what an incident is for: its alarm, and a scenario of it.
_SCENARIOS = {
    "lease": ("slow-verification", "followed-warm"),
    "proposal": ("high-error-rate", "acts"),
    "two people": ("low-success-rate", "asks-two-people"),
    "unsolved": ("images-access-denied", "proposes-role"),
    "observed": ("sessions-table-throttles", "acts-capacity"),
}


@dataclass
class Stand:
    """`old`: the version of FROM. `version`: the one that is deployed. `settings`: the document that was set
    last. `people`: by name, the variables of a key. `incidents`: the ids of those that were opened under this
    version, by what each is for; `ended`: the ones before. `approved`: the proposals that people have
    approved."""

    aws: LocalAws
    slack: SlackServer
    old: Checkout
    course: Course
    version: Checkout = field(init=False)
    settings: Mapping[str, Any] = field(default_factory=dict)
    people: dict[str, Mapping[str, str]] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    ended: list[tuple[str, str]] = field(default_factory=list)
    approved: set[str] = field(default_factory=set)

    def deploy(self, version: Checkout, parameters: Mapping[str, str]) -> str:
        """`make deploy` of this version; the number of its follow-up. The template of an earlier commit may
        have what the local AWS refuses only since then."""
        self.aws.settings(nested_functions=int(version is self.old))
        version.deploy(self.aws, REGION, parameters)
        self.aws.settings(nested_functions=0)
        point_at(self.aws, self.slack, STACK)
        self.version = version
        return self.course.deployed(version)

    def minutes(self, number: float) -> None:
        """So much time passes."""
        self.course.to(self.course.now + timedelta(minutes=number))

    def broken(self, *purposes: str) -> str:
        """For each the service breaks as in its scenario, and its alarm opens an incident; a minute passes.
        Their ids."""
        for purpose in purposes:
            alarm, scenario = _SCENARIOS[purpose]
            (found,) = scenarios(alarm, scenario)
            number = len(self.ended) + len(self.incidents)
            points = scenario_setup.traffic(self.aws, found, self.course.now, part=number)
            for condition in found.conditions:
                condition(self.aws, self.course.now)
            _, mails = self.aws.counts()
            raised(self.aws, alarm, points, self.course.now)
            self.minutes(0)
            reported = {body["incident"] for body in self.bodies(mails) if body["kind"] == "response"}
            # An incident that is known may be reported again meanwhile.
            known = self.incidents.values(), (incident for _, incident in self.ended)
            opened = reported.difference(*known)
            need(len(opened) == 1, f"{alarm} opens {len(opened)} incidents\n{self.aws.log()}")
            (self.incidents[purpose],) = opened
            self.minutes(1)
        return ", ".join(self.incidents[purpose] for purpose in purposes)

    def recovers(self, purpose: str) -> str:
        """Its alarm goes back to OK, and requests succeed. The id of its incident."""
        name = watched_alarm(_SCENARIOS[purpose][0]).name
        self.aws.client("cloudwatch").set_alarm_state(
            AlarmName=name, StateValue="OK", StateReason="recovered"
        )
        (calm,) = scenarios(*_SCENARIOS["lease"])
        script = cast(Follow, calm.follow).script
        event = next(each.event for each in script if isinstance(each.event, RequestsArrive))
        found = unfold(event.requests, self.course.now + timedelta(minutes=event.lasts))
        seed.put_points(self.aws, list(of_requests(found, World.ROLLED_OUT.qualifier)))
        self.minutes(0)
        return self.incidents[purpose]

    def console(
        self, *words: str, who: str = "", by: Checkout | None = None, expected: int = 0
    ) -> dict[str, Any]:
        """What `liveness-ops … --json` prints for this person; without, for the administrator. `by`: not by
        the version that is deployed. Raises UpgradeError where it ends with another status than expected."""
        by = by or self.version
        command = [str(by.root / ".venv/bin/liveness-ops"), *words, "--json", "--language", "en"]
        output = by.run(self.aws, *command, person=self.people.get(who), expected=(expected,))
        found: dict[str, Any] = json.loads(output)
        return found

    def bodies(self, since: int = 0, incident: str = "") -> Iterator[dict[str, Any]]:
        """What on-call got, as JSON; of one incident where it is given."""
        for mail in self.aws.inbox(since):
            body: dict[str, Any] = json.loads(mail.bodies["sqs"]) if "-Notifications" in mail.topic else {}
            if body and incident in ("", body.get("incident")):
                yield body

    def outcomes(self, incident: str, result: str) -> list[dict[str, Any]]:
        """What was reported to on-call with this result."""
        found = (one for body in self.bodies(incident=incident) for one in body.get("outcomes", ()))
        return [one for one in found if one["result"] == result]

    def asked(self, purpose: str) -> tuple[str, str]:
        """The incident's id, and its first proposal."""
        incident = self.incidents[purpose]
        asked = self.outcomes(incident, "asked")
        need(asked, f"{incident} asks for nothing")
        return incident, str(asked[0]["approval"])

    def invoke(self, function: str, payload: object = None, *, answered: bool = True) -> Any:
        """A function of the stack, which must not fail where its answer is waited for."""
        how = "RequestResponse" if answered else "Event"
        given, client = json.dumps(payload or {}).encode(), self.aws.client("lambda")
        answer = client.invoke(FunctionName=f"{STACK}-{function}", InvocationType=how, Payload=given)
        body = answer["Payload"].read().decode()
        need("FunctionError" not in answer, f"{function} fails: {body}")
        self.aws.wait_idle()
        return json.loads(body or "null") if answered else None

    def approve(self, incidents: Iterable[str]) -> list[str]:
        """Everything that was asked about these incidents and has no answer yet, by the entry for people;
        the ids of what it accepted."""
        done = []
        for incident in incidents:
            for body in self.bodies(incident=incident):
                for asked in filter(None, (one.get("approval") for one in body.get("outcomes", ()))):
                    if asked not in self.approved and not self.refusal(APPROVER, incident, asked):
                        self.approved.add(asked)
                        done.append(asked)
        self.minutes(0)
        return done

    def refusal(self, who: str, incident: str, proposal: str) -> str:
        """This person approves, by the entry for people: why it is refused or not carried out; empty where it
        is done."""
        keys = self.people[who]
        credentials = Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"])
        try:
            Operator(self.aws, who, incident, proposal, credentials).ask(
                RequestKind.APPROVE, incident=incident, proposal=proposal
            )
        except EarlyExit as refused:
            need(refused.data.get("error"), f"approving {proposal} fails: {refused}")
            return str(refused.data.get("because", refused.data["error"]))
        return ""

    def open(self) -> set[str]:
        """The incidents that are not closed."""
        return {each["incident"] for each in self.rows("Incidents") if _is_open(each)}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table of the stack, as data."""
        every = self.aws.client("dynamodb").list_tables()["TableNames"]
        (name,) = [each for each in every if each.startswith(f"{STACK}-{table}-")]
        pages = self.aws.client("dynamodb").get_paginator("scan").paginate(TableName=name)
        return [from_item(item) for page in pages for item in page["Items"]]

    def parameters(self) -> dict[str, str]:
        """Those of the stack, by name."""
        ssm = self.aws.client("ssm").get_paginator("get_parameters_by_path")
        found = ssm.paginate(Path=f"/{STACK}", Recursive=True).build_full_result()["Parameters"]
        return {each["Name"]: each["Value"] for each in found}


def _is_open(row: Mapping[str, Any]) -> bool:
    return row["pk"] == "ALARMS" and not row["closed"]


def at(moment: datetime) -> str:
    """As the console takes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
