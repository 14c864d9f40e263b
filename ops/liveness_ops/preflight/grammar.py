"""What each free text of the template has to look like, by the rules of the service that receives it.

CloudFormation looks at types, allowed values and patterns alone: the rest a service refuses in the middle of
a deployment, which is then rolled back, or takes although it cannot work. `GRAMMARS` has every parameter
whose values are not listed in the template; each sentence is `preflight.takes_…` in
`messages/locale/preflight.po`.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import product

import tzdata

from responder.core.plain_data import Data
from responder.core.text import Text, Values

type Grammar = Callable[[str], str]
_DIGITS = 9


def problem(parameter: str, value: str, about: Data) -> Text | None:
    """What the parameter, declared so, takes instead of this value; None where the value is well-formed."""
    judge = GRAMMARS.get(parameter)
    sentence = judge(value) if judge else ""
    return Text(f"preflight.takes_{sentence}", limits(about)) if sentence else None


def limits(about: Data) -> Values:
    """The least and the greatest number that the parameter takes."""
    return {"least": about.get("MinValue", 0), "most": about.get("MaxValue", 10**_DIGITS - 1)}


def elsewhere(arn: str, partition: str, region: str, account: str) -> bool:
    """Whether the ARN is of another account or partition, or of another Region where it names one."""
    _, of, _, where, whose, *_ = [*arn.split(":", 5), *[""] * 5]
    return (of, whose) != (partition, account) or where not in ("", region)


def _like(sentence: str, pattern: str) -> Grammar:
    known = re.compile(pattern, re.ASCII)
    return lambda value: "" if known.fullmatch(value) else sentence


def _or_none(grammar: Grammar) -> Grammar:
    return lambda value: grammar(value) if value else ""


def _name(value: str) -> str:
    """See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html.

    What no screen shows is not taken either: two names would look the same.
    """
    return "" if 1 <= len(value) <= 255 and value.isprintable() and value.strip() == value else "alarm"


def _approver(value: str) -> str:
    """See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns."""
    if re.fullmatch(r"arn:[^:]*:iam::\d*:root|\d{12}", value):
        return "no_root"
    if re.match(r"arn:[^:]*:iam::\d*:(role|group)/", value):
        return "no_role"
    return "" if _APPROVER.fullmatch(value) else "approver"


_APPROVER = re.compile(
    r"arn:aws[a-z-]*:(iam::\d{12}:user/[\w+=,.@/-]{1,576}"
    r"|sts::\d{12}:assumed-role/[\w+=,.@-]{1,64}/[\w+=,.@-]{2,64})",
    re.ASCII,
)


def _zone(value: str) -> str:
    """See https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#time-zones."""
    return "" if value in _zones() else "zone"


@cache
def _zones() -> frozenset[str]:
    # Not the machine's, which may lack some and have others. `Factory` stands for a zone that is not set yet
    # (https://data.iana.org/time-zones/tzdb/factory).
    names = resources.files(tzdata).joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(names) - {"Factory"}


# --- schedules -----------------------------------------------------------------------------------
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, and for the wildcards
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html. What neither refuses is
# accepted, unless it would never run.

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_FIELDS: tuple[tuple[int, int, list[str]], ...] = (
    (0, 59, []),
    (0, 23, []),
    (1, 31, []),
    (1, 12, _MONTHS),
    (1, 7, _DAYS),
    (1970, 2199, []),
)
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4
_SPECIAL = {
    _DAY_OF_MONTH: re.compile(r"\?|L|LW|L-([1-9]|[12]\d|30)|([1-9]|[12]\d|3[01])W"),
    _DAY_OF_WEEK: re.compile(rf"\?|L|([1-7]|{'|'.join(_DAYS)})(L|#[1-5])"),
}


def _schedule(value: str) -> str:
    """A recurring schedule: `cron(…)` or `rate(…)`. One of the two days is `?`, the other one is not.

    EventBridge Scheduler User Guide, "Schedule types": it names no singular for one hour, as rules do.
    """
    if re.fullmatch(r"rate\([1-9]\d* (minute|hour|day)s?\)", value, re.ASCII):
        return ""
    if not value.startswith("cron("):
        return "rate" if value.startswith("rate(") else "schedule"
    fields = value.removeprefix("cron(").removesuffix(")").upper().split()
    if not value.endswith(")") or len(fields) != len(_FIELDS):
        return "cron"
    if (fields[_DAY_OF_MONTH] == "?") == (fields[_DAY_OF_WEEK] == "?"):
        return "cron_days"
    try:
        _, _, days, months, _, years = (_numbers(place, each) for place, each in enumerate(fields))
    except ValueError:
        return "cron"
    now = datetime.now(UTC).year
    dates = product((year for year in years if year >= now), months, days)
    return "" if any(day <= monthrange(year, month)[1] for year, month, day in dates) else "cron_never"


def _numbers(place: int, written: str) -> list[int]:
    """What a field stands for; `?` and `#` have no place in a list. Raises ValueError."""
    parts = written.split(",")
    if len(parts) > 1 and re.search(r"[?#]", written):
        raise ValueError(written)
    return [number for part in parts for number in _part(place, part)]


def _part(place: int, written: str) -> Iterable[int]:
    """Of `*`, a value or a range, which may go round the end, or one of them with a step; of a day that every
    month has, the first. Raises ValueError."""
    if place in _SPECIAL and _SPECIAL[place].fullmatch(written):
        return (1,)
    first, last, names = _FIELDS[place]
    span, slash, step = written.partition("/")
    start, dash, end = (f"{first}-{last}" if span == "*" else span).partition("-")
    low = _number(start, first, last, names)
    high = _number(end, first, last, names) if dash else last if slash else low
    every = _number(step, 1, 9999, []) if slash else 1
    return range(low, high + 1, every) if low <= high else (*range(low, last + 1), *range(first, high + 1))


def _number(written: str, first: int, last: int, names: list[str]) -> int:
    if written in names:
        return first + names.index(written)
    number = int(written) if re.fullmatch(r"\d{1,4}", written, re.ASCII) else -1
    if not first <= number <= last:
        raise ValueError(written)
    return number


# --- the table -----------------------------------------------------------------------------------

# A Dot-string of RFC 5321, 4.1.2, with a domain that has a dot (SNS sends no mail to another one) and does
# not end in a number (RFC 3696, 2): an address of the network stands in brackets.
_ATOM, _LABEL = r"[\w!#$%&'*+/=?^`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_address = _or_none(
    _like("address", rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*\.(?!\d+$){_LABEL}")
)
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html; an ARN or a version is no name.
_function = _like("function", r"[A-Za-z0-9_-]{1,64}")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
_table = _like("table", r"[A-Za-z0-9_.-]{3,255}")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_bucket = _like(
    "bucket",
    r"(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)"
    r"(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)"
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
)
_whole = _like("whole", rf"\d{{1,{_DIGITS}}}")
_number_of = _like("number", rf"\d{{1,{_DIGITS}}}(\.\d{{1,{_DIGITS}}})?")

GRAMMARS: Mapping[str, Grammar] = {
    "FirstApprover": _or_none(_approver),
    **dict.fromkeys(
        ("OnCallEmail", "Level2Email", "Level3Email", "Level4Email", "LastResortEmail"), _address
    ),
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html: policies compare the
    # whole ARN, with the six characters that Secrets Manager adds.
    "SlackSecretArn": _or_none(
        _like("secret", r"arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}")
    ),
    "SlackChannel": _or_none(_like("channel", r"[TE][A-Z0-9]+/[CG][A-Z0-9]+")),
    **dict.fromkeys(
        (
            "CreateFunctionName",
            "ResultFunctionName",
            "EnrollmentFunctionName",
            "FaceLoginFunctionName",
            "EmergencyAuthFunctionName",
            "ReEnrollmentFunctionName",
        ),
        _function,
    ),
    "SessionsTableName": _table,
    "SessionsIndexName": _table,
    "ImagesBucketName": _or_none(_bucket),
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html; its path is no part of it.
    "ServiceRoleName": _like("role", r"[\w+=,.@-]{1,64}"),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    "ServiceStackName": _like("stack", r"[A-Za-z][A-Za-z0-9-]{0,127}"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
    "MetricNamespace": _like("namespace", r"(?![: ])[ -~]{0,254}[!-~]"),
    **dict.fromkeys(
        (
            "LowSuccessRateAlarmName",
            "LowConfidenceAlarmName",
            "SlowVerificationAlarmName",
            "HighErrorRateAlarmName",
            "CreateSessionErrorsAlarmName",
            "GetResultErrorsAlarmName",
            "CreateSessionTimeoutsAlarmName",
            "GetResultTimeoutsAlarmName",
            "SessionCreationErrorsAlarmName",
            "AlarmPrefix",
        ),
        _name,
    ),
    "SlowResultSeconds": _like("seconds", r"[1-9][0-9]?"),
    **dict.fromkeys(("SlowSessionCreationSeconds", "SuccessRatePercent", "ErrorRatePercent"), _number_of),
    **dict.fromkeys(("MinimumSureFaults", "MinimumFaults", "MinimumFailedChecks", "CheckHour"), _whole),
    "CheckZone": _zone,
    "BackupSchedule": _or_none(_schedule),
}


def takes(about: Data, value: str) -> bool:
    """Whether CloudFormation accepts the value for a parameter that is declared so."""
    if "AllowedValues" in about and value not in map(str, about["AllowedValues"]):
        return False
    if "AllowedPattern" in about and not re.fullmatch(about["AllowedPattern"], value):
        return False
    if len(value) < about.get("MinLength", 0):
        return False
    if about["Type"] != "Number":
        return True
    if not re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII):
        return False
    return bool(about.get("MinValue", float(value)) <= float(value) <= about.get("MaxValue", float(value)))
