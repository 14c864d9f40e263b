"""A change that is only ever proposed: permissions, quotas, time-outs. Nothing here changes anything."""

from responder.core.change import Changes, Lease, Plan
from responder.core.context import Context
from responder.core.errors import AwsError, Refused
from responder.core.frozen import frozen
from responder.core.permissions import Permissions
from responder.core.plain_data import Data
from responder.core.refusals import Refusal
from responder.core.remedy import RemedyName
from responder.remedies import TargetState


@frozen
class ProposeChange:
    """What is proposed comes with the verdict (`Proposal.proposed`); it is shown whatever the mode."""

    name: RemedyName = RemedyName.PROPOSE_CHANGE
    scope: str = ""

    def needs(self) -> Permissions:
        """No rights at all."""
        return ()

    def prepare(self, context: Context) -> Plan:
        """There is nothing to be changed from here."""
        return Plan("review", ())

    def apply(self, context: Context, plan: Plan) -> Changes:
        """Never, whatever command asks for it."""
        raise _never()

    def confirm(self, context: Context, lease: Lease) -> Changes:
        """Nothing was begun, whatever a record says."""
        raise _never()

    def look(self, context: Context, lease: Lease) -> tuple[TargetState | AwsError, ...]:
        """Nothing was set."""
        return ()

    def restored(self, lease: Lease, wanted: Data) -> dict[str, str]:
        """Nothing was set."""
        raise _never()

    def revert(self, context: Context, lease: Lease, wanted: Data) -> Changes:
        """Never: the person who made the change undoes it."""
        raise _never()


def _never() -> Refused:
    return Refused(Refusal.NEVER_APPLIED())
