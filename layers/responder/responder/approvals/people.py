"""Who is who: the parameter `Approvers`."""

from collections.abc import Iterable, Mapping

from responder.change import Lease
from responder.mode import EFFECTS, Effect
from responder.settings import Settings

type People = Mapping[str, tuple[str, ...]]


def registered(entries: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """`name=identity|identity` per person, as the parameter is written -> identities by name."""
    split = (entry.partition("=") for entry in entries)
    return {name.strip(): tuple(i.strip() for i in ids.split("|") if i.strip()) for name, _, ids in split}


def everybody(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Whoever is named in any class, with all identities."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in dict.fromkeys(part.partition(":")[0].strip() for part in settings.approvers.split(";")):
        for name, identities in registered(settings.approvers_of(kind)).items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *identities)))
    return found


def named(people: People, identity: str) -> str | None:
    """The person with this identity, compared as it is written; None for a stranger."""
    return next((name for name, identities in people.items() if identity in identities), None)


def human(name: str, people: People) -> frozenset[str]:
    """Every identity that hangs together with those of a name: names that share one are one person, and so
    are names that differ in capitals only."""
    spelled: dict[str, frozenset[str]] = {}
    for other, identities in people.items():
        spelled[other.casefold()] = spelled.get(other.casefold(), frozenset()).union(identities)
    known = list(spelled.values())
    mine, before = spelled.get(name.casefold(), frozenset()), frozenset[str]()
    while mine != before:
        before, mine = mine, mine.union(*(each for each in known if mine & each))
    return mine


def approver(settings: Settings, effect: Effect, principal: str) -> str | None:
    """The name under which an identity approves a class of action; None where it may not."""
    return named(registered(settings.approvers_of(effect)), principal)


def class_of(lease: Lease) -> Effect:
    """Whoever may approve this class takes it back."""
    return EFFECTS.get(lease.remedy, Effect.LOWERS_SECURITY)
