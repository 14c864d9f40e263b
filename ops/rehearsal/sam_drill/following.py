"""The durable function in SAM's container: an incident on record whose alarm is OK, followed to its end."""

import json
from datetime import UTC, datetime

from liveness_ops.template_tools.load import EVENTS
from local_aws.client import LocalAws
from rehearsal.drill.alarm_commands import table
from rehearsal.drill.stack import STACK
from rehearsal.drill.stored_records import reports
from rehearsal.drill.watched_alarms import watched_alarm
from rehearsal.sam_drill.invoke import Answer, Container
from rehearsal.sam_drill.stamp import stamped
from rehearsal.world.names import REGION
from responder.aws.items import from_item, to_item

FOLDER = "follow-up"
EVENT = (FOLDER, "incident")
# It changes nothing, so nothing has to be reverted: in SAM's container commands do not arrive.
_ALARM = "low-confidence"
_PORT = "DURABLE_EXECUTIONS_EXTERNAL_EMULATOR_PORT"


def follow(aws: LocalAws, container: Container, port: int) -> Answer:
    """Follow the incident to its end, in virtual time; `problem` says what is missing at the end."""
    incident = _incident(aws)
    event = container.template.with_name(f"{FOLDER}.json")
    known = json.loads((EVENTS / FOLDER / "incident.json").read_text(encoding="utf-8"))
    event.write_text(json.dumps({**known, "incident": incident}), encoding="utf-8")
    answer = container.invoke("FollowUp", event, **{_PORT: str(port)})
    missing = _missing(aws, answer, incident)
    return answer if answer.problem or not missing else Answer(answer.said, missing, answer.seconds)


def _incident(aws: LocalAws) -> str:
    """One that the deployed function has opened, and whose alarm is OK again."""
    opened = datetime.now(UTC)
    for name in ("alarm", "ok"):
        event = json.loads((EVENTS / _ALARM / f"{name}.json").read_text(encoding="utf-8"))
        payload = json.dumps(stamped(event, max(datetime.now(UTC), opened), opened, REGION))
        aws.client("lambda").invoke(FunctionName=f"{STACK}-{_ALARM}", Payload=payload)
    name = watched_alarm(_ALARM).name
    aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="OK", StateReason="sam-drill")
    aws.wait_idle()
    return _pointer(aws)[0]


def _pointer(aws: LocalAws) -> tuple[str, bool]:
    """The newest incident of the alarm, and whether it is closed."""
    key = to_item({"pk": "ALARMS", "sk": watched_alarm(_ALARM).name})
    row = from_item(aws.client("dynamodb").get_item(TableName=table(aws, "Incidents"), Key=key)["Item"])
    return str(row["incident"]), bool(row["closed"])


def _missing(aws: LocalAws, answer: Answer, incident: str) -> str:
    if not isinstance(answer.said, dict) or not answer.said.get("over"):
        return "it does not say that it is over"
    if not _pointer(aws)[1]:
        return "the incident is still open"
    kinds = [json.loads(mail.bodies["sqs"])["kind"] for mail in aws.inbox() if incident in mail.bodies["sqs"]]
    if "closed" not in kinds:
        return f"no closing message, only {kinds}"
    return "" if reports(aws, incident) else "no report in the bucket"
