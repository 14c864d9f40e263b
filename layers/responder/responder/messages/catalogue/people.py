"""What is said of people's decisions, and by the console that they use."""

MESSAGES: dict[str, tuple[str, str]] = {
    "person.you_are": (
        "{person} として登録されています。承認できる種類: {may}",
        "You are registered as {person}. You may approve: {may}",
    ),
    "guard.one_more": (
        "{person} が承認済みです。{people} 人の承認が必要なため、別の人の承認を待っています",
        "{person} approved it; {people} different people are needed, so it waits for another one",
    ),
    "console.nothing_asked": (
        "インシデント {incident} に承認待ちの提案はありません。",
        "Nothing waits for an approval in {incident}.",
    ),
    "person.acknowledged": (
        "{person} の確認を記録しました。エスカレーションを約 {minutes} 分、{until} ごろまで保留します。",
        "Acknowledged by {person}. The escalation waits for about {minutes} min, until {until}.",
    ),
    "person.closing": (
        "{person} の終了依頼を記録しました。自動追跡が {minutes} 分以内にインシデントを終了し、"
        "これまでに連絡した全員に知らせます。それまでにアラームが ALARM になった場合は終了しません。",
        "{person} closes the incident: on record. The follow-up closes it within {minutes} min "
        "and tells everyone who was told of it, unless the alarm goes to ALARM before.",
    ),
    "person.rejected": (
        "「{remedy}」（提案 {proposal}）を却下しました。実行されません。",
        "Rejected: {remedy} ({proposal}). It is not carried out.",
    ),
    "person.rejected_late": (
        "「{remedy}」（提案 {proposal}）を却下しました。"
        "先に承認されていたため、すでに実行中の可能性があります。実行された場合は、元に戻してください。",
        "Rejected: {remedy} ({proposal}). It had been approved before and may be under way; "
        "if it is carried out, take it back.",
    ),
    "person.withdrawn": (
        "「{remedy}」（提案 {proposal}）の却下を取り下げました。"
        "有効な承認が残っている場合は、1 分ほどで実行されます。",
        "Your rejection of {remedy} ({proposal}) is withdrawn. "
        "If it has a valid approval, it is carried out within about a minute.",
    ),
    "person.accepted": (
        "{finding} を {until} まで受容しました。"
        "悪化したとき、内容が変わったとき、期限が過ぎたときは、また報告します。",
        "{finding} is accepted until {until}. It is told again once it is worse, its facts are others, "
        "or that day is over.",
    ),
    "person.accepted.more": (
        "同じ原因による項目も合わせて受容しました（{count} 件）。",
        "Other findings of the same cause are accepted with it: {count}.",
    ),
    "person.unaccepted": (
        "{finding} の受容を取り消しました。次のチェックからまた報告します。",
        "{finding} is no longer accepted; the next check tells it again.",
    ),
    "person.settings_set": (
        "設定文書を変更しました。登録されている人: {people}",
        "The settings document is set. Registered: {people}",
    ),
    "person.not_known": (
        "AWS の呼び出しに失敗しました（{call}）。"
        "記録できたか確認できないため、もう一度実行してください。二重には実行されません。",
        "A call failed ({call}), so it may not be on record. Do it again; nothing is done twice.",
    ),
    "person.not_claimed": (
        "記録に接続できないため、実行しませんでした（{reason}）。少し待って、もう一度実行してください。",
        "Nothing was done, because the records cannot be reached ({reason}). "
        "Wait a moment, then do it again.",
    ),
    "person.broken": (
        "予期しないエラーです（{kind}）。ここまでの操作は取り消されません。この仕組みをデプロイした人に伝えてください。",
        "An unexpected error ({kind}); what was done before it stands. "
        "Tell the team that deploys the responder.",
    ),
    "person.redrive_refused": (
        "アラームの関数が受け付けませんでした。メッセージはキューに残っています。",
        "The alarm's function did not accept it. The messages stay in their queues.",
    ),
    "person.not_removed": (
        "キューから取り出せなかったメッセージがあります（{problems}）。",
        "Some messages could not be taken out of their queues ({problems}).",
    ),
    "console.several": (
        "承認待ちの提案が複数あります。ID を指定してください。",
        "Several proposals wait. Name one by its id.",
    ),
    "console.listed": ("{proposal}  {what}（{at} まで）", "{proposal}  {what} (until {at})"),
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
    "console.ask_step": ("Liveness 検証を {percent}% にしますか", "Set the liveness check to {percent}%?"),
    "console.ask_close": (
        "インシデント {incident} を終了しますか（理由: {why}）",
        "Close the incident {incident}? Reason: {why}",
    ),
    "console.ask_withdraw": ("却下を取り下げますか", "Withdraw your rejection?"),
    "console.no_entry": (
        "スタック {stack} には、この liveness-ops が使う入口（出力 PeopleUrl）がありません。",
        "The stack {stack} has no entry for people (output PeopleUrl) that this liveness-ops could use.",
    ),
    "console.no_answer": (
        "入口が応答しませんでした（{call}）。記録されたか確認できません。もう一度実行してください。二重には実行されません。"
        "すべての変更を止めるには liveness-ops pause を使ってください。",
        "The entry did not answer ({call}), so it may not be on record. Do it again; nothing is done twice. "
        "To stop every change, use liveness-ops pause.",
    ),
    "console.declined": ("中止しました。", "Nothing was done."),
    "person.recorded": ("承認を記録しました。", "Your approval is on record."),
    "console.sending": (
        "実行しています（1 分ほどかかることがあります）。",
        "Carrying it out; this can take a minute.",
    ),
    "person.not_sent": (
        "承認は記録済みですが、実行を依頼できませんでした（{call}）。1 分ほどで自動で実行されます。",
        "Your approval is on record, but the function could not be asked ({call}). "
        "It is repeated automatically within about a minute.",
    ),
    "console.aws_failed": ("AWS を利用できませんでした: {call}", "AWS could not be used: {call}"),
    "person.not_noted": (
        "タイムラインには記録できませんでした（{call}）。操作には影響しません。",
        "Not noted in the timeline ({call}); what you did stands all the same.",
    ),
    "person.result": ("{remedy}: {result}", "{remedy}: {result}"),
    "person.not_done": (
        "{said}。理由は届いたメッセージを確認してください。",
        "{said}. The message that was sent says why.",
    ),
    "person.under_way": (
        "同じ指示をいま実行中です。結果は liveness-ops show {incident} で確認してください",
        "the same command is being carried out right now; see liveness-ops show {incident}",
    ),
    "person.not_done_because": ("{said}。理由: {because}", "{said}: {because}"),
    "console.several_leases": (
        "有効な変更が複数あります。対応名（と --scope）を指定してください。",
        "Several changes are in force. Name one, with --scope where needed.",
    ),
    "console.lease": ("{id}  {remedy}（--scope {scope}）", "{id}  {remedy} (--scope {scope})"),
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
