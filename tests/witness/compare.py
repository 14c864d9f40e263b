"""The same scenario on both: what differs, and what of it is named in `differences.yaml`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from responder.core.frozen import frozen
from responder.core.plain_data import Data
from tests.witness.outcome import Act, Tally

# Of a playbook's calls moto answers at least so many alone, and so many with the help of extensions.
ALONE, SHARE = 0.68, 0.85
_NAMED = Path(__file__).with_name("differences.yaml")


@frozen
class Named:
    """One entry of `differences.yaml`, where its keys are described."""

    seen: str
    says: str
    aws: str
    source: str
    right: str
    always: bool = True

    def matches(self, difference: str) -> bool:
        return re.fullmatch(self.seen, difference) is not None


@cache
def named() -> tuple[Named, ...]:
    entries: list[Data] = yaml.safe_load(_NAMED.read_text(encoding="utf-8"))
    return tuple(Named(**entry) for entry in entries)


def differences(scenario: str, local: Sequence[Act], moto: Sequence[Act]) -> list[str]:
    """`scenario step: what: local AWS | moto`, in a fixed order."""
    if len(local) != len(moto):
        return [f"{scenario}: acts: {len(local)} | {len(moto)}"]
    return [
        f"{scenario} {act['step']}: {difference}"
        for act, of_moto in zip(local, moto, strict=True)
        for difference in _act(act, of_moto)
    ]


def _act(local: Act, moto: Act) -> Iterator[str]:
    for key in ("answer", "causes", "proposals"):
        if local[key] != moto[key]:
            yield f"{key}: {_plain(local[key])} | {_plain(moto[key])}"
    yield from (f"shows {text} | -" for text in local["shown"] if text not in moto["shown"])
    yield from (f"shows - | {text}" for text in moto["shown"] if text not in local["shown"])
    for key, kind in (("changes", "change"), ("calls", "calls")):
        for name in sorted(local[key].keys() | moto[key].keys()):
            if local[key].get(name) != moto[key].get(name):
                yield f"{kind} {name}: {_plain(local[key].get(name))} | {_plain(moto[key].get(name))}"


def _plain(value: Any) -> str:
    if value is None or value in ("", []):
        return "-"
    if isinstance(value, list):
        return " -> ".join(_plain(item) for item in value)
    return str(value)


def unexplained(differences: Iterable[str]) -> list[str]:
    """Those that no entry names."""
    return [text for text in differences if not any(entry.matches(text) for entry in named())]


def unseen(differences: Sequence[str]) -> list[Named]:
    """The entries that no longer name anything; those of timing do not always."""
    return [entry for entry in named() if entry.always and not any(map(entry.matches, differences))]


def too_few(tallies: Mapping[str, Tally], alone: float = ALONE) -> list[str]:
    """Which moto answers fewer calls of than it must; `alone`: the share that it answers alone at least."""
    return [
        f"{name}: moto answers {tally.by_moto:.1%} alone and {tally.by_extension:.1%} with an extension; "
        f"{alone:.0%} alone and {SHARE:.0%} together is the least"
        for name, tally in tallies.items()
        if tally.by_moto < alone or tally.by_moto + tally.by_extension < SHARE
    ]
