"""The closing report of an incident: the rows of its timeline, and what it says of each part."""

MESSAGES: dict[str, tuple[str, str]] = {
    # the timeline
    "chronicle.first": (
        "アラームの判定対象になった最初のデータポイント",
        "The first datapoint that counted for the alarm",
    ),
    "chronicle.alarm": ("アラームが ALARM になりました", "The alarm went to ALARM"),
    "chronicle.state": ("アラームが {state} になりました", "The alarm went to {state}"),
    "chronicle.decided": ("判断: {cause}", "Decision: {cause}"),
    "chronicle.ends_ask": ("{remedy}は承認待ち: {reason}", "{remedy}: needs approval. {reason}"),
    "chronicle.ends_observe": ("{remedy}は提案のみ: {reason}", "{remedy}: only proposed. {reason}"),
    "chronicle.ends_refuse": ("{remedy}は見送り: {reason}", "{remedy}: not done. {reason}"),
    "chronicle.told": ("通知しました（{level}）", "Message sent ({level})"),
    "chronicle.unchanged": (
        "判断に変化がないため、通知していません",
        "The decision had not changed, so no message was sent",
    ),
    "chronicle.result": ("{remedy}: {result}", "{remedy}: {result}"),
    "chronicle.lease_applying": (
        "{remedy}（{scope}）を始めました",
        "{remedy} ({scope}): begun",
    ),
    "chronicle.lease_in_force": ("{remedy}（{scope}）が有効です", "{remedy} ({scope}): in force"),
    "chronicle.lease_partial": (
        "{remedy}（{scope}）は一部だけ有効です",
        "{remedy} ({scope}): partly in force",
    ),
    "chronicle.lease_taking_back": (
        "{remedy}（{scope}）を元に戻しています",
        "{remedy} ({scope}): being taken back",
    ),
    "chronicle.lease_ended": ("{remedy}（{scope}）が終了しました", "{remedy} ({scope}): ended"),
    "chronicle.lease_failed": ("{remedy}（{scope}）は失敗しました", "{remedy} ({scope}): failed"),
    "chronicle.change": (
        "{target} {setting}: {before} → {after}（{status}）",
        "{target} {setting}: {before} → {after} ({status})",
    ),
    "chronicle.with_note": ("{status}、{note}", "{status}, {note}"),
    "chronicle.ineffective": ("{remedy}は効果がありませんでした", "{remedy} did not help"),
    "chronicle.asked": ("承認を依頼しました: {remedy}", "Approval asked for: {remedy}"),
    "chronicle.carried_out": ("承認された変更を実行しました: {remedy}", "Carried out as approved: {remedy}"),
    "chronicle.approved_by": ("承認した人: {person}", "Approved by {person}"),
    "chronicle.proposal": ("{remedy}: {answer}", "{remedy}: {answer}"),
    "chronicle.proposal_by": ("{remedy}: {answer}（{by}）", "{remedy}: {answer} ({by})"),
    "chronicle.proposal_at": ("{remedy}: {answer}（{by}、{at}）", "{remedy}: {answer} ({by}, {at})"),
    "chronicle.said": ("{person}: {said}（{at}）", "{person}: {said} ({at})"),
    "chronicle.no_approvals": (
        "承認の記録を読めなかったため、承認と却下の一部が抜けています。{reason}",
        "The approvals could not be read, so some decisions of people are missing. {reason}",
    ),
    "chronicle.looked": ("証拠を確認しました（{count} 件）", "Evidence was looked at (findings: {count})"),
    "chronicle.unknown": ("記録: {kind}", "On record: {kind}"),
    "chronicle.as_it_is": ("{data}", "{data}"),
    "chronicle.more": ("{name}: {value}", "{name}: {value}"),
    "chronicle.repeated": ("同じ記録が {times} 回（{last} まで）", "{times} times, the last at {last}"),
    "chronicle.word_proposal": ("提案", "proposal"),
    "chronicle.word_remedy": ("対応", "remedy"),
    "chronicle.word_scope": ("対象", "scope"),
    "chronicle.word_percent": ("割合（%）", "percent"),
    "chronicle.word_reason": ("理由", "reason"),
    "chronicle.word_step": ("手順", "step"),
    "chronicle.word_note": ("メモ", "note"),
    "chronicle.word_name": ("名前", "name"),
    "chronicle.word_until": ("期限", "until"),
    "chronicle.word_queue": ("キュー", "queue"),
    "chronicle.word_messages": ("件数", "messages"),
    "chronicle.escalated": ("{level} へエスカレーションしました", "Escalated to {level}"),
    "chronicle.mitigated": ("アラームが落ち着きました（緩和）", "The alarm calmed down (mitigated)"),
    "chronicle.recovered": ("利用者の通信で復旧を確認しました", "Traffic proved the recovery"),
    "chronicle.closed_by_hand": (
        "インシデントを手動で終了しました。理由: {why}",
        "The incident was closed by hand. Reason: {why}",
    ),
    "chronicle.did_close": ("インシデントの終了を依頼", "asked to close the incident"),
    "chronicle.closed": ("インシデントを終了しました", "The incident was closed"),
    "chronicle.did_approve": ("承認", "Approved"),
    "chronicle.did_reject": ("却下", "Rejected"),
    "chronicle.did_withdraw": ("却下を取り消し", "Withdrew the rejection"),
    "chronicle.did_acknowledge": ("対応中であることを記録", "Acknowledged"),
    "chronicle.did_revert": ("元に戻す操作", "Reverted by hand"),
    "chronicle.did_taken": ("手順を実施", "Carried out a step"),
    "chronicle.did_note": ("メモ", "Note"),
    "chronicle.did_pause": ("自動対応を停止", "Paused the automation"),
    "chronicle.did_discard": ("処理できなかったものを消去", "Discarded what had failed"),
    "chronicle.did_redrive": ("処理できなかったものを再判断", "Had it decided again after a failure"),
    "chronicle.did_other": ("操作: {what}", "Did: {what}"),
    # what is left to do
    "chronicle.debt": (
        "{remedy}（{scope}）が {since} から有効なままです。{why}",
        "{remedy} ({scope}) is still in force since {since}. {why}",
    ),
    "chronicle.owed_lowered": (
        "セキュリティが低下しています。早く元に戻してください。",
        "Security is lowered: restore it soon.",
    ),
    "chronicle.owed_in_force": (
        "自動では戻りません。元に戻してください。",
        "Nothing takes it back by itself any more: take it back.",
    ),
    "chronicle.owed_stays": (
        "残すか戻すかは人が決めます。",
        "Whether it stays is for a person to decide.",
    ),
    "chronicle.debt_drift": (
        "{remedy}（{scope}）は CDK の定義にありません。残すなら定義に入れてください。"
        "次の cdk deploy で失われることがあります。",
        "CDK does not know of {remedy} ({scope}). To keep it, put it there: the next cdk deploy may undo it.",
    ),
    "chronicle.debt_kept": (
        "{remedy}: {target} の {setting} は人が変更していたため、そのままです（{note}）",
        "{remedy}: {setting} of {target} was left alone, because a person had changed it ({note})",
    ),
    "chronicle.debt_doubt": (
        "{remedy}: {target} の {setting} に反映されたか不明です。確認してください（{note}）",
        "{remedy}: whether {setting} of {target} was set is not known; look at it ({note})",
    ),
    # what could not be read, or not be filed
    "chronicle.no_metric_alarm": (
        "アラームが見つからないか、メトリクスアラームではないため、グラフはありません",
        "No chart: the alarm is gone, or is no metric alarm",
    ),
    "chronicle.no_series": (
        "メトリクスを取得できず、グラフはありません。{reason}",
        "No chart: the metric could not be read. {reason}",
    ),
    "chronicle.no_points": (
        "この期間にデータポイントはありません",
        "There are no datapoints in this time",
    ),
    "chronicle.no_ledger": (
        "台帳を読めなかったため、有効な変更は記録からの推定です。{reason}",
        "The ledger could not be read, so what is in force is told from the timeline. {reason}",
    ),
    "chronicle.no_bucket": (
        "レポートの保存先（バケット）が設定されていません",
        "No bucket is set to file the report in",
    ),
    "chronicle.not_filed": (
        "レポートを保存できませんでした。{reason}",
        "The report could not be filed. {reason}",
    ),
}
