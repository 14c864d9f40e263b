"""Why the follow-up does something, as its timeline says it; what it asks of people."""

# ruff: noqa: E501 - a sentence is easier to review on one line

_CASE = """\
Service: {service}
Region: {region}
Account: {account}
Impact: production; our CloudWatch alarm {alarm} went to ALARM at {since} ({lasted} before {now}; its state now: {state})
Observed (as of {seen}): {cause}. {why}
Tried so far: {tried}
Please check the service on your side for this account and Region since {since}, and tell us about known issues or throttling."""

MESSAGES: dict[str, tuple[str, str]] = {
    "duty.again": (
        "ALARM が続いているため、最新の状況でもう一度判断します",
        "The alarm lasts: decide again on fresh evidence",
    ),
    "duty.look": (
        "知らせる前に、有効な変更が今も設定されているか確認します",
        "Before the next message: look whether the changes in force are still set",
    ),
    "duty.changed": (
        "自動対応の変更（{remedy}）を自動対応以外が変更しました",
        "Others have changed what was in force ({remedy})",
    ),
    "duty.gone": (
        "アラームが存在しないことを知らせます（削除または名前の変更）",
        "Say that the alarm does not exist (deleted or renamed)",
    ),
    "duty.close_by_hand": ("{person} の依頼により終了します", "{person} closes it by hand"),
    "step.restore_alarm": (
        "アラーム {alarm} をデプロイ時の定義に戻す（そのアラームを持つスタックをもう一度デプロイする）。",
        "Restore the alarm {alarm} as deployed: deploy the stack that it belongs to once more.",
    ),
    "step.close_incident": (
        "アラームが不要なら、障害が解決したことを確認し、有効な変更を元に戻してからインシデントを終了する。",
        "If the alarm is not wanted any more: make sure that the fault is solved, take back what is in force, and close the incident.",
    ),
    "command.close_incident": (
        'liveness-ops close {incident} --reason "理由" {where}',
        'liveness-ops close {incident} --reason "why" {where}',
    ),
    "duty.helped": ("対応のあと、ALARM に戻りませんでした", "The alarm stayed calm after the remedy"),
    "duty.ineffective": (
        "対応が反映されたあとも、ALARM が続いています",
        "The alarm lasts although the remedy is in force",
    ),
    "duty.escalate": (
        "未解決のため、Level {level} に連絡します",
        "Unsolved: level {level} is told",
    ),
    "duty.continue": (
        "反映が終わったか確認します（{remedy}）",
        "See whether it took effect ({remedy})",
    ),
    "duty.repeat": (
        "{person} の承認がまだ実行されていないため、指示を送り直します",
        "What {person} approved is not carried out yet: send the command again",
    ),
    "duty.unseen": ("アラームの状態を読めません", "The alarm's state cannot be read"),
    "duty.stuck": (
        "指示（{order}）を繰り返しても終わりません",
        "The command {order} was repeated and is not carried out",
    ),
    "duty.rejected": ("{person} が却下しました", "{person} rejected it"),
    "duty.mitigated": (
        "OK が続いていますが、復旧を示すリクエストがありません",
        "OK lasts, but no traffic proves a recovery",
    ),
    "duty.recovered": (
        "OK が続き、リクエストで復旧を確認しました",
        "OK lasts, and traffic proves the recovery",
    ),
    "duty.take_back": (
        "期限が来たため、元に戻します（{remedy}）",
        "Its time is over: take it back ({remedy})",
    ),
    "duty.restore": (
        "復旧したため、元に戻す承認を求めます（{remedy}）",
        "Recovered: ask for the approval to take it back ({remedy})",
    ),
    "duty.restore_vain": (
        "対応に効果がなく、セキュリティが下がったままのため、元に戻す承認を求めます",
        "It did not help and security is lowered: ask for the approval to take it back",
    ),
    "duty.restore_begin": (
        "OK が続いているため、最初の段階に戻す承認を求めます",
        "OK lasts: ask for the first step back",
    ),
    "duty.restore_verified": (
        "この段階は正常なため、次の段階の承認を求めます",
        "This step is fine: ask for the next one",
    ),
    "duty.restore_unproven": (
        "リクエストが足りず正常と確認できないため、次の段階を人に判断してもらいます",
        "Too little traffic to prove this step: a person decides about the next one",
    ),
    "duty.restore_failing": (
        "この段階で失敗が出ているため、再び無効にする（0%）承認を求めます",
        "This step fails: ask for approval to switch the check off again (0%)",
    ),
    "duty.remind": (
        "セキュリティが下がったままのため、もう一度知らせます（{remedy}）",
        "Security is still lowered: say it again ({remedy})",
    ),
    "duty.close": (
        "OK が続き、戻すべき変更が残っていないため、終了します",
        "OK has lasted and nothing is left to take back: close",
    ),
    "duty.superseded": (
        "同じアラームの新しいインシデントが始まったため、終了します",
        "The alarm tells of a newer incident: close",
    ),
    "guard.linked": (
        "同じ対応がインシデント {incident} で有効です。あちらのアラームが続く間、このインシデントのエスカレーションはあちらにまとめます",
        "The same remedy is in force for incident {incident}; while its alarm lasts, escalations are told there",
    ),
    "link.report": ("完了レポート", "The closing report"),
    "cause.follow_up_failed": (
        "インシデントの自動追跡（follow-up）が失敗しました",
        "Following the incident (follow-up) failed",
    ),
    "why.follow_up_failed": ("エラーの種類: {error}", "Kind of error: {error}"),
    "follow.unread": (
        "フォローアップに必要な情報を読めません。{detail}",
        "The follow-up cannot read all that it needs. {detail}",
    ),
    "why.as_of": ("{why}（{at} 時点）", "{why} (as of {at})"),
    "why.not_decided": (
        "自動対応の判断がまだ記録されていません",
        "No decision of the automation is on record yet",
    ),
    "command.acknowledge": (
        "liveness-ops ack {incident} {where}",
        "liveness-ops ack {incident} {where}",
    ),
    "step.acknowledge": (
        "対応を始める人は、まず引き受け（ack）を宣言する。しばらくの間、次のレベルへの連絡が止まる。",
        "If you work on it, acknowledge it first; that holds the next level back for a while.",
    ),
    "step.ask_back": (
        "元に戻すには、次のコマンドで依頼して承認する（{remedy}。いつでも実行できる）。",
        "To take it back ({remedy}), ask for it with this command and approve it; that works at any minute.",
    ),
    "command.check_responder": (
        "aws logs tail /aws/lambda/{function} --region {region} --since 1h --filter-pattern '?ERROR ?Error ?\"Task timed out\"'",
        "aws logs tail /aws/lambda/{function} --region {region} --since 1h --filter-pattern '?ERROR ?Error ?\"Task timed out\"'",
    ),
    "step.check_responder": (
        "指示を受けた自動対応の関数のログで、終わらない理由を確認する。",
        "Read in the log of our function that takes the commands why it does not finish.",
    ),
    "command.support_case": (_CASE, _CASE),
    "step.support_case": (
        "AWS Support に重要度「本番システムの障害」以上で問い合わせる。次の英文を貼り付ける。",
        'Open a case with AWS Support, severity "production system impaired" or higher, with this text.',
    ),
}
