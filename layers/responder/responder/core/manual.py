"""What the operations manual has a person do about an alarm, as data; `messages.steps` shows it."""

from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.text import Strings


@frozen
class Manual:
    """What on-call does manually for one alarm.

    Attributes:
        steps: in the manual's order, as keys of the catalogue.
        function: the one that the alarm is about, which the commands name; None: it is about more than one.
    """

    steps: Strings
    function: LivenessFunction | None = None


# Of an alarm without a playbook.
GENERAL = Manual(
    ("step.alarm_state", "step.check_dashboard", "step.error_logs", "step.check_health", "step.escalate")
)
