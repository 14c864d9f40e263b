"""Broken input with secrets in it: whatever is reported of it, they are not."""

import json
from collections.abc import Iterable
from typing import Any

from responder.aws.items import from_item
from responder.core.plain_data import Data
from tests.proof.fuzz.mutate import Mutator, Path, every_path, packed_in, part_at, path_name, with_part
from tests.proof.fuzz.worlds import (
    EMPLOYEE,
    IMAGE,
    KEY,
    OWN_TABLES,
    SECRETS,
    SESSION,
    TOKEN,
    PlaybookWorld,
    chain,
)

# Of a row: who says it, and about what.
KEYS = ("pk", "sk")
# As a person may have pasted them.
PASTED = (
    EMPLOYEE,
    f"employee {EMPLOYEE} of {SESSION}",
    SESSION,
    f"s3://faces/{IMAGE}",
    f"Bearer {TOKEN}",
    f"\n{KEY}",
)


class SecretMutator(Mutator):
    """Damage as ever, then a secret somewhere: instead of a value, after a text, or as an addition.

    `names`: where it would be a name like any other, and so is not put.
    """

    def __init__(self, seed: int, names: Iterable[str] = ()) -> None:
        super().__init__(seed)
        self._names = frozenset(names)

    def damaged(self, value: Any, times: int | None = None) -> Any:
        found = super().damaged(value, times) if self.random.random() < 0.5 else value
        return self.with_secret(json.loads(json.dumps(found, default=str)))

    def with_secret(self, value: Any) -> Any:
        """The same with one secret in it."""
        paths = [path for path in every_path(value) if not self._names.intersection(path)]
        path = self.random.choice(paths)
        inner = part_at(value, path)
        packed = packed_in(inner)
        if packed is not None and self.random.random() < 0.8:
            return with_part(value, path, json.dumps(self.with_secret(packed)))
        secret = self.random.choice(PASTED)
        self.reported.append(f"{secret!r} at {path_name(path)}")
        return with_part(value, path, self._with(inner, path, secret))

    def _with(self, inner: Any, path: Path, secret: str) -> Any:
        if isinstance(inner, dict) and (not path or self.random.random() < 0.8):
            return {**inner, self.random.choice(("note", secret)): secret}
        if isinstance(inner, list) and self.random.random() < 0.5:
            return [*inner, secret]
        if isinstance(inner, str) and self.random.random() < 0.5:
            return f"{inner} {secret}"
        return self.random.choice((secret, [secret], {"key": secret}, {secret: 1}))


def leaks_beyond(
    world: PlaybookWorld, put: Data, lines: Iterable[str], thrown: Iterable[BaseException] = ()
) -> list[str]:
    """Secrets anywhere but in the row that was put there: in other rows, messages, lines, orders, errors."""
    where = put["pk"], put["sk"]
    every = [row for table in OWN_TABLES for row in world.aws.dynamo.rows(table)]
    others = [row for row in every if (row.get("pk"), row.get("sk")) != where]
    plain = [from_item(row) for row in others]
    reported = plain, world.aws.sns.published, world.aws.lambdas.invocations
    return secrets_in(*reported, list(lines), [chain(each) for each in thrown])


def secrets_in(*seen: Any) -> list[str]:
    """Of everything that people can read."""
    reported = json.dumps(seen, default=str, ensure_ascii=False)
    return [secret for secret in SECRETS if secret in reported]
