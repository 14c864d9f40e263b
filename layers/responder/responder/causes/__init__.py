"""From what was found to what is wrong: the cause, what fixes it, and the steps a person takes. Pure.

Here: the looks that several decisions read.
"""

from datetime import timedelta

from responder.evidence.access import Access
from responder.evidence.bucket import Bucket
from responder.evidence.failures import Failures
from responder.evidence.health import AwsHealth
from responder.evidence.invocations import Invocations
from responder.evidence.modifications import RecentChanges
from responder.evidence.table import Table, TablePressure

ACCESS = Access()
BUCKET = Bucket()
CHANGED = RecentChanges()
FAILURES = Failures()
HEALTH = AwsHealth()
INVOCATIONS = Invocations()
PRESSURE = TablePressure()
TABLE = Table()

HOUR = timedelta(hours=1)
