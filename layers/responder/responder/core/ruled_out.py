"""What a playbook has ruled out.

To add one: the member here, its subject in `_SUBJECTS`, its sentence in both languages in
`messages/locale/out.po`.
"""

from responder.core.finding import Subject
from responder.core.reasons import ReasonKind


class RuledOut(ReasonKind):
    """A cause that the looks which worked exclude."""

    HEALTH = "out.health"
    CHANGES = "out.changes"
    TABLE = "out.table"
    TABLE_FAST = "out.table_fast"
    DOWNSTREAM = "out.downstream"
    MEMORY = "out.memory"
    COLD_STARTS = "out.cold_starts"

    @property
    def subject(self) -> Subject:
        """What it says is fine."""
        return _SUBJECTS[self]


_SUBJECTS = {
    RuledOut.HEALTH: Subject.HEALTH,
    RuledOut.CHANGES: Subject.CHANGES,
    RuledOut.TABLE: Subject.TABLE,
    RuledOut.TABLE_FAST: Subject.TABLE,
    RuledOut.DOWNSTREAM: Subject.REQUESTS,
    RuledOut.MEMORY: Subject.MEMORY,
    RuledOut.COLD_STARTS: Subject.COLD_STARTS,
}
