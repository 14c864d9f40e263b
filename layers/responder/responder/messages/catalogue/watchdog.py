"""What the watchdog tells: incidents that nobody follows, changes that nobody takes back."""

# ruff: noqa: E501 - a sentence is easier to review on one line

_SETTINGS = "liveness-ops settings show {where}"
_LOG = (
    "aws logs tail {group} --region {region} --since 3h --filter-pattern '?ERROR ?Error ?\"Task timed out\"'"
)
_ALARM = "aws cloudwatch describe-alarms --region {region} --alarm-names {alarm}"
_APPROVE = "liveness-ops approve {incident} {proposal} {where}"

MESSAGES: dict[str, tuple[str, str]] = {
    "cause.watchdog_headless": (
        "{opened} に始まったインシデント {incident} の最初の対応が、途中で終わっています。判断も追跡もされていません",
        "The first response to incident {incident} of {opened} never ended; nothing was decided, and nobody follows it",
    ),
    "cause.watchdog_silent": (
        "インシデント {incident} の自動追跡（follow-up）が {since} から応答していません",
        "The follow-up of incident {incident} has been silent since {since}",
    ),
    "cause.watchdog_dying": (
        "インシデント {incident} の自動追跡（follow-up）が、2 時間に {times} 回再開しても止まります。しばらく再開しません",
        "The follow-up of incident {incident} stopped again after {times} restarts within 2 h; it is not restarted for now",
    ),
    "cause.watchdog_overdue": (
        "インシデント {incident} の対応（{remedy}）は、期限（{until}）を過ぎても元に戻っていません",
        "Incident {incident}: {remedy} is still in force after its end ({until})",
    ),
    "cause.watchdog_orphan": (
        "{remedy}（{at} から）が残っていますが、インシデント {incident} は終了しているか、記録がありません",
        "{remedy} (since {at}) is still in force, but incident {incident} is closed or not on record",
    ),
    "cause.watchdog_approved": (
        "インシデント {incident} で {person} が {at} に承認した対応（{remedy}）が、まだ実行されていません",
        "Incident {incident}: what {person} approved at {at} is not carried out yet ({remedy})",
    ),
    "cause.watchdog_unread": ("確認できません: {what}。{detail}", "Could not look at {what}. {detail}"),
    "cause.watchdog_many": (
        "誰も追っていないものが {count} 件見つかりました",
        "{count} things were found that nobody looks after",
    ),
    "why.watchdog": ("定期点検（5 分ごと）で見つけました", "Found by the round of every five minutes"),
    "watchdog.by_hand": (
        "{cause}。「次の作業」を上から行ってください。",
        "{cause}. Work through What you do below.",
    ),
    "watchdog.no_action": (
        "{cause}。自動で再開しました。操作は不要です。",
        "{cause}. It was restarted; you need do nothing.",
    ),
    "watchdog.restarted": ("自動追跡を再開しました（{execution}）", "It was restarted ({execution})"),
    "watchdog.not_restarted": (
        "自動追跡を再開できませんでした。次の点検でもう一度試します。{detail}",
        "It could not be restarted; the next round tries again. {detail}",
    ),
    "watchdog.change": (
        "{target} {setting}: {before} → {after}（記録では「{status}」）",
        '{target} {setting}: {before} → {after} (on record as "{status}")',
    ),
    "watchdog.leases_unread": (
        "有効な変更を読めないため、セキュリティが下がっているかどうかは分かりません",
        "The changes in force could not be read: whether security is lowered is not known",
    ),
    "watchdog.not_noted": (
        "通知した記録を残せないため、同じ内容が繰り返し届きます。{detail}",
        "It could not be put down that this was told, so it comes again each round. {detail}",
    ),
    "watchdog.incidents": ("インシデントの一覧", "the list of incidents"),
    "watchdog.incident": ("インシデント {id}", "incident {id}"),
    "watchdog.proposals": ("インシデント {id} の承認", "the approvals of incident {id}"),
    "watchdog.settings": ("設定文書", "the settings document"),
    "watchdog.leases": ("有効な変更の一覧", "the changes in force"),
    "watchdog.lease": ("有効な変更 {id}", "the change in force {id}"),
    "watchdog.unsent": (
        "Lambda が転送できなかった失敗イベントの数",
        "the failed events that Lambda could not send on",
    ),
    "watchdog.notes": ("前回までの点検の記録", "the record of earlier rounds"),
    "step.watchdog_headless": (
        "アラームの状態と、このアラームの自動対応の関数のログを確認し、ALARM なら手順書に従って手で対応する。",
        "See the alarm's state and the log of our function for it; while it is in ALARM, go by the manual.",
    ),
    "command.watchdog_alarm": (_ALARM, _ALARM),
    "step.watchdog_dying": (
        "止まる理由をログで確認する。その間、エスカレーション、再判断、元に戻す作業は自動では行われない。",
        "Read in the log why it stops. Until then nothing is escalated, decided again or taken back automatically.",
    ),
    "step.watchdog_not_restarted": (
        "再開できない理由をログで確認する。その間、エスカレーション、再判断、元に戻す作業は自動では行われない。",
        "Read in the log why it cannot be restarted. Until then nothing is escalated, decided again or taken back automatically.",
    ),
    "step.watchdog_unread": (
        "watchdog 関数の権限とログを確認する。記録が壊れている場合は、インシデントのテーブルでその行を直すか削除する。直るまで、見えないものは点検されない。",
        "Check the rights and the log of the watchdog function; a broken record is mended or deleted in the table of incidents. Until then nobody watches what it cannot see.",
    ),
    "command.watchdog_log": (_LOG, _LOG),
    "step.watchdog_settings": (
        "誤りを確認し、AWS アカウントの管理者が SSM の設定文書を正しい内容に書き直す。それまでモードは observe として扱い、承認は受け付けない。",
        "See what is wrong; an administrator of the account writes the document in SSM anew. Until then modes count as observe, and no approval is taken.",
    ),
    "command.watchdog_settings": (_SETTINGS, _SETTINGS),
    "step.watchdog_take_back": (
        "一時停止中でなければ元に戻す。断られた場合は、記録にある元の値に手で戻す。",
        "Unless the automation is paused, take it back. If that is refused, set the old value on record by hand.",
    ),
    "step.watchdog_approved": (
        "見送りや失敗のメッセージが届いていなければ、もう一度実行する。",
        "If no message said that it was refused or failed, run this again.",
    ),
    "command.watchdog_approve": (_APPROVE, _APPROVE),
}
