"""What people said: rows written by operators only, trusted only after every rule was checked again.

A decision: `pk` = proposal id, `sk` = person, `decision` = approve | reject | withdraw, `principal` = the
identity that wrote it (IAM ARN or Slack id), `at` = ISO time, `reason` of a rejection. An acknowledgement
likewise, with `pk` = `ACK#<incident>` and `decision` = acknowledge; a request to close an incident with
`pk` = `CLOSE#<incident>`, `decision` = close and its `reason`. A person who reverts a remedy
because it made things worse: `pk` = `WORSE#<incident>#<act>`, `decision` = worse.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from responder.aws.items import partition
from responder.core.change import Lease
from responder.core.command import VALID, ApprovalRequest
from responder.core.context import Gateway
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.settings_document import AUTOMATION, People, Person
from responder.followup_rules.seen import Acknowledgement, ApprovalAnswer, ClosingRequest, OpenRequest, Vote

ACK = "ACK#"
CLOSE = "CLOSE#"
WORSE = "WORSE#"
# The writer's clock may be a little ahead.
SKEW = timedelta(minutes=2)
FRESH = timedelta(minutes=15)
# How long a request to close counts: longer than the longest pause of a follow-up and the restart of one that
# broke.
CLOSE_COUNTS = timedelta(minutes=30)
_ALWAYS = datetime.min.replace(tzinfo=UTC)

type DecisionRow = Data
type DecisionRows = tuple[DecisionRow, ...]


def rows(aws: Gateway, table: str, pk: str) -> DecisionRows:
    """Every row about a proposal (its id), of acknowledgements (`ACK#<incident>`), or of requests to close an
    incident (`CLOSE#<incident>`).

    Raises our errors when the table cannot be read.
    """
    return tuple(partition(aws, table, pk))


def written(row: DecisionRow) -> datetime | None:
    """When a row says it was written; None where it does not say it with a time zone."""
    try:
        moment = datetime.fromisoformat(str(row.get("at")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _counted(
    found: DecisionRows, people: People, now: datetime, *decisions: str
) -> Iterator[tuple[DecisionRow, Person, datetime]]:
    """Rows of these decisions, each of a registered person, with an identity of that person, at a readable
    time that is not in the future."""
    for row in found:
        signer, at = people.signed(row.get("sk"), row.get("principal")), written(row)
        if row.get("decision") in decisions and signer and at is not None and at <= now + SKEW:
            yield row, signer, at


def acknowledgements(
    found: DecisionRows, opened: datetime, people: People, now: datetime
) -> tuple[Acknowledgement, ...]:
    """The acknowledgements that count, oldest first: of registered people, whatever they may approve."""
    valid = [
        (at, Acknowledgement(str(row.get("sk")), str(row.get("at"))))
        for row, _, at in _counted(found, people, now, "acknowledge")
        if opened <= at
    ]
    return tuple(ack for _, ack in sorted(valid, key=lambda each: (each[0], each[1].person)))


def closing(found: DecisionRows, opened: datetime, people: People, now: datetime) -> ClosingRequest | None:
    """The newest request to close that counts: of a person who may approve at least one class."""
    valid = [
        ClosingRequest(signer.name, str(row.get("reason", "")), at)
        for row, signer, at in _counted(found, people, now, "close")
        if signer.may and max(opened, now - CLOSE_COUNTS) <= at
    ]
    return max(valid, key=lambda each: (each.at, each.person), default=None)


def worse(lease: Lease) -> str:
    """The key of the rows of people who reverted this act because it made things worse."""
    return f"{WORSE}{lease.incident}#{lease.act}"


def made_worse(
    found: DecisionRows, lease: Lease, people: People, now: datetime
) -> tuple[str, datetime] | None:
    """Who said first that it made things worse, and when: of people who may revert it; None where no
    person did."""
    valid = (
        (signer.name, at)
        for _, signer, at in _counted(found, people, now, "worse")
        if lease.effect in signer.may and lease.at <= at
    )
    return min(valid, key=lambda each: (each[1], each[0]), default=None)


@frozen
class Approval:
    """A valid approval: who gave it (all of them, `aiko, ken`), and when the last of them did."""

    person: str
    at: datetime


def check(
    found: DecisionRows, asked: ApprovalRequest, people: People, now: datetime
) -> Approval | ExplainedReason[Refusal]:
    """The approval that lets `asked` be applied, or the reason why there is none.

    One rejection that counts (see `rejections`) outweighs any approval. The age that matters is the
    approval's.
    """
    if rejections(found, asked, people, now):
        return Refusal.REJECTED()
    # A proposal that was rejected and requested again needs a new answer: earlier approvals do not count.
    judged = _judged(found, asked, people, now)
    # An invalid answer of one person must not hide another person's.
    approvals = (each for each in judged if isinstance(each, Approval))
    # One of each person, the oldest first.
    good: dict[str, Approval] = {}
    for each in sorted(approvals, key=attrgetter("at", "person")):
        good.setdefault(each.person, each)
    if not good:
        return next((each for each in judged if isinstance(each, ExplainedReason)), Refusal.NOT_APPROVED())
    names = ", ".join(good)
    if len(good) < asked.people:
        return Refusal.ONE_MORE(person=names, people=asked.people)
    return Approval(names, max(each.at for each in good.values()))


def given(found: DecisionRows, asked: ApprovalRequest, people: People, now: datetime) -> tuple[Approval, ...]:
    """Every approval that counts, whether or not they are enough."""
    return tuple(each for each in _judged(found, asked, people, now) if isinstance(each, Approval))


def answer(found: DecisionRows, asked: ApprovalRequest, people: People, now: datetime) -> OpenRequest:
    """The outcome of a proposal. `by` of an open one, and of one that was not approved in time: who has
    approved it, where more people are needed."""
    said, since = _said(found, asked, people, now), _rejected_from(asked)
    times = (written(row) for row in found if row.get("decision") == "reject")
    stands = any(at is None or since <= at for at in times)

    def as_request(became: ApprovalAnswer, by: Iterable[str], at: datetime | None = None) -> OpenRequest:
        return OpenRequest(asked, became, ", ".join(by), at, said, stands)

    no = rejections(found, asked, people, now)
    done = asked.since if spent(asked) and asked.carried_by else None
    if done is not None and all(at > done for at in no.values()):
        if asked.carried_by == AUTOMATION:
            return as_request(ApprovalAnswer.NOT_NEEDED, ())
        return as_request(ApprovalAnswer.CARRIED_OUT, (asked.carried_by,), done)
    if no:
        return as_request(ApprovalAnswer.REJECTED, sorted(no), max(no.values()))
    good = check(found, asked, people, now)
    if spent(asked) or (isinstance(good, ExplainedReason) and asked.expires < now):
        yes = _in_time(said, asked)
        if len(yes) >= asked.people:
            return as_request(ApprovalAnswer.NOT_CARRIED_OUT, yes, max(yes.values()))
        return as_request(ApprovalAnswer.EXPIRED, yes)
    if isinstance(good, Approval):
        return as_request(ApprovalAnswer.APPROVED, (good.person,), good.at)
    return as_request(
        ApprovalAnswer.OPEN, (str(good.values["person"]),) if good.kind is Refusal.ONE_MORE else ()
    )


def _said(found: DecisionRows, asked: ApprovalRequest, people: People, now: datetime) -> tuple[Vote, ...]:
    """The answers of people who may decide this."""
    said = [
        Vote(signer.name, str(row["decision"]), at)
        for row, signer, at in _counted(found, people, now, "approve", "reject", "withdraw")
        if asked.effect in signer.may
    ]
    return tuple(sorted(said, key=lambda each: (each.at, each.person)))


def _in_time(said: tuple[Vote, ...], asked: ApprovalRequest) -> Mapping[str, datetime]:
    """Who approved it while it waited, whatever the outcome: person -> when."""
    first = asked.since if asked.since is not None and not spent(asked) else _ALWAYS
    last = min(asked.expires, asked.since) if asked.since is not None and spent(asked) else asked.expires
    return {each.person: each.at for each in said if each.decision == "approve" and first <= each.at <= last}


def spent(asked: ApprovalRequest) -> bool:
    """Whether its approval was used up, and it was not requested again."""
    return asked.since is not None and asked.since > asked.at


def rejections(
    found: DecisionRows, asked: ApprovalRequest, people: People, now: datetime
) -> Mapping[str, datetime]:
    """The rejections that count: person -> when.

    Only a person who may approve this class may reject it, with an identity of that person, at a readable
    time that is not in the future. A rejection is in force until it is withdrawn, with one exception: a
    proposal that restores old values is open again once it is requested again, so that one rejection cannot
    leave security lowered.
    """
    since = _rejected_from(asked)
    return {name: at for name, at in _noes(found, asked, people, now).items() if since <= at}


def _rejected_from(asked: ApprovalRequest) -> datetime:
    """From when on a rejection of it counts; see `rejections`."""
    return asked.at if asked.restores else _ALWAYS


def _noes(
    found: DecisionRows, asked: ApprovalRequest, people: People, now: datetime
) -> Mapping[str, datetime]:
    """Every rejection that was not withdrawn, whether or not it was asked for again since."""
    return {
        signer.name: at
        for _, signer, at in _counted(found, people, now, "reject")
        if asked.effect in signer.may
    }


def _judged(
    found: DecisionRows, asked: ApprovalRequest, people: People, now: datetime
) -> list[Approval | ExplainedReason[Refusal]]:
    no = max(_noes(found, asked, people, now).values(), default=_ALWAYS)
    later = (row for row in found if (at := written(row)) is not None and at > no)
    return [each for row in later if (each := _judge(row, asked, people, now)) is not None]


def _judge(
    row: Data, asked: ApprovalRequest, people: People, now: datetime
) -> Approval | ExplainedReason[Refusal] | None:
    person, at = str(row.get("sk")), written(row)
    if row.get("decision") != "approve" or at is None or not (asked.since or asked.at) <= at <= now:
        return None
    signer = people.signed(person, row.get("principal"))
    if signer is None or asked.effect not in signer.may:
        return Refusal.NO_RIGHT(person=person)
    # An approved revert can wait for the end of a stop as long as its proposal is valid. Asking for it again
    # later makes no approval good for longer.
    begun = asked.at if at >= asked.at else asked.since or asked.at
    good_until = max(at + FRESH, begun + VALID) if asked.restores else at + FRESH
    if at > asked.expires or now > good_until:
        return Refusal.EXPIRED()
    return Approval(signer.name, at)
