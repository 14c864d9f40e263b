import pytest

from responder.core.change import LeaseState
from responder.core.errors import Refused
from responder.remedies import Remedy
from responder.remedies.propose_change import ProposeChange
from tests.fakes import FakeAws
from tests.unit.remedies.world import context, lease

REMEDY = ProposeChange()


def test_it_has_no_right() -> None:
    assert isinstance(REMEDY, Remedy)
    assert REMEDY.needs() == ()


def test_planning_it_asks_aws_nothing_and_finds_nothing_to_change() -> None:
    aws = FakeAws()
    plan = REMEDY.prepare(context(aws))
    assert (plan.scope, plan.changes, plan.obstacles, plan.already) == ("review", (), (), False)
    assert aws.calls == []


def test_a_suggested_change_is_never_applied_or_reverted() -> None:
    aws = FakeAws()
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, (), LeaseState.IN_FORCE)
    with pytest.raises(Refused) as applied:
        REMEDY.apply(context(aws), plan)
    with pytest.raises(Refused) as back:
        REMEDY.revert(context(aws), held, {})
    with pytest.raises(Refused) as confirmed:
        REMEDY.confirm(context(aws), held)
    with pytest.raises(Refused) as restored:
        REMEDY.restored(held, {})
    keys = {each.value.reason.kind.value for each in (applied, back, confirmed, restored)}
    assert keys == {"guard.never_applied"}
    assert aws.calls == []
