"""What an alarm's Lambda function does with what it receives: a state change of its alarm, or a command."""

from collections.abc import Callable
from typing import Any

from responder.core.plain_data import Data, Json
from responder.respond.playbook import Playbook


def handler_of(playbook: Playbook) -> Callable[[Data, Any], Json]:
    """The Lambda handler of an alarm's function."""

    def handler(event: Data, context: Any) -> Json:
        # Imported in the call: the console and the checks read playbooks without the response around them.
        from responder.alarm_function.handler import handle

        return handle(playbook, event, context)

    return handler
