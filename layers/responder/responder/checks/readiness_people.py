"""Is there anybody who could approve? Pure."""

from responder.approvals.people import human, registered
from responder.check import Item, Light
from responder.mode import EFFECTS, Effect
from responder.settings import Settings
from responder.text import Text, text

_CHAPTER = "連絡先"
_CLASSES = (Effect.LOWERS_SECURITY, Effect.COSTS_MONEY, Effect.CHANGES_CODE, Effect.RESTORES)
_TWO = 2


def approvers(settings: Settings) -> tuple[Item, ...]:
    """One item for each class that lacks somebody; one for all where none does."""
    counted = {effect: people(settings, effect) for effect in _CLASSES}
    items = [_nobody(effect, settings) for effect, count in counted.items() if not count]
    if counted[Effect.LOWERS_SECURITY] == 1:
        said = text("check.ready.one_approver", remedy=text("name.lower_threshold"))
        items.append(Item(Light.AMBER, said, _declare(Effect.LOWERS_SECURITY, settings), _CHAPTER))
    if items:
        return tuple(items)
    details = tuple(
        text("check.ready.approvers_of", kind=text(f"class.{effect}"), count=count)
        for effect, count in counted.items()
    )
    return (Item(Light.GREEN, text("check.ready.approvers"), details, _CHAPTER),)


def people(settings: Settings, effect: Effect) -> int:
    """How many different people have a way to say yes: two names that share an identity are one person."""
    return sum(any(_usable(each, settings) for each in one) for one in _humans(settings, effect))


def _humans(settings: Settings, effect: Effect) -> set[frozenset[str]]:
    known = registered(settings.approvers_of(effect))
    return {human(name, known) for name in known} - {frozenset()}


def _usable(identity: str, settings: Settings) -> bool:
    """Without Slack only the console asks who somebody is, and AWS answers with an ARN."""
    return bool(settings.slack_secret) or identity.startswith("arn:")


def _declare(effect: Effect, settings: Settings) -> tuple[Text, ...]:
    idle = len(_humans(settings, effect)) > people(settings, effect)
    missing = (text("check.ready.approver_arn"),) if idle else ()
    return (*missing, text("check.ready.declare_approvers"))


def _nobody(effect: Effect, settings: Settings) -> Item:
    names: tuple[Text, ...] = tuple(text(f"name.{name}") for name, each in EFFECTS.items() if each is effect)
    said = text("check.ready.no_approver", kind=text(f"class.{effect}"), remedies=names)
    return Item(Light.AMBER, said, _declare(effect, settings), _CHAPTER)
