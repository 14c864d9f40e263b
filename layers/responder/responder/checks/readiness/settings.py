"""What people set: modes and stops in force, who may approve, and which sessions of roles count as people."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from responder.checks.finding import AMBER, UNKNOWN, Checked, CheckItem
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError, SettingsUnusable
from responder.core.modes import Effect, Mode
from responder.core.refusals import Refusal
from responder.core.remedy import REMEDIES
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES, People, SettingsDocument
from responder.core.switches import KEPT, Stop, Switches, switches
from responder.core.text import Text, Texts, text
from responder.core.timestamps import stamp
from responder.evidence.base import reason
from responder.evidence.role_sessions import Unbound, because, unbound

_REMEDIES = tuple(name.value for name, spec in REMEDIES.items() if spec.applied)
_CHAPTER = "連絡先"

# By the ARN of a role's sessions without their names, `arn:…:assumed-role/ROLE`: None where it binds them.
type Roles = Mapping[str, Unbound | AwsError | None]


def switched(context: Context) -> Iterator[CheckItem]:
    """The items about modes and stops, as the next response would read them."""
    path = context.settings.parameters_path
    try:
        pages = context.aws.pages("ssm", "get_parameters_by_path", Path=path, Recursive=True)
        known = {each["Name"]: each["Value"] for page in pages for each in page.get("Parameters", [])}
    except AwsError as error:
        yield Checked.MODES.of().unknown(text("check.ready.modes_unread", reason=reason(error)))
        return
    found = switches(path, known, ())
    yield from _modes(found, context.settings)
    yield from pauses(found, context.now, context.settings)
    yield from registered(found.document, context)


def _modes(found: Switches, settings: Settings) -> Iterator[CheckItem]:
    """The global mode first: under observe nothing else counts."""

    def amber(about: Checked, said: Text, mode: str) -> CheckItem:
        return about.of().amber(said, command=f"liveness-ops mode {mode} {settings.console}")

    everywhere = found.everywhere
    if everywhere is None or everywhere is Mode.OBSERVE:
        said = text("check.ready.mode_missing" if everywhere is None else "check.ready.mode_observe")
        yield amber(Checked.MODE_EVERYWHERE, said, "auto")
        return
    missing = [name for name in _REMEDIES if name not in found.remedies]
    observed = [name for name in _REMEDIES if found.remedies.get(name) is Mode.OBSERVE]
    if missing:
        said = text("check.ready.modes_missing", remedies=_names(missing))
        yield amber(Checked.MODES_MISSING, said, f"{missing[0]} approve")
    if observed:
        said = text("check.ready.modes_observe", remedies=_names(observed))
        yield amber(Checked.MODES_OBSERVE, said, f"{observed[0]} approve")
    if not missing and not observed:
        modes = ((name, found.mode(name)) for name in _REMEDIES)
        details = (
            text("check.ready.mode_of", remedy=text(f"remedy.name.{name}"), mode=mode.value)
            for name, mode in modes
            if mode is not None
        )
        said = text("check.ready.modes", mode=everywhere.value)
        yield Checked.MODES.of().green(said, *details)


def pauses(found: Switches, now: datetime, settings: Settings) -> Iterator[CheckItem]:
    """One item for each that is in force; those that begin later are only named. Pure."""
    active = found.active(now)
    # The watchdog, which removes them, comes every five minutes.
    if count := sum(each.over(now - 2 * KEPT) for each in found.stops):
        yield Checked.STOPS_LEFT.of().amber(text("check.ready.stops_left", count=count))
    for each in active:
        command = f"liveness-ops resume {each.name} {settings.console}"
        yield Checked.STOP.of(each.name).amber(_line(each, now), command=command)
    for each in found.stops:
        if each.asks and each.active(now):
            said = Text(Refusal.DEMOTED.value, {"name": each.name, "why": each.why})
            command = f"liveness-ops resume {each.name} {settings.console}"
            details = (text(f"remedy.name.{each.asks}"),)
            yield Checked.STOP.of(each.name).amber(said, *details, command=command)
    if not active:
        ahead = (_line(each, now) for each in found.stops if not (each.asks or each.over(now)))
        yield Checked.STOPS.of().green(text("check.ready.no_pause"), *ahead)


def _line(stop: Stop, now: datetime) -> Text:
    until = text("guard.until_resumed") if stop.until is None else stamp(stop.until, now)
    about = {"name": stop.name, "who": stop.by, "why": stop.why, "until": until}
    if stop.since is None:
        return Text(Refusal.PAUSED.value, about)
    key = "check.ready.pause_ahead" if stop.since > now else Refusal.WINDOW.value
    return Text(key, {**about, "since": stamp(stop.since, now)})


def _names(names: Iterable[str]) -> Texts:
    return tuple(text(f"remedy.name.{name}") for name in names)


def registered(document: SettingsDocument | SettingsUnusable, context: Context) -> Iterator[CheckItem]:
    """Approvers by class, and the roles whose sessions are registered."""
    if isinstance(document, SettingsUnusable):
        this = Checked.SETTINGS_DOCUMENT.of(chapter=_CHAPTER)
        yield this.red(text("settings.refused", reason=document.reason.text))
        return
    if document.retired:
        said = text("check.ready.settings_retired", names=", ".join(document.retired))
        yield Checked.SETTINGS_DOCUMENT.of().green(said)
    people, found = document.people, _roles(document.people, context)
    out = {role for role, why in found.items() if isinstance(why, Unbound)}
    # A role that could not be read is left in: `people` may be allowed to read what this check may not.
    left = (replace(one, aws=tuple(arn for arn in one.aws if _role(arn) not in out)) for one in people)
    counting = People(tuple(each for each in left if each.identities))
    yield from _approvers(counting, context.settings)
    unbound_roles = [(role, why) for role, why in sorted(found.items()) if why]
    for role, why in unbound_roles:
        yield _role_item(role, why, people, context.settings.region)
    if found and not unbound_roles:
        said = text("check.ready.roles_bound", count=len(found))
        yield Checked.ROLES_BOUND.of(chapter=_CHAPTER).green(said)


def _roles(people: People, context: Context) -> Roles:
    """Each role with a registered session is read once, a few at a time."""
    known = {_role(arn): arn for each in people for arn in each.aws if ":assumed-role/" in arn}

    def judge(arn: str) -> Unbound | AwsError | None:
        try:
            return unbound(context.aws, arn)
        except AwsError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(known, pool.map(judge, known.values()), strict=True))


def _role(arn: str) -> str:
    return arn.rpartition("/")[0]


def _role_item(role: str, why: Unbound | AwsError, people: People, region: str) -> CheckItem:
    name = role.rpartition("/")[2]
    users = ", ".join(each.name for each in people if role in map(_role, each.aws))
    if isinstance(why, AwsError):
        status = UNKNOWN
        said = text("check.ready.role_unread", role=name, people=users, reason=reason(why))
    else:
        status = AMBER
        said = text("check.ready.role_unbound", role=name, people=users, why=because(why, role))
    return Checked.ROLE_BOUND.of(":".join(role.split(":")[4:]), chapter=_CHAPTER).item(
        status,
        said,
        text("check.ready.bind_role"),
        command=f"aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument",
        link=console_links.role(region, name),
    )


def _approvers(people: People, settings: Settings) -> Iterator[CheckItem]:
    """One item for each class that no person may approve; one for all where there is none."""
    counted = {effect: _able(people, effect, settings) for effect in CLASSES}
    lacking = {effect: _no_approver(effect) for effect, count in counted.items() if not count}
    if counted[Effect.LOWERS_SECURITY] == 1:
        said = text("check.ready.one_approver", remedy=text("remedy.name.lower_threshold"))
        lacking[Effect.LOWERS_SECURITY] = said
    for effect, said in lacking.items():
        # Some may approve, and have no way to do so.
        idle = sum(effect in each.may for each in people) > counted[effect]
        missing = (text("check.ready.approver_arn"),) if idle else ()
        this = Checked.APPROVERS.of(effect, chapter=_CHAPTER)
        yield this.amber(said, *missing, text("check.ready.declare_approvers"))
    if not lacking:
        details = (
            text("check.ready.approvers_of", kind=text(f"remedy.class.{effect}"), count=count)
            for effect, count in counted.items()
        )
        yield Checked.APPROVERS.of(chapter=_CHAPTER).green(text("check.ready.approvers"), *details)


def _able(people: People, effect: Effect, settings: Settings) -> int:
    """How many people may approve a class and have a way to do so: without Slack only the console asks who a
    person is, and AWS answers with an ARN."""
    slack = bool(settings.slack_secret)
    return sum(
        effect in each.may and any(slack or one.startswith("arn:") for one in each.identities)
        for each in people
    )


def _no_approver(effect: Effect) -> Text:
    names: Texts = tuple(
        text(f"remedy.name.{name}") for name, spec in REMEDIES.items() if spec.effect is effect
    )
    return text("check.ready.no_approver", kind=text(f"remedy.class.{effect}"), remedies=names)
