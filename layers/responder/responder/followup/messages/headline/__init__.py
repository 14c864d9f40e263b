"""The first line of what the follow-up tells, by topic: it has to be enough by itself."""

from collections.abc import Callable, Mapping

from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext
from responder.followup.messages.headline import changed_by_others, end, reverting, unsolved

GISTS: Mapping[str, Callable[[MessageContext], tuple[Text, ...]]] = {
    "escalate": unsolved.escalate,
    "ineffective": unsolved.ineffective,
    "rejected": unsolved.rejected,
    "stuck": unsolved.stuck,
    "broken": unsolved.broken,
    "postponed": reverting.postponed,
    "changed": changed_by_others.changed,
    "gone": unsolved.gone,
    "settings": unsolved.settings,
    "remind": reverting.remind,
    "mitigated": end.mitigated,
    "recovered": end.recovered,
    "close": end.close,
    "closed_by_hand": end.closed_by_hand,
    "superseded": end.superseded,
}


def gist(case: MessageContext) -> Text:
    """Whole sentences: what is going on, what was done, what the reader must do."""
    return text("report.all", parts=GISTS[case.topic](case))
