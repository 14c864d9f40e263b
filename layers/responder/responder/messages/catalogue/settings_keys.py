"""What each key of the settings document means, and the units of their numbers."""

MESSAGES: dict[str, tuple[str, str]] = {
    "setting.rollout_readers": (
        "ロールアウトの変数を実際に読む関数。空の間はロールアウトを変更しません",
        "Functions known to read the variable of the rollout; it is never changed while this is empty",
    ),
    "setting.rollout_variable": (
        "ロールアウト率（%）を持つ環境変数",
        "Environment variable that holds the rollout in percent",
    ),
    "setting.threshold_readers": (
        "合格スコアの変数を実際に読む関数。空の間はスコアを下げません",
        "Functions known to read the variable of the score; it is never lowered while this is empty",
    ),
    "setting.threshold_variable": (
        "合格とするスコアを持つ環境変数",
        "Environment variable that holds the score from which a check passes",
    ),
    "setting.confidence_threshold": ("合格とする信頼度スコア", "Score from which a check passes"),
    "setting.lowered_threshold": (
        "対処が提案する、下げた後のスコア。2 人の承認が必要です",
        "Score that the remedy proposes to lower it to; two people must approve",
    ),
    "setting.threshold_hours": (
        "下げたスコアを自動で元に戻すまでの時間",
        "Time after which a lowered score goes back by itself",
    ),
    "setting.provisioned_concurrency": (
        "対処が要求するプロビジョニング済み同時実行数",
        "Warm environments that the remedy asks for",
    ),
    "setting.provisioned_concurrency_hours": (
        "プロビジョニング済み同時実行数を遅くとも元に戻すまでの時間（費用がかかります）",
        "Time after which provisioned concurrency is taken back at the latest (it costs money)",
    ),
    "setting.keep_warm_minutes": (
        "復旧からプロビジョニング済み同時実行数を元に戻すまでの時間",
        "Time after recovery that provisioned concurrency is taken back",
    ),
    "setting.memory_size": ("対処が提案するメモリ", "Memory that the remedy proposes"),
    "setting.quota_per_second": (
        "このリージョンの Rekognition Face Liveness のクォータ（操作ごと）",
        "Quota of Rekognition Face Liveness in this Region, per operation",
    ),
    "setting.service_policy": (
        "サービスのロールのインラインポリシー",
        "Inline policy of the role that the functions of the service share",
    ),
    "setting.escalation_minutes": (
        "未解決の重大なインシデントをレベル 2・3・4 に伝えるまでの時間",
        "Time until an unsolved incident of high severity goes to levels 2, 3 and 4",
    ),
    "setting.medium_later_minutes": (
        "中程度のインシデントを各レベルに伝える際に遅らせる時間",
        "Extra time before an incident of medium severity goes to each level",
    ),
    "setting.acknowledged_minutes": (
        "確認済みの応答によってエスカレーションを保留する時間",
        "Time that an acknowledgement holds the escalation back",
    ),
    "setting.soak_minutes": (
        "インシデントを終えるまでにアラームが OK を保つべき時間",
        "Time that an alarm must stay OK before its incident ends",
    ),
    "setting.remind_minutes": (
        "セキュリティを下げる対処が続いている間、注意を促す間隔",
        "Time between reminders while a remedy that lowers security is in force",
    ),
    "setting.again_minutes": (
        "アラームが続き何も対処していないとき、判断し直すまでの時間",
        "Times after which it is decided again while the alarm lasts and nothing was applied",
    ),
    "setting.effect_minutes": (
        "対処の効果が出るまでの時間。過ぎれば効果なしとみなします",
        "Time within which a remedy must take effect; later it counts as ineffective",
    ),
    "setting.verify_minutes": (
        "ロールアウトを戻した後、通信が少なく確かめられないとき人に判断を求めるまでの時間",
        "Time after which a person decides on a restored rollout that too little traffic could prove",
    ),
    "setting.slack_level_mentions": (
        "エスカレーション時に Slack で呼ぶ相手とチャンネル（レベルごと）",
        "Whom and where in Slack an escalation calls, by level",
    ),
    "setting.cost_floor": (
        "サービスの月額費用として見込む下限",
        "Least that a month of the service is expected to cost",
    ),
    "setting.cost_target": (
        "サービスの月額費用の目標上限。予測が超えると黄、10 % を超えて上回ると赤になります",
        "Most that a month of the service is meant to cost; a forecast over it is amber, over 10% more red",
    ),
    "setting.backup_days": (
        "セッションテーブルのバックアップを保存する期間",
        "How long backups of the sessions table are kept",
    ),
    "setting.restore_rehearsal": (
        "バックアップからのリストアを毎月 1 回実際に行い、比較して削除します（1 GB あたり約 0.15 USD）",
        "Restore a backup of the sessions table once a month, compare and delete it (about 0.15 USD per GB)",
    ),
    "setting.audit_days": (
        "監査用画像を保存すると約束している期間（古いバージョンも含む）",
        "How long the service promises to keep audit images, old versions included",
    ),
    "setting.deployed_functions": (
        "FaceAuth 標準と異なる値でデプロイした関数とその値（日次チェック用。memory、timeout、reserved、vpc）",
        "Functions that are deployed otherwise than FaceAuth's own, and how (daily check; memory, timeout, "
        "reserved, vpc)",
    ),
    "unit.minutes": ("分", "minutes"),
    "unit.hours": ("時間", "hours"),
    "unit.days": ("日", "days"),
    "unit.usd": ("USD", "USD"),
    "unit.megabytes": ("MB", "MB"),
    "unit.score": ("点（0〜100）", "points of 100"),
    "unit.per_second": ("回/秒", "per second"),
}
