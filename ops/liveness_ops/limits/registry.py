"""All limits, in the order of the table. A new kind of limit gets a module of its own and a line here."""

from liveness_ops.limits.durable import DURABLE
from liveness_ops.limits.limit import Limit
from liveness_ops.limits.rates import RATES
from liveness_ops.limits.sizes import SIZES

LIMITS: tuple[Limit, ...] = (*RATES, *DURABLE, *SIZES)
