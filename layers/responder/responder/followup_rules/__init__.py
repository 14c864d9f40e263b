"""What a follow-up sees, remembers, and has to do next. Pure: no AWS, no clock of its own."""

from responder.followup_rules.duties import due
from responder.followup_rules.duty import Duty, Task
from responder.followup_rules.memory import Watch
from responder.followup_rules.observe import observe
from responder.followup_rules.polling_interval import pause
from responder.followup_rules.seen import Ack, Asking, Closing, Seen, Traffic

__all__ = ["Ack", "Asking", "Closing", "Duty", "Seen", "Task", "Traffic", "Watch", "due", "observe", "pause"]
