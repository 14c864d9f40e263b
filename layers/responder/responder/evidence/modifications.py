"""What was changed before the alarm, of everything that the service depends on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import ANY, SERVICE_ROLE, SERVICE_STACK, Permission, Permissions
from responder.core.settings import Settings
from responder.core.text import Strings, Text, text
from responder.core.timestamps import stamp
from responder.evidence import trail
from responder.evidence.base import Look, reason, side_by_side
from responder.evidence.changes import TRAIL_DELAY, Affects, Dependency, Modification, Modifications, watched
from responder.evidence.configuration import moment

MOST = 10
# Lambda dates a change as it answers the call, CloudTrail in whole seconds.
ECHO = timedelta(seconds=5)


@frozen
class RecentChanges(Look):
    """Changes of the functions, the stack, the role and its policies, the table, the bucket and the keys
    since a day before the alarm."""

    KEY, SUBJECT = "changes", Subject.CHANGES

    def needs(self) -> Permissions:
        """Reading configurations, versions, attached policies, CloudTrail and stack events."""
        functions = (
            Permission(action, function.arn)
            for function in LivenessFunction
            for action in ("lambda:GetFunctionConfiguration", "lambda:ListVersionsByFunction")
        )
        return (
            *functions,
            Permission("iam:ListAttachedRolePolicies", SERVICE_ROLE),
            Permission("cloudtrail:LookupEvents", ANY),
            Permission("cloudformation:DescribeStackEvents", SERVICE_STACK),
        )

    def look(self, context: Context) -> Modifications:
        """A source that cannot be asked is named and hides no other."""
        since = context.since - trail.BEFORE
        answers, errors = side_by_side(_sources(context, since))
        unasked = [
            text("evidence.changes.unasked", source=name, reason=reason(error))
            for name, error in errors.items()
        ]
        functions = context.settings.functions
        configurations = {
            name: answers[source] for name in functions if (source := f"Lambda {name}") in answers
        }
        keys = tuple(key for each in configurations.values() if (key := each.get("KMSKeyArn")))
        watched = _watched(context.settings, answers.get(_POLICIES, ()), keys)
        trails: dict[str, trail.Trail] = {name: answers[name] for name in _TRAILS if name in answers}
        elsewhere = {name: kind for name, kind in watched.items() if kind in _EVERYWHERE}
        names = dict(zip(_TRAILS, (watched, elsewhere), strict=True))
        modified = text("evidence.changes.modified")
        changes = [
            *(
                Modification(moment(each.get("LastModified")), name, modified, "Lambda", affects=_DEPLOYED)
                for name, each in configurations.items()
            ),
            *(change for name in functions for change in answers.get(f"Lambda {name} versions", ())),
            *(
                change
                for name, each in trails.items()
                for change in trail.changes(each.events, names[name], context.settings)
            ),
            *answers.get(f"CloudFormation {context.settings.service_stack}", ()),
        ]
        young = sorted((each for each in changes if each.at >= since), key=lambda each: each.at, reverse=True)
        return Modifications(
            since,
            without_echoes(young),
            tuple(unasked),
            whole_since=max((each.since for each in trails.values()), default=since),
            watched=watched,
        )

    def findings(self, fact: Modifications, context: Context) -> Findings:
        """What changed, newest first, with the minutes before the alarm; then what could not be asked. That
        "nothing changed" covers only what was read."""
        foreign = [change for change in fact.changes if change.foreign]
        suspects = fact.before(context.since)
        incomplete = not fact.reach(context.since)
        if suspects:
            key, tone = "evidence.changes.suspect", Tone.AMBER
        elif foreign:
            key, tone = "evidence.changes", Tone.INFO if incomplete else Tone.NORMAL
        else:
            key = "evidence.changes.known_only" if fact.changes else "evidence.changes.none"
            tone = Tone.UNKNOWN if incomplete else Tone.NORMAL
        since = fact.since if fact.whole_since is None else fact.whole_since
        until = stamp(context.now - TRAIL_DELAY)
        count = len(suspects or foreign)
        said = text(key, count=count, since=stamp(since), until=until, watched=watched(fact))
        late = (text("evidence.changes.capped", since=stamp(since)),) if since > fact.since else ()
        details = (*(_line(change, context) for change in fact.changes[:MOST]), *fact.unasked, *late)
        link = console_links.trail(context.settings.region, fact.changes[0].target if fact.changes else "")
        return (self.finding(tone, said, len(fact.changes), details, link=link, over=context.now - since),)


_POLICIES = "IAM ListAttachedRolePolicies"
_TRAILS = ("CloudTrail", "CloudTrail IAM")
# What Lambda's LastModified dates.
_DEPLOYED = frozenset({Affects.CODE, Affects.CONFIGURATION})
# Their names are the same in every Region. Anything else with one of these names in the home Region of IAM is
# of another deployment there.
_EVERYWHERE = frozenset({Dependency.ROLE, Dependency.POLICY, Dependency.BUCKET})


def _sources(context: Context, since: datetime) -> dict[str, Callable[[], Any]]:
    """Every source by its name, with the call that asks it."""
    settings = context.settings
    elsewhere = trail.iam_region(settings.region)
    asks: dict[str, Callable[[], Any]] = {
        _POLICIES: partial(_attached, context),
        "CloudTrail": partial(trail.read, context, since),
        f"CloudFormation {settings.service_stack}": partial(_stack, context, since),
    }
    if elsewhere != settings.region:
        asks["CloudTrail IAM"] = partial(trail.read, context, since, elsewhere)
    for name in settings.functions:
        configuration = partial(context.aws.call, "lambda", "get_function_configuration", FunctionName=name)
        asks[f"Lambda {name}"] = configuration
        asks[f"Lambda {name} versions"] = partial(_versions, context, name)
    return asks


def _watched(settings: Settings, policies: Strings, keys: Strings) -> dict[str, Dependency]:
    """What the service depends on, by every name that a call may use for it."""
    names = {
        Dependency.FUNCTION: (*settings.functions, *settings.rollout_functions),
        Dependency.STACK: (settings.service_stack,),
        Dependency.ROLE: (settings.service_role,),
        Dependency.POLICY: policies,
        Dependency.TABLE: (settings.sessions_table,),
        Dependency.BUCKET: (settings.bucket,),
        Dependency.KEY: tuple(key.rpartition("/")[2] for key in keys),
    }
    return {name: kind for kind, each in names.items() for name in each if name}


def without_echoes(changes: list[Modification]) -> tuple[Modification, ...]:
    """The changes without those of Lambda's LastModified that CloudTrail also records, with a name;
    LastModified dates only code and settings."""
    named = [change for change in changes if change.source == "CloudTrail" and change.affects & _DEPLOYED]
    return tuple(
        change
        for change in changes
        if change.source != "Lambda"
        or not any(other.target == change.target and abs(other.at - change.at) < ECHO for other in named)
    )


def _versions(context: Context, function: str) -> tuple[Modification, ...]:
    versions = [
        version
        for page in context.aws.pages("lambda", "list_versions_by_function", FunctionName=function)
        for version in page.get("Versions", ())
        if version.get("Version") != "$LATEST"
    ]
    if not versions:
        return ()
    newest = max(versions, key=lambda version: moment(version.get("LastModified")))
    what = text("evidence.changes.version", version=newest.get("Version", ""))
    code = frozenset({Affects.CODE})
    return (Modification(moment(newest.get("LastModified")), function, what, "Lambda", affects=code),)


def _attached(context: Context) -> Strings:
    """ARNs of the managed policies of the service's role: a new version of one changes its rights."""
    pages = context.aws.pages("iam", "list_attached_role_policies", RoleName=context.settings.service_role)
    return tuple(each["PolicyArn"] for page in pages for each in page.get("AttachedPolicies", ()))


def _stack(context: Context, since: datetime) -> tuple[Modification, ...]:
    stack = context.settings.service_stack
    found: list[Modification] = []
    for page in context.aws.pages("cloudformation", "describe_stack_events", StackName=stack):
        for event in page.get("StackEvents", ()):
            at = event["Timestamp"].astimezone(UTC)
            if at < since:
                return tuple(found)
            if event.get("PhysicalResourceId") == event.get("StackId"):
                what = text("evidence.changes.stack", status=event.get("ResourceStatus", ""))
                found.append(Modification(at, stack, what, "CloudFormation", kind=Dependency.STACK))
    return tuple(found)


def _line(change: Modification, context: Context) -> Text:
    minutes = round((context.since - change.at).total_seconds() / 60)
    when = (
        text("evidence.changes.before", minutes=minutes)
        if minutes >= 0
        else text("evidence.changes.after", minutes=-minutes)
    )
    key = (
        "evidence.changes.ours"
        if change.ours
        else "evidence.changes.scaling"
        if change.scaling
        else "evidence.changes.by"
        if change.by
        else "evidence.changes.unnamed"
    )
    values = {"by": change.by} if change.by and change.foreign else {}
    return text(key, at=stamp(change.at), when=when, target=change.target, what=change.what, **values)
