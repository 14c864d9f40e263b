"""What an alarm's Lambda function does with what it receives: a state change of its alarm, or a command."""

from collections.abc import Callable, Mapping
from typing import Any

from responder.respond.playbook import Playbook


def handler_of(playbook: Playbook) -> Callable[[Mapping[str, Any], Any], dict[str, Any]]:
    """The Lambda handler of an alarm's function."""

    def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        # Imported in the call: the console and the checks read playbooks without the response around them.
        from responder.alarm_function.handler import handle

        return handle(playbook, event, context)

    return handler
