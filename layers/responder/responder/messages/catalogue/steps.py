"""What remains for a person: the manual's steps in its own words, corrected where following it would do harm.

What takes a command is in `steps_by_hand`, what looks something up in `steps_look`.
"""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "step.check_dashboard": (
        "CloudWatch ダッシュボード FaceAuth-Liveness で、成功率（> 95%）・平均信頼度（> 90%）・"
        "検証時間（< 30 秒）・エラー（< 1%）を確認する。",
        "On the CloudWatch dashboard FaceAuth-Liveness check success (> 95%), confidence (> 90%), "
        "verification time (< 30 s) and errors (< 1%).",
    ),
    "step.guide_users": (
        "ユーザー環境の問題（照明不足、カメラ品質低下）に備え、フロントエンドのガイダンスを強化し、"
        "サポートチームに連絡する。",
        "For problems on the users' side (light, camera): strengthen the frontend's guidance and tell the "
        "support team.",
    ),
    "step.client_timeouts": (
        "関数から呼び出す側の接続・読み取りタイムアウトと再試行回数を、関数のタイムアウトより短くするよう開発チームに依頼する（boto3 の Config: connect_timeout、read_timeout、retries。既定は 60 秒）。",
        "Ask the developers for client time-outs and retries that end before the function's time-out does (boto3's Config: connect_timeout, read_timeout, retries; the default is 60 s).",
    ),
    "step.check_health": (
        "AWS Health Dashboard（https://health.aws.amazon.com/health/status）で Rekognition・Lambda・DynamoDB を確認する。",
        "Check Rekognition, Lambda and DynamoDB on the AWS Health Dashboard (https://health.aws.amazon.com/health/status).",
    ),
    "step.open_support_case": (
        "AWS 側の問題なら AWS Support に問い合わせる（リージョン、時刻、エラーコード、件数を添える）。",
        "If the fault is AWS's, open a case with AWS Support: Region, times, error codes and counts.",
    ),
    "step.consult_threshold": (
        "信頼度閾値はひとりで下げない。なりすましの試行でも同じ症状になる。セキュリティ責任者と開発チームに相談する。",
        "Do not lower the confidence threshold alone: spoofing attempts look the same. Ask the security owner "
        "and the development team.",
    ),
    "step.escalate_lead": (
        "解決の見込みがなければ、期限を待たずに開発チームリーダーへ連絡する（レベル 2、Slack: #face-auth-dev）。",
        "If no solution is in sight, call the development lead before the time is up "
        "(level 2, Slack: #face-auth-dev).",
    ),
    "step.escalate": (
        "解決しない間は、開発チームリーダー、システムアーキテクト、CTO / AWS Support の順に自動で連絡が行く。急ぐ場合は直接連絡する。",
        "While it is unsolved, the development lead, the system architect, and CTO and AWS Support are told "
        "automatically in turn. If it is urgent, call them.",
    ),
    "step.request_quota": (
        "Service Quotas で Rekognition Face Liveness のクォータ引き上げを申請する。承認には時間がかかるので、"
        "先に呼び出しを減らす。",
        "Request a higher Rekognition Face Liveness quota in Service Quotas. That takes time: reduce the calls first.",
    ),
    "step.developers_logs": (
        "開発チームに連絡し、CloudWatch Logs で同じ RequestId の ERROR と例外の詳細を見てもらう"
        "（1 リクエストで ERROR は 2 行出る）。",
        "Have the developers read the ERROR lines and tracebacks in CloudWatch Logs, by request id "
        "(one failed request logs two ERROR lines).",
    ),
    "step.roll_back_release": (
        "直前のデプロイが原因ならロールバックする。エイリアス経由なら前のバージョンに向け直し、"
        "エイリアスがなければ（現在の構成）前のリリースを cdk deploy する。",
        "If the last deployment is the cause, roll it back: point the alias to the previous version, or, without "
        "an alias (as deployed today), cdk deploy the previous release.",
    ),
    "step.undo_change": (
        "原因の欄にある変更を行った人（または自動処理）に目的を確認し、その変更だけを元に戻してもらう。"
        "要求の内容は CloudTrail のイベント履歴にある。コードを前のリリースに戻す必要はない。",
        "Ask the person or the automation named in the cause what the change was for, and have exactly that change undone. "
        "CloudTrail's event history shows the request. The code need not go back to an earlier release.",
    ),
    "step.approve": (
        "上の提案を承認するか却下する（承認 ID と期限は提案に記載）。",
        "Approve or reject the proposal above (it carries its approval id and how long it is valid).",
    ),
    "step.check_vpc": (
        "VPC 設定を確認する（NAT Gateway の ErrorPortAllocation と遅延、ルート、セキュリティグループ）。",
        "Check the VPC: the NAT gateway's ErrorPortAllocation and latency, routes, security groups.",
    ),
    "step.check_endpoint_route": (
        "関数のサブネットから AWS のエンドポイントまでの経路を確認する: NAT Gateway の状態とルートテーブル、"
        "セキュリティグループのアウトバウンド（443）、ネットワーク ACL、VPC エンドポイントとその DNS。",
        "Check the way from the function's subnets to the AWS endpoint: NAT gateway and route tables, outbound port 443 "
        "of the security groups, network ACLs, VPC endpoints and their DNS.",
    ),
    "step.check_certificates": (
        "TLS 証明書の検証エラーを確認する: 通信を検査するプロキシやファイアウォール、環境変数 AWS_CA_BUNDLE、証明書を含むレイヤーの変更。"
        "検証は無効にしない。",
        "Find out why the certificate is not accepted: a proxy or firewall that inspects the traffic, the variable "
        "AWS_CA_BUNDLE, a changed layer with certificates. Do not switch the verification off.",
    ),
    "step.check_proxy": (
        "環境変数 HTTP_PROXY・HTTPS_PROXY・NO_PROXY の有無と、プロキシが動いているかを確認する。",
        "Check whether the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY are set, and whether the proxy is up.",
    ),
    "step.check_parameters": (
        "ログのエラーの続きで、無効とされたパラメーター名と値を見る。value: None の場合は、元になる環境変数の有無も確認する。"
        "キーが合わないという DynamoDB の応答なら、テーブルの定義が変わっている。",
        "Read in the log, after the error, which parameter is invalid. If it is 'value: None', check also whether "
        "the environment variable behind it is set; where DynamoDB says that a key does not fit, the table's "
        "definition has changed.",
    ),
    "step.look_up_code": (
        "エラーコードの意味を、操作の AWS API リファレンス（エラーの節）で調べる。",
        "Look up the error code in the AWS API reference of the operation ('Errors').",
    ),
    "step.check_credentials": (
        "関数の実行ロールが存在し、信頼ポリシーで lambda.amazonaws.com が引き受けられるか、"
        "環境変数に AWS_ACCESS_KEY_ID などの古いキーが設定されていないかを確認する。",
        "Check that the function's execution role exists and lets lambda.amazonaws.com assume it, and that no variable "
        "such as AWS_ACCESS_KEY_ID sets old keys.",
    ),
    "step.check_client": (
        "AWS クライアントの設定を確認する: 環境変数（AWS_REGION、AWS_ENDPOINT_URL など）と、boto3 を含むレイヤーやパッケージの変更。",
        "Check how AWS clients are set up: variables such as AWS_REGION and AWS_ENDPOINT_URL, a changed layer or "
        "package with boto3.",
    ),
    "step.restore_table": (
        "テーブルをバックアップから同じ名前で復元する。--yes を付けるまでは手順の表示だけ。",
        "Restore the table from its newest backup under the same name. Without --yes the command only shows the steps.",
    ),
    "step.wait_for_table": (
        "テーブルとインデックスの状態を確認し、ACTIVE になるまで待つ。削除中なら、削除後にバックアップから復元する。",
        "Check the state of the table and its index, and wait until they are ACTIVE. If the table is being deleted, restore it afterwards.",
    ),
    "step.restore_index": (
        "インデックスを作り直す（作成中もテーブルは使える。プロビジョニング済みのテーブルでは ProvisionedThroughput も指定する）。",
        "Create the index again (the table stays usable meanwhile; on a provisioned table give ProvisionedThroughput too).",
    ),
    "step.restore_bucket": (
        "バケットの有無を確認し、なければ FaceAuth のスタックを cdk deploy して作り直す（暗号化、公開ブロック、ライフサイクルを含む）。削除されたオブジェクトは戻らない。",
        "Check the bucket. If it is gone, recreate it with cdk deploy of the FaceAuth stack (encryption, public access block, lifecycle). Deleted objects do not come back.",
    ),
    "step.restore_object": (
        "オブジェクトのバージョンを一覧し、あれば戻す（KEY を置き換える）。",
        "List the versions of the object, and bring one back if there is any (put in KEY).",
    ),
    "step.restore_key": (
        "キーの状態を確認し、削除予定なら取り消し、無効なら有効にする（KEY を置き換える）。誰が何のために変えたかを先に確認する。",
        "Check the key's state; cancel its deletion, or enable it (put in KEY). First ask who changed it, and why.",
    ),
    "step.restore_role": (
        "ロールの有無を確認し、なければ FaceAuth のスタックを cdk deploy して作り直す。",
        "Check the role. If it is gone, recreate it with cdk deploy of the FaceAuth stack.",
    ),
    "step.wait_and_watch": (
        "今は何も変更しない。次の 10 分、指標が戻るか見守る。",
        "Change nothing now. Watch for 10 min whether the figures come back.",
    ),
    "step.lower_traffic": (
        "呼び出しを減らす。フロントエンドで重複セッションの作成と自動リトライを止める。",
        "Reduce the calls: stop duplicate sessions and automatic retries in the frontend.",
    ),
    "step.declare_readers": (
        "ロールアウト変数を実際に読む関数を開発チームに確認し、設定 rollout_readers に宣言する。"
        "宣言がない限り自動では変更しない。",
        "Have the developers confirm which functions read the rollout variable and declare them in the setting "
        "rollout_readers; until then it is never changed automatically.",
    ),
    "step.session_normal": (
        "SessionNotFound / SessionExpired はユーザーの離脱で正常な動作。Rekognition のセッションは 3 分で切れるため、"
        "有効期限を延長しても改善しない。",
        "SessionNotFound / SessionExpired are users giving up: normal. A Rekognition session ends after 3 min, so a "
        "longer expiry does not help.",
    ),
    "step.mind_drift": (
        "手で変更した設定は次の cdk deploy で元に戻る。変更内容を開発チームに伝える。",
        "The next cdk deploy undoes what was changed by hand. Tell the developers what you changed.",
    ),
}
