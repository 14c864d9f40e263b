"""The fixed words of a message: labels, results, tones."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "label.incident": ("インシデント", "Incident"),
    "label.alarm": ("アラーム", "Alarm"),
    "label.severity": ("重要度", "Severity"),
    "label.level": ("宛先", "Addressed to"),
    "label.place": ("環境", "Where"),
    "label.warnings": ("注意", "Note"),
    "label.cause": ("原因", "Cause"),
    "label.why": ("根拠", "Why"),
    "label.ruled_out": ("該当しなかった原因", "Ruled out"),
    "label.others": ("ほかに考えられる原因", "Also seen"),
    "label.acts": ("対応", "Actions"),
    "label.because": ("理由", "Because"),
    "label.also": ("補足", "Also"),
    "label.purpose": ("提案の根拠", "Proposed because"),
    "label.undo": ("戻し方", "To undo"),
    "label.approval": ("承認 ID", "Approval id"),
    "label.ends": ("終了予定", "Ends"),
    "label.findings": ("確認結果", "Findings"),
    "label.steps": ("次の作業", "What you do"),
    "label.leases": ("有効な変更", "Changes in force"),
    "label.links": ("リンク", "Links"),
    "label.before": ("変更前", "Before"),
    "label.after": ("変更後", "After"),
    "label.target": ("対象", "Target"),
    "label.setting": ("設定", "Setting"),
    "label.result": ("結果", "Result"),
    "alarm.since": ("{alarm}（{since} から）", "{alarm} (since {since})"),
    "severity.high": ("高", "high"),
    "severity.medium": ("中", "medium"),
    "severity.raised": (
        "リクエストの {percent}%（直近 {minutes} 分の {invocations} 件中 {killed} 件）が応答前に打ち切られているため、重要度を「高」に上げました",
        "{percent}% of the requests are killed before they answer ({killed} of {invocations} in {minutes} min): severity raised to high",
    ),
    "severity.answer_by": (
        "{severity}（{minutes} 分以内に対応、{until} まで）",
        "{severity} (respond within {minutes} min, by {until})",
    ),
    "level.1": ("Level 1 運用チーム", "Level 1, operations"),
    "level.2": ("Level 2 開発チームリーダー", "Level 2, development lead"),
    "level.3": ("Level 3 システムアーキテクト", "Level 3, system architect"),
    "level.4": ("Level 4 CTO / AWS Support", "Level 4, CTO / AWS Support"),
    "tone.red": ("異常", "bad"),
    "tone.amber": ("注意", "watch"),
    "tone.normal": ("正常", "normal"),
    "tone.info": ("参考", "info"),
    "tone.unknown": ("不明", "unknown"),
    "result.applied": ("実施", "done"),
    "result.partial": ("一部のみ実施", "partly done"),
    "result.already": ("設定済み", "already so"),
    "result.asked": ("承認待ち", "needs approval"),
    "result.observed": ("提案のみ", "only proposed"),
    "result.refused": ("見送り", "not done"),
    "result.failed": ("失敗", "failed"),
    "result.stepped": ("一段階実施", "one step done"),
    "result.started": ("実施（反映中）", "done, taking effect"),
    "result.taken_back": ("元に戻した", "taken back"),
    "result.kept": ("手動の値を維持", "left as changed by hand"),
    "status.planned": ("予定", "planned"),
    "status.asked": ("承認待ち", "if approved"),
    "status.undone": ("未実施", "not done"),
    "status.applied": ("完了", "done"),
    "status.already": ("設定済み", "already so"),
    "status.in_progress": ("反映中", "in progress"),
    "status.failed": ("失敗", "failed"),
    "status.taken_back": ("元に戻した", "taken back"),
    "status.kept": ("戻さず維持", "left as it is"),
    "lease.applying": ("適用中", "being applied"),
    "lease.in_force": ("有効", "in force"),
    "lease.partial": ("一部有効", "partly in force"),
    "lease.unreleased": ("$LATEST に設定済み、未反映のエイリアスあり", "set in $LATEST, not in every alias"),
    "lease.taking_back": ("復元中", "being taken back"),
    "lease.ended": ("終了", "ended"),
    "lease.failed": ("失敗", "failed"),
    "lease.line": (
        "{remedy} / {scope}: {state}（{at} から、{end}、{incident}、実施者 {by}）",
        "{remedy} / {scope}: {state} (since {at}, {end}, {incident}, by {by})",
    ),
    "lease.unread": (
        "{line}。現在の設定は読めませんでした（{reason}）。最後に確認したのは {at} です",
        "{line}. What is set now could not be read ({reason}); last seen at {at}",
    ),
    "lease.last_seen": (
        "{line}。最後に確認したのは {at} です",
        "{line}. Last seen at {at}",
    ),
    "lease.until": ("{until} までに自動で戻す", "taken back by itself by {until}"),
    "lease.by_approval": ("復旧後、承認を得て戻す", "after recovery it is taken back once approved"),
    "lease.overdue": ("{until} の期限を過ぎても有効", "past its end of {until}"),
    "lease.not_followed": ("自動では戻らない", "nothing takes it back"),
    "lease.at_step": ("段階復帰の途中、現在 {value}%", "coming back, now at {value}%"),
    "lease.stays": ("自動では戻さない", "stays until a person takes it back"),
    "lease.own": ("このインシデント", "this incident"),
    "lease.automation": ("自動", "automation"),
    "name.rollout_to_zero": ("Liveness の無効化（ロールアウト 0%）", "liveness check off (rollout 0%)"),
    "name.provisioned_concurrency": ("プロビジョニング済み同時実行数の設定", "provisioned concurrency"),
    "name.on_demand_billing": ("オンデマンドモードへの変更", "on-demand billing"),
    "name.memory_increase": ("メモリ増加", "memory increase"),
    "name.alias_rollback": ("エイリアスのロールバック", "alias rollback"),
    "name.repair_environment": ("環境変数の修復", "environment repair"),
    "name.lower_threshold": ("信頼度閾値の引き下げ", "lower pass threshold"),
    # The reversal of each, in other words than the change.
    "back.unknown": ("{remedy}を元に戻す変更", "reverse: {remedy}"),
    "back.rollout_to_zero": ("Liveness 検証を {to}% に戻す変更", "restore liveness check to {to}%"),
    "back.provisioned_concurrency": (
        "プロビジョニング済み同時実行数を {to} に戻す変更",
        "release provisioned instances (back to {to})",
    ),
    "back.on_demand_billing": (
        "テーブルを元の課金モード（{to}）に戻す変更",
        "return table to its old billing mode ({to})",
    ),
    "back.memory_increase": ("メモリを {to} MB に戻す変更", "return memory to {to} MB"),
    "back.alias_rollback": ("エイリアスをバージョン {to} に戻す変更", "move alias to version {to} again"),
    "back.repair_environment": ("環境変数を修復前に戻す変更", "undo the restored variables"),
    "back.lower_threshold": ("信頼度閾値を {to} に戻す変更", "raise pass threshold back to {to}"),
    "back.range": ("{least}〜{most}", "{least}-{most}"),
    "back.rollout_to_zero_values": (
        "Liveness 検証を元の値（{to}）に戻す変更",
        "restore old rollout values ({to})",
    ),
    "back.step": ("Liveness 検証を {percent}% にする変更", "set liveness check to {percent}%"),
    "less.rollout_to_zero": ("Liveness 検証を {to}% に下げる変更", "reduce liveness check to {to}%"),
    # The same where the values are not known.
    "reverse.rollout_to_zero": ("Liveness 検証を再開する変更", "restore liveness check"),
    "reverse.provisioned_concurrency": (
        "プロビジョニング済み同時実行数を元に戻す変更",
        "release provisioned instances",
    ),
    "reverse.on_demand_billing": (
        "テーブルを元の課金モードに戻す変更",
        "return table to its old billing mode",
    ),
    "reverse.memory_increase": ("メモリを元のサイズに戻す変更", "return memory to its old size"),
    "reverse.alias_rollback": ("エイリアスを元のバージョンに戻す変更", "move alias to its old version"),
    "reverse.repair_environment": ("環境変数を修復前に戻す変更", "undo the restored variables"),
    "reverse.lower_threshold": ("信頼度閾値を元に戻す変更", "raise pass threshold back"),
    # What people had set meanwhile, and was left as it is.
    "kept.unknown": ("{to}", "{to}"),
    "kept.rollout_to_zero": ("ロールアウトの値 {to}", "rollout value {to}"),
    "kept.provisioned_concurrency": ("プロビジョニング済み同時実行数 {to}", "{to} provisioned instances"),
    "kept.on_demand_billing": ("課金モード {to}", "billing mode {to}"),
    "kept.memory_increase": ("メモリ {to} MB", "{to} MB of memory"),
    "kept.alias_rollback": ("エイリアスのバージョン {to}", "alias at version {to}"),
    "kept.lower_threshold": ("信頼度閾値 {to}", "pass threshold {to}"),
    # What approving it does.
    "yes.rollout_to_zero": (
        "承認すると: Liveness 検証が無効になり、写真や動画によるなりすましを防げなくなります。",
        "If approved: the liveness check is OFF; photos and videos pass.",
    ),
    "yes.back_rollout_to_zero": (
        (
            "承認すると: {to}% の利用者で Liveness 検証が再び有効になります（安全側に戻す変更）。"
            "障害が続いていれば、その利用者はログインできないことがあります。"
        ),
        (
            "If approved: the liveness check is on again for {to}% of users, which is the safe direction. "
            "While the fault lasts, some of them may not be able to log in."
        ),
    ),
    "yes.back_rollout_to_zero_range": (
        (
            "承認すると: {to}% の利用者（割合は関数により異なる）で Liveness 検証が再び有効になります"
            "（安全側に戻す変更）。障害が続いていれば、その利用者はログインできないことがあります。"
        ),
        (
            "If approved: the liveness check is on again for {to}% of users, depending on the function; "
            "that is the safe direction. While the fault lasts, some of them may not be able to log in."
        ),
    ),
    "yes.back_rollout_to_zero_values": (
        "承認すると: ロールアウトが元の値（{to}）に戻ります。障害が続いていれば、ログインできないことがあります。",
        "If approved: the rollout has its old values again ({to}). While the fault lasts, logins may fail.",
    ),
    "yes.less_rollout_to_zero": (
        "承認すると: Liveness 検証の対象が {to}% の利用者に減り、ほかの利用者ではなりすましを防げなくなります。",
        "If approved: the liveness check covers only {to}% of users; for the others, photos and videos pass.",
    ),
    "yes.provisioned_concurrency": (
        "承認すると: 元に戻すまで、使っていない間も料金がかかります。セキュリティには影響しません。",
        "If approved: it is billed, also while idle, until it is removed. Security is not affected.",
    ),
    "yes.back_provisioned_concurrency": (
        "承認すると: 追加の料金は止まります。コールドスタートが増えることがあります。",
        "If approved: the extra cost ends. There may be more cold starts.",
    ),
    "yes.on_demand_billing": (
        "承認すると: リクエストごとの課金になり、費用が増えることがあります。セキュリティには影響しません。",
        "If approved: the table is billed per request, which may cost more. Security is not affected.",
    ),
    "yes.back_on_demand_billing": (
        "承認すると: テーブルは元の固定容量になります。容量が足りなければ、再びスロットリングが起きます。",
        "If approved: the table has its old fixed capacity. Where that is too small, it throttles again.",
    ),
    "yes.memory_increase": (
        "承認すると: メモリが {to} MB になり、実行時間あたりの料金が増えます。セキュリティには影響しません。",
        "If approved: the function has {to} MB and costs more per second. Security is not affected.",
    ),
    "yes.back_memory_increase": (
        "承認すると: 関数のメモリが {to} MB に戻ります。足りなければ、再びメモリ不足で失敗します。",
        "If approved: the function has {to} MB again. Where that is too little, it runs out of memory again.",
    ),
    "yes.alias_rollback": (
        "承認すると: バージョン {to} のコードが動きます。それより後の修正は効かなくなります。",
        "If approved: the code of version {to} runs; fixes made since are not in it.",
    ),
    "yes.back_alias_rollback": (
        "承認すると: 巻き戻す前のバージョン {to} のコードが再び動きます。",
        "If approved: the code of version {to} runs again, as before the rollback.",
    ),
    "yes.repair_environment": (
        "承認すると: 環境変数が期待される値に戻ります。ほかの設定とセキュリティには影響しません。",
        "If approved: the variables have their expected values again. Nothing else is touched.",
    ),
    "yes.back_repair_environment": (
        "承認すると: 環境変数が修復前の値になります。同じエラーが再び起きることがあります。",
        "If approved: the variables are as they were before; the same errors may come back.",
    ),
    "yes.lower_threshold": (
        "承認すると: 合格に必要な信頼度が {to} に下がり、なりすましが通りやすくなります（期限後は復帰）。",
        "If approved: a score of {to} is enough to pass, so spoofing passes more easily, until its end.",
    ),
    "yes.back_lower_threshold": (
        "承認すると: 合格に必要な信頼度が {to} に戻ります（安全側に戻す変更）。",
        "If approved: passing takes a score of {to} again, which is the safe direction.",
    ),
    "yes.unknown": (
        "承認すると: 下の変更を実行します。",
        "If approved: the change below is carried out.",
    ),
    "name.propose_change": ("変更の提案", "proposed change"),
    "scope.create": ("CreateLivenessSession", "CreateLivenessSession"),
    "scope.result": ("GetLivenessResult", "GetLivenessResult"),
    "report.sentence": ("{words}。", "{words}."),
    "report.all": ("{parts}", "{parts}"),
    "report.scoped": ("{remedy}（{scope}）", "{remedy} ({scope})"),
    "report.samples": ("{said}（n={samples}）", "{said} (n={samples})"),
    "report.valid": ("{id}（{until} まで有効）", "{id} (valid until {until})"),
    "report.holds_until": ("{reason}（{until} まで）", "{reason} (until {until})"),
    "report.more": ("ほか {count} 件は省略。", "{count} more left out."),
    "report.cut": (
        "長すぎるため、確認結果 {findings} 件と詳細 {details} 行を省略しました。",
        "Too long: {findings} findings and {details} details were left out.",
    ),
    "report.clipped": (
        "長すぎるため、ここまでで切りました。",
        "Too long: cut here.",
    ),
    "cause.automation_failed": ("自動対応の処理自体が失敗しました", "The automation itself failed"),
}
