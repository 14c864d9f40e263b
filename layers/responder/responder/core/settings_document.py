"""The settings document: what people change while the stack runs, one JSON text in the SSM parameter
`/STACK/settings`, which `people` alone writes; until it has, that of the template counts
(`responder.core.switches`). Read at each response.

    {"roles": {"oncall": "arn:aws:sts::123456789012:assumed-role/OnCall"},
     "people": {"aiko": {"slack": "U0A1", "aws": ["oncall/aiko@corp"], "may": ["lowers_security"]}},
     "soak_minutes": 15}

`roles` abbreviates: `oncall/aiko@corp` is the session `…:assumed-role/OnCall/aiko@corp`. `aws` takes such a
session, or the whole ARN of an IAM user or of a role's session. `may` lists classes of action; a person with
none may acknowledge only. All other keys are those of `settings_fields.FIELDS`. Every part may be absent;
then its default counts. Any other content makes the whole document invalid: a guess about who may
approve would be worse than no approver at all.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import lru_cache
from typing import Any

from responder.core.errors import SettingsUnusable
from responder.core.frozen import frozen
from responder.core.modes import Effect
from responder.core.plain_data import Data, Json
from responder.core.refusals import SettingsProblem
from responder.core.settings import Settings
from responder.core.settings_fields import (
    FIELDS,
    RETIRED,
    Mistakes,
    PatternName,
    all_known,
    read_each,
    read_fields,
    typed,
)
from responder.core.text import Strings

# A standard parameter of SSM holds 4 KB (AWS: "Managing parameter tiers").
LARGEST = 4096
CLASSES = tuple(effect for effect in Effect if effect is not Effect.NEVER)
_ACCOUNT = r"arn:aws[a-z-]*:{}::[0-9]{{12}}:"
# IAM's and STS's own limits of a user's path and name, a role's name and a session's name.
_USER = re.compile(_ACCOUNT.format("iam") + r"user/[\x21-\x7e]{1,576}")
_ROLE = PatternName(_ACCOUNT.format("sts") + r"assumed-role/[A-Za-z0-9_+=,.@-]{1,64}")
_SESSION = re.compile(_ROLE.pattern + r"/[A-Za-z0-9_+=,.@-]{2,64}")
_ALIAS = PatternName(r"[A-Za-z0-9._-]{1,32}")
# Empty means none, as in the template.
_SLACK = PatternName(r"|[UW][A-Z0-9]{1,20}")
_NAME_LENGTH = 64
# Names of actors that are not people, in leases, timelines and reports; no person may have them.
AUTOMATION, CLOUDWATCH = "automation", "cloudwatch"
# What a name may hold in addition to letters and digits. No comma: names are listed with commas.
_NAME_SIGNS = " ._-@'+・"
# Characters that Unicode counts as letters although they are invisible.
_INVISIBLE = "\u115f\u1160\u3164\uffa0"


@frozen
class Person:
    """`slack`: the user id, empty without. `aws`: whole ARNs."""

    name: str
    slack: str = ""
    aws: Strings = ()
    may: frozenset[Effect] = frozenset()

    @property
    def identities(self) -> Strings:
        """All identities of the person; each is compared exactly as it is written."""
        return ((self.slack,) if self.slack else ()) + self.aws


@frozen
class People:
    """Everyone who is registered. No two share a name or an identity, so each counts as one person."""

    persons: tuple[Person, ...] = ()

    def __iter__(self) -> Iterator[Person]:
        return iter(self.persons)

    def who(self, identity: object) -> Person | None:
        """The person with this Slack id or ARN; None for a stranger."""
        return next((each for each in self.persons if identity in each.identities), None)

    def approver(self, identity: object, effect: Effect) -> Person | None:
        """The person with this identity, if this person may approve that class of action."""
        found = self.who(identity)
        return found if found is not None and effect in found.may else None

    def signed(self, name: object, identity: object) -> Person | None:
        """The person with this name, if the identity that wrote the row is theirs; else None."""
        found = self.who(identity)
        return found if found is not None and same_name(found.name, name) else None


NO_PEOPLE = People()


@frozen
class SettingsDocument:
    """The document as it was read. `roles`: by alias, `arn:…:assumed-role/ROLE`. `given`: the other settings
    that it holds, by key, as they are written in it. `retired`: those that this version ignores."""

    people: People = NO_PEOPLE
    roles: Mapping[str, str] = field(default_factory=dict)
    given: Data = field(default_factory=dict)
    retired: Strings = ()

    def over(self, settings: Settings) -> Settings:
        """The settings of the environment, with those of this document."""
        return replace(settings, **read_fields(self.given)) if self.given else settings

    def to_json(self) -> str:
        """The document as it is stored, as short as possible. It may be too long for SSM: `parse` reports
        that."""
        people = {each.name: self._entry(each) for each in self.people}
        parts = {"roles": dict(self.roles), "people": people}
        kept = {**{name: part for name, part in parts.items() if part}, **self.given}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def _entry(self, person: Person) -> Json:
        entry: Json = {"slack": person.slack} if person.slack else {}
        entry |= {"aws": [self._short(each) for each in person.aws]} if person.aws else {}
        may = [each.value for each in CLASSES if each in person.may]
        return entry | ({"may": may} if may else {})

    def _short(self, arn: str) -> str:
        role, _, session = arn.rpartition("/")
        return next((f"{alias}/{session}" for alias, each in self.roles.items() if each == role), arn)


EMPTY = SettingsDocument()


def differences(was: SettingsDocument, made: SettingsDocument) -> tuple[tuple[str, str, str], ...]:
    """(key, before, after) of every setting besides the people that is not the same, as JSON; empty where the
    default counts."""
    keys = (name for name in FIELDS if was.given.get(name) != made.given.get(name))
    return tuple((name, _written(was, name), _written(made, name)) for name in keys)


def _written(document: SettingsDocument, name: str) -> str:
    return json.dumps(document.given[name], ensure_ascii=False) if name in document.given else ""


# One response reads the same text several times.
@lru_cache(maxsize=4)
def parse(value: str) -> SettingsDocument:
    """Read it strictly. A byte order mark, which some editors write before UTF-8, is no part of it.

    Raises:
        SettingsUnusable: it is not exactly what this module describes; says all that is wrong, and where.
    """
    value = value.removeprefix("\ufeff")
    if len(value.encode(errors="replace")) > LARGEST:
        raise SettingsUnusable(SettingsProblem.TOO_LARGE)
    mistakes = Mistakes()
    try:
        loaded = json.loads(
            value, object_pairs_hook=lambda pairs: _object(pairs, mistakes), parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise SettingsUnusable(SettingsProblem.NOT_JSON) from None
    parts: Json = typed(loaded, dict, "{}")
    with mistakes:
        all_known(parts, {"roles", "people", *FIELDS, *RETIRED})
    roles: Mapping[str, str] | None = None
    with mistakes:
        roles = _roles(parts.get("roles", {}))
    people = list[Person]()
    with mistakes:
        for name, entry in typed(parts.get("people", {}), dict, "people").items():
            with mistakes:
                people.append(_person(name, entry, roles))
        _apart(people)
    given = {name: part for name, part in parts.items() if name in FIELDS}
    with mistakes:
        read_fields(given)
    mistakes.end()
    return SettingsDocument(People(tuple(people)), roles or {}, given, tuple(sorted(RETIRED & parts.keys())))


def same_name(one: str, other: object) -> bool:
    """Whether two spellings are one name: capitals, full-width forms and blanks make no difference."""
    spelled = normal(one)
    return isinstance(other, str) and spelled is not None and spelled == normal(other)


def normal(name: str) -> str | None:
    """A person's name in its normalized spelling; None if it contains invisible characters.

    NFKC and case folding (Unicode Standard Annex 15, and section 3.13, "Default Case Algorithms").
    """
    shown = unicodedata.normalize("NFKC", name)
    legal = all(each.isalnum() or each in _NAME_SIGNS for each in shown)
    if not legal or any(each in _INVISIBLE for each in name + shown):
        return None
    # Via capitals, as a few small letters share one (the Turkish dotless i has the capital I).
    folded = unicodedata.normalize("NFKC", shown.upper().casefold())
    spelled = " ".join(folded.split())
    return spelled if len(spelled) > 0 and len(name) <= _NAME_LENGTH else None


def _object(pairs: list[tuple[str, Any]], mistakes: Mistakes) -> Json:
    found = dict(pairs)
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            mistakes.add(SettingsProblem.TWICE, name)
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and the infinities are no JSON


def _roles(found: Any) -> dict[str, str]:
    roles: Json = typed(found, dict, "roles")
    read_each(roles, lambda alias: _ALIAS.read(alias, f"roles.{alias}"))
    read_each(roles.items(), lambda each: _ROLE.read(each[1], f"roles.{each[0]}"))
    return roles


def _person(name: str, entry: Any, roles: Mapping[str, str] | None) -> Person:
    """`roles`: None where the roles are invalid themselves; sessions that name one are then not checked."""
    where = f"people.{name}"
    if normal(name) is None:
        raise SettingsUnusable(SettingsProblem.BAD_NAME, where)
    if normal(name) in (AUTOMATION, CLOUDWATCH):
        raise SettingsUnusable(SettingsProblem.RESERVED, where)
    parts: Json = typed(entry, dict, where)
    mistakes, slack, aws, may = Mistakes(), "", list[str](), list[str]()
    with mistakes:
        all_known(parts, ("slack", "aws", "may"), where)
    with mistakes:
        slack = _SLACK.read(parts.get("slack", ""), f"{where}.slack")
    with mistakes:
        written = _list(parts.get("aws", []), f"{where}.aws")
        aws = read_each(written, lambda each: _arn(each, roles, f"{where}.aws"))
        if len(set(aws)) < len(aws):
            raise SettingsUnusable(SettingsProblem.TWICE, f"{where}.aws")
    with mistakes:
        may = _list(parts.get("may", []), f"{where}.may")
        if not set(may) <= set(CLASSES):
            raise SettingsUnusable(SettingsProblem.BAD_VALUE, f"{where}.may")
    if not parts.get("slack") and not parts.get("aws"):
        mistakes.add(SettingsProblem.NO_IDENTITY, where)
    mistakes.end()
    return Person(name, slack, tuple(aws), frozenset(map(Effect, may)))


def _list(found: Any, where: str) -> list[str]:
    texts = [typed(each, str, where) for each in typed(found, list, where)]
    if len(set(texts)) < len(texts):
        raise SettingsUnusable(SettingsProblem.TWICE, where)
    return texts


def _arn(written: str, roles: Mapping[str, str] | None, where: str) -> str:
    if written.startswith("arn:"):
        arn = written
    elif roles is None:
        return written
    else:
        alias, _, session = written.partition("/")
        if alias not in roles:
            raise SettingsUnusable(SettingsProblem.UNKNOWN_ROLE, where)
        arn = f"{roles[alias]}/{session}"
    if not (_USER.fullmatch(arn) or _SESSION.fullmatch(arn)):
        raise SettingsUnusable(SettingsProblem.BAD_VALUE, where)
    return arn


def _apart(people: Iterable[Person]) -> None:
    """No two entries may have a name or an identity that differs only in its spelling."""
    mistakes = Mistakes()
    names: dict[str | None, str] = {}
    identities: dict[str, str] = {}
    for each in people:
        other = names.setdefault(normal(each.name), each.name)
        if other != each.name:
            mistakes.add(SettingsProblem.SAME_NAME, f"{other}, {each.name}")
        for identity in each.identities:
            # IAM names that differ in case only are the same.
            owner = identities.setdefault(identity.casefold(), each.name)
            if owner != each.name:
                mistakes.add(SettingsProblem.SHARED, f"{owner}, {each.name}")
    mistakes.end()
