"""Who could approve, by the settings document. Pure."""

from responder.check import Item, Light
from responder.errors import SettingsUnusable
from responder.mode import EFFECTS, Effect
from responder.settings import Settings
from responder.settings_document import CLASSES, People, SettingsDocument
from responder.text import Text, text

_CHAPTER = "連絡先"


def approvers(document: SettingsDocument | SettingsUnusable, settings: Settings) -> tuple[Item, ...]:
    """One item for each class that nobody may approve; one for all where there is none; one alone where the
    document cannot be used."""
    if isinstance(document, SettingsUnusable):
        return (Item(Light.RED, text("settings.refused", reason=document.reason.text), (), _CHAPTER),)
    people = document.people
    counted = {effect: able(people, effect, settings) for effect in CLASSES}
    items = [_nobody(people, effect, settings) for effect, count in counted.items() if not count]
    if counted[Effect.LOWERS_SECURITY] == 1:
        said = text("check.ready.one_approver", remedy=text("name.lower_threshold"))
        items.append(Item(Light.AMBER, said, _declare(people, Effect.LOWERS_SECURITY, settings), _CHAPTER))
    if items:
        return tuple(items)
    details = tuple(
        text("check.ready.approvers_of", kind=text(f"class.{effect}"), count=count)
        for effect, count in counted.items()
    )
    return (Item(Light.GREEN, text("check.ready.approvers"), details, _CHAPTER),)


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


def _nobody(people: People, effect: Effect, settings: Settings) -> Item:
    names: tuple[Text, ...] = tuple(text(f"name.{name}") for name, each in EFFECTS.items() if each is effect)
    said = text("check.ready.no_approver", kind=text(f"class.{effect}"), remedies=names)
    return Item(Light.AMBER, said, _declare(people, effect, settings), _CHAPTER)
