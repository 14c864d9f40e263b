"""What people do after an incident, made from what happened in it: each action with the team that does it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from responder.core.cause import Cause
from responder.core.remedy import spec_of
from responder.core.text import Text, Values
from responder.core.timestamps import stamp
from responder.followup_rules.seen import ApprovalAnswer
from responder.incident_report.model import (
    Ending,
    FollowUpAction,
    IncidentReport,
    OpenItem,
    OpenItemReason,
    Team,
)
from responder.messages.language import duration
from responder.messages.requests import leased, name


class Fix(StrEnum):
    """What is done about a cause, so that it does not return."""

    AWS = "aws"  # ask AWS Support
    CAPACITY = "capacity"  # memory, concurrency, throughput of a table
    CODE = "code"
    CONFIGURATION = "configuration"  # variables and names
    KEYS = "keys"  # a few keys of the table get most requests
    NETWORK = "network"
    NOTHING = "nothing"  # the alarm fired, and nothing was broken
    PERMISSION = "permission"
    QUOTA = "quota"
    RESOURCE = "resource"  # it is absent or cannot be used
    SCORES = "scores"  # users fail the check, or leave it
    THROUGHPUT = "throughput"  # of a table on demand: its maximum, the account's, or that of a key
    UNKNOWN = "unknown"


FIXES: dict[Fix, tuple[Cause, ...]] = {
    Fix.AWS: (
        Cause.INTERNAL,
        Cause.READ_TIMEOUT,
        Cause.CONNECTION_LOST,
        Cause.SLOW_REKOGNITION,
        Cause.SLOW_IMAGES,
        Cause.SLOW_DEPENDENCY,
    ),
    Fix.CAPACITY: (
        Cause.MEMORY,
        Cause.COLD_STARTS,
        Cause.SLOW_TABLE,
        Cause.TABLE_THROTTLED,
        Cause.TABLE_CAPACITY,
        Cause.CONCURRENCY_RESERVED,
    ),
    Fix.CODE: (
        Cause.IMPORT_ERROR,
        Cause.VALIDATION,
        Cause.CLIENT_SETUP,
        Cause.RESPONSE,
        Cause.UNEXPECTED,
        Cause.OTHER,
        Cause.RELEASE,
    ),
    Fix.CONFIGURATION: (
        Cause.CONFIGURATION,
        Cause.VARIABLE,
        Cause.CHANGE,
        Cause.ENVIRONMENT,
        Cause.DENIED_OTHER_TARGET,
    ),
    Fix.KEYS: (Cause.TABLE_HOT_KEY,),
    Fix.NETWORK: (Cause.CONNECTION, Cause.TLS, Cause.PROXY, Cause.SLOW_NETWORK, Cause.NETWORK),
    Fix.NOTHING: (
        Cause.SESSIONS_ENDED,
        Cause.RATE_NORMAL,
        Cause.PASSED_BY,
        Cause.CREATION_FAST,
        Cause.THROTTLES_PASSED,
        Cause.DENIED_MENDED,
    ),
    Fix.PERMISSION: (
        Cause.ACCESS_DENIED,
        Cause.CREDENTIALS,
        Cause.PERMISSION_ABSENT,
        Cause.POLICY_ABSENT,
        Cause.ROLE_ABSENT,
        Cause.DENIED_ROLE,
        Cause.DENIED_ELSEWHERE,
        Cause.DENIED_BY_ROLE,
        Cause.DENIED_BUCKET_POLICY,
        Cause.DENIED_PUBLIC_BLOCK,
        Cause.DENIED_KEY,
        Cause.DENIED_ABOVE,
        Cause.DENIED_OTHER_ROLE,
    ),
    Fix.QUOTA: (Cause.THROTTLING, Cause.QUOTA, Cause.CONCURRENCY_ACCOUNT),
    Fix.RESOURCE: (
        Cause.TABLE_ABSENT,
        Cause.TABLE_UNUSABLE,
        Cause.INDEX_ABSENT,
        Cause.INDEX_UNUSABLE,
        Cause.BUCKET_ABSENT,
        Cause.OBJECT_ABSENT,
        Cause.KEY_UNUSABLE,
        Cause.CONCURRENCY_OFF,
    ),
    Fix.SCORES: (Cause.UNFINISHED, Cause.NEAR_THRESHOLD, Cause.LOW_SCORES, Cause.AMBER),
    Fix.THROUGHPUT: (Cause.TABLE_ON_DEMAND_THROTTLED,),
    Fix.UNKNOWN: (Cause.UNKNOWN, Cause.REFUSED),
}
_FIX_OF = {cause: fix for fix, causes in FIXES.items() for cause in causes}
_DEVELOPMENT = frozenset(
    {
        Fix.CAPACITY,
        Fix.CODE,
        Fix.CONFIGURATION,
        Fix.KEYS,
        Fix.PERMISSION,
        Fix.RESOURCE,
        Fix.THROUGHPUT,
        Fix.UNKNOWN,
    }
)


def follow_up_actions(report: IncidentReport) -> tuple[FollowUpAction, ...]:
    """Changes to settle first, then the logins to review, the cause, and what did not work as it should."""
    return (
        *_changes(report),
        *_logins(report),
        *_cause(report),
        *_recovery(report),
        *_remedies(report),
        *_people(report),
    )


def _changes(report: IncidentReport) -> Iterator[FollowUpAction]:
    for each in report.open_items:
        # What is done about the remedy itself settles the difference from CDK, too.
        if each.kind is not OpenItemReason.DRIFT:
            lasting = each.kind is OpenItemReason.STAYS and not spec_of(each.remedy).can_revert
            development = lasting or each.kind is OpenItemReason.KEPT
            yield _action(
                "change_lasting" if lasting else f"change_{each.kind}", development, _values(report, each)
            )


def _values(report: IncidentReport, item: OpenItem) -> Values:
    same = [each for each in report.remedies if each.remedy == item.remedy]
    changes = (change for each in same if each.scope == item.scope for change in each.changes)
    alike = sum(each.open for each in same)
    scope = f" --scope {item.scope}" if alike > 1 else ""
    return {
        "remedy": leased(item.remedy, item.scope, changes),
        "setting": item.setting,
        "targets": ", ".join(item.targets),
        "command": f"liveness-ops revert {report.incident} {item.remedy}{scope} {report.console}".rstrip(),
    }


def _logins(report: IncidentReport) -> Iterator[FollowUpAction]:
    impact = report.impact
    if impact is None or not impact.lowered or impact.unchecked == 0:
        return
    concerned = [each for each in report.remedies if each.lowers_security and each.applied is not None]
    functions = dict.fromkeys(change.target for each in concerned for change in each.changes)
    start = min(each.applied for each in concerned if each.applied is not None)
    end = max(each.ended or report.times.closed for each in concerned)
    values: Values = {"functions": ", ".join(functions)}
    yield _action("logins", False, values | _span(start, end))


def _cause(report: IncidentReport) -> Iterator[FollowUpAction]:
    if not report.causes:
        return
    cause = report.causes[-1]
    fix = _FIX_OF.get(cause.kind, Fix.UNKNOWN) if cause.kind is not None else Fix.UNKNOWN
    start, end = report.times.start, report.times.mitigated or report.times.closed
    values: Values = {"cause": cause.cause, "alarm": report.alarm}
    yield _action(f"fix_{fix}", fix in _DEVELOPMENT, values | _span(start, end))


def _recovery(report: IncidentReport) -> Iterator[FollowUpAction]:
    if report.ending is not Ending.RECOVERED:
        yield _action("recovery", False, {"alarm": report.alarm})


def _remedies(report: IncidentReport) -> Iterator[FollowUpAction]:
    failed = {each.remedy: each for each in report.remedies if each.judged == "ineffective"}
    for remedy, each in failed.items():
        command = f"liveness-ops mode {remedy} observe {report.console}".rstrip()
        yield _action("ineffective", False, {"remedy": name(remedy, each.scope), "command": command})


def _people(report: IncidentReport) -> Iterator[FollowUpAction]:
    if not report.met:
        took = report.times.after_alarm(report.times.message)
        key = "late" if took is not None else "no_message"
        yield _action(key, True, {"minutes": report.severity.minutes, "took": duration(took)})
    expired = sum(each.answer is ApprovalAnswer.EXPIRED for each in report.requests)
    if expired:
        yield _action("expired", False, {"count": expired})
    highest = max((level for level, _ in report.escalations), default=1)
    if highest > 1 and not report.acknowledgements:
        yield _action("unacknowledged", False, {"level": Text(f"level.{highest}")})


def _span(start: datetime, end: datetime) -> Values:
    return {"start": stamp(start), "end": stamp(end)}


def _action(kind: str, development: bool, values: Values) -> FollowUpAction:
    team = Team.DEVELOPMENT if development else Team.OPERATIONS
    return FollowUpAction(kind, Text(f"closing.action_{kind}", values), team)
