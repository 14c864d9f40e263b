"""Why a request of a person was declined, in Slack and at the console."""

MESSAGES: dict[str, tuple[str, str]] = {
    "denial.may_not_accept": (
        "{person}（{principal}）はどの種類の対応も承認できないため、項目を受容できません。何も記録していません。",
        "{person} ({principal}) may not approve anything, and so may not accept a finding. "
        "Nothing was recorded.",
    ),
    "denial.accept_until": (
        "期限は {first} から {last} までの日付で指定してください。何も記録していません。",
        "The last day has to be one from {first} to {last}. Nothing was recorded.",
    ),
    "denial.no_finding": (
        "ID が {finding} の項目は、最新のレポートにありません。何も記録していません。"
        "ID はレポートの各項目に表示されています。",
        "No finding of the newest reports has the id {finding}. Nothing was recorded. "
        "The report shows the id below each finding.",
    ),
    "denial.not_amber": (
        "{finding} は最新のレポートで「{light}」です。受容できるのは「近日対応」の項目だけです。"
        "何も記録していません。"
        "「今日対応」の項目は対処し、「未確認」の項目は確認できるようにしてください。",
        "In the newest report {finding} is “{light}”; only what is for “soon” can be accepted. "
        "Nothing was recorded. Mend what is for today, and make it possible to check what was not checked.",
    ),
    "denial.not_accepted": (
        "{finding} は受容されていません。受容中の項目は liveness-ops check accepted で確認できます。",
        "{finding} is not accepted. See what is with liveness-ops check accepted.",
    ),
    "denial.not_signed": (
        "AWS が確認した呼び出し元がありません。何も実行していません。",
        "AWS named no caller for this request. Nothing was done.",
    ),
    "denial.stranger": (
        "{principal} は設定文書に登録されていません。何も実行していません。",
        "{principal} is not registered in the settings document. Nothing was done.",
    ),
    "denial.not_bound": (
        "{principal} は本人と確認できません（{why}）。何も実行していません。",
        "{principal} does not identify a person: {why}. Nothing was done.",
    ),
    "denial.no_right": (
        "{person}（{principal}）には「{kind}」を承認する権限がありません。何も実行していません。",
        "{person} ({principal}) may not approve what {kind}. Nothing was done.",
    ),
    "denial.may_not_raise": (
        "{person}（{principal}）は {missing} を承認できないため、このモードに上げられません。"
        "何も変更していません。",
        "{person} ({principal}) may not approve {missing}, which this mode would allow. Nothing was changed.",
    ),
    "denial.may_not_resume": (
        "{person}（{principal}）は {missing} を承認できないため、{who} の停止 {name} を解除できません。"
        "何も変更していません。",
        "{person} ({principal}) may not approve {missing}, which the pause {name} of {who} holds back. "
        "Nothing was changed.",
    ),
    "denial.may_not_register": (
        "{person}（{principal}）は一部の種類を承認できないため、設定文書を変更できません。何も変更していません。",
        "{person} ({principal}) may not approve every class, and so may not change the settings document. "
        "Nothing was changed.",
    ),
    "denial.settings_invalid": (
        "設定文書が正しくありません（{reason}）。何も変更していません。",
        "The settings document is invalid: {reason}. Nothing was changed.",
    ),
    "denial.not_yourself": (
        "この設定文書では {principal} がすべての種類を承認できなくなります。自分の権限は外せません。"
        "外すときは、すべての種類を承認できるほかの人が変更してください。何も変更していません。",
        "In this settings document {principal} may no longer approve every class. You cannot take that from "
        "yourself; another person who may approve every class can. Nothing was changed.",
    ),
    "denial.settings_changed": (
        "設定文書は表示時から変わっています。何も変更していません。もう一度確認してください。",
        "The settings document is no longer what was shown. Nothing was changed; look again.",
    ),
    "denial.being_changed": (
        "ほかの操作がいま同じものを変更しています。何も変更していません。少し待って、もう一度確認してください。"
        "すぐに止める必要があれば liveness-ops pause を使ってください。",
        "The same is being changed right now. Nothing was changed; look again in a moment. "
        "To stop at once, use liveness-ops pause.",
    ),
    "denial.unreadable": (
        "リクエストを読み取れません（{field}）。何も実行していません。"
        "liveness-ops とスタックのバージョンを確認してください。",
        "The request cannot be read ({field}). Nothing was done. "
        "Check that liveness-ops and the stack have the same version.",
    ),
    "denial.no_reason": (
        "却下の理由がありません。何も実行していません。",
        "A rejection needs a reason. Nothing was done.",
    ),
    "denial.may_not_close": (
        "{person}（{principal}）はどの種類も承認できないため、インシデントを終了できません。何も実行していません。"
        "承認できる人に依頼してください。",
        "{person} ({principal}) may not approve anything, and so may not close an incident. "
        "Nothing was done; ask a person who may.",
    ),
    "denial.no_reason_to_close": (
        "終了の理由がありません。--reason で指定してください。何も実行していません。",
        "An incident is closed with a reason (--reason). Nothing was done.",
    ),
    "denial.still_raised": (
        "アラーム {alarm} は ALARM のままです。何も実行していません。"
        "障害が解決して OK が続くと、自動で終了します。"
        "エスカレーションを止めるだけなら liveness-ops ack {incident} を実行してください。",
        "The alarm {alarm} is in ALARM. Nothing was done. Once the fault is solved and OK lasts, "
        "the incident is closed by itself; to hold the escalation: liveness-ops ack {incident}",
    ),
    "denial.still_in_force": (
        "{remedy}がまだ有効です。終了すると、元に戻す人がいなくなります。何も実行していません。"
        "先に元に戻してください: liveness-ops revert {incident} {name}",
        "Still in force: {remedy}; once the incident is closed, nothing takes it back. Nothing was done. "
        "First take it back: liveness-ops revert {incident} {name}",
    ),
    "denial.in_force_unread": (
        "{remedy}がまだ有効かどうかを読めません（{reason}）。何も実行していません。"
        "読めるようにして元に戻してから（liveness-ops revert {incident} {name}）、もう一度実行してください。",
        "Whether this is still in force cannot be read ({reason}): {remedy}. Nothing was done. "
        "Make it readable, take it back (liveness-ops revert {incident} {name}), then close the incident.",
    ),
    "denial.closing_unread": (
        "終了してよいかどうかを確認できません（{reason}）。何も実行していません。少し待って、もう一度実行してください。",
        "Whether the incident may be closed cannot be read ({reason}). Nothing was done; "
        "wait a moment, then do it again.",
    ),
    "denial.no_form": (
        "却下の入力欄を開けませんでした（{code}）。もう一度押すか、次を実行してください: "
        'liveness-ops reject {incident} {proposal} --reason "理由" {where}',
        "The form could not be opened ({code}). Press again, or run: "
        'liveness-ops reject {incident} {proposal} --reason "why" {where}',
    ),
    "denial.no_percent": (
        "{remedy}は割合を指定して戻せません。",
        "{remedy} cannot go back to a percentage.",
    ),
    "denial.no_remedy": (
        "{remedy} という対応はありません。指定できるもの: {known}",
        "There is no remedy {remedy}. Known: {known}",
    ),
    "denial.ceiling": (
        "{remedy}のモードは {mode} までです。何も変更していません。",
        "The highest mode of {remedy} is {mode}. Nothing was changed.",
    ),
    "denial.unknown_incident": (
        "インシデント {incident} はありません。何も実行していません。",
        "There is no incident {incident}. Nothing was done.",
    ),
    "denial.incident_closed": (
        "インシデント {incident} はすでに完了しています。何も実行していません。",
        "The incident {incident} is closed. Nothing was done.",
    ),
    "denial.incident_unanswered": (
        "インシデント {incident} の最初の対応がまだ記録されていません。少し待って、もう一度試してください。",
        "The first response to {incident} is not on record yet. Wait a moment, then try again.",
    ),
    "denial.no_proposal": (
        "インシデント {incident} に提案 {proposal} はありません。何も実行していません。",
        "{incident} has no proposal {proposal}. Nothing was done.",
    ),
    "denial.proposal_changed": (
        "提案 {proposal} は表示時から変わっています。何も実行していません。新しい提案を確認してください。",
        "The proposal {proposal} is no longer what was shown. Nothing was done; look at the new one.",
    ),
    "denial.rejected_before": (
        "提案 {proposal} は {person} が却下しています。",
        "{person} rejected the proposal {proposal}.",
    ),
    "denial.carried_out_before": (
        "提案 {proposal} はすでに実行されています。",
        "The proposal {proposal} was carried out already.",
    ),
    "denial.expired": (
        "提案 {proposal} は {at} に期限が切れました。必要なら自動で新しい提案が届きます。",
        "The proposal {proposal} expired at {at}. Where it is still needed, a new one follows.",
    ),
    "denial.not_rejected": (
        "提案 {proposal} は {person} によって却下されていません。",
        "{person} has not rejected the proposal {proposal}.",
    ),
    "denial.no_lease": (
        "インシデント {incident} に、元に戻せる変更はありません。何も実行していません。",
        "Nothing of that kind is in force in {incident}. Nothing was done.",
    ),
    "denial.no_pause": (
        "{name} という停止設定はありません。",
        "There is no pause {name}.",
    ),
    "denial.pause_changed": (
        "停止設定 {name} は表示時から変わっています。何も変更していません。もう一度確認してください。",
        "The pause {name} is no longer what was shown. Nothing was changed; look again.",
    ),
    "denial.mode_changed": (
        "モードは表示時から変わっています。何も変更していません。もう一度確認してください。",
        "The mode is no longer what was shown. Nothing was changed; look again.",
    ),
    "denial.under_way": (
        "同じ操作がすでに実行中です。結果は 1 分ほどで届きます。",
        "The same is under way already. The result follows within about a minute.",
    ),
    "denial.letters_gone": (
        "メッセージはキューにありません。ほかの人が処理中か、すでに消去されています。何もしていません。",
        "The messages are not in their queue: another person reads or has removed them. Nothing was done.",
    ),
}
