"""What must be true once the new version is deployed over the old one."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from rehearsal.drill import state
from rehearsal.drill.stack import APPROVER
from rehearsal.drill.stored_records import reports
from rehearsal.upgrade import before
from rehearsal.upgrade.checkout import PRESENT, Checkout, need
from rehearsal.upgrade.course import FOLLOW_UP
from rehearsal.upgrade.stand import Stand

_ROUND = timedelta(minutes=5)
# The watchdog waits 20 minutes for a look that is overdue.
_SILENT = timedelta(minutes=21)
_LONGEST = timedelta(hours=8)
# What was applied, by what an incident is for.
_ACTS = {
    "lease": ["provisioned_concurrency"],
    "proposal": ["rollout_to_zero"],
    "unsolved": [],
    "later lease": ["provisioned_concurrency"],
    "later unsolved": [],
}
# What is compared: the command that shows it, where in its answer, and which fields.
_SHOWN = {
    "incidents": ("incidents", "incidents", ("incident", "acknowledged_by", "in_force", "level")),
    "leases": ("leases", "leases", ("incident", "remedy", "target", "until")),
    "failures": ("failures", "failures", ("queue", "id", "what")),
    "stops": ("mode", "pauses", ("name", "until", "state")),
    "modes": ("mode", "remedies", ("remedy", "effective")),
    "accepted": ("check accepted", "accepted", ("finding",)),
}
_TABLES = ("Incidents", "Approvals", "Claims")


def kept(stand: Stand) -> dict[str, Any]:
    """Everything that a deployment must leave as it is."""
    rows = {table: sorted(map(_written, stand.rows(table))) for table in _TABLES}
    parameters = {name: value for name, value in stand.parameters().items() if "/first-" not in name}
    return {**rows, "parameters": parameters, "queues": before.waiting(stand)}


def _written(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def seen(stand: Stand, by: Checkout) -> dict[str, Any]:
    """Everything that this version's console shows."""
    found = {
        name: sorted(map(itemgetter(*fields), stand.console(by, *command.split())[key]))
        for name, (command, key, fields) in _SHOWN.items()
    }
    asked = (one for each in stand.console(by, "incidents")["incidents"] for one in each["waiting_for"])
    return {**found, "proposals": sorted(one["proposal"] for one in asked)}


def deployed(stand: Stand, version: Checkout) -> str:
    """`make deploy` of this version over what is there; what it must leave alone is as before."""
    was = kept(stand)
    number = stand.deploy(version, {})
    now = kept(stand)
    changed = [name for name in was if was[name] != now[name]]
    need(not changed, f"the deployment of {version.name} changes {', '.join(changed)}")
    return f"version {number} of the follow-up"


def same(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Both consoles show the same."""
    for name, shown in was.items():
        need(shown == now[name], f"{name} were {shown}\nand are {now[name]}")
        need(shown, f"there are no {name}")
    return ", ".join(f"{len(shown)} {name}" for name, shown in was.items())


def alive(stand: Stand) -> str:
    """Each execution continues with the version that it began with, and its code is there."""
    living = stand.course.living()
    need(len(living) == len(stand.incidents), f"follow-ups alive: {living}")
    client = stand.aws.client("lambda")
    served = client.get_function_configuration(FunctionName=FOLLOW_UP, Qualifier="live")
    for name, number in living.items():
        own = client.get_function_configuration(FunctionName=FOLLOW_UP, Qualifier=number)
        need(own["Version"] != served["Version"], f"{name} is of version {number}, which is served still")
        need(own["Layers"] != served["Layers"], f"version {served['Version']} has the library of {number}")
    return f"{len(living)} executions"


def settings(stand: Stand, by: Checkout = PRESENT) -> str:
    """Every setting that was given is valid, and in force with the same value."""
    shown = stand.console(by, "settings", "show")
    need("problem" not in shown, f"the settings document cannot be used: {shown.get('problem')}")
    given = json.loads(shown["document"])
    for name, value in given.items():
        if name in shown["settings"]:
            need(shown["settings"][name] == {"value": value, "default": False}, f"{name} is not in force")
    retired = sorted(given.keys() - shown["settings"].keys() - {"roles", "people"})
    return f"{len(given)} keys" + (f"; retired: {', '.join(retired)}" if retired else "")


def accepted(stand: Stand, findings: Iterable[str]) -> str:
    """The deployed daily check reports the same findings as accepted."""
    now, was = set(before.still_accepted(stand)), set(findings)
    need(now >= was, f"not accepted any more: {', '.join(sorted(was - now))}")
    return f"{len(was)} findings"


def handled(stand: Stand) -> str:
    """Every message of the queues is decided again or discarded, and nothing is left."""
    asked = stand.console(PRESENT, "failures", "--all", "--yes", who=APPROVER, expected=tuple(range(9)))
    stand.minutes(0)
    left = stand.console(PRESENT, "failures", who=APPROVER)["failures"]
    discards = [word for each in left for word in ("--discard", each["id"])]
    if discards:
        stand.console(PRESENT, "failures", *discards, "--yes", who=APPROVER)
    waiting = before.waiting(stand)
    need(not any(waiting.values()), f"messages are left: {waiting}\n{json.dumps(asked)}")
    return f"{len(left)} discarded, the others decided again"


def stop_counts(stand: Stand) -> str:
    """While the stop is in force, what is approved is not carried out."""
    proposal = stand.incidents["proposal"]
    done = stand.approve([proposal])
    need(not stand.outcomes(proposal, "applied"), "a proposal is carried out under a stop")
    need(not done, "an approval is accepted under a stop")
    return before.STOP


def restarted(stand: Stand, version: Checkout, purposes: Iterable[str]) -> str:
    """The watchdog notices the follow-ups that died, and starts the next generation, of the version that is
    deployed."""
    dead = [f"{stand.incidents[each]}-g1" for each in purposes]
    for each in dead:
        stand.course.drop(each)
    heads = [each for each in stand.rows("Incidents") if f"{each.get('incident')}-g1" in dead]
    looks = [datetime.fromisoformat(each["next_look"]) for each in heads if each["sk"] == "HEAD"]
    stand.course.to(max(looks) + _SILENT)
    stand.invoke("watchdog")
    stand.minutes(0)
    living = stand.course.living()
    for each in dead:
        follower = each.removesuffix("1") + "2"
        need(follower in living, f"{follower} was not started: {living}")
        began = stand.course.by[living[follower]]
        need(began is version, f"{follower} is of {began.name}, and {version.name} is deployed")
    return f"{len(dead)} executions"


def proposal_ends(stand: Stand) -> str:
    """The proposal of the old version is approved and carried out; alarms recover: both incidents end."""
    begun, incident = stand.course.now, stand.incidents["proposal"]
    asked = stand.outcomes(incident, "asked")[0]["approval"]
    need(asked in stand.approve([incident]), f"{asked} cannot be approved")
    stand.minutes(3)
    carried = {one["remedy"] for one in stand.outcomes(incident, "applied")}
    need(carried == {"rollout_to_zero"}, f"{asked} is not carried out: {carried}")
    stand.recovers("proposal")
    until_closed(stand, "lease", "proposal")
    return f"after {_minutes(stand.course.now - begun)} min"


def acknowledgement_ends(stand: Stand) -> str:
    """No further level was notified until the acknowledgement ended; then the next one was."""
    incident = stand.incidents["unsolved"]
    (row,) = [each for each in stand.rows("Approvals") if each["pk"] == f"ACK#{incident}"]
    since = datetime.fromisoformat(row["at"])
    called = [body for body in stand.bodies(incident=incident) if body["kind"] == "escalation"]
    need(called, "the acknowledged incident is never escalated")
    first = min(datetime.fromisoformat(body["at"]) for body in called)
    need(first - since >= timedelta(minutes=59), f"escalated {_minutes(first - since)} min after it")
    stand.recovers("unsolved")
    until_closed(stand, "unsolved")
    return f"level {called[0]['level']} after {_minutes(first - since)} min"


def until_closed(stand: Stand, *purposes: str) -> None:
    """People approve what is asked about them, and the watchdog makes its rounds."""
    wanted, end = {stand.incidents[each] for each in purposes}, stand.course.now + _LONGEST
    while wanted & stand.open():
        need(stand.course.now < end, f"still open: {sorted(wanted & stand.open())}")
        stand.course.to(stand.course.now + _ROUND)
        stand.approve(wanted)
        stand.invoke("watchdog")


def ended(stand: Stand, was: state.State) -> str:
    """Nothing is in force, each incident has its report with each act once, and nothing was sent twice."""
    changed = state.differences(was, state.read(stand.aws.client))
    need(not changed, f"left of the service: {changed}")
    for purpose, incident in stand.incidents.items():
        report = json.loads(reports(stand.aws, incident)["report.json"])
        acts = [each["remedy"] for each in report["acts"]]
        need(acts == _ACTS[purpose], f"{incident}: acts {acts}")
        need(all(each["state"] == "ended" for each in report["acts"]), f"{incident}: {report['acts']}")
        roots = [each for each in stand.slack.roots() if incident in json.dumps(each)]
        need(len(roots) == 1, f"{incident}: {len(roots)} threads in Slack")
    sent = [body["id"] for body in stand.bodies() if body.get("incident")]
    twice = {each for each in sent if sent.count(each) > 1}
    need(not twice, f"sent twice: {twice}")
    return f"{len(stand.incidents)} reports, {len(sent)} messages"


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
