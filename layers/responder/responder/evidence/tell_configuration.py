"""The configuration in sentences: names of variables, never values. Pure."""

from responder.core import console_links, lambda_runtimes
from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.text import Text, text
from responder.evidence.facts import FunctionConfigurations, FunctionState
from responder.evidence.saying import stamp


def tell(look: str, fact: FunctionConfigurations, context: Context) -> tuple[Finding, ...]:
    """One finding per function."""
    found = [_one(look, state, context) for state in fact.functions.values()]
    found += [_unread(look, name, why, context) for name, why in fact.unread.items()]
    return tuple(found)


def _unread(look: str, name: str, why: Text, context: Context) -> Finding:
    said = text("evidence.configuration.unread", function=name, reason=why)
    link = console_links.function(context.settings.region, name)
    return Finding(look, Tone.UNKNOWN, said, link=link, subject=Subject.CONFIGURATION)


def _one(look: str, state: FunctionState, context: Context) -> Finding:
    broken, doubtful = _broken(state), _doubtful(state, context)
    tone = Tone.RED if broken else Tone.AMBER if doubtful else Tone.NORMAL
    said = text(
        "evidence.configuration",
        function=state.name,
        runtime=state.runtime,
        memory=state.memory,
        timeout=state.timeout,
        modified=stamp(state.modified),
    )
    noted = _noted(state, context)
    numbers = {"memory": float(state.memory), "timeout": float(state.timeout)}
    link = console_links.function(context.settings.region, state.name)
    return Finding(
        look, tone, said, None, (*broken, *doubtful, *noted), numbers, link, subject=Subject.CONFIGURATION
    )


def _broken(state: FunctionState) -> tuple[Text, ...]:
    found: list[Text] = []
    if state.state not in ("Active", "Inactive"):
        found.append(text("evidence.configuration.state", state=state.state))
    if state.update_status == "Failed":
        found.append(text("evidence.configuration.update", status=state.update_status))
    if state.expected_missing:
        found.append(text("evidence.configuration.missing", names=", ".join(state.expected_missing)))
    if state.expected_wrong:
        found.append(text("evidence.configuration.wrong", names=", ".join(state.expected_wrong)))
    if not state.variables_readable:
        found.append(text("evidence.configuration.unreadable"))
    return tuple(found)


def _doubtful(state: FunctionState, context: Context) -> tuple[Text, ...]:
    found: list[Text] = []
    if state.update_status == "InProgress":
        found.append(text("evidence.configuration.update", status=state.update_status))
    today = context.now.date()
    ends, refused = (
        lambda_runtimes.supported_until(state.runtime),
        lambda_runtimes.updates_refused_from(state.runtime),
    )
    if refused and today >= refused:
        found.append(text("evidence.configuration.refused", runtime=state.runtime, since=refused.isoformat()))
    elif ends and refused and today > ends:
        values = {"runtime": state.runtime, "ended": ends.isoformat(), "refused": refused.isoformat()}
        found.append(text("evidence.configuration.ended", **values))
    elif state.runtime and refused is None:
        found.append(text("evidence.configuration.unknown_runtime", runtime=state.runtime))
    return tuple(found)


def _noted(state: FunctionState, context: Context) -> tuple[Text, ...]:
    found = [text("evidence.configuration.vpc")] if state.in_vpc else []
    if lambda_runtimes.table_is_old(context.now.date()):
        found.append(text("evidence.configuration.old_table", checked=lambda_runtimes.CHECKED.isoformat()))
    return tuple(found)
