"""What must be true once the new version is deployed over the old one."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from rehearsal.drill import state
from rehearsal.drill.stack import APPROVER, SECOND
from rehearsal.drill.stored_records import reports
from rehearsal.drill.watched_alarms import watched_alarm
from rehearsal.upgrade import before
from rehearsal.upgrade.checkout import Checkout, need
from rehearsal.upgrade.course import FOLLOW_UP
from rehearsal.upgrade.stand import Stand
from responder.core.refusals import Refusal

_ROUND = timedelta(minutes=5)
# The watchdog waits 20 minutes for a look that is overdue.
_SILENT = timedelta(minutes=21)
_LONGEST = timedelta(hours=8)
# What was applied, by what an incident is for.
_ACTS = {
    "lease": ["provisioned_concurrency"],
    "proposal": ["rollout_to_zero"],
    "two people": ["lower_threshold"],
    "unsolved": [],
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
# What an incident's timeline has of a decision.
_DECIDED = ("reported", "unchanged")
# Findings that not every version has, by how their ids begin: AWS Backup's restore test instead of the
# rehearsal of a restore.
_OF_ONE_VERSION = ("schedules/rehearsal", "schedules/restore_test")
_TABLES = ("Incidents", "Approvals", "Claims")


def kept(stand: Stand) -> dict[str, Any]:
    """Everything that a deployment must leave as it is."""
    rows = {table: sorted(map(_written, stand.rows(table))) for table in _TABLES}
    parameters = {name: value for name, value in stand.parameters().items() if "/first-" not in name}
    return {**rows, "parameters": parameters, "queues": before.waiting(stand)}


def _written(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def seen(stand: Stand) -> dict[str, Any]:
    """Everything that the console shows."""
    found = {
        name: sorted(map(itemgetter(*fields), stand.console(*command.split())[key]))
        for name, (command, key, fields) in _SHOWN.items()
    }
    asked = (one for each in stand.console("incidents")["incidents"] for one in each["waiting_for"])
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


def settings(stand: Stand) -> str:
    """Every setting that was given is valid, and in force with the same value."""
    shown = stand.console("settings", "show")
    need("problem" not in shown, f"the settings document cannot be used: {shown.get('problem')}")
    given = json.loads(shown["document"])
    need(given == stand.settings, f"the settings document is {given}")
    for name, value in given.items():
        if name in shown["settings"]:
            need(shown["settings"][name] == {"value": value, "default": False}, f"{name} is not in force")
    retired = sorted(given.keys() - shown["settings"].keys() - {"roles", "people"})
    need(shown.get("retired", []) == retired, f"retired: {retired}, and the console names {shown}")
    return f"{len(given)} keys" + (f"; retired: {', '.join(retired)}" if retired else "")


def daily_check(stand: Stand, findings: Iterable[str]) -> str:
    """The deployed daily check reports the same findings as accepted, and each retired setting once."""
    items = [item for section in before.daily(stand)["sections"] for item in section["items"]]
    now, was = {item["id"] for item in items if item["accepted"]}, set(findings)
    lost = [each for each in was - now if not each.startswith(_OF_ONE_VERSION)]
    need(not lost, f"not accepted any more: {', '.join(sorted(lost))}")
    for name in stand.console("settings", "show").get("retired", ()):
        named = [item for item in items if name in json.dumps(item)]
        need(len(named) == 1, f"{name} is retired, and the daily check reports {named}")
    return f"{len(was)} accepted findings"


def handled(stand: Stand) -> str:
    """Each event is decided again, once. The two messages that are no events are left, and discarded."""
    _, mails = stand.aws.counts()
    decided = _decisions(stand)
    stand.console("failures", "--all", "--yes", who=APPROVER)
    stand.aws.wait_idle()
    # An incident that is known is reported again only where something is new in it.
    known = stand.incidents["unsolved"]
    responses = [each for each in stand.bodies(mails) if each["kind"] == "response"]
    again = sorted(each["alarm"] for each in responses if each["incident"] != known)
    wanted = sorted(watched_alarm(each).name for each in (before.FAILS, before.TWICE, before.LOST))
    need(again == wanted, f"decided again and reported: {again}")
    need(
        _decisions(stand) == decided + 1,
        f"{_decisions(stand) - decided} decisions of the unfollowed incident",
    )
    left = stand.console("failures", who=APPROVER)["failures"]
    queues = sorted(each["queue"] for each in left)
    need(queues == ["unmailed", "unposted"], f"left in {queues}")
    discards = [word for each in left for word in ("--discard", each["id"])]
    stand.console("failures", *discards, "--yes", who=APPROVER)
    waiting = before.waiting(stand)
    need(not any(waiting.values()), f"messages are left: {waiting}")
    return f"{len(again) + 1} decided again, {len(left)} discarded"


def _decisions(stand: Stand) -> int:
    """How often the incident of the message in the queue Unfollowed was decided."""
    key = f"INCIDENT#{stand.incidents['unsolved']}"
    return sum(row["pk"] == key and row.get("kind") in _DECIDED for row in stand.rows("Incidents"))


def stop_counts(stand: Stand) -> str:
    """While the stop is in force, what is approved is not carried out."""
    incident, asked = stand.asked("proposal")
    refusal = stand.refusal(APPROVER, incident, asked)
    need(refusal == Refusal.PAUSED.value, f"the answer to an approval under a stop: {refusal}")
    stand.minutes(0)
    need(not stand.outcomes(incident, "applied"), "a proposal is carried out under a stop")
    return before.STOP


def second_approval(stand: Stand) -> str:
    """Once the stop has ended, a second approval of the first person changes nothing; that of the second
    person completes the one that was given before."""
    stand.minutes(before.STOPPED_MINUTES)
    incident, asked = stand.asked("two people")
    counted, done = _answers(stand, asked), []
    for who in (APPROVER, SECOND):
        refusal = stand.refusal(who, incident, asked)
        need(not refusal, f"{who} cannot approve {asked}: {refusal}")
        stand.minutes(0)
        done.append([each["remedy"] for each in stand.outcomes(incident, "applied")])
        if who == APPROVER:
            need(_answers(stand, asked) == counted, f"a second approval of {who} is another one")
    need(done == [[], ["lower_threshold"]], f"carried out after each of the two approvals: {done}")
    return asked


def _answers(stand: Stand, asked: str) -> list[str]:
    return sorted(_written(each) for each in stand.rows("Approvals") if each["pk"] == asked)


def restarted(stand: Stand, *purposes: str) -> str:
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
        need(began is stand.version, f"{follower} is of {began.name}, not of {stand.version.name}")
    return f"{len(dead)} executions"


def carried_out(stand: Stand) -> str:
    """The proposal that was approved under the stop is carried out once that has ended."""
    incident, asked = stand.asked("proposal")
    stand.minutes(3)
    # A change of several functions is reported by two commands: one applies it, the other ends it.
    carried = {one["remedy"] for one in stand.outcomes(incident, "applied")}
    need(carried == {"rollout_to_zero"}, f"{asked} is not carried out: {carried}")
    return asked


def recovered(stand: Stand) -> str:
    """Alarms recover: what was carried out goes back, and the incidents end."""
    begun = stand.course.now
    for each in ("proposal", "two people"):
        stand.recovers(each)
    until_closed(stand, "lease", "proposal", "two people")
    return f"after {_minutes(stand.course.now - begun)} min"


def acknowledgement_ends(stand: Stand) -> str:
    """No further level was notified until the acknowledgement ended; then the next one was."""
    incident, minutes = stand.incidents["unsolved"], stand.settings["acknowledged_minutes"]
    (row,) = [each for each in stand.rows("Approvals") if each["pk"] == f"ACK#{incident}"]
    since = datetime.fromisoformat(row["at"])
    called = [body for body in stand.bodies(incident=incident) if body["kind"] == "escalation"]
    need(called, "the acknowledged incident is never escalated")
    first = min(datetime.fromisoformat(body["at"]) for body in called)
    need(first - since >= timedelta(minutes=minutes - 1), f"escalated {_minutes(first - since)} min after it")
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
    stand.ended += stand.incidents.items()
    stand.incidents.clear()
    for purpose, incident in stand.ended:
        report = json.loads(reports(stand.aws, incident)["report.json"])
        acts = [each["remedy"] for each in report["acts"]]
        need(acts == _ACTS[purpose], f"{incident}: acts {acts}")
        need(all(each["state"] == "ended" for each in report["acts"]), f"{incident}: {report['acts']}")
        roots = [each for each in stand.slack.roots() if incident in json.dumps(each)]
        need(len(roots) == 1, f"{incident}: {len(roots)} threads in Slack")
    sent = [body["id"] for body in stand.bodies() if body.get("incident")]
    twice = {each for each in sent if sent.count(each) > 1}
    need(not twice, f"sent twice: {twice}")
    return f"{len(stand.ended)} reports, {len(sent)} messages"


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
