"""Session creation, and what mends a cause: what is broken, why, and what was ruled out."""

MESSAGES: dict[str, tuple[str, str]] = {
    "broken.session_creation_errors": (
        "セッションを作成できない利用者が増えています（顔の本人確認を始められません）",
        "More users cannot start a face-liveness check: session creation fails",
    ),
    "broken.slow_session_creation": (
        "顔の本人確認のセッション作成に時間がかかっています",
        "Creating a face-liveness session takes too long",
    ),
    "cause.connection": (
        "Lambda 関数から AWS のエンドポイントに接続できません（ネットワークまたは DNS）",
        "The Lambda function cannot connect to an AWS endpoint (network or DNS)",
    ),
    "cause.read_timeout": (
        "AWS のサービスの応答が時間内に返りません",
        "An AWS service does not answer in time",
    ),
    "cause.connection_lost": (
        "AWS のサービスとの接続が途中で切れています",
        "Connections to an AWS service break off",
    ),
    "cause.tls": (
        "AWS のエンドポイントの TLS 証明書を検証できません",
        "The TLS certificate of an AWS endpoint cannot be verified",
    ),
    "cause.proxy": (
        "Lambda 関数がプロキシに接続できません",
        "The Lambda function cannot connect to its proxy",
    ),
    "cause.validation": (
        "AWS API の呼び出しのパラメーターが無効です",
        "Calls to an AWS API have invalid parameters",
    ),
    "cause.credentials": (
        "AWS の認証情報がない、無効、または期限切れです",
        "AWS credentials are missing, invalid or expired",
    ),
    "cause.client_setup": (
        "コードが AWS のクライアントを作成できません（リージョン、エンドポイント、ライブラリの設定）",
        "The code cannot set up an AWS client (Region, endpoint or library)",
    ),
    "cause.variable": (
        "環境変数がない、または値をコードが解釈できません",
        "An environment variable is missing, or the code cannot use its value",
    ),
    "cause.response": (
        "AWS からの応答を解釈できません（途中の機器が応答を書き換えた可能性）",
        "An answer from AWS cannot be understood (something on the way may have changed it)",
    ),
    "cause.network": (
        (
            "ネットワーク（VPC の NAT Gateway など）の遅延が疑われます（{function}）。"
            "計測はできず、他の原因の除外による推定です"
        ),
        (
            "Suspected: the network, such as the VPC's NAT gateway ({function}). "
            "It cannot be measured; all else is ruled out"
        ),
    ),
    "cause.creation_fast": (
        "セッション作成はすでに 5 秒以内に戻っています",
        "Session creation is already back within 5 s",
    ),
    "why.network": (
        "関数は VPC 内にあり、実行時間の {percent}% が呼び出し先の応答待ちです",
        "The function is in a VPC and waits for what it calls during {percent}% of its duration",
    ),
    "why.creation_fast": (
        "p90 は {p90} 秒（基準 {limit} 秒、n={samples}）",
        "The p90 is {p90} s (limit {limit} s, n={samples})",
    ),
    "why.few_creations": (
        "直近 {hours} 時間のセッション作成が {samples} 件しかなく、判断に必要な {enough} 件に足りません",
        "Only {samples} sessions were created in the last {hours} h; {enough} are needed to judge",
    ),
    "why.alias_rollback": (
        (
            "{target} は {at} に変更され、直近 {minutes} 分の {invocations} 件中 {faulty} 件が失敗"
            "（{fault}）。変更前から続く失敗なら、戻しても直りません"
        ),
        (
            "{target} was changed at {at}; {faulty} of {invocations} requests failed in the last "
            "{minutes} min ({fault}). It does not help against what failed before that, too"
        ),
    ),
    "why.lower_threshold": (
        (
            "失敗のうち {count} 件は、スコアが 80 以上 {threshold} 未満です。"
            "{lowered} に下げれば一部は通りますが、"
            "成功率の低下は攻撃（写真・動画によるなりすまし）でも起こります。"
            "攻撃でないと確かめてから、2 人で承認してください"
        ),
        (
            "{count} of the failures lie between 80 and {threshold}; at {lowered} some of them pass. A low "
            "rate is also what an attack with photos or videos looks like: make sure it is none, and two "
            "people decide"
        ),
    ),
    "say.few_near": (
        "閾値のすぐ下の失敗が {count} 件しかありません（{enough} 件以上が必要）",
        "Only {count} failures just below the threshold ({enough} are needed)",
    ),
    "out.table_fast": (
        "DynamoDB は最も遅い操作でも平均 {milliseconds} ミリ秒で応答しています",
        "DynamoDB answers within {milliseconds} ms on average, in its slowest operation",
    ),
    "out.downstream": (
        (
            "{function} のログに、呼び出し先（Rekognition など）の"
            "エラー・スロットリング・タイムアウトはありません"
        ),
        "No error, throttling or time-out of what {function} calls (such as Rekognition) in its log",
    ),
    "out.memory": (
        "メモリは足りています（最大 {used} / {size} MB、n={samples}）",
        "Memory suffices (peak {used} of {size} MB, n={samples})",
    ),
    "out.cold_starts": (
        "コールドスタートでは説明できません（{samples} 件中 {cold} 件）",
        "Cold starts do not explain it ({cold} of {samples})",
    ),
}
