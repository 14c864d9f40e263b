"""Sentences of the drill itself, in both languages; messages come from the responder's own catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liveness_ops.people.options import Language
from responder.core.codec import load
from responder.core.text import Text
from responder.messages.language import say
from responder.messages.report_message import ReportedOutcome
from responder.messages.requests import called


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence, twice."""

    ja: str
    en: str

    def said(self, language: Language) -> str:
        """The one to show."""
        return self.ja if language is Language.JA else self.en


def result(name: str, language: Language) -> str:
    """What became of a proposal, as the messages call it."""
    return say(Text(f"result.{name}"), language)


def tone(name: str, language: Language) -> str:
    """How a finding reads, as the messages call it."""
    return say(Text(f"tone.{name}"), language)


def remedy(outcome: Mapping[str, Any], language: Language) -> str:
    """What an outcome of a report is about, as the messages call it."""
    return say(called(load(ReportedOutcome, outcome).request), language)


BROKEN = Words("起こしたこと", "What was broken")
PERSON = Words("操作した人と結果", "Who, and how it ended")
FINDINGS = Words("わかったこと", "Findings")
DECISION = Words("判断", "Decision")
OUTCOMES = Words("提案と結果", "Proposals and what became of them")
CHANGED = Words("AWS で変わった設定（前 → 後）", "What changed in AWS (before → after)")
NONE = Words("なし", "none")
NOTHING = Words("何も変わっていません", "Nothing changed")
MESSAGE = Words("届いたメッセージ", "The message as on-call gets it")
NO_MESSAGE = Words("メッセージはありません", "No message")
FAILED = Words("期待と異なる点", "Differs from what is expected")
SAMPLES = Words("件数", "samples")
CAUSE = Words("原因", "Cause")
COLUMNS = Words(
    "アラーム|シナリオ|環境|原因|結果|変更数|秒|判定",
    "Alarm|Scenario|World|Cause|Outcome|Changes|Seconds|OK",
)
COURSE = Words("アラームから終わりまで（分）", "From the alarm to the end (minutes)")
ENDED = Words("{minute:.0f} 分で終了", "closed after {minute:.0f} min")
FOLLOWED = Words("{minute:.0f} 分まで追跡", "followed for {minute:.0f} min")
CLOSED = Words("終了レポート", "The closing report")
SUMMARY = Words(
    "{passed} / {all} のシナリオが期待どおりです（{seconds:.1f} 秒）",
    "{passed} of {all} scenarios went as expected ({seconds:.1f} s)",
)
SETTING = Words("設定|変更前|変更後", "Setting|Before|After")
TITLE = Words("Liveness Responder 訓練結果", "Liveness Responder: the drill")
TOP = Words("一覧へ", "to the table")
PREPARING = Words(
    "sam build と sam deploy を実行中（ローカル AWS）", "sam build and sam deploy to the local AWS"
)
