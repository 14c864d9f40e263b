"""What remedies say: what they do, how they are undone, what became of each target."""

MESSAGES: dict[str, tuple[str, str]] = {
    # What it does, as one phrase.
    "remedy.rollout_to_zero": (
        "Liveness の利用率を 0% にする（認証は DetectFaces に切り替わる）",
        "Set the liveness rollout to 0% (logins fall back to DetectFaces)",
    ),
    "remedy.provisioned_concurrency": (
        "プロビジョニング済み同時実行数を設定する",
        "Set provisioned concurrency",
    ),
    "remedy.on_demand_billing": (
        "セッションテーブルをオンデマンドモードにする",
        "Switch the sessions table to on-demand",
    ),
    "remedy.memory_increase": ("関数のメモリを増やす", "Increase the function's memory"),
    "remedy.alias_rollback": (
        "エイリアスを前のバージョンに戻す",
        "Point the alias back to the previous version",
    ),
    "remedy.repair_environment": (
        "環境変数を期待値に戻す",
        "Restore the environment variables that are missing or wrong",
    ),
    "remedy.lower_threshold": ("信頼度の閾値を下げる", "Lower the confidence threshold"),
    "remedy.propose_change": (
        "権限・クォータ・タイムアウトの変更を提案する",
        "Propose a change of permissions, a quota or a time-out",
    ),
    # How to take it back.
    "undo.rollout_to_zero": (
        "復旧後、段階ごと（10% → 50% → 元の値）に自動で承認を求めます。承認するまで戻りません。"
        "元の値を超えて戻ることはありません。",
        "After recovery each step (10%, 50%, the old value) is asked for automatically, and waits for your "
        "approval. It never goes above the old value.",
    ),
    "undo.provisioned_concurrency": (
        "復旧後しばらくして、遅くとも期限までに自動で戻します（承認不要）。戻すまで費用がかかります。",
        "Taken back automatically some time after recovery, at its end at the latest (no approval needed). "
        "It costs money until then.",
    ),
    "undo.on_demand_billing": (
        "復旧後に自動で承認を求めます。承認すると、テーブルと全インデックスを元のキャパシティに戻します。",
        "After recovery your approval is asked for automatically; then the table and every index get their "
        "old throughput again.",
    ),
    "undo.memory_increase": (
        "設定は残ります。戻すには liveness-ops revert を実行し、承認してください。",
        "It stays. To undo it, run liveness-ops revert and approve.",
    ),
    "undo.alias_rollback": (
        "前のバージョンのままになります。元のバージョンに戻すには liveness-ops revert を実行し、"
        "承認してください。",
        "It stays. To serve the newer version again, run liveness-ops revert and approve.",
    ),
    "undo.repair_environment": (
        "自動では戻しません。値は cdk の定義と照らして確認してください。",
        "Not undone automatically. Compare the values with the CDK definition.",
    ),
    "undo.lower_threshold": (
        "期限（既定では 4 時間後）に自動で元の閾値に戻します（承認不要）。"
        "すぐ戻すには liveness-ops revert を実行してください。",
        "Goes back by itself at its end, by default after 4 h (no approval needed). To do it now, run "
        "liveness-ops revert.",
    ),
    "undo.propose_change": ("何も変更していません。", "Nothing was changed."),
    # What became of one target.
    "change.changed_meanwhile": (
        "{target} は同時に別の人が変更したため、上書きしませんでした。",
        "{target} was changed by another writer at the same time; it was not overwritten.",
    ),
    "change.outcome_unknown": (
        "{target} への {action} に応答がなく、反映されたか分かりません。値を確認してください。",
        "No answer to {action} on {target}; whether it took effect is unknown. Check the value.",
    ),
    "change.refused": (
        "{target} への {action} が失敗しました（{code}）。",
        "{action} on {target} failed ({code}).",
    ),
    "change.not_released": (
        "{target} の $LATEST には反映しましたが、エイリアスは切り替えていません。{reason}",
        "{target}: $LATEST has it, but no alias is moved to it. {reason}",
    ),
    "change.variables_lost": (
        "{target} の更新後、他の設定が元のままだと確認できません（{names}）。至急確認してください。",
        "After the update of {target} other settings are not as before ({names}). Check at once.",
    ),
    "change.update_failed": (
        "{target} の更新を AWS が完了できませんでした（{code}）。元の設定のままです。",
        "AWS could not finish the update of {target} ({code}); the old configuration stays.",
    ),
    "change.not_allocated": (
        "{target} のプロビジョニング済み同時実行数を確保できませんでした（{reason}）。",
        "Provisioned concurrency of {target} could not be allocated ({reason}).",
    ),
    "change.index_added": (
        "{target} に後から追加されたインデックスがあります（{names}）。"
        "キャパシティを決めて手で戻してください。",
        "{target} has indexes added since ({names}). Choose their throughput and switch back by hand.",
    ),
    "change.kept": (
        "{target} の {setting} は {now} に変更されているため、そのままにしました。",
        "{setting} of {target} was changed to {now} since; it was left alone.",
    ),
    "change.gone": (
        "{target} は削除されているため、設定するものも元に戻すものもありません。",
        "{target} does not exist any more, so nothing is set there and nothing is left to put back.",
    ),
    "change.changed_by": (
        "{target} の {setting} は {who} が変更しました（{at}、CloudTrail の記録。現在 {now}）。",
        "{setting} of {target} is {now} now; {who} changed it at {at} (CloudTrail).",
    ),
    "change.changed_untraced": (
        "{target} の {setting} は自動対応以外が変更しました（{since} から {until} の間。現在 {now}）。{why}",
        "{setting} of {target} is {now} now; it was changed, not by us, between {since} and {until}. {why}",
    ),
    "stands.trail_silent": (
        "CloudTrail に変更者の記録が見つかりません（記録は 15 分ほど遅れることがあります）。",
        "CloudTrail does not show who did it (its records may be 15 minutes late).",
    ),
    "stands.trail_unread": (
        "CloudTrail を読めないため、変更者は分かりません。",
        "CloudTrail could not be read, so who did it is not known.",
    ),
    "stands.gone": ("なし（削除されています）", "gone"),
    "change.alias_moved": (
        "{target} の {setting}: エイリアスが自動対応以外に切り替えられています（現在 {now}）。",
        "{setting} of {target}: an alias was moved, not by us ({now}).",
    ),
    "change.still_served": (
        "{target} の $LATEST の {setting} は自動対応以外が {now} に変更していますが、"
        "エイリアス {alias} には {value} のままのバージョンが使われています。"
        "$LATEST を公開してよいか確認し、エイリアスを手で切り替えてください。",
        "Others changed {setting} of {target} to {now} in $LATEST, but alias {alias} still serves a version "
        "with {value}. See whether $LATEST may be released, and move the alias by hand.",
    ),
    "change.not_made": (
        "{target} は変更されていません（元の値のままです）。",
        "{target} was not changed; the old value stands.",
    ),
    "guard.take_back_interrupted": (
        "元に戻す作業が途中で止まっています。liveness-ops revert でもう一度戻してください",
        "Taking it back was interrupted; run liveness-ops revert again",
    ),
}
