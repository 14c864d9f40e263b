"""Who is who: the parameter `Approvers`."""

from collections.abc import Iterable, Mapping

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
    """Every identity that hangs together with those of a name: names that share one are one person."""
    known = [frozenset(identities) for identities in people.values()]
    mine, before = frozenset(people.get(name, ())), frozenset[str]()
    while mine != before:
        before, mine = mine, mine.union(*(each for each in known if mine & each))
    return mine
