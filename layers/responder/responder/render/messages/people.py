"""What is said of people's decisions, and by the console that they use."""

MESSAGES: dict[str, tuple[str, str]] = {
    "guard.one_more": (
        "{person} が承認済みです。{people} 人の承認が必要なため、別の人の承認を待っています",
        "{person} approved it; {people} different people are needed, so it waits for another one",
    ),
    "console.stranger": (
        "{principal} は設定文書に登録されていません。何も書き込んでいません。",
        "{principal} is not registered in the settings document. Nothing was written.",
    ),
    "console.no_right": (
        "{person}（{principal}）には「{kind}」を承認する権限がありません。何も書き込んでいません。",
        "{person} ({principal}) may not approve what {kind}. Nothing was written.",
    ),
    "console.unknown_incident": (
        "インシデント {incident} はありません。",
        "There is no incident {incident}.",
    ),
    "console.incident_closed": (
        "インシデント {incident} はすでに完了しています。",
        "The incident {incident} is closed.",
    ),
    "console.incident_unanswered": (
        "インシデント {incident} の最初の対応がまだ記録されていません。少し待ってください。",
        "The first response to {incident} is not on record yet. Wait a moment.",
    ),
    "console.no_proposal": (
        "このインシデントに提案 {proposal} はありません。",
        "This incident has no proposal {proposal}.",
    ),
    "console.nothing_asked": (
        "インシデント {incident} に承認待ちの提案はありません。",
        "Nothing waits for an approval in {incident}.",
    ),
    "decision.rejected_before": (
        "提案 {proposal} は {person} が却下しています。",
        "{person} rejected the proposal {proposal}.",
    ),
    "decision.not_rejected": (
        "提案 {proposal} は {person} によって却下されていません。",
        "{person} has not rejected the proposal {proposal}.",
    ),
    "decision.carried_out_before": (
        "提案 {proposal} はすでに実行されています。",
        "The proposal {proposal} was carried out already.",
    ),
    "decision.expired": (
        "提案 {proposal} は {at} に期限が切れました。必要なら自動で新しい提案が届きます。",
        "The proposal {proposal} expired at {at}. Where it is still needed, a new one follows.",
    ),
    "console.several": (
        "承認待ちの提案が複数あります。ID を指定してください。",
        "Several proposals wait. Name one by its id.",
    ),
    "console.listed": ("{proposal}  {what}（{at} まで）", "{proposal}  {what} (until {at})"),
    "console.back": ("{remedy}を元に戻す", "take back: {remedy}"),
    "console.card": ("提案 {proposal}", "Proposal {proposal}"),
    "console.card_lease": ("元に戻す変更", "What would be taken back"),
    "console.label_remedy": ("対応", "Action"),
    "console.label_change": ("変更", "Change"),
    "console.label_class": ("種類", "Class"),
    "console.label_meaning": ("影響", "Meaning"),
    "console.label_until": ("期限", "Valid"),
    "console.label_approved": ("承認済み", "Approved"),
    "console.until": ("{at} まで", "until {at}"),
    "console.approved": ("{by}（{people} 人の承認が必要）", "{by} (needed: {people})"),
    "console.ask_approve": ("承認しますか", "Approve it?"),
    "console.ask_reject": ("却下しますか", "Reject it?"),
    "console.ask_revert": ("元の値に戻しますか", "Take it back to the old value?"),
    "console.ask_step": ("{percent}% に戻しますか", "Go back to {percent}%?"),
    "console.declined": ("中止しました。", "Nothing was done."),
    "console.recorded": ("承認を記録しました。", "Your approval is on record."),
    "console.rejected": (
        "提案 {proposal} を却下しました。実行されません。",
        "Rejected: {proposal}. It is not carried out.",
    ),
    "console.rejected_late": (
        "提案 {proposal} を却下しました。先に承認されていたため、すでに実行中の可能性があります。"
        "実行された場合は、liveness-ops revert で元に戻してください。",
        "Rejected: {proposal}. It had been approved before and may be under way; "
        "if it is carried out, take it back with liveness-ops revert.",
    ),
    "decision.no_reason": ("却下の理由がありません。", "There is no reason."),
    "console.no_reason": ("却下の理由（--reason）を書いてください。", "Say why with --reason."),
    "console.sending": (
        "実行しています（1 分ほどかかることがあります）。",
        "Carrying it out; this can take a minute.",
    ),
    "console.not_sent": (
        "承認は記録済みですが、実行を依頼できませんでした（{call}）。1 分ほどで自動で実行されます。",
        "Your approval is on record, but the function could not be asked ({call}). "
        "It is repeated automatically within about a minute.",
    ),
    "console.aws_failed": ("AWS を利用できませんでした: {call}", "AWS could not be used: {call}"),
    "console.not_noted": (
        "タイムラインには記録できませんでした（{call}）。操作には影響しません。",
        "Not noted in the timeline ({call}); what you did stands all the same.",
    ),
    "console.result": ("{remedy}: {result}", "{remedy}: {result}"),
    "console.not_done": (
        "{said}。理由は届いたメッセージを確認してください。",
        "{said}. The message that was sent says why.",
    ),
    "console.not_done_because": ("{said}。理由: {because}", "{said}: {because}"),
    "console.acknowledged": (
        "{person} の確認を記録しました。エスカレーションを約 {minutes} 分、{until} ごろまで保留します。",
        "Acknowledged by {person}. The escalation waits for about {minutes} min, until {until}.",
    ),
    "console.no_lease": (
        "インシデント {incident} に、元に戻せる変更はありません。",
        "Nothing of that kind is in force in {incident}.",
    ),
    "console.several_leases": (
        "有効な変更が複数あります。対応名（と --scope）を指定してください。",
        "Several changes are in force. Name one, with --scope where needed.",
    ),
    "console.lease": ("{id}  {remedy}（--scope {scope}）", "{id}  {remedy} (--scope {scope})"),
    "console.no_percent": (
        "{remedy}は割合を指定して戻せません。",
        "--percent does not go with {remedy}.",
    ),
    "console.asked_for": (
        "元に戻すには承認が必要です（提案 {proposal}）。",
        "Taking it back needs an approval ({proposal}).",
    ),
    "console.no_stack": (
        "スタック {stack} は Liveness Responder ではありません。",
        "The stack {stack} is no Liveness Responder.",
    ),
    "console.no_region": ("--region を指定してください。", "Name the Region with --region."),
}
