"""What each remedy has done so far, and which of them people could trust with more. Only ever suggested."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from responder.checks.finding import Checked, CheckItem
from responder.checks.model import CheckSection
from responder.core import permissions
from responder.core.assessment import RECORD_DAYS, Assessment, TrackRecord, track_record
from responder.core.change import Ledger
from responder.core.context import Context
from responder.core.errors import AwsError, ResponderError
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.permissions import Permission, Permissions
from responder.core.remedy import REMEDIES, RemedyName
from responder.core.settings import Settings
from responder.core.switches import Switches, switches
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.evidence.base import reason
from responder.store import self_tests
from responder.store.ledger import Assessments
from responder.store.switches import read_parameters

# A higher mode is suggested from so many assessed acts on, where they show with 95 % confidence that it helps
# at least this often, and none was harmful.
FEWEST, LOWEST = 5, 0.5
_UNUSED = timedelta(days=RECORD_DAYS)
_APPLIED = tuple(name for name, spec in REMEDIES.items() if spec.applied)


@frozen
class RemedyRecords:
    """The record of every remedy in figures. It changes no mode."""

    name: str = "records"

    def needs(self) -> Permissions:
        """Our own records and the modes."""
        return (
            Permission("dynamodb:Query", permissions.INCIDENTS_TABLE),
            Permission("ssm:GetParametersByPath", permissions.PARAMETERS_PATH),
            Permission("ssm:GetParametersByPath", permissions.PARAMETERS),
        )

    def run(self, context: Context) -> CheckSection:
        """Two reads; without the modes nothing is suggested."""
        settings = context.settings
        try:
            found = Assessments(context.aws, settings.incidents_table).read()
            board = switches(settings.parameters_path, read_parameters(context.aws, settings))
        except ResponderError as error:
            this = Checked.RECORDS.of()
            return CheckSection(self.name, (this.unread(text("check.records.part"), error),))
        return CheckSection(self.name, tuple(recorded(found, board, context.now, settings)))


def recorded(
    found: Iterable[Assessment], board: Switches, now: datetime, settings: Settings
) -> Iterator[CheckItem]:
    """One item for each remedy that has a record, amber where a higher mode is suggested. Pure."""
    acts = tuple(found)
    for name in _APPLIED:
        record = track_record(acts, name, now)
        if not record.judged:
            continue
        this, about = Checked.RECORD.of(name), _figures(name, record)
        wanted = suggested(name, record, board, now)
        if wanted is None:
            yield this.green(Text("check.records.record", about))
        else:
            said = Text("check.records.promote", {**about, "mode": wanted.value})
            command = f"liveness-ops mode {name} {wanted} {settings.console}"
            yield this.amber(said, text("check.records.by_people"), command=command)
    if not any(track_record(acts, name, now).judged for name in _APPLIED):
        yield Checked.RECORDS.of().green(text("check.records.none", days=RECORD_DAYS))


def suggested(name: RemedyName, record: TrackRecord, board: Switches, now: datetime) -> Mode | None:
    """The next mode up, never above the ceiling; None where nothing is suggested. A remedy that is only asked
    for after harm has a stop that people remove first."""
    own, ceiling = board.remedies.get(name), name.spec.ceiling
    if own is None or own.rank >= ceiling.rank or board.asking(name, now):
        return None
    if record.judged < FEWEST or record.harmful or record.lower < LOWEST:
        return None
    return tuple(Mode)[own.rank + 1]


def _figures(name: RemedyName, record: TrackRecord) -> dict[str, Text | int]:
    return {
        "remedy": text(f"remedy.name.{name}"),
        "helped": record.helped,
        "lost": record.judged - record.helped,
        "harmful": record.harmful,
        "percent": int(100 * record.lower),
        "days": RECORD_DAYS,
    }


def unused(context: Context, ledger: Ledger | None) -> Iterator[CheckItem]:
    """Remedies that were neither used nor rehearsed for 90 days. A self-test that was answered rehearses what
    all of them need: event, function, switches and message. What each needs besides is checked every day
    (`prepared`). `ledger`: None where it could not be read, which is reported elsewhere."""
    if ledger is None:
        return
    this, since = Checked.REMEDIES_UNUSED.of(), context.now - _UNUSED
    try:
        last = self_tests.last(context.aws, context.settings.incidents_table)
    except AwsError as error:
        yield this.unknown(text("check.ready.self_test_unread", reason=reason(error)))
        return
    if last is not None and last.answered and last.at >= since:
        yield this.green(text("check.ready.rehearsed", days=RECORD_DAYS))
        return
    unanswered = last if last is not None and not last.answered and last.at >= since else None
    used = {lease.remedy for lease in ledger.leases if lease.at >= since}
    idle = tuple(text(f"remedy.name.{name}") for name in _APPLIED if name not in used)
    if idle:
        said = text("check.ready.unused", remedies=idle, days=RECORD_DAYS)
        if unanswered is not None:
            # Only the last one is on record: an earlier one may have been answered.
            at = stamp(unanswered.at)
            said = text("check.ready.unanswered", at=at, remedies=idle, days=RECORD_DAYS)
        yield this.amber(said, command=f"liveness-ops selftest {context.settings.console}")
    else:
        yield this.green(text("check.ready.used", days=RECORD_DAYS))
