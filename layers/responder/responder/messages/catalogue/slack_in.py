"""The answers to a person who pressed a button in Slack; only they see them."""

MESSAGES: dict[str, tuple[str, str]] = {
    "click.carried_out": (
        "承認を記録し（{person}）、「{remedy}」の実行を始めました。結果は 1 分ほどで届きます。",
        "Approved by {person}, being carried out: {remedy}. The result follows within about a minute.",
    ),
    "click.recorded": (
        "「{remedy}」の承認を記録しましたが、まだ実行しません: {said}。",
        "Your approval is on record, but it is not carried out yet: {remedy}. {said}.",
    ),
    "click.under_way": (
        "「{remedy}」はすでに実行中です。結果は 1 分ほどで届きます。",
        "Under way already: {remedy}. The result follows within about a minute.",
    ),
    "click.going_back": (
        "「{remedy}」を依頼しました。承認が必要な場合は、続けて提案が届きます。",
        "Ordered: {remedy}. Where that needs an approval, a proposal follows.",
    ),
    "click.asked_already": (
        "「{remedy}」（提案 {proposal}）がすでに承認待ちです。そちらを承認してください。",
        "This waits for an approval already: {remedy} ({proposal}). Approve that.",
    ),
    "click.tried_again": (
        "まだ実行できていません（{call}）。1 分ほどで自動で再試行します。",
        "It is not done yet ({call}). It is tried again automatically within about a minute.",
    ),
    "click.paused": (
        "自動対応を {until} まで停止しました。再開するには: liveness-ops resume {name} {where}",
        "The automation is paused until {until}. To go on: liveness-ops resume {name} {where}",
    ),
    "click.not_claimed": (
        "記録に接続できないため、実行しませんでした（{call}）。少し待って、もう一度押してください。",
        "Nothing was done, because the records cannot be reached ({call}). Wait a moment, then press again.",
    ),
    "click.not_recorded": (
        "記録できたか確認できません（{call}）。もう一度押してください。二重には実行されません。",
        "It may not be on record ({call}). Press again; nothing is done twice.",
    ),
    "click.lacking": (
        "{said}（{reason}。この仕組みをデプロイした人に伝えてください。）",
        "{said} ({reason}: tell the team that deploys the responder.)",
    ),
    "click.not_shown": (
        "対応者をインシデントのメッセージに表示できませんでした（{reason}）。次のメッセージで表示されます。",
        "The incident's message could not be changed ({reason}). It names you with the next news.",
    ),
    "click.nothing": ("何も実行していません。", "Nothing was done."),
    "click.form_title": ("提案を却下", "Reject a proposal"),
    "click.form_submit": ("却下する", "Reject"),
    "click.form_close": ("キャンセル", "Cancel"),
    "click.form_about": (
        "「{remedy}」を却下します（{incident}）。却下すると、ほかの人が承認しても実行されません。",
        "You reject: {remedy} ({incident}). Then it is not carried out, even if others approve it.",
    ),
    "click.form_reason": ("却下の理由", "Why not?"),
    "click.form_empty": ("理由を書いてください。", "Write the reason."),
}
