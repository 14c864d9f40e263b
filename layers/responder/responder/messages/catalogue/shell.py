"""What the shell says of its own work: locks, records, commands."""

MESSAGES: dict[str, tuple[str, str]] = {
    "guard.no_data_now": (
        "アラームは現在 ALARM ではありません（データ不足）",
        "The alarm is no longer in ALARM (insufficient data)",
    ),
    "guard.others_acting": (
        "ほかの対応が同時に実行中のため、見送りました",
        "Other responses were acting at the same moment, so this one held back",
    ),
    "guard.too_late": (
        "AWS の応答が遅く、変更を開始できる時間（20 秒）を過ぎたため、見送りました",
        "AWS answered so slowly that the 20 seconds in which a change may be begun had passed",
    ),
    "guard.record_failed": (
        "先に記録を残せないため、変更しません。{detail}",
        "It could not be put on record first, so nothing is changed. {detail}",
    ),
    "guard.unrecorded": (
        "一部を記録できませんでした（{detail}）。自動で再試行します（同じ内容が再度届くことがあります）",
        "Something could not be put on record ({detail}); it is tried again (this message may come twice)",
    ),
    "order.waits": (
        "承認後、{until} までに次の理由がなくなれば実行します（以降は再度の依頼と承認が必要）。{detail}",
        "Once approved, it is done when this ends by {until}; later, ask and approve again: {detail}",
    ),
    "order.waits_briefly": (
        "次の理由が承認から {minutes} 分以内になくなれば実行します（以降は再度の依頼と承認が必要）。{detail}",
        "Done if this ends within {minutes} min of the approval; later, ask and approve again: {detail}",
    ),
    "guard.needs_approval": (
        "元に戻すには承認が必要です",
        "Taking this back needs an approval",
    ),
    "guard.undone_since": (
        "適用済みの変更を人が戻したため、上書きしません",
        "Somebody has undone what was applied; it is not overwritten",
    ),
    "guard.taken_back_before": (
        "このインシデントの間に一度元に戻した対応のため、自動では再実行しません。人が判断してください",
        "It was taken back during this incident, so it is not done again by itself; a person decides",
    ),
    "guard.being_taken_back": (
        "この対応は元に戻している途中です",
        "This remedy is being taken back right now",
    ),
    "guard.begun_before": (
        "前の実行がこの変更を始めて、終わる前に止まりました。どこまで有効かは、このあとの追跡で確かめて知らせます",
        "An earlier run began this change and stopped before it was done; the follow-up checks what of it is"
        " set, and tells it",
    ),
    "change.begun": (
        "変更を始めましたが、有効になったかどうかはまだ分かりません",
        "It was begun, and whether it is in effect is not known yet",
    ),
    "guard.leases_unread": (
        "有効な変更を読めないため、セキュリティが下がっているかどうかは分かりません。{detail}",
        "The changes in force could not be read: whether security is lowered is not known. {detail}",
    ),
    "guard.not_kept": (
        "イベントを failures キューに保存できませんでした。{detail}",
        "The event could not be kept in the failures queue. {detail}",
    ),
    "guard.switches_left": (
        "オンデマンドへの切り替えは、24 時間であと {left} 回できます",
        "The table can switch to on-demand {left} more times within 24 h",
    ),
    "guard.others_possible": (
        "一部の関数は変更できません。残りだけに適用する場合は承認してください（混在した状態になります）。{detail}",
        "Some functions cannot be changed. Approve to change only the others (a mixed system). {detail}",
    ),
    "order.look": ("現在の設定の確認", "look whether it still stands"),
    "order.decide-again": ("再判断", "decide again"),
    "order.continue": ("続行", "continue"),
    "order.apply": ("承認済みの適用", "apply what was approved"),
    "order.take-back": ("元に戻す", "take back"),
    "link.alarm": ("アラーム", "The alarm"),
    "why.automation_failed": (
        "{function} が {error} で失敗しました。イベントは failures キューに保存してあります",
        "{function} failed with {error}. The event is kept in the failures queue",
    ),
    "why.automation_denied": (
        "{function} が失敗しました。{reason}。イベントは failures キューに保存してあります",
        "{function} failed: {reason}. The event is kept in the failures queue",
    ),
    "why.automation_failed_only": ("{function} が {error} で失敗しました", "{function} failed with {error}"),
    "why.automation_denied_only": ("{function} が失敗しました。{reason}", "{function} failed: {reason}"),
    "change.drift": (
        "この変更は CDK の定義にないため、次の cdk deploy で失われることがあります",
        "CDK does not know of this change; the next cdk deploy may undo it",
    ),
    "why.command": ("指示による実行です（{order}）", "Carried out on command ({order})"),
    "cause.command": (
        "このインシデントの最初のメッセージを参照してください",
        "See the first message of this incident",
    ),
}
