"""The summary of a scheduled check as one SNS message with a body per protocol, cut until SNS accepts it."""

import json

from responder.checks.model import CheckStatus
from responder.checks.report.summary import SHORT, Summary, amazon_q, data, plain
from responder.checks.report.words import counts
from responder.messages.mail import Envelope, by_protocol, fits

LONGEST = 99
_MOST = 200
_TAGS = {
    CheckStatus.RED: "MEDIUM",
    CheckStatus.AMBER: "AMBER",
    CheckStatus.UNKNOWN: "UNKNOWN",
    CheckStatus.GREEN: "OK",
}


def envelope(short: Summary, language: str) -> Envelope:
    """The least urgent findings go first; the page has them all."""
    most = _MOST
    while not fits(bodies := _bodies(short, language, most)) and most:
        most = most * 3 // 4
    return Envelope(subject(short), bodies, attributes(short))


def subject(short: Summary) -> str:
    """ASCII, under 100 characters: `[MEDIUM] Liveness daily check 2026-02-04: 2 red, 1 amber, 0 unknown`."""
    told, given = short.told, counts(short.told)
    looked = sum(given.values()) > 0
    numbers = ", ".join(
        f"{given[light.value]} {light.value}" for light in CheckStatus if light is not CheckStatus.GREEN
    )
    said = (
        "nothing was checked"
        if not looked
        else numbers
        if told.light is not CheckStatus.GREEN
        else "all green"
    )
    return f"[{_TAGS[told.light]}] Liveness {told.rhythm.value} check {told.day:%Y-%m-%d}: {said}"[:LONGEST]


def attributes(short: Summary) -> dict[str, str]:
    """The same names as those of every message; a check has no alarm."""
    return {
        "severity": short.severity,
        "alarm": "-",
        "incident": short.told.id,
        "kind": "check",
        "level": "1",
        "light": short.told.light.value,
    }


def _bodies(short: Summary, language: str, most: int) -> dict[str, str]:
    machines = json.dumps(data(short, language, most), ensure_ascii=False, allow_nan=False)
    chat = json.dumps(amazon_q(short, language, most), ensure_ascii=False)
    return by_protocol(plain(short, language, min(most, SHORT)), machines, chat)
