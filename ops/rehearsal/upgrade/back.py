"""The old version over the new one, as "Upgrade" in docs/first-deployment.md describes it."""

import json
from typing import Any

from rehearsal.drill import state
from rehearsal.drill.stack import STACK
from rehearsal.upgrade import after, before
from rehearsal.upgrade.checkout import PRESENT, Checkout, need
from rehearsal.upgrade.stand import Stand
from rehearsal.world.names import TABLE

_SETTINGS = f"/{STACK}/settings"
_LATER = "set_by_a_later_version"
_UNKNOWN = "settings.unknown_key"
_USAGE = 2
# Incidents that the new version opens.
LATER = "later lease", "later unsolved"


def every_key(stand: Stand) -> str:
    """The document gets every setting that only the new version knows."""
    later = {name: part["default"] for name, part in _known(PRESENT).items() if name not in _known(stand.old)}
    if later:
        before.stored(stand, PRESENT, {**_stored(stand), **later})
    return ", ".join(later) or "none"


def put_aside(stand: Stand) -> str:
    """What the older version does not know, as its own console names it, while the new one is deployed."""
    document = _stored(stand)
    with before.written({**document, _LATER: 1}) as file:
        found = stand.console(stand.old, "settings", "check", file, expected=(_USAGE,))
    other = [each for each in found["mistakes"] if each["problem"] != _UNKNOWN]
    need(not other, f"the older version refuses {other}")
    named = [each["where"] for each in found["mistakes"]]
    need(_LATER in named, f"the older version does not name {_LATER}")
    named.remove(_LATER)
    for where in named:
        _remove(document, where.split("."))
    if named:
        before.stored(stand, stand.old, document)
    return ", ".join(named) or "nothing"


def _remove(document: dict[str, Any], path: list[str]) -> None:
    *above, last = path
    for name in above:
        document = document[name]
    del document[last]


def _known(version: Checkout) -> dict[str, Any]:
    schema = json.loads((version.root / "docs" / "settings.schema.json").read_text(encoding="utf-8"))
    return {name: part for name, part in schema["properties"].items() if "default" in part}


def _stored(stand: Stand) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        stand.aws.client("ssm").get_parameter(Name=_SETTINGS)["Parameter"]["Value"]
    )
    return found


def followed(stand: Stand, was: state.State) -> str:
    """What the new version has opened ends under the old one."""
    for purpose in LATER:
        stand.recovers(purpose)
    after.until_closed(stand, *LATER)
    return after.ended(stand, was)


def unknown_setting(stand: Stand) -> str:
    """A setting that is still there sends the old version to observe, and a message names it."""
    clean = _stored(stand)
    _overwritten(stand, {**clean, _LATER: 1})
    incident = stand.broken("observed")
    results = {one["result"] for body in stand.bodies(incident=incident) for one in body["outcomes"]}
    need(results == {"observed"}, f"with a setting that it does not know: {results}")
    table = stand.aws.client("dynamodb").describe_table(TableName=TABLE)["Table"]
    need(table.get("BillingModeSummary", {}).get("BillingMode") != "PAY_PER_REQUEST", "acted")
    _, mails = stand.aws.counts()
    stand.invoke("watchdog")
    need(any(_LATER in json.dumps(body) for body in stand.bodies(mails)), "no message names the setting")
    _overwritten(stand, clean)
    after.settings(stand, stand.old)
    return _LATER


def _overwritten(stand: Stand, document: dict[str, Any]) -> None:
    """By an administrator, past the console."""
    stand.aws.client("ssm").put_parameter(
        Name=_SETTINGS, Value=json.dumps(document), Type="String", Overwrite=True
    )
