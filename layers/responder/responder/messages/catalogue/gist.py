"""The first line of what the follow-up tells: what is going on, and what was done."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "told.escalate": (
        "【Level {level} へエスカレーション】{broken}。発報から {span}、未解決です。",
        "[ESCALATED TO LEVEL {level}] {broken}. Unsolved for {span}.",
    ),
    "absence.lasts": (
        "アラーム {alarm} が CloudWatch に存在しません（削除または名前の変更。{at} に確認）。"
        "障害が続いているかどうかは分かりません。",
        "The alarm {alarm} does not exist any more (deleted or renamed; first noticed {at}), "
        "so whether the fault lasts is not known.",
    ),
    "absence.close": (
        "デプロイ時の定義でアラームを戻すか、インシデントを終了してください（liveness-ops close {incident} --reason …）。",
        "Restore the alarm as deployed, or close the incident (liveness-ops close {incident} --reason …).",
    ),
    "absence.undo_first": (
        "デプロイ時の定義でアラームを戻すか、有効な変更を元に戻してからインシデントを終了してください"
        "（liveness-ops close {incident} --reason …）。",
        "Restore the alarm as deployed, or take back what is in force and close the incident "
        "(liveness-ops close {incident} --reason …).",
    ),
    "absence.over": (
        "アラーム {alarm} は再び存在します（{at} に、存在しないことを確認していました）。インシデントの追跡は続きます。",
        "The alarm {alarm} exists again (it was missing at {at}); the incident goes on.",
    ),
    "told.gone": (
        "最後に分かっていた状況: {broken}。",
        "As last known: {broken}.",
    ),
    "told.settings": (
        "設定文書が使えないため、モードを observe として扱い、承認・却下・確認応答を受け付けません（{reason}）。"
        "時間と連絡先は、最新の有効な版のものです。",
        "The settings document cannot be used, so all modes are treated as observe, and approvals, rejections "
        "and acknowledgements are refused: {reason}. Times and contacts are those of its newest valid version.",
    ),
    "told.comes_and_goes": (
        "アラームは {at} から OK と ALARM を繰り返しています。",
        "The alarm has come and gone since {at}.",
    ),
    "told.still": (
        "【未解決】{broken}。発報から {span}、未解決です。Level {level} まで連絡済みです。",
        "[STILL UNSOLVED] {broken}. Unsolved for {span}; every level up to {level} has been told.",
    ),
    "told.hits": (
        "影響: {at} までの {minutes} 分間に、リクエスト {requests} 件中 {failed} 件（{percent}%）が失敗しました。",
        "Users: {failed} of {requests} requests ({percent}%) failed in the {minutes} min before {at}.",
    ),
    "told.hits_unknown": (
        "影響を受けた利用者の数は分かりません。",
        "How many users it hits is not known.",
    ),
    "told.offered_back": (
        "セキュリティが下がったままなので、元に戻すか今決められます。",
        "Security is still lowered: you can have it taken back now.",
    ),
    "told.waits": ("承認待ち: {remedy}。", "Waiting for approval: {remedy}."),
    "told.support": (
        "AWS Support に出す文面を付けました。",
        "A text for AWS Support is included.",
    ),
    "told.no_effect": ("{remedy}は効果がありませんでした。", "Did not help: {remedy}."),
    "told.judging": (
        "{remedy}を実施し、効果を確認しています。",
        "Done, its effect is being watched: {remedy}.",
    ),
    "told.unseen_effect": (
        "{remedy}を実施しましたが、アラームがないため効果は分かりません。",
        "Done; without the alarm its effect is not known: {remedy}.",
    ),
    "told.working": ("{remedy}は反映中です。", "Taking effect: {remedy}."),
    "told.nothing_left": (
        "自動で実施した変更は、今は有効ではありません。",
        "What was changed automatically is not in force any more.",
    ),
    "told.ineffective": (
        "{broken}。{remedy}は、反映から {minutes} 分たっても効果がありません（設定は有効なまま）。自動で判断し直します。",
        "{broken}. No effect {minutes} min after it was in force (it stays in force): {remedy}. "
        "The decision is being made again.",
    ),
    "told.rejected": (
        "【却下】{remedy}は、{person} が却下したため実施しません。",
        "[REJECTED] {person} rejected: {remedy}. It will not be done.",
    ),
    "told.rejected_back": (
        "【却下】{remedy}は、{person} が却下しました。今の設定のままにします。",
        "[REJECTED] {person} rejected: {remedy}. The settings stay as they are.",
    ),
    "told.postponed": (
        "【延期】{remedy}の時期ですが、今は実行できません: {reason}。今の設定のまま続きます。",
        "[POSTPONED] Due, but it has to wait: {remedy}. {reason}. Until then the settings stay as they are.",
    ),
    "told.postponed_going": (
        "【確認を保留】{remedy}の反映確認は保留しています: {reason}。",
        "[ON HOLD] {remedy}: whether it took effect is not checked for now. {reason}.",
    ),
    "told.changed": (
        "【自動対応以外による変更】{remedy}は、もう有効ではありません。{changes}",
        "[CHANGED BY OTHERS] No longer in force: {remedy}. {changes}",
    ),
    "told.changed_in_part": (
        "【自動対応以外による一部変更】{remedy}は、一部だけが有効です。{changes}",
        "[CHANGED IN PART BY OTHERS] Only partly in force now: {remedy}. {changes}",
    ),
    "told.changed_left": (
        "自動対応の値のまま: {targets}。",
        "Still as the automation set it: {targets}.",
    ),
    "told.unseen": (
        "【状態を読めません】{alarm} の状態を読めないため、再判断も終了もできません。エスカレーションは続けます。",
        "[ALARM NOT READABLE] The state of {alarm} cannot be read: nothing is decided again or ended. "
        "The escalation goes on.",
    ),
    "told.stuck_going": (
        "【反映されません】{remedy}は、{times} 回確認しましたが、まだ反映を確認できません。",
        "[NOT IN EFFECT YET] {remedy}: checked {times} times, and AWS has still not finished it.",
    ),
    "told.stuck_back": (
        "【元に戻せません】{remedy}を {times} 回指示しましたが、まだ実行されていません（再送は続けます）。",
        "[NOT TAKEN BACK] Ordered {times} times and not done yet: {remedy}. The commands go on.",
    ),
    "told.stuck_asked": (
        "【実行されていません】{remedy}は {person} が承認しましたが、{times} 回指示しても実行されません。",
        "[NOT CARRIED OUT] What {person} approved was ordered {times} times and is not carried out: {remedy}.",
    ),
    "told.stuck_asked_back": (
        "【元に戻せません】{remedy}は {person} が承認しましたが、{times} 回指示しても実行されません。",
        "[NOT TAKEN BACK] What {person} approved was ordered {times} times and is not carried out: {remedy}.",
    ),
    "told.restore_verified": (
        "【段階復帰 {percent}%: 正常】この段階のリクエスト {requests} 件、失敗 {faults} 件です。",
        "[STEP {percent}%: FINE] {requests} requests at this step, {faults} failed.",
    ),
    "told.restore_unproven": (
        "【段階復帰 {percent}%: 判断が必要】{span}待ちましたが、リクエスト {requests} 件（失敗 {faults} 件）では"
        "正常と言えません（{enough} 件必要）。次に進めるかは、人が決めてください。",
        "[STEP {percent}%: YOUR DECISION] After {span} there were only {requests} requests ({faults} failed); "
        "{enough} are needed. Whether to go on is your decision.",
    ),
    "told.restore_unread": (
        "【段階復帰 {percent}%: 判断が必要】{span}待ちましたが、リクエスト数を読めず、正常か分かりません。"
        "次に進めるかは、人が決めてください。",
        "[STEP {percent}%: YOUR DECISION] After {span} the requests could not be read. "
        "Whether to go on is your decision.",
    ),
    "told.restore_failing": (
        "【段階復帰 {percent}%: 失敗】この段階のリクエスト {requests} 件中 {faults} 件が失敗しています。",
        "[STEP {percent}%: FAILING] {faults} of {requests} requests fail at this step.",
    ),
    "told.restore_alarm": (
        "【段階復帰 {percent}%: 失敗】{alarm} が再び ALARM になりました。",
        "[STEP {percent}%: FAILING] {alarm} is in ALARM again.",
    ),
    "told.remind": (
        "【リマインダー】{remedy}は {span}続いています（{at} から）。",
        "[REMINDER] In force for {span} (since {at}): {remedy}.",
    ),
    "told.remind_step": (
        "【リマインダー】段階復帰が {percent}% のまま {span}続いています（{at} から）。",
        "[REMINDER] The rollout has been at {percent}% for {span} (since {at}).",
    ),
    "told.held": ("元に戻せない理由: {reason}。", "Why it cannot be taken back now: {reason}."),
    "told.broken": (
        "【自動追跡の停止】{alarm} のインシデントの追跡が失敗しました（{error}）。再開されるまで、"
        "エスカレーションの連絡、効果の確認、変更の復元は行われません。",
        "[NOBODY FOLLOWS] Following the incident of {alarm} failed ({error}). Until it goes on, nobody is "
        "escalated to, no effect is watched and nothing is taken back.",
    ),
}
