"""What a follow-up sees, remembers, and has to do next. Pure: no AWS, no clock of its own."""

from responder.watch.duties import due
from responder.watch.duty import Duty, Task
from responder.watch.memory import Watch
from responder.watch.observe import observe
from responder.watch.pace import pause
from responder.watch.seen import Ack, Asking, Closing, Seen, Traffic

__all__ = ["Ack", "Asking", "Closing", "Duty", "Seen", "Task", "Traffic", "Watch", "due", "observe", "pause"]
