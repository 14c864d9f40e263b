"""The same scenario on both: what differs, and what of it is named in `differences.yaml`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.witness.outcome import Act

# Of a scenario's calls moto answers at least so many itself.
SHARE = 0.85
_NAMED = Path(__file__).with_name("differences.yaml")


@dataclass(frozen=True)
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
    found: list[Mapping[str, Any]] = yaml.safe_load(_NAMED.read_text(encoding="utf-8"))
    return tuple(Named(**each) for each in found)


def differences(scenario: str, local: Sequence[Act], moto: Sequence[Act]) -> list[str]:
    """`scenario step: what: local AWS | moto`, in a fixed order."""
    if len(local) != len(moto):
        return [f"{scenario}: acts: {len(local)} | {len(moto)}"]
    pairs = zip(local, moto, strict=True)
    return [f"{scenario} {one['step']}: {each}" for one, other in pairs for each in _act(one, other)]


def _act(local: Act, moto: Act) -> Iterator[str]:
    for key in ("answer", "causes", "proposals"):
        if local[key] != moto[key]:
            yield f"{key}: {_plain(local[key])} | {_plain(moto[key])}"
    yield from (f"shows {each} | -" for each in local["shown"] if each not in moto["shown"])
    yield from (f"shows - | {each}" for each in moto["shown"] if each not in local["shown"])
    for key, kind in (("changes", "change"), ("calls", "calls")):
        for each in sorted(local[key].keys() | moto[key].keys()):
            if local[key].get(each) != moto[key].get(each):
                yield f"{kind} {each}: {_plain(local[key].get(each))} | {_plain(moto[key].get(each))}"


def _plain(value: Any) -> str:
    if value is None or value in ("", []):
        return "-"
    if isinstance(value, list):
        return " -> ".join(_plain(each) for each in value)
    return str(value)


def unexplained(found: Iterable[str]) -> list[str]:
    """Those that no entry names."""
    return [each for each in found if not any(entry.matches(each) for entry in named())]


def unseen(found: Iterable[str]) -> list[Named]:
    """The entries that no longer name anything; those of timing do not always."""
    every = list(found)
    return [entry for entry in named() if entry.always and not any(entry.matches(each) for each in every)]


def share(acts: Sequence[Act], stubbed: Mapping[str, int]) -> float:
    """Of all calls of the functions, those that moto answered."""
    calls = sum(sum(act["calls"].values()) for act in acts)
    return 1 - sum(stubbed.values()) / calls if calls else 1.0
