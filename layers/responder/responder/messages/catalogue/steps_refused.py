"""What a person does about a change that was refused or failed: each step follows what was in the way."""

# ruff: noqa: E501 - a sentence is easier to review on one line

_STEPS: dict[str, tuple[str, str]] = {
    # It passes.
    "wait_for_function": (
        "関数の State と LastUpdateStatus を確認し、Active と Successful になるまで待つ。Failed なら、LastUpdateStatusReason の原因を取り除いて再デプロイする。",
        "Check State and LastUpdateStatus of the function and wait until they are Active and Successful. If one is Failed, remove the cause that LastUpdateStatusReason names and deploy again.",
    ),
    "check_change": (
        "変更が反映されたかどうかを先に確認する。",
        "First check whether the change took effect.",
    ),
    "tried_again": (
        "同じ変更を手で繰り返さない。アラームが続く間は自動で再判断する（発生から 5・10・20・30 分後と、上位への連絡の前）。",
        "Do not repeat the change by hand: while the alarm lasts it is decided again automatically (5, 10, 20 and 30 min after the alarm, and before each escalation).",
    ),
    "order_again": (
        "その後も自動で元に戻らなければ、元に戻す操作をもう一度行う。",
        "If it is not reversed automatically after that, order the reversal again.",
    ),
    # Something has to be changed or settled before.
    "raise_throughput": (
        "オンデマンドへの切り替えは 24 時間に 4 回まで。次に切り替えられるまで、プロビジョンドキャパシティを上げる（READ と WRITE を置き換える。オートスケーリングがあれば最大値も上げる。インデックスがスロットリングしていれば、インデックスも同様に上げる）。",
        "A table may switch to on-demand 4 times in 24 h. Until the next switch is possible, raise its provisioned throughput: put in READ and WRITE. Where auto scaling manages it, raise the maximum too; where an index is throttled, raise the index as well.",
    ),
    "index_throughput": (
        "追加されたインデックスのキャパシティを決め、テーブルと一緒にプロビジョンドに戻す（CDK で行うのが望ましい）。",
        "Choose the throughput of the added indexes and switch the table back to provisioned together with them (better done in CDK).",
    ),
    "declare_threshold_readers": (
        "閾値の変数を実際に読む関数を開発チームに確認し、設定 threshold_readers に宣言する。宣言がない限り変更しない。",
        "Have the developers confirm which functions read the threshold variable and declare them in the setting threshold_readers; until then it is never changed.",
    ),
    "define_setting": (
        "設定が CDK の定義に正しい値で入っているかを確認し、定義してデプロイする（自動では追加しない）。",
        "Check the setting in the CDK definition, define it there with a valid value and deploy; it is never added automatically.",
    ),
    "check_exists": (
        "対象が存在するか、名前とリージョンが正しいかを確認する。",
        "Check that the target exists, and that its name and Region are right.",
    ),
    "read_refusal": (
        "AWS が受け付けなかった理由を CloudTrail のイベント履歴（errorMessage。記録まで数分かかる）で確認し、取り除く。同じ呼び出しを繰り返しても、また拒否される。",
        "Read why AWS did not accept it in CloudTrail's event history (errorMessage; recorded after some minutes) and remove the cause. The same call again would be refused again.",
    ),
    "settle_alias": (
        "エイリアスの向き先を確認し、リリースを完了させる（発行済みのバージョン 1 つだけを指し、コードと設定が $LATEST と同じ状態にする）。",
        "Check where the alias points, and finish the release: the alias serves one published version with the code and the settings of $LATEST.",
    ),
    "route_to_alias": (
        "API Gateway の呼び出し先をこのエイリアスに変える（CDK で行うのが望ましい）。それまでは設定しても費用がかかるだけで、効果はない。",
        "Let API Gateway invoke this alias (better done in CDK). Until then the setting would cost money and change nothing.",
    ),
    "deploy_runtime": (
        "サポート中のランタイムに上げてデプロイする。それまで AWS は関数の変更を受け付けない。",
        "Deploy the function with a supported runtime; until then AWS accepts no change of it.",
    ),
    "raise_scaling_minimum": (
        "Application Auto Scaling の最小値（MinCapacity）を上げる。直接設定しても、オートスケーリングが上書きする。",
        "Raise MinCapacity in Application Auto Scaling; a value that is set directly would be overwritten by it.",
    ),
    "keep_snap_start": (
        "SnapStart はそのままにし、初期化の時間を短くする方法を開発チームに確認する。",
        "Leave SnapStart on, and ask the developers how to shorten the initialisation.",
    ),
    # Another way, or another person.
    "ask_approver": (
        "この種類の変更を承認できる人に頼む（設定文書 people に登録された人）。",
        "Ask a person who may approve this class of change (registered under people in the settings document).",
    ),
    "ask_who_changed": (
        "誰が何のために変更したかを確認する（CloudTrail のイベント履歴）。その値は自動では上書きしない。",
        "Find out who changed it and why (CloudTrail's event history). That value is never overwritten automatically.",
    ),
    "see_incident": (
        "同じ設定を変更したインシデントの状況を確認し、そちらで対応する。",
        "Look at the incident that holds this setting, and go on there.",
    ),
    "deploy_known_good": (
        "正常に動いていたリリースを開発チームに確認し、そのリリースを cdk deploy する。直前のバージョンには向け直さない。",
        "Have the developers name a release that worked and cdk deploy it. Do not point the alias at the version before.",
    ),
    "not_again": (
        "この変更は繰り返さない（失敗したか、効果がなかった）。他の原因を調べる。",
        "Do not repeat this change: it failed or did not help. Look for another cause.",
    ),
}
# AWS's own words for the state of functions and their aliases; no value of a variable but the rollout's.
_STATE = """\
for f in {functions}; do
  aws lambda get-function-configuration --region {region} --function-name "$f" --query \\
    '[FunctionName,State,LastUpdateStatus,LastUpdateStatusReason,MemorySize,Environment.Variables.{variable}]'
  aws lambda list-aliases --region {region} --function-name "$f" --query 'Aliases[].[Name,FunctionVersion,RoutingConfig]'
done"""
_COMMANDS: dict[str, str] = {
    "wait_for_function": _STATE,
    "check_change": _STATE,
    "settle_alias": _STATE,
    "see_incident": "liveness-ops show {incident} {where}",
    "raise_throughput": """\
aws dynamodb describe-table --region {region} --table-name {table} --query \\
  'Table.[TableStatus,ProvisionedThroughput,GlobalSecondaryIndexes[].[IndexName,ProvisionedThroughput]]'
aws dynamodb update-table --region {region} --table-name {table} \\
  --provisioned-throughput ReadCapacityUnits=READ,WriteCapacityUnits=WRITE""",
}

MESSAGES: dict[str, tuple[str, str]] = {
    **{f"step.{name}": words for name, words in _STEPS.items()},
    **{f"command.{name}": (form, form) for name, form in _COMMANDS.items()},
}
