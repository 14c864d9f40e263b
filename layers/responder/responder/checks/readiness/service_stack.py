"""The service's own CloudFormation stack, whose updates count as recent changes."""

from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.text import text
from responder.evidence.base import reason


def service_stack(context: Context) -> tuple[CheckItem, ...]:
    """Nothing where it is there."""
    name = context.settings.service_stack
    try:
        context.aws.call("cloudformation", "describe_stacks", StackName=name)
    except AwsError as error:
        # CloudFormation has no code of its own for a stack that does not exist.
        missing = error.code == "ValidationError"
        said = (
            text("check.ready.stack_missing", stack=name)
            if missing
            else text("check.ready.stack_unread", stack=name, reason=reason(error))
        )
        return (
            CheckItem(
                Checked.SERVICE_STACK.of(name), CheckStatus.AMBER if missing else CheckStatus.UNKNOWN, said
            ),
        )
    return ()
