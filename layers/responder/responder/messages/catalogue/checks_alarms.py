"""What the look at the alarms' states and the alarm audit say."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.alarms.part.states": ("アラームの状態", "the states of the alarms"),
    "check.alarms.part.alarms": ("デプロイされているアラーム", "the deployed alarms"),
    "check.alarms.part.rules": (
        "アラームを受ける EventBridge ルール",
        "the EventBridge rules that hear the alarms",
    ),
    "check.alarms.part.reach": (
        "EventBridge がアラーム関数を呼び出せるか",
        "whether EventBridge may call the alarm functions",
    ),
    "check.alarms.part.mutes": ("アラームのミュートルール", "the mute rules of the alarms"),
    "check.alarms.part.timeouts": (
        "関数のタイムアウト（実行時間のアラームが発報しうるかの判定に必要）",
        "the time-outs of the functions, which tell whether alarms on durations can go off",
    ),
    "check.alarms.part.last_resort": (
        "トピック {topic} の購読",
        "the subscriptions of the topic {topic}",
    ),
    "check.alarms.in_alarm": (
        "{alarm} は {since} から ALARM です。",
        "{alarm} has been in ALARM since {since}.",
    ),
    "check.alarms.no_data": (
        "{alarm} は {since} からデータ不足です（INSUFFICIENT_DATA）。",
        "{alarm} has had too little data since {since} (INSUFFICIENT_DATA).",
    ),
    "check.alarms.no_data_many": (
        "{count} 件のアラームがデータ不足です（INSUFFICIENT_DATA）。",
        "{count} alarms have too little data (INSUFFICIENT_DATA).",
    ),
    "check.alarms.since": ("{alarm}: {since} から", "{alarm}: since {since}"),
    "check.alarms.none": (
        "{region} に {prefix} で始まるアラームが 1 つもありません。サービスは監視されていません。リージョンとアカウントも確認してください。",
        "No alarm that begins with {prefix} in {region}: nothing watches the service. Check Region and account, too.",
    ),
    "check.alarms.counted": (
        "アラーム {count} 件のうち {fine} 件が OK です。",
        "{fine} of {count} alarms are OK.",
    ),
    "check.alarms.fine": ("{alarm}: {since} から OK", "{alarm}: OK since {since}"),
    "check.alarms.unknown_time": ("時刻不明", "a time that AWS does not tell"),
    "check.alarms.missing": ("{alarm} がありません。", "{alarm} does not exist."),
    "check.alarms.stands": ("修正版の {corrected} はあります。", "Its corrected version {corrected} exists."),
    "check.alarms.deploy_again": (
        "スタック {stack} をもう一度デプロイしても、消されたリソースは戻りません。まずドリフト検出で確認してください。",
        "Deploying {stack} again does not bring back what was deleted by hand: detect its drift first.",
    ),
    "check.alarms.caution.put": (
        "{alarm} の今の値は、誰かが調整したものかもしれず、上書きすると失われます。実行前に、変更した人（CloudTrail の PutMetricAlarm）に確認してください",
        "The present values of {alarm} are overwritten; they may have been tuned on purpose. Ask who changed them first (CloudTrail, PutMetricAlarm)",
    ),
    "check.deploy.where": (
        "このリポジトリのフォルダーで、デプロイ済みのコミットをチェックアウトして実行してください",
        "Run it in the folder of this repository, with the deployed commit checked out",
    ),
    "check.deploy.caution": (
        "チェックアウトされている内容がそのまま {stack} にデプロイされ、未リリースの変更も含まれます。実行前に、デプロイの担当者に確認してください",
        "It deploys to {stack} whatever is checked out, unreleased changes included. Ask who deploys it first",
    ),
    "check.alarms.drifted": (
        "{alarm} の設定が、本来の定義と {count} か所違います。",
        "{alarm} differs from its definition (fields: {count}).",
    ),
    "check.alarms.differs": (
        "{field}: 本来は {expected}、現在は {found}",
        "{field}: should be {expected}, is {found}",
    ),
    "check.alarms.field.kind": ("種類", "kind"),
    "check.alarms.kind.metric": ("メトリクスのアラーム", "an alarm on a metric"),
    "check.alarms.kind.other": (
        "別の種類（複合アラームまたはログアラーム）",
        "another kind (a composite alarm or a log alarm)",
    ),
    "check.alarms.field.queries": ("計算式", "metric math"),
    "check.alarms.field.metric": ("メトリクス", "metric"),
    "check.alarms.field.dimensions": ("ディメンション", "dimensions"),
    "check.alarms.field.statistic": ("統計", "statistic"),
    "check.alarms.field.period": ("期間（秒）", "period (s)"),
    "check.alarms.field.threshold": ("閾値", "threshold"),
    "check.alarms.field.comparison": ("比較", "comparison"),
    "check.alarms.field.unit": ("単位", "unit"),
    "check.alarms.field.datapoints": ("データポイント", "datapoints"),
    "check.alarms.field.missing": ("欠落データの扱い", "treatment of missing data"),
    "check.alarms.trouble": (
        "CloudWatch が {alarm} を正しく評価できていません（{state}）。異常があっても発報しないおそれがあります。",
        "CloudWatch cannot evaluate {alarm} properly ({state}); it may stay silent.",
    ),
    "check.alarms.disabled": ("{alarm} のアクションが無効です。", "The actions of {alarm} are disabled."),
    "check.alarms.disabled.effect": (
        "無効の間も通知は届きますが、自動対応は実行されません（提案のみ）。",
        "While they are disabled on-call is still told, and no remedy runs: it is only proposed.",
    ),
    "check.alarms.actions": ("アラーム自身のアクション: {count} 件", "Actions of its own: {count}"),
    "check.alarms.muted": (
        "{alarm} は今ミュートされています: {rules}（{end}）",
        "{alarm} is muted now: {rules} ({end})",
    ),
    "check.alarms.muted_often": (
        "{alarm} を繰り返しミュートするルールがあります: {rules}（{end}）",
        "{alarm} is muted again and again by a schedule: {rules} ({end})",
    ),
    "check.alarms.mute_ahead": (
        "{alarm} のミュートが予定されています: {rules}（{end}）",
        "{alarm} is going to be muted: {rules} ({end})",
    ),
    "check.alarms.mute_until": ("{until} に終了", "ends {until}"),
    "check.alarms.mute_endless": ("終了日時の設定なし", "no end is set"),
    "check.alarms.muted.effect": (
        "ミュートの間、アラームのアクションも自動対応も行われません。意図したものか確認してください。",
        "While it is muted, neither its actions nor any remedy run. Check that somebody wants it so.",
    ),
    "check.alarms.unheard": ("{alarm} が発報しても、誰にも届きません。", "Nobody hears {alarm}."),
    "check.alarms.unanswered": (
        "{alarm} に自動対応がつながっていません（自身のアクション {count} 件のみ）。",
        "No playbook answers {alarm}; it has only its own actions ({count}).",
    ),
    "check.alarms.rule_disabled": (
        "EventBridge ルール {rule} が無効です。",
        "The EventBridge rule {rule} is disabled.",
    ),
    "check.alarms.no_target": (
        "EventBridge ルール {rule} に、このスタックのアラーム関数がターゲットとして設定されていません。",
        "The EventBridge rule {rule} has no alarm function of this stack as its target.",
    ),
    "check.alarms.shut": (
        "EventBridge ルール {rule} は {function} を呼び出せません（関数がないか、呼び出しが許可されていません）。",
        "The EventBridge rule {rule} cannot call {function}: it is gone, or does not let the rule in.",
    ),
    "check.alarms.no_rule": (
        "このアラームを受けるスタック {stack} の EventBridge ルールがありません。",
        "The stack {stack} has no EventBridge rule that hears it.",
    ),
    "check.alarms.voiceless": (
        "自動対応自身のアラーム {alarm} は、発報しても誰にも知らせません。",
        "{alarm}, an alarm on the automation itself, tells nobody.",
    ),
    "check.alarms.last_resort": (
        "自動対応自身のアラームの送信先 {topic} に、それを人に届ける確認済みの購読がありません。",
        "{topic}, where the alarms on the automation itself go, has no confirmed subscription that tells anybody.",
    ),
    "check.alarms.nobody": (
        "アラームへの自動対応は行われますが、その連絡が人に届きません。",
        "Alarms are answered, but no person is told.",
    ),
    "check.alarms.nobody_known": (
        "アラームの連絡が人に届くか分かりません。",
        "Not known whether any person is told of an alarm.",
    ),
    "check.alarms.extra": (
        "{alarm} は手順書のアラーム一覧にありません。自動対応の対象には含まれています。",
        "{alarm} is in no row of the manual's table of alarms; it has a playbook all the same.",
    ),
    "check.alarms.as_defined": (
        "{count} 件のアラームは本来の定義どおりで、発報できます: {names}",
        "{count} alarms are as defined and can go off: {names}",
    ),
    "check.alarms.as_expected": (
        "{count} 件のアラームは本来の定義どおりで、発報でき、受け手もいます: {names}",
        "{count} alarms are as defined, can go off and are heard: {names}",
    ),
}
