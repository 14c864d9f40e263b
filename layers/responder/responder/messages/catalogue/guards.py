"""Why an action was not taken now. A phrase, without a full stop."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "guard.paused": (
        "停止設定「{name}」が有効です（設定者 {who}、理由: {why}、{until} まで）",
        'The pause "{name}" is in force (set by {who}: {why}; until {until})',
    ),
    "guard.window": (
        "予告された停止時間「{name}」です（設定者 {who}、理由: {why}、{since} から {until} まで）",
        'The announced pause "{name}" is in force (set by {who}: {why}; from {since} until {until})',
    ),
    "guard.until_resumed": ("再開の操作", "a person resumes"),
    "guard.muted": (
        "CloudWatch のミュートルール「{name}」が有効です",
        'The CloudWatch mute rule "{name}" is in force',
    ),
    "guard.muted_event": (
        "状態が変わったとき、アラームはミュートルール「{name}」でミュートされていました（{until} まで）",
        'The mute rule "{name}" muted the alarm when its state changed (until {until})',
    ),
    "guard.until_schedule": ("ルールのスケジュールの終わり", "the end in its schedule"),
    "guard.actions_disabled": (
        "アラームのアクションが無効になっています",
        "The actions of the alarm are disabled",
    ),
    "guard.suppressed": (
        "複合アラームのアクションが「{name}」により抑制されています（{phase}）",
        'The actions of this composite alarm are suppressed by "{name}" ({phase})',
    ),
    "guard.evaluation": (
        "CloudWatch がアラームを正しく評価できていません（{state}）。人が判断してください",
        "CloudWatch cannot evaluate the alarm as it should ({state}); a person decides",
    ),
    "guard.pauses_unreadable": (
        "停止設定を読めませんでした。停止中とみなします",
        "The pauses could not be read; this counts as paused",
    ),
    "guard.mode_observe": (
        "モードが observe のため、提案だけにしました",
        "The mode is observe: this only says what would be done",
    ),
    "guard.mode_approve": (
        "モードが approve のため、承認が必要です",
        "The mode is approve: a person has to agree",
    ),
    "guard.mode_unreadable": (
        "モードを読めませんでした。observe として扱います",
        "The mode could not be read; this counts as observe",
    ),
    "guard.settings_unusable": (
        "設定文書が使えないため、モードを observe として扱います",
        "The settings document cannot be used; modes count as observe",
    ),
    "guard.settings_unusable_because": (
        "{detail}。モードは observe として扱います",
        "Modes count as observe: {detail}",
    ),
    "guard.capped_by_evidence": (
        "この証拠だけでは自動実行しません。人が判断してください",
        "What was found is not enough to do this automatically; a person decides",
    ),
    "guard.sure_too_few": (
        "自動実行するのは AWS の内部エラー、権限エラー、モジュールの読み込みエラーが基準に達したときだけです（失敗 {faulty} 件中 {sure} 件）。人が判断してください",
        "This is done automatically only for enough internal errors of AWS, denied calls or failed imports ({sure} of {faulty} failed requests); a person decides",
    ),
    "guard.provokable": (
        "呼び出し側からも起こせる障害が含まれるため、自動では実行しません（AWS の内部エラー、権限エラー、モジュールの読み込みエラーは、失敗 {faulty} 件中 {sure} 件）。人が判断してください",
        "Some of these faults can be caused by callers, so this is not done automatically (internal errors of AWS, denied calls and failed imports are {sure} of {faulty} failed requests); a person decides",
    ),
    "guard.throttled": (
        "直近 1 時間にスロットリングまたはその疑い（HTTP 503）があるため（ログ {lines} 件、Lambda {calls} 件、テーブル {events} 件）、セキュリティを下げる変更は自動では実行しません。人が判断してください",
        "Calls were throttled, or may have been (HTTP 503), in the last hour (in the logs {lines}, by Lambda {calls}, by the table {events}), so nothing that lowers security is done automatically; a person decides",
    ),
    "guard.throttling_unread": (
        "スロットリングの有無を確認できないため（ログまたはメトリクスを読めない）、セキュリティを下げる変更は自動では実行しません。人が判断してください",
        "Whether anything is throttled could not be read from logs and metrics, so nothing that lowers security is done automatically; a person decides",
    ),
    "guard.evidence_unread": (
        "判断に必要なログまたはメトリクスを読めないため、自動では実行しません。人が判断してください",
        "The logs or metrics that decide about this could not be read, so it is not done automatically; a person decides",
    ),
    "guard.never_applied": (
        "この種類の変更はここからは行いません。内容を確認し、人が実行してください",
        "A change of this kind is never made from here: review it, and make it yourself",
    ),
    "guard.leased_value": (
        "同じ設定を、インシデント {incident} の対応「{remedy}」が使っています",
        'The remedy "{remedy}" of incident {incident} holds the same setting',
    ),
    "guard.left_before": (
        "{target} の {value} は、インシデント {incident} の対応で離れた値です。同じ対応で戻すことはしません",
        "Incident {incident} led {target} away from {value}; the same remedy never brings it back",
    ),
    "guard.ceiling": (
        "この対応は自動では実行しません。常に人の判断が必要です",
        "This remedy never runs by itself; it always needs a person",
    ),
    "guard.stale": (
        "アラームの通知が {minutes} 分前のもので、古すぎます",
        "The alarm event is {minutes} min old, too old to act on",
    ),
    "guard.already_ok": ("アラームはすでに OK に戻っています", "The alarm is already back to OK"),
    "guard.alarm_unreadable": (
        "アラームの現在の状態を読めませんでした",
        "The present state of the alarm could not be read",
    ),
    "guard.alarm_gone": ("アラームが削除されています", "The alarm does not exist any more"),
    "guard.replayed": (
        "アーカイブから再送されたイベントです。再送では実行しません",
        "The event was replayed from an archive; a replay never acts",
    ),
    "guard.redriven": (
        "{person} がキューから再送したイベントです。再送されたイベントだけを根拠に自動では実行しません",
        "The event was delivered again by {person}; such an event alone never acts",
    ),
    "guard.not_loopback": (
        "ローカル実行なのに接続先がローカルではありません",
        "This is a local run, but the endpoint is not on this machine",
    ),
    "guard.may_repeat": (
        "重複を防ぐ記録ができないため、実行しません。{detail}",
        "Repeats cannot be ruled out because the claim could not be written. {detail}",
    ),
    "guard.too_few_samples": ("サンプルが少なすぎます。{detail}", "There are too few samples. {detail}"),
    "guard.precondition": ("前提条件を満たしません。{detail}", "A precondition does not hold. {detail}"),
    "guard.not_readable": (
        "現在の状態を読めないため、変更しません。{detail}",
        "The present state could not be read, so nothing is changed. {detail}",
    ),
    "guard.no_answer": ("時間内に応答がありませんでした", "There was no answer in time"),
    "guard.leased": (
        "同じ変更がインシデント {incident} ですでに有効です",
        "The same change is already in force, made by incident {incident}",
    ),
    "guard.cooldown": (
        "同じ対象に同じ対応をインシデント {incident} でしたばかりです（{minutes} 分の間隔が必要）",
        "Incident {incident} used the same remedy on the same target less than {minutes} min ago",
    ),
    "guard.failed_twice": (
        "この対応は 4 時間以内に 2 回、失敗したか効果がありませんでした",
        "This remedy failed or had no effect twice within 4 h",
    ),
    "guard.too_many_changes": (
        "1 時間の変更回数が上限に達しました（{count} 件）",
        "The limit of changes per hour is reached ({count})",
    ),
    "guard.quota_used": (
        "AWS 側の変更回数の上限に達しています。{detail}",
        "AWS allows no further change of this kind for now. {detail}",
    ),
    "guard.switches_used": (
        "オンデマンドへの切り替えは 24 時間に 4 回までで、すでに {count} 回行われています",
        "A table may switch to on-demand 4 times in 24 h; {count} are used",
    ),
    "guard.in_flight": (
        "対象は別の変更の途中です。{detail}",
        "Another change of the target is under way. {detail}",
    ),
    "guard.recent_change": (
        "直近 10 分以内（{minutes} 分前）に自動対応以外が {target} を変更しています。人の確認が必要です",
        "{target} was changed {minutes} min ago, not by us; a person should look first",
    ),
    "guard.store_unreadable": (
        "インシデントの記録を読み書きできません",
        "The incident store could not be read or written",
    ),
    "guard.not_approved": ("まだ承認されていません", "It has not been approved yet"),
    "guard.rejected": ("却下されています", "It was rejected"),
    "guard.expired": (
        "承認の有効期限（30 分）が切れています",
        "The proposal is older than 30 min and no longer valid",
    ),
    "guard.proposal_changed": (
        "提案時から状況が変わっています。新しい提案を確認してください",
        "Things have changed since the proposal; look at the new one",
    ),
    "guard.no_right": ("{person} にはこの承認の権限がありません", "{person} may not approve this"),
    "guard.unknown_incident": ("そのインシデントはありません", "There is no such incident"),
    "guard.unknown_remedy": ("その対応はこのアラームにはありません", "This alarm has no such remedy"),
    "guard.lease_ended": ("その変更はすでに元に戻っています", "That change has already been taken back"),
    "guard.nothing_in_force": (
        "元に戻す変更がありません。現在の値を確認してください",
        "Nothing of it is known to be in force; look at the values as they are",
    ),
    "guard.incident_closed": ("インシデントはすでに完了しています", "The incident is already closed"),
    "guard.foreign_incident": (
        "そのインシデントは別のアラームのものです",
        "That incident belongs to another alarm",
    ),
    "guard.crashed_before": (
        "前回の処理が途中で止まったため、続きから再開しました",
        "An earlier run stopped half-way; this one went on from there",
    ),
}
