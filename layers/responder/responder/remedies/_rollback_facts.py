"""What a person should know before code goes back: names of settings, never their values. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from responder.explained import Explained
from responder.obstacle import Caution
from responder.remedies._managed import different, settings_of, variables_of
from responder.remedies._rollback import Rollback
from responder.text import Text, text

# Beside what a remedy compares after a write: what a version keeps of its own, too.
_MORE = ("Role", "VpcConfig", "EphemeralStorage", "Architectures", "KMSKeyArn")


def caution(found: Rollback) -> tuple[Explained[Caution], ...]:
    """One caution that holds all of them: of several only the first would be read."""
    if found.alias is None or found.previous is None:
        return ()
    alias, back = found.alias, found.previous
    facts = [_published(alias.version, alias.served), *_settings(alias.served, back)]
    if found.allocation.requested:
        facts.append(text("caution.alias_provisioned", amount=found.allocation.requested))
    if found.others:
        facts.append(text("caution.other_aliases", names=", ".join(sorted(found.others))))
    return (Caution.ROLLBACK(version=str(back["Version"]), facts=tuple(facts)),)


def going_along(found: Rollback) -> frozenset[tuple[str, str]]:
    """What goes back with the code, as (target, setting) of the function."""
    if found.alias is None or found.previous is None:
        return frozenset()
    names = different(settings_of(found.alias.served), settings_of(found.previous))
    return frozenset((found.function, name) for name in names)


def _published(version: str, served: Mapping[str, Any]) -> Text:
    at = served.get("LastModified")
    if at is None:
        return text("caution.version_age_unknown", version=version)
    moment = datetime.fromisoformat(at).astimezone(UTC)
    return text("caution.version_published", version=version, at=f"{moment:%Y-%m-%dT%H:%M:%S}Z")


def _settings(served: Mapping[str, Any], back: Mapping[str, Any]) -> tuple[Text, ...]:
    readable = variables_of(served) is not None and variables_of(back) is not None
    hidden = () if readable else (text("caution.settings_unreadable"),)
    names = different(_kept(served, readable), _kept(back, readable))
    if not names:
        return hidden or (text("caution.settings_same"),)
    return (*hidden, text("caution.settings_go_back", names=", ".join(names)))


def _kept(configuration: Mapping[str, Any], readable: bool) -> dict[str, Any]:
    more = {f".{name}": configuration[name] for name in _MORE if name in configuration}
    found = {**settings_of(configuration), **more}
    return {name: value for name, value in found.items() if readable or name.startswith(".")}
