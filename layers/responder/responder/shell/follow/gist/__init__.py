"""The first line of what the follow-up tells, by topic: it has to be enough by itself."""

from collections.abc import Callable, Mapping

from responder.shell.follow.case import Case
from responder.shell.follow.gist import back, changed, end, trouble
from responder.text import Text, text

GISTS: Mapping[str, Callable[[Case], tuple[Text, ...]]] = {
    "escalate": trouble.escalate,
    "ineffective": trouble.ineffective,
    "rejected": trouble.rejected,
    "stuck": trouble.stuck,
    "broken": trouble.broken,
    "postponed": back.postponed,
    "changed": changed.changed,
    "gone": trouble.gone,
    "settings": trouble.settings,
    "remind": back.remind,
    "mitigated": end.mitigated,
    "recovered": end.recovered,
    "close": end.close,
    "closed_by_hand": end.closed_by_hand,
    "superseded": end.superseded,
}


def gist(case: Case) -> Text:
    """Whole sentences: what is going on, what was done, what the reader must do."""
    return text("report.all", parts=GISTS[case.topic](case))
