"""Every cause that a verdict can name.

To add one:

1. Add the member here; its value is `cause.` and its name in small letters.
2. Add its sentence in both languages under that key in `messages/locale/cause.po`.
3. Name it in a playbook with the values of that sentence: `Verdict(Cause.NETWORK(function=name), why, …)`.

4. List what a person does about it in `layers/responder/responder/causes/steps.py`.

Where nothing needs to be done, it also belongs to `normal`; where AWS Support can be asked about it, to
`followup/messages/support_case.py`.
"""

from enum import StrEnum

from responder.core.reasons import ReasonKind


class AwsService(StrEnum):
    """An AWS service that the monitored service depends on."""

    REKOGNITION = "rekognition"
    DYNAMODB = "dynamodb"
    S3 = "s3"
    KMS = "kms"
    IAM = "iam"
    LAMBDA = "lambda"
    VPC = "vpc"


class Cause(ReasonKind):
    """What is suspected behind an alarm, or what a message that answers no alarm is about."""

    # Of a playbook.
    UNKNOWN = "cause.unknown"
    # One per fault of the log that a caller cannot bring about at will (`facts.Fault`).
    ACCESS_DENIED = "cause.access_denied"
    THROTTLING = "cause.throttling"
    QUOTA = "cause.quota"
    INTERNAL = "cause.internal"
    CONFIGURATION = "cause.configuration"
    REFUSED = "cause.refused"
    IMPORT_ERROR = "cause.import_error"
    MEMORY = "cause.memory"
    CONNECTION = "cause.connection"
    READ_TIMEOUT = "cause.read_timeout"
    CONNECTION_LOST = "cause.connection_lost"
    TLS = "cause.tls"
    PROXY = "cause.proxy"
    VALIDATION = "cause.validation"
    CREDENTIALS = "cause.credentials"
    CLIENT_SETUP = "cause.client_setup"
    VARIABLE = "cause.variable"
    RESPONSE = "cause.response"
    UNEXPECTED = "cause.unexpected"
    OTHER = "cause.other"
    # Requests wait for what they call until they are killed at the time-out.
    SLOW_REKOGNITION = "cause.slow_rekognition"
    SLOW_TABLE = "cause.slow_table"
    SLOW_IMAGES = "cause.slow_images"
    SLOW_NETWORK = "cause.slow_network"
    SLOW_DEPENDENCY = "cause.slow_dependency"  # which one is unknown
    RELEASE = "cause.release"  # new code
    CHANGE = "cause.change"  # of settings, rights or a resource
    ENVIRONMENT = "cause.environment"
    # What the service needs, and is absent or cannot be used.
    TABLE_ABSENT = "cause.table_absent"
    TABLE_UNUSABLE = "cause.table_unusable"
    INDEX_ABSENT = "cause.index_absent"
    INDEX_UNUSABLE = "cause.index_unusable"
    BUCKET_ABSENT = "cause.bucket_absent"
    OBJECT_ABSENT = "cause.object_absent"
    KEY_UNUSABLE = "cause.key_unusable"
    PERMISSION_ABSENT = "cause.permission_absent"
    POLICY_ABSENT = "cause.policy_absent"
    ROLE_ABSENT = "cause.role_absent"
    COLD_STARTS = "cause.cold_starts"
    NETWORK = "cause.network"
    # Nothing is wrong, or the fault has passed.
    SESSIONS_ENDED = "cause.sessions_ended"
    RATE_NORMAL = "cause.rate_normal"
    PASSED_BY = "cause.passed_by"
    CREATION_FAST = "cause.creation_fast"
    THROTTLES_PASSED = "cause.throttles_passed"
    DENIED_MENDED = "cause.denied_mended"
    # Of failed checks and their scores.
    UNFINISHED = "cause.unfinished"
    NEAR_THRESHOLD = "cause.near_threshold"
    LOW_SCORES = "cause.low_scores"
    AMBER = "cause.amber"
    # Of the sessions table and of concurrency.
    TABLE_THROTTLED = "cause.table_throttled"
    TABLE_CAPACITY = "cause.table_capacity"
    TABLE_HOT_KEY = "cause.table_hot_key"
    TABLE_ON_DEMAND_THROTTLED = "cause.table_on_demand_throttled"
    CONCURRENCY_OFF = "cause.concurrency_off"
    CONCURRENCY_RESERVED = "cause.concurrency_reserved"
    CONCURRENCY_ACCOUNT = "cause.concurrency_account"
    # Of a denied call.
    DENIED_ROLE = "cause.denied_role"
    DENIED_ELSEWHERE = "cause.denied_elsewhere"
    DENIED_BY_ROLE = "cause.denied_by_role"
    DENIED_BUCKET_POLICY = "cause.denied_bucket_policy"
    DENIED_PUBLIC_BLOCK = "cause.denied_public_block"
    DENIED_KEY = "cause.denied_key"
    DENIED_ABOVE = "cause.denied_above"
    DENIED_OTHER_ROLE = "cause.denied_other_role"
    DENIED_OTHER_TARGET = "cause.denied_other_target"

    # Of a message that answers no alarm: a command, and what failed in our own parts.
    COMMAND = "cause.command"
    AUTOMATION_FAILED = "cause.automation_failed"
    FOLLOW_UP_FAILED = "cause.follow_up_failed"
    BACKUP_FAILED = "cause.backup_failed"
    CHECK_FAILED = "cause.check_failed"
    SLACK_POST_FAILED = "cause.slack_post_failed"
    SLACK_ACTION_FAILED = "cause.slack_action_failed"
    SLACK_CHECK_FAILED = "cause.slack_check_failed"
    # Of the watchdog.
    WATCHDOG_HEADLESS = "cause.watchdog_headless"
    WATCHDOG_SILENT = "cause.watchdog_silent"
    WATCHDOG_DYING = "cause.watchdog_dying"
    WATCHDOG_OVERDUE = "cause.watchdog_overdue"
    WATCHDOG_ORPHAN = "cause.watchdog_orphan"
    WATCHDOG_APPROVED = "cause.watchdog_approved"
    WATCHDOG_UNREAD = "cause.watchdog_unread"
    WATCHDOG_MANY = "cause.watchdog_many"

    @property
    def normal(self) -> bool:
        """Nothing needs fixing: the alarm fired without a fault, or the fault has passed."""
        return self in _NORMAL


_NORMAL = frozenset(
    {
        Cause.SESSIONS_ENDED,
        Cause.RATE_NORMAL,
        Cause.PASSED_BY,
        Cause.CREATION_FAST,
        Cause.THROTTLES_PASSED,
        Cause.DENIED_MENDED,
    }
)
