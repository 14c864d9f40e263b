"""An AWS in memory that is stricter than the emulators: what it lets pass, AWS lets pass too."""

from tests.fakes.gateway import Died, FakeAws
from tests.fakes.lambdas import StrictLambda
from tests.fakes.tables import StrictDynamo

__all__ = ["Died", "FakeAws", "StrictDynamo", "StrictLambda"]
