"""Who could approve, by the settings document, and which registered sessions of roles count as people."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError, SettingsUnusable
from responder.core.modes import Effect
from responder.core.remedy import REMEDIES
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES, People, SettingsDocument
from responder.core.text import Text, text
from responder.evidence.base import reason
from responder.evidence.role_sessions import Unbound, because, unbound

_CHAPTER = "連絡先"

# By the ARN of a role's sessions without their names, `arn:…:assumed-role/ROLE`: None where it binds them.
type Roles = Mapping[str, Unbound | AwsError | None]


def registered(document: SettingsDocument | SettingsUnusable, context: Context) -> tuple[CheckItem, ...]:
    """Approvers by class, and the roles whose sessions are registered."""
    if isinstance(document, SettingsUnusable):
        return (
            CheckItem(
                Checked.SETTINGS_DOCUMENT.of(),
                CheckStatus.RED,
                text("settings.refused", reason=document.reason.text),
                (),
                _CHAPTER,
            ),
        )
    found = roles(document.people, context)
    return (
        *approvers(counting(document.people, found), context.settings),
        *sessions(document.people, context.settings.region, found),
    )


def roles(people: People, context: Context) -> Roles:
    """Each role with a registered session is read once, a few at a time."""
    known = {_role(arn): arn for each in people for arn in each.aws if ":assumed-role/" in arn}

    def judge(arn: str) -> Unbound | AwsError | None:
        try:
            return unbound(context.aws, arn)
        except AwsError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(known, pool.map(judge, known.values()), strict=True))


def sessions(people: People, region: str, found: Roles) -> tuple[CheckItem, ...]:
    """One item for each role that does not bind its sessions' names; one for all where each does. Pure."""
    items = tuple(_role_item(each, why, people, region) for each, why in sorted(found.items()) if why)
    if items or not found:
        return items
    return (
        CheckItem(
            Checked.ROLES_BOUND.of(),
            CheckStatus.GREEN,
            text("check.ready.roles_bound", count=len(found)),
            (),
            _CHAPTER,
        ),
    )


def _role(arn: str) -> str:
    return arn.rpartition("/")[0]


def _role_item(role: str, why: Unbound | AwsError, people: People, region: str) -> CheckItem:
    name = role.rpartition("/")[2]
    users = ", ".join(each.name for each in people if role in map(_role, each.aws))
    if isinstance(why, AwsError):
        told = text("check.ready.role_unread", role=name, people=users, reason=reason(why))
    else:
        told = text("check.ready.role_unbound", role=name, people=users, why=because(why, role))
    return CheckItem(
        Checked.ROLE_BOUND.of(":".join(role.split(":")[4:])),
        CheckStatus.UNKNOWN if isinstance(why, AwsError) else CheckStatus.AMBER,
        told,
        (text("check.ready.bind_role"),),
        _CHAPTER,
        f"aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument",
        link=console_links.role(region, name),
    )


def counting(people: People, found: Roles) -> People:
    """The people, with the identities that count. A role that could not be read is left in: that this check
    may not read it does not say that `people` may not. Pure."""
    out = {role for role, why in found.items() if isinstance(why, Unbound)}
    left = (replace(one, aws=tuple(arn for arn in one.aws if _role(arn) not in out)) for one in people)
    return People(tuple(each for each in left if each.identities))


def approvers(people: People, settings: Settings) -> tuple[CheckItem, ...]:
    """One item for each class that nobody may approve; one for all where there is none. Pure."""
    counted = {effect: able(people, effect, settings) for effect in CLASSES}
    items = [_nobody(people, effect, settings) for effect, count in counted.items() if not count]
    if counted[Effect.LOWERS_SECURITY] == 1:
        said = text("check.ready.one_approver", remedy=text("remedy.name.lower_threshold"))
        items.append(
            CheckItem(
                Checked.APPROVERS.of(Effect.LOWERS_SECURITY),
                CheckStatus.AMBER,
                said,
                _declare(people, Effect.LOWERS_SECURITY, settings),
                _CHAPTER,
            )
        )
    if items:
        return tuple(items)
    details = tuple(
        text("check.ready.approvers_of", kind=text(f"remedy.class.{effect}"), count=count)
        for effect, count in counted.items()
    )
    return (
        CheckItem(
            Checked.APPROVERS.of(), CheckStatus.GREEN, text("check.ready.approvers"), details, _CHAPTER
        ),
    )


def able(people: People, effect: Effect, settings: Settings) -> int:
    """How many people may approve a class and have a way to say so."""
    return sum(
        effect in each.may and any(_usable(one, settings) for one in each.identities) for each in people
    )


def _usable(identity: str, settings: Settings) -> bool:
    """Without Slack only the console asks who somebody is, and AWS answers with an ARN."""
    return bool(settings.slack_secret) or identity.startswith("arn:")


def _declare(people: People, effect: Effect, settings: Settings) -> tuple[Text, ...]:
    idle = sum(effect in each.may for each in people) > able(people, effect, settings)
    missing = (text("check.ready.approver_arn"),) if idle else ()
    return (*missing, text("check.ready.declare_approvers"))


def _nobody(people: People, effect: Effect, settings: Settings) -> CheckItem:
    mine = (name for name, spec in REMEDIES.items() if spec.effect is effect)
    names: tuple[Text, ...] = tuple(text(f"remedy.name.{name}") for name in mine)
    said = text("check.ready.no_approver", kind=text(f"remedy.class.{effect}"), remedies=names)
    return CheckItem(
        Checked.APPROVERS.of(effect), CheckStatus.AMBER, said, _declare(people, effect, settings), _CHAPTER
    )
