"""What no alarm calls, made to use its permissions: how, and all that people are notified of."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from liveness_ops.template_tools.load import EVENTS
from local_aws.client import LocalAws, Mail
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import play_once
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK
from responder.checks.model import Cadence
from responder.core.frozen import frozen

type Condition = Callable[[LocalAws], None]
type Play = Callable[[LocalAws, Condition], str]

# All that the follow-up and the watchdog do is in these.
_FOLLOWED = ("high-error-rate/followed", "slow-verification/followed-warm", "high-error-rate/brought-back")


@frozen
class FunctionUses:
    """`plays`: each with one change before it; what was reported then."""

    function: str
    plays: tuple[Play, ...]

    def __str__(self) -> str:
        return self.function


def scheduled_functions() -> list[FunctionUses]:
    """The checks, the backup, and what is called for a response that failed: by events, as on AWS."""
    slugs = (
        "sessions-backup",
        "response-failed",
        *(f"{each}-check" for each in (Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY)),
    )
    return [FunctionUses(slug, (partial(_called, slug),)) for slug in slugs]


def followed_functions() -> list[FunctionUses]:
    """The follow-up and the watchdog, through the courses of incidents."""
    incidents = tuple(partial(_followed_incident, each) for each in scenarios() if each.id in _FOLLOWED)
    return [FunctionUses(function, incidents) for function in ("follow-up", "watchdog")]


def mail_text(mails: Iterable[Mail]) -> str:
    """All forms of all messages."""
    return "\n".join("\n".join((mail.subject, *mail.bodies.values())) for mail in mails)


def _called(slug: str, aws: LocalAws, condition: Condition) -> str:
    condition(aws)
    aws.client("lambda").invoke(FunctionName=f"{STACK}-{slug}", InvocationType="Event", Payload=_event(slug))
    aws.wait_idle(240)
    return "\n".join((mail_text(aws.inbox()), *_filed(aws)))


def _event(slug: str) -> bytes:
    name = "alarm" if slug == "response-failed" else "scheduled"
    return (EVENTS / slug / f"{name}.json").read_bytes()


def _filed(aws: LocalAws) -> list[str]:
    s3 = aws.client("s3")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "reports" in each["Name"]]
    kept = s3.list_objects_v2(Bucket=bucket, Prefix="checks/").get("Contents", [])
    keys = [each["Key"] for each in kept if each["Key"].endswith(".json")]
    return [s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys]


@frozen
class _LastCondition:
    """A condition of a scenario: the world is as it is, only then something is changed."""

    condition: Condition

    def __call__(self, aws: object, now: object) -> None:
        assert isinstance(aws, LocalAws)
        self.condition(aws)


def _followed_incident(scenario: Scenario, aws: LocalAws, condition: Condition) -> str:
    conditions = [*scenario.conditions]
    conditions.append(_LastCondition(condition))
    played = play_once(aws, replace(scenario, conditions=tuple(conditions), denied=True))
    ends = [run.error for act in played.acts if act.followed for run in act.followed.runs]
    return "\n".join((*(mail_text((*act.mail, *act.last_resort)) for act in played.acts), *ends))
