"""Typed settings: of the environment, and of the settings document over it (`SettingsDocument.over`); and the
clock of one incident, taken from them when it begins and kept whatever is deployed later."""

from collections.abc import Callable, Mapping
from dataclasses import field, fields, replace
from datetime import timedelta
from typing import Any

from responder.core.errors import BadEvent
from responder.core.frozen import frozen
from responder.core.modes import Severity
from responder.core.plain_data import Json
from responder.core.text import Strings

# The ending of the name of a corrected alarm.
CORRECTED = "-Corrected"
# What the subject of a mail may be written in.
ASCII, UTF_8 = "ascii", "utf-8"


def _listed(value: str) -> Strings:
    return tuple(part.strip() for part in value.split(",") if part.strip())


# By the type of a field; all others are text.
_READ: dict[Any, Callable[[str], Any]] = {int: int, float: float, Strings: _listed}


@frozen
class Settings:
    """Names, addresses and schedules from `template.yaml`, as the environment variable of a field's
    upper-case name; everything that only changes behaviour from the settings document (`settings_fields`).
    Defaults are those of the FaceAuth system.

    rollout_readers, threshold_readers: functions known to read the variable; empty until the owner lists
        them.
    lowered_threshold, threshold_hours: what two people may lower the score to, and for how long.
    slow_session_creation_seconds: of our alarm of that name; alarm and playbook judge alike.
    quota_per_second: Rekognition Face Liveness requests per second and operation, of the Region.
    alarm_name: the one alarm a function answers, its corrected version included; empty for the generic one.
    alarm_names: of the service, for the check of all alarms (`checks.run`). alarm_prefix: of those
        that our stack adds, and of the others.
    escalation_minutes: when levels 2, 3 and 4 are notified; of a medium one, `medium_later_minutes` later.
    follow_up: name and alias of the durable function that follows an incident to its end.
    slack_secret: ARN of the secret of Slack, empty without. slack_team: the workspace whose buttons count;
        the environment has it before the channel, `SLACK_CHANNEL=T0TEAM/C0CHANNEL`.
    slack_level_mentions: whom an escalation calls, and in which channel besides that of on-call, by level:
        `2=<!subteam^S1>,2=C0DEV,3=<@U2>`; a channel may be `<#C0DEV>`, too.
    level_2_contact: how on-call reaches level 2, as the messages say it. time_zone: IANA name of the zone of
        times in mails and Slack; empty: Japan's in Japanese, UTC in English. runbook_url: where on-call reads
        the runbook; empty: messages name its file.
    check_zone: IANA name of the zone of the scheduled checks. cost_floor, cost_target: USD a month.
    backup_schedule: as EventBridge Scheduler takes it; no backups where it is empty.
    queues: our queues, for `people` alone: `failures=https://sqs.…, undelivered=NAME, …`, the first by its
        URL, the others by their names.
    deployed_functions: `FaceAuth-Enrollment memory=1024 timeout=60, …`, where not FaceAuth's own.
    subjects: of mails; `utf-8` once a self-test has shown that SNS accepts it here (`store.switches`).
    backup_days, audit_days: how long backups of the sessions table and audit images are to be kept.
    """

    stack: str = "liveness-responder"
    region: str = "us-east-1"
    account: str = ""
    language: str = "ja"
    incidents_table: str = ""
    claims_table: str = ""
    approvals_table: str = ""
    topic: str = ""
    failures_queue: str = ""
    create_function: str = "FaceAuth-CreateLivenessSession"
    result_function: str = "FaceAuth-GetLivenessResult"
    rollout_functions: Strings = tuple(
        f"FaceAuth-{each}" for each in ("Enrollment", "FaceLogin", "EmergencyAuth", "ReEnrollment")
    )
    rollout_readers: Strings = ()
    rollout_variable: str = "LIVENESS_ROLLOUT_PERCENTAGE"
    sessions_table: str = "FaceAuth-LivenessSessions"
    sessions_index: str = "EmployeeIdIndex"
    bucket: str = ""
    service_role: str = "FaceAuthLambdaExecutionRole"
    service_policy: str = "FaceAuthLambdaPolicy"
    service_stack: str = "FaceAuthStack"
    namespace: str = "FaceAuth/Liveness"
    confidence_threshold: float = 90.0
    threshold_variable: str = "LIVENESS_CONFIDENCE_THRESHOLD"
    threshold_readers: Strings = ()
    lowered_threshold: float = 85.0
    threshold_hours: int = 4
    slow_session_creation_seconds: float = 5.0
    quota_per_second: float = 25.0
    provisioned_concurrency: int = 5
    memory_size: int = 512
    alarm_name: str = ""
    alarm_names: Strings = ()
    alarm_prefix: str = "FaceAuth-"
    escalation_minutes: Strings = field(default=("30", "60", "120"))
    medium_later_minutes: int = 30
    acknowledged_minutes: int = 60
    soak_minutes: int = 10
    remind_minutes: int = 60
    again_minutes: Strings = field(default=("5", "10", "20", "30"))
    effect_minutes: int = 15
    verify_minutes: int = 60
    keep_warm_minutes: int = 60
    provisioned_concurrency_hours: int = 24
    follow_up: str = ""
    reports_bucket: str = ""
    slack_secret: str = ""
    slack_channel: str = ""
    slack_team: str = ""
    slack_level_mentions: str = ""
    level_2_contact: str = "Slack #face-auth-dev"
    time_zone: str = ""
    runbook_url: str = ""
    slack_url: str = "https://slack.com/api/"
    check_zone: str = "Asia/Tokyo"
    cost_target: float = 450.0
    cost_floor: float = 400.0
    weekly_check_schedule: str = "cron(15 9 ? * MON *)"
    monthly_check_schedule: str = "cron(30 9 1 * ? *)"
    backup_schedule: str = "cron(45 8 ? * MON *)"
    backup_days: int = 35
    audit_days: int = 90
    subjects: str = ASCII
    deployed_functions: Strings = ()
    queues: Strings = ()

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """From environment variables; what is not set keeps its default.

        Raises:
            BadEvent: a value that cannot be read as its type, named by its variable.
        """
        given: Json = {}
        team, _, channel = environment.get("SLACK_CHANNEL", "").rpartition("/")
        environment = {**({"SLACK_TEAM": team} if team else {}), **environment, "SLACK_CHANNEL": channel}
        for each in fields(cls):
            value = environment.get(each.name.upper())
            if value is not None:
                try:
                    given[each.name] = _READ.get(each.type, str)(value)
                except ValueError:
                    raise BadEvent(each.name.upper()) from None
        return cls(**given)

    def answers(self, alarm: str) -> bool:
        """Whether this function answers that alarm."""
        return not self.alarm_name or alarm in (self.alarm_name, f"{self.alarm_name}{CORRECTED}")

    @property
    def functions(self) -> tuple[str, str]:
        """The two liveness functions."""
        return self.create_function, self.result_function

    @property
    def console(self) -> str:
        """The options by which `liveness-ops` finds this stack."""
        stack = "" if self.stack == type(self)().stack else f" --stack {self.stack}"
        return f"--region {self.region}{stack}"

    @property
    def parameters_path(self) -> str:
        """SSM path of the settings document, the modes and the pauses: `/<stack>`."""
        return f"/{self.stack}"


_DEFAULTS = Settings()


@frozen
class IncidentTimers:
    """All in minutes, by default those of the settings. The manual's chapter on escalation.

    Attributes:
        levels: when levels 2, 3 and 4 are notified, counted from the first ALARM.
        hold: how long an acknowledgement holds the escalation.
        soak: how long OK must last.
        remind: how often on-call is reminded of lowered security.
        again: when the decision is made again while the alarm lasts and nothing helps.
        effect: how long a remedy in force may take to end the alarm; then it did not help.
        verify: after so long a person judges a step of the revert by what was seen.
        keep: how long provisioned concurrency stays after recovery.
        later: how much later the levels are notified than for high severity.
    """

    levels: tuple[int, ...] = tuple(map(int, _DEFAULTS.escalation_minutes))
    hold: int = _DEFAULTS.acknowledged_minutes
    soak: int = _DEFAULTS.soak_minutes
    remind: int = _DEFAULTS.remind_minutes
    again: tuple[int, ...] = tuple(map(int, _DEFAULTS.again_minutes))
    effect: int = _DEFAULTS.effect_minutes
    verify: int = _DEFAULTS.verify_minutes
    keep: int = _DEFAULTS.keep_warm_minutes
    later: int = 0

    @classmethod
    def of(cls, settings: Settings, severity: Severity) -> "IncidentTimers":
        """A medium incident escalates later; level 1 is always notified immediately."""
        later = 0 if severity is Severity.HIGH else settings.medium_later_minutes
        return cls(
            levels=tuple(sorted(int(each) + later for each in settings.escalation_minutes)),
            hold=settings.acknowledged_minutes,
            soak=settings.soak_minutes,
            remind=settings.remind_minutes,
            again=tuple(sorted(int(each) for each in settings.again_minutes)),
            effect=settings.effect_minutes,
            verify=settings.verify_minutes,
            keep=settings.keep_warm_minutes,
            later=later,
        )

    def raised(self) -> "IncidentTimers":
        """The times with the levels of high severity; everything else is unchanged."""
        return replace(self, levels=tuple(each - self.later for each in self.levels), later=0)

    def level_after(self, level: int) -> timedelta:
        """When a level is notified, counted from the first ALARM; level 1 immediately."""
        return timedelta(minutes=0 if level == 1 else self.levels[level - 2])

    @property
    def last(self) -> int:
        """The highest level there is."""
        return 1 + len(self.levels)
