"""Who could approve, by the settings document, and which registered sessions of roles count as people."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from responder.checks.base import CheckSubject
from responder.checks.identity import Checked
from responder.checks.model import AMBER, UNKNOWN, CheckItem
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


def registered(document: SettingsDocument | SettingsUnusable, context: Context) -> Iterator[CheckItem]:
    """Approvers by class, and the roles whose sessions are registered."""
    if isinstance(document, SettingsUnusable):
        this = CheckSubject(Checked.SETTINGS_DOCUMENT.of(), _CHAPTER)
        yield this.red(text("settings.refused", reason=document.reason.text))
        return
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
        yield CheckSubject(Checked.ROLES_BOUND.of(), _CHAPTER).green(said)


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
    return CheckSubject(Checked.ROLE_BOUND.of(":".join(role.split(":")[4:])), _CHAPTER).item(
        status,
        said,
        text("check.ready.bind_role"),
        command=f"aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument",
        link=console_links.role(region, name),
    )


def _approvers(people: People, settings: Settings) -> Iterator[CheckItem]:
    """One item for each class that no person may approve; one for all where there is none."""
    counted = {effect: _able(people, effect, settings) for effect in CLASSES}
    lacking = {effect: _nobody(effect) for effect, count in counted.items() if not count}
    if counted[Effect.LOWERS_SECURITY] == 1:
        said = text("check.ready.one_approver", remedy=text("remedy.name.lower_threshold"))
        lacking[Effect.LOWERS_SECURITY] = said
    for effect, said in lacking.items():
        # Some may approve, and have no way to say so.
        idle = sum(effect in each.may for each in people) > counted[effect]
        missing = (text("check.ready.approver_arn"),) if idle else ()
        this = CheckSubject(Checked.APPROVERS.of(effect), _CHAPTER)
        yield this.amber(said, *missing, text("check.ready.declare_approvers"))
    if not lacking:
        details = (
            text("check.ready.approvers_of", kind=text(f"remedy.class.{effect}"), count=count)
            for effect, count in counted.items()
        )
        yield CheckSubject(Checked.APPROVERS.of(), _CHAPTER).green(text("check.ready.approvers"), *details)


def _able(people: People, effect: Effect, settings: Settings) -> int:
    """How many people may approve a class and have a way to say so: without Slack only the console asks who a
    person is, and AWS answers with an ARN."""
    slack = bool(settings.slack_secret)
    return sum(
        effect in each.may and any(slack or one.startswith("arn:") for one in each.identities)
        for each in people
    )


def _nobody(effect: Effect) -> Text:
    names: tuple[Text, ...] = tuple(
        text(f"remedy.name.{name}") for name, spec in REMEDIES.items() if spec.effect is effect
    )
    return text("check.ready.no_approver", kind=text(f"remedy.class.{effect}"), remedies=names)
