"""The old version over the new one, as "Upgrade" in docs/first-deployment.md describes it."""

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.drill.stack import APPROVER, STACK
from rehearsal.upgrade import after, before
from rehearsal.upgrade.checkout import need
from rehearsal.upgrade.stand import Stand
from rehearsal.world.names import TABLE
from responder.core.switches import ask_name

_SETTINGS = f"/{STACK}/settings"
_LATER = "set_by_a_later_version"
_UNKNOWN = "settings.unknown_key"
_USAGE = 2


def put_aside(stand: Stand) -> str:
    """What the older version does not know, as its own console names it, is removed by that console while the
    new version is deployed; with one value that shows which document counts."""
    document = {**stand.settings, _LATER: 1, "level_2_contact": f"the desk of {stand.old.name}"}
    with before.written(document) as file:
        found = stand.console("settings", "check", file, by=stand.old, expected=_USAGE)
    other = [each for each in found["mistakes"] if each["problem"] != _UNKNOWN]
    need(not other, f"the older version refuses {other}")
    named = [each["where"] for each in found["mistakes"]]
    need(_LATER in named, f"the older version does not name {_LATER}")
    for where in named:
        _remove(document, where.split("."))
    before.stored(stand, document, stand.old)
    return ", ".join(named)


def _remove(document: dict[str, Any], path: list[str]) -> None:
    *above, last = path
    for name in above:
        document = document[name]
    del document[last]


def only_asked_for(stand: Stand) -> str:
    """Two acts that did not help within 30 days make a stop; each version assessed one of them. An
    approver ends it."""
    name = ask_name("provisioned_concurrency")
    reasons = [each["why"] for each in stand.console("mode")["pauses"] if each["name"] == name]
    acts = [incident for purpose, incident in (*stand.ended, *stand.incidents.items()) if purpose == "lease"]
    (why,) = reasons or [f"{name} is not there"]
    need(len(acts) == 2 and all(each in why for each in acts), f"not for {acts}: {why}")
    stand.console("resume", name, "--yes", who=APPROVER)
    return name


def unknown_setting(stand: Stand) -> str:
    """A setting that is still there sends the old version to observe, and a message names it."""
    _overwritten(stand, {**stand.settings, _LATER: 1})
    incident = stand.broken("observed")
    results = {one["result"] for body in stand.bodies(incident=incident) for one in body["outcomes"]}
    need(results == {"observed"}, f"with a setting that it does not know: {results}")
    table = stand.aws.client("dynamodb").describe_table(TableName=TABLE)["Table"]
    need(table.get("BillingModeSummary", {}).get("BillingMode") != "PAY_PER_REQUEST", "acted")
    _, mails = stand.aws.counts()
    stand.invoke("watchdog")
    need(any(_LATER in json.dumps(body) for body in stand.bodies(mails)), "no message names the setting")
    _overwritten(stand, stand.settings)
    after.settings(stand)
    return _LATER


def _overwritten(stand: Stand, document: Mapping[str, Any]) -> None:
    """By an administrator, past the console."""
    stand.aws.client("ssm").put_parameter(
        Name=_SETTINGS, Value=json.dumps(document), Type="String", Overwrite=True
    )
