"""What a strict incident manager expects of a timeline. Each expectation names what is missing, as a key of
`ops/rehearsal/locale/timelines.po`.

Sources: the operations manual (levels after 30, 60 and 120 minutes, for medium severity half an hour later),
and docs/people.md for the rest.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from rehearsal.drill.mail_shape import faults
from rehearsal.drill.words import DrillText
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.text import Strings
from tests.timelines.mails import LEVELS, Mail

FOREVER = float("inf")
# What is due at a minute is done within it: a look, a command and its answer are between.
_A_MOMENT = 1.5
_AN_HOUR = 58
_STAMP = r"(\w{3} \d{2} \d{2}:\d{2}) UTC"


@frozen
class Played:
    """The result of a timeline.

    Attributes:
        mails: what the topic sent, in order.
        orders: minute and payload of each command to an alarm's function.
        rollout: (minute, what the functions have set) at the beginning and after each change.
        answerable: whether a proposal could be approved, at each minute that an expectation names.
        closed: when each incident was closed, by its id; None where it is open.
        lost: executions and invocations that ended otherwise than they should.
    """

    mails: tuple[Mail, ...]
    orders: tuple[tuple[float, Data], ...] = ()
    rollout: tuple[tuple[float, Strings], ...] = ()
    answerable: tuple[tuple[float, bool], ...] = ()
    closed: Mapping[str, float | None] = field(default_factory=dict)
    lost: tuple[tuple[float, str], ...] = ()
    operations: tuple[int, ...] = ()
    until: float = 0
    seconds: float = 0

    def to(self, level: int, after: float = 0, before: float = FOREVER) -> list[Mail]:
        """What a level got."""
        return [each for each in self.mails if level in each.to and after <= each.minute <= before]


@frozen
class Miss:
    """One difference."""

    expected: DrillText
    actual: DrillText


class Expectation(Protocol):
    """Something that has to hold."""

    def misses(self, played: Played) -> Iterator[Miss]:
        """Where it does not."""
        ...


def _at(track: tuple[tuple[float, Any], ...], minute: float) -> Any:
    return next((value for at, value in reversed(track) if at <= minute), None)


def _miss(key: str, found: DrillText, **values: object) -> Miss:
    return Miss(_words(f"miss.{key}", **values), found)


def _found(key: str, **values: object) -> DrillText:
    return _words(f"found.{key}", **values)


def _words(key: str, **values: object) -> DrillText:
    return DrillText(f"timeline.{key}", values)


def _minutes(mails: list[Mail]) -> str | DrillText:
    shown = ", ".join(f"{each.minute:g}" for each in mails[:12])
    return f"{shown}{' …' if len(mails) > 12 else ''}" if shown else _words("never")


def _span(after: float, before: float) -> str | DrillText:
    if not after and before == FOREVER:
        return ""
    kind = "to" if not after else "from" if before == FOREVER else "both"
    return _words(f"span.{kind}", after=after, before=before)


@frozen
class Knows:
    """A level is notified by a minute, and not before another one."""

    level: int
    by: float
    since: float = 0
    slack: float = _A_MOMENT

    def misses(self, played: Played) -> Iterator[Miss]:
        got = played.to(self.level)
        if got and got[0].minute < self.since - 0.1:
            yield _miss("not_before", _found("at", minute=got[0].minute), level=self.level, since=self.since)
        reported = [each for each in got if self.since - 0.1 <= each.minute <= self.by + self.slack]
        if not reported:
            yield _miss(
                "knows",
                _found("level", level=self.level, minutes=_minutes(got)),
                level=self.level,
                by=self.by,
            )


@frozen
class Most:
    """So many mails to a level at most; of those that match, where a pattern is given."""

    level: int
    mails: int
    after: float = 0
    before: float = FOREVER
    what: str = ""

    def misses(self, played: Played) -> Iterator[Miss]:
        got = [each for each in played.to(self.level, self.after, self.before) if _fits(self.what, each)]
        if len(got) > self.mails:
            yield _miss(
                "most",
                _found("count", count=len(got), minutes=_minutes(got)),
                count=self.mails,
                about=_words("miss.about", what=self.what) if self.what else "",
                level=self.level,
                span=_span(self.after, self.before),
            )


@frozen
class Said:
    """How often a message is sent, to any recipient. `what` is looked for in kind, subject and text.

    `about` names it in words: `timeline.about.` and it is their key.
    """

    what: str
    least: int = 1
    most: float = FOREVER
    after: float = 0
    before: float = FOREVER
    level: int = 0
    about: str = ""

    def misses(self, played: Played) -> Iterator[Miss]:
        found = [
            each
            for each in played.mails
            if _fits(self.what, each)
            and self.after <= each.minute <= self.before
            and (not self.level or self.level in each.to)
        ]
        if self.least <= len(found) <= self.most:
            return
        times = {(0, 0): "never", (1, 1): "once", (1, FOREVER): "said"}.get((self.least, self.most), "range")
        yield _miss(
            "said",
            _found("times", count=len(found), minutes=_minutes(found)),
            about=_words(f"about.{self.about}") if self.about else self.what,
            times=_words(f"times.{times}", least=self.least, most=self.most),
            span=_span(self.after, self.before),
        )


def once(what: str, **more: Any) -> Said:
    """Exactly one mail."""
    return Said(what, 1, 1, **more)


def never(what: str, **more: Any) -> Said:
    """No mail."""
    return Said(what, 0, 0, **more)


def _fits(what: str, mail: Mail) -> bool:
    return re.search(what, mail.whole, re.MULTILINE) is not None


@frozen
class Closes:
    """Every incident is closed by a minute; not before another one."""

    by: float
    since: float = 0

    def misses(self, played: Played) -> Iterator[Miss]:
        for incident, at in played.closed.items():
            if at is None:
                yield _miss("closed_by", _found("open", incident=incident), by=self.by)
            elif not self.since <= at <= self.by + _A_MOMENT:
                yield _miss(
                    "closed_in",
                    _found("closed", incident=incident, minute=at),
                    since=self.since,
                    by=self.by,
                )


@frozen
class StaysOpen:
    """The first incident is not closed."""

    def misses(self, played: Played) -> Iterator[Miss]:
        incident, at = next(iter(played.closed.items()))
        if at is not None:
            yield _miss("stays_open", _found("closed", incident=incident, minute=at))


@frozen
class Rollout:
    """What the functions have set at a minute: `0` all of them, `10,50` these two, `10|50` one of these."""

    percent: str
    at: float

    def misses(self, played: Played) -> Iterator[Miss]:
        now = set(_at(played.rollout, self.at) or ())
        if now not in [set(each.split(",")) for each in self.percent.split("|")]:
            yield _miss(
                "rollout", _found("rollout", percent=", ".join(sorted(now))), percent=self.percent, at=self.at
            )


@frozen
class Answerable:
    """At these minutes a proposal can be approved."""

    at: tuple[float, ...]

    def misses(self, played: Played) -> Iterator[Miss]:
        closed = [minute for minute in self.at if not _at(played.answerable, minute)]
        if closed:
            yield _miss("answerable", _found("not_at", minutes=", ".join(map("{:g}".format, closed))))


@frozen
class Decides:
    """It is decided again shortly before these minutes."""

    before: tuple[float, ...]
    within: float = 6

    def misses(self, played: Played) -> Iterator[Miss]:
        made = [at for at, order in played.orders if order["command"] == "re-evaluate"]
        late = [
            minute
            for minute in self.before
            if not any(minute - self.within <= at <= minute + _A_MOMENT for at in made)
        ]
        if late:
            yield _miss(
                "decides",
                _found("last_at", minute=max(made, default=0)),
                minutes=", ".join(map("{:g}".format, late)),
            )


@frozen
class Lost:
    """A follow-up or an invocation ends before its time, so often at most."""

    most: int = 0

    def misses(self, played: Played) -> Iterator[Miss]:
        if len(played.lost) > self.most:
            shown = "; ".join(f"{at:g}: {what}" for at, what in played.lost[:3])
            yield _miss("lost", _found("times", count=len(played.lost), minutes=shown), count=self.most)


@frozen
class Every:
    """From a minute on level 1 gets one mail each so many minutes: none is lost, none comes twice."""

    minutes: float
    after: float

    def misses(self, played: Played) -> Iterator[Miss]:
        got = [self.after, *(each.minute for each in played.to(1, self.after)), played.until]
        gaps = [(at, after - at) for at, after in pairwise(got)]
        early = [gap for gap in gaps[1:-1] if abs(gap[1] - self.minutes) > _A_MOMENT]
        wrong = [*early, *(gap for gap in (gaps[0], gaps[-1]) if gap[1] > self.minutes + _A_MOMENT)]
        if wrong:
            at, gap = wrong[0]
            yield _miss("every", _found("gap", gap=gap, at=at), minutes=self.minutes)


@frozen
class Executions:
    """So many follow-ups at least, in sequence, each of so many operations at most."""

    least: int
    operations: int

    def misses(self, played: Played) -> Iterator[Miss]:
        used = played.operations
        if len(used) < self.least or max(used) > self.operations:
            yield _miss(
                "executions",
                _found("operations", counts=", ".join(map(str, used))),
                least=self.least,
                operations=self.operations,
            )


# --- what holds in every timeline ------------------------------------------------------------------


@frozen
class Hourly:
    """While nothing changes, a level gets the same message once an hour at most: reminder, question and
    repeat of an escalation count as one. The answer to a person's command is no repeat."""

    def misses(self, played: Played) -> Iterator[Miss]:
        for level in LEVELS:
            noise = list(self._noise(played.to(level)))
            if noise:
                one = noise[0]
                yield _miss(
                    "hourly",
                    _found("too_many", count=len(noise), minute=one.minute, kind=one.kind),
                    level=level,
                )

    def _noise(self, got: list[Mail]) -> Iterator[Mail]:
        said: dict[tuple[str, str, int], list[tuple[Mail, bool]]] = {}
        for mail in got:
            answers = mail.requests if mail.kind.startswith("command") else 0
            before = said.setdefault((mail.state, str(mail.body["incident"]), answers), [])
            again = any(each.gist == mail.gist for each, _ in before)
            # What was new in between, a decision or a question, is no reason to repeat the rest later.
            recent = (
                repeated or each.gist == mail.gist for each, repeated in before if self._near(each, mail)
            )
            if again and any(recent):
                yield mail
            before.append((mail, again))

    @staticmethod
    def _near(one: Mail, other: Mail) -> bool:
        return other.minute - one.minute < _AN_HOUR


@frozen
class Since:
    """`since` and the deadline are those of the incident, in every message."""

    def misses(self, played: Played) -> Iterator[Miss]:
        wrong = []
        for mail in played.mails:
            opened = _opened(str(mail.body["incident"]))
            since = re.search(rf"^Severity: .*\(since {_STAMP}", mail.text, re.MULTILINE)
            due = re.search(rf"respond by {_STAMP}", mail.text)
            if opened is None:
                continue
            if since and since[1] != f"{opened:%b %d %H:%M}":
                wrong.append(f"{mail.minute:g} ({mail.kind}): since {since[1][-5:]}")
            elif due:
                span = timedelta(minutes=mail.body["respond_within_minutes"])
                if due[1] != f"{opened + span:%b %d %H:%M}":
                    wrong.append(f"{mail.minute:g} ({mail.kind}): by {due[1][-5:]}")
        if wrong:
            yield _miss("since", _found("wrong", count=len(wrong), first=wrong[0]))


def _opened(incident: str) -> datetime | None:
    found = re.search(r"-(\d{8}T\d{6})Z$", incident)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S") if found else None  # noqa: DTZ007  compared as text


@frozen
class Fresh:
    """Figures of an escalation are of the last minutes, or carry their time."""

    def misses(self, played: Played) -> Iterator[Miss]:
        stale = [
            each
            for each in played.mails
            if each.kind.startswith("escalation") and not _dated(each) and not _decided(each, played)
        ]
        if stale:
            yield _miss("fresh", _found("not_at", minutes=_minutes(stale)))


def _dated(mail: Mail) -> bool:
    cause = re.search(r"^■ Cause.*?(?=^■|\Z)", mail.text, re.MULTILINE | re.DOTALL)
    return cause is None or not re.search(r"\d+ of \d+", cause[0]) or bool(re.search(r"\d\d:\d\d", cause[0]))


def _decided(mail: Mail, played: Played) -> bool:
    made = [at for at, order in played.orders if order["command"] == "re-evaluate"]
    answered = [each.minute for each in played.mails if each.kind == "response"]
    return any(mail.minute - 6 <= at <= mail.minute for at in (*made, *answered))


_USERS = r"\d[\d,]* of \d[\d,]*|\d+(\.\d+)? ?%|\b[Nn]o (requests|users|logins)"
_TRIED = (
    r"[Nn]o (automatic )?changes|[Nn]othing was changed|[Nn]ot effective|[Aa]pplied|[Tt]aking effect|in force"
    r"|changed by"
)
_WANTED = r"[Aa]cknowledge|[Aa]pprove|[Tt]ake (it )?over|[Ww]ork through|[Cc]lose"
_YES = r"→|[Ii]f approved|[Aa] yes|[Yy]es |approv\w+[^.]* \d+ ?%|turns? (it )?(on|off)"


@frozen
class FirstParagraph:
    """A person who is woken reads in the first paragraph what happened, how many users it hits, what was
    tried, what is wanted, and what a yes changes."""

    def misses(self, played: Played) -> Iterator[Miss]:
        lacking: dict[str, list[Mail]] = {}
        for mail in played.mails:
            if mail.kind.startswith("escalation"):
                for what in self._lacks(mail):
                    lacking.setdefault(what, []).append(mail)
        for what, mails in lacking.items():
            yield _miss(f"first_{what}", _found("not_at", minutes=_minutes(mails)))

    def _lacks(self, mail: Mail) -> Iterator[str]:
        figures = re.search(r"^Why: .*\d+ of \d+", mail.text, re.MULTILINE)
        if figures and not re.search(_USERS, mail.first):
            yield "users"
        if not re.search(_TRIED, mail.first):
            yield "tried"
        if not re.search(_WANTED, mail.first):
            yield "wanted"
        if "liveness-ops approve" in mail.text and not re.search(_YES, mail.first):
            yield "yes"


@frozen
class Shape:
    """Each mail keeps to the rules of mails: order, length, commands, and what its first line may claim."""

    def misses(self, played: Played) -> Iterator[Miss]:
        for mail in played.mails:
            for fault in faults(mail.subject, mail.text, mail.body):
                yield _miss("shape", fault, minute=mail.minute)


ALWAYS: tuple[Expectation, ...] = (Hourly(), Since(), Fresh(), FirstParagraph(), Shape())
