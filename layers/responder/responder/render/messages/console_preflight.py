"""What `liveness-ops preflight` finds, and what to do about it."""

MESSAGES: dict[str, tuple[str, str]] = {
    "preflight.where": (
        "アカウント {account}、リージョン {region}、スタック {stack}（{who} として確認）",
        "Account {account}, Region {region}, stack {stack} (looked at as {who})",
    ),
    "preflight.found": (
        "見つかったもの: 関数 {functions}/{all_functions}（エイリアスあり {aliased}）、アラーム "
        "{alarms}/{all_alarms}、"
        "ロググループ {groups}/{all_groups}、テーブル {table}、インデックス {index}、バケット {bucket}、"
        "ロール {role}、"
        "スタック {service}、メトリクス {metrics}、Lambda 同時実行 {free}/{concurrent}、Face Liveness 毎秒 "
        "{quota}",
        "Found: functions {functions}/{all_functions} (with an alias {aliased}), alarms "
        "{alarms}/{all_alarms}, "
        "log groups {groups}/{all_groups}, table {table}, index {index}, bucket {bucket}, role {role}, "
        "stack {service}, metrics {metrics}, Lambda executions {free}/{concurrent}, Face Liveness {quota} "
        "a second",
    ),
    "preflight.all_functions": ("{count} つの関数すべて", "all {count} functions"),
    "preflight.starting": (
        "ローカル AWS を起動し、{world} のサービスを作成しています…",
        "Starting a local AWS with the service {world} …",
    ),
    "preflight.weight_blocks": ("【デプロイ不可】{said}", "[blocks] {said}"),
    "preflight.weight_off": ("【動作しない】{said}", "[off] {said}"),
    "preflight.weight_unread": ("【確認できない】{said}", "[not seen] {said}"),
    "preflight.weight_note": ("【参考】{said}", "[note] {said}"),
    "preflight.todo": ("    → {todo}", "    → {todo}"),
    "preflight.result_0": (
        "デプロイできます。動作しない項目はありません。",
        "Ready: everything that was looked for is there.",
    ),
    "preflight.result_1": (
        "上記の【デプロイ不可】または【動作しない】項目を確認してください。",
        "Something will not work: see the lines above.",
    ),
    "preflight.result_2": (
        "確認できない項目があるため、この結果は完全ではありません。",
        "Something could not be looked at, so this report is not complete.",
    ),
    "preflight.command": (
        "デプロイコマンド（{folder} で実行。質問はありません）:",
        "The command that deploys, asking nothing (run it in {folder}):",
    ),
    "preflight.adoption": (
        "以前の記録（テーブル）を引き継ぐコマンド（デプロイの前に一度だけ実行）:",
        "The command that takes up the tables of the old register (once, before the deployment):",
    ),
    "preflight.settings": (
        "デプロイ後に設定ドキュメントへ追加するキー（liveness-ops settings show {console} --json の "
        "document に加え、liveness-ops settings set ファイル {console} で登録）:",
        "Keys for the settings document after the deployment (add them to the document of "
        "liveness-ops settings show {console} --json, "
        "and write it with liveness-ops settings set FILE {console}):",
    ),
    "preflight.world_is_local": (
        "--world はローカル AWS 専用です。--local と一緒に指定してください。",
        "--world is for the local AWS; give --local too.",
    ),
    "preflight.bad_stack": (
        "{stack} はスタック名に使えません（英字で始まり、英数字とハイフンのみ、128 文字以内）。",
        "{stack} is no name for a stack: a letter first, then letters, digits and hyphens, 128 at most.",
    ),
    "preflight.bad_pair": (
        "{typed} は パラメーター=値 の形ではありません（例: OnCallEmail=ops@company.example）。",
        "{typed} is not of the form PARAMETER=VALUE, such as OnCallEmail=ops@company.example.",
    ),
    "preflight.bad_parameter": (
        "{parameter} というパラメーターはテンプレートにありません（近い名前: {like}）。",
        "The template has no parameter {parameter}; the closest is {like}.",
    ),
    "preflight.bad_value": (
        "{parameter} に {value} は指定できません（指定できる値: {takes}）。",
        "{parameter} does not take {value}; it takes {takes}.",
    ),
    "preflight.nowhere": (
        "アカウント {account} の {subject} に顔認証サービスの関数、アラーム、テーブルがありません。",
        "Nothing of the service is in {subject} of account {account}: no function, no alarm, no table.",
    ),
    "preflight.nowhere_do": (
        "--profile と --region を確認してください。名前が異なる場合は CreateFunctionName=… "
        "のように指定してください。",
        "Check --profile and --region; where the names differ, give them: CreateFunctionName=… and so on.",
    ),
    "preflight.elsewhere": (
        "アカウント {account} の {region} にはサービスがありません。プロファイルのリージョン {subject} "
        "にあります。",
        "The service is not in {region} of account {account}; it is in {subject}, the profile's Region.",
    ),
    "preflight.elsewhere_do": (
        "--region {subject} を指定してください。",
        "Give --region {subject}.",
    ),
    "preflight.no_address": (
        "通知先がありません。通知先のないスタックはテンプレートが拒否します。",
        "No address is given, and the template refuses a stack whose messages reach no one.",
    ),
    "preflight.no_address_do": (
        "OnCallEmail=メールアドレス、または SlackSecretArn と LastResortEmail を指定してください。",
        "Give OnCallEmail=ADDRESS, or SlackSecretArn and LastResortEmail.",
    ),
    "preflight.no_approver": (
        "{subject} がありません。デプロイ後に承認や設定の変更ができる人がいません。",
        "No {subject} is given, so no one can approve or change settings after the deployment.",
    ),
    "preflight.no_approver_do": (
        "最初の承認者を指定してください: {subject}={who}",
        "Name the first person who may approve: {subject}={who}",
    ),
    "preflight.no_channel": (
        "SlackSecretArn がありますが {subject} がありません。テンプレートが拒否します。",
        "SlackSecretArn is given and {subject} is not; the template refuses that.",
    ),
    "preflight.no_channel_do": (
        "{subject}=… を指定してください（docs/slack.ja.md）。",
        "Give {subject}=… (docs/slack.md).",
    ),
    "preflight.no_secret": (
        "Slack のシークレット {subject} がありません。",
        "There is no secret {subject}, so Slack would not work.",
    ),
    "preflight.no_secret_do": (
        "キー {keys} を持つシークレットをこのリージョンに作成してください（docs/slack.ja.md）。",
        "Make it in this Region, with the keys {keys} (docs/slack.md).",
    ),
    "preflight.secret_keys": (
        "Slack のシークレット {subject} にキー {keys} がないか、空です。",
        "The secret {subject} lacks {keys}, or has it empty, so Slack would not work.",
    ),
    "preflight.secret_keys_do": (
        "キー {keys} を追加してください（docs/slack.ja.md）。",
        "Add {keys} to it (docs/slack.md).",
    ),
    "preflight.long_name": (
        "スタック名 {subject} は長すぎます。関数 {name} が Lambda の上限 {limit} 文字を超えます。",
        "The stack's name {subject} is too long: {name} is over Lambda's {limit} characters for a function.",
    ),
    "preflight.long_name_do": (
        "--stack に {most} 文字以内の名前を指定してください。",
        "Give --stack a name of {most} characters at most.",
    ),
    "preflight.taken": (
        "スタック {stack} が作成するものと同じ名前のものが {count} 件すでにあります: {names}",
        "{count} things that stack {stack} would make are there already under the same names: {names}",
    ),
    "preflight.taken_do": (
        "別の --stack を指定するか、不要であれば削除してからデプロイしてください。",
        "Give another --stack, or delete them first if they are not needed.",
    ),
    "preflight.broken_stack": (
        "スタック {subject} は {status} です。この状態では更新できません。",
        "Stack {subject} is {status}, and takes no update in that state.",
    ),
    "preflight.broken_stack_do": (
        "ROLLBACK_COMPLETE などの作成に失敗したスタックは aws cloudformation delete-stack --stack-name "
        "{subject} "
        "--region {region} で削除し、UPDATE_ROLLBACK_FAILED であれば continue-update-rollback "
        "を実行してください。",
        "After a failed creation: aws cloudformation delete-stack --stack-name {subject} --region {region}; "
        "after UPDATE_ROLLBACK_FAILED: continue-update-rollback in its place.",
    ),
    "preflight.busy_stack": (
        "スタック {subject} は処理中です（{status}）。",
        "Stack {subject} is being changed right now ({status}).",
    ),
    "preflight.busy_stack_do": (
        "処理の完了を待ってから、もう一度実行してください。",
        "Wait for it to end, then run this again.",
    ),
    "preflight.foreign_stack": (
        "スタック {subject} はすでにありますが、このレスポンダーのものではありません。",
        "There is a stack {subject}, and it is not of this responder.",
    ),
    "preflight.foreign_stack_do": (
        "--stack に別の名前を指定してください。",
        "Give --stack another name.",
    ),
    "preflight.stack_exists": (
        "スタック {subject} はデプロイ済みです（{status}）。",
        "Stack {subject} is deployed ({status}).",
    ),
    "preflight.stack_exists_do": (
        "下のコマンドは更新です。記載のないパラメーターは現在の値のままです。",
        "The command below updates it; parameters that it does not name keep their values.",
    ),
    "preflight.second_stack": (
        "このリージョンではスタック {subject} がすでに同じアラームに対応しています。"
        "スタック {stack} もデプロイすると、両方が対応します。",
        "Stack {subject} answers the same alarms in this Region already; with {stack} both would act.",
    ),
    "preflight.second_stack_do": (
        "更新する場合は --stack {subject} を指定してください。両方を使う場合は、片方を observe "
        "のままにしてください。",
        "To update it give --stack {subject}; to have both, leave one of them in mode observe.",
    ),
    "preflight.old_register": (
        "削除したスタック {subject} の記録が {count} 件残っています: {names}",
        "A deleted stack {subject} has left its register, {count} tables and buckets: {names}",
    ),
    "preflight.old_register_do": (
        "新しいスタックは空の記録から始まります。引き継ぐ場合は、"
        "デプロイの前に下のコマンドでテーブルを取り込んでください。"
        "不要であれば aws dynamodb delete-table と aws s3 rb --force で削除してください。",
        "A new stack begins with an empty one. To go on with this one, run the command below before the "
        "deployment; if it is not needed: aws dynamodb delete-table, and aws s3 rb --force for a bucket.",
    ),
    "preflight.alarms_taken": (
        "{switch} のアラームと同じ名前のアラームが別にあります: {names}。{switch}=off にします。",
        "Alarms of the names that {switch} makes are there, and not of this stack: {names}. So {switch}=off.",
    ),
    "preflight.alarms_taken_do": (
        "別のスタックのものであればこのままで構いません。不要であれば削除して、もう一度実行してください。",
        "If another stack made them, leave it so; if they are not needed, delete them and run this again.",
    ),
    "preflight.adopted": (
        "{subject} はありませんが、{like} があります。コマンドに {parameter}={like} を入れました。",
        "{subject} is not there, and {like} is: the command has {parameter}={like}.",
    ),
    "preflight.adopted_do": (
        "同じものかどうか確認し、違う場合は {parameter}=正しい名前 を指定してください。",
        "Check that it is the right one; if not, give {parameter}=NAME.",
    ),
    "preflight.alike": (
        "{subject} はありません。似た名前: {alike}",
        "{subject} is not there; called alike: {alike}",
    ),
    "preflight.alike_do": (
        "正しい名前を {parameter}=… で指定してください。",
        "Give the right one: {parameter}=…",
    ),
    "preflight.function": (
        "関数 {subject} がありません。この関数の確認と対処はできません。",
        "Function {subject} is not there: nothing can be seen of it or changed on it.",
    ),
    "preflight.function_do": (
        "名前が異なる場合は {parameter}=… を指定してください。ない場合は日次チェックが毎日報告します。",
        "Give {parameter}=… if it is called otherwise; if it is really missing, the daily check reports it.",
    ),
    "preflight.alarm": (
        "アラーム {subject} がありません。このアラームで対応が始まることはありません"
        "（代わりのアラーム: {instead}）。",
        "Alarm {subject} is not there, so it can start no response (in its place: {instead}).",
    ),
    "preflight.alarm_do": (
        "名前が異なる場合は {parameter}=… を指定してください。"
        "ない場合は日次チェックが作成コマンドを報告します。",
        "Give {parameter}=… if it is called otherwise; if it is really missing, the daily check names it.",
    ),
    "preflight.table": (
        "セッションのテーブル {subject} がありません。テーブルの確認、オンデマンドへの切り替え、"
        "バックアップはできません。",
        "The sessions table {subject} is not there: no look at it, no switch to on-demand, no backup.",
    ),
    "preflight.table_do": (
        "名前が異なる場合は {parameter}=… を指定してください。ない場合は日次チェックが毎日報告します。",
        "Give {parameter}=… if it is called otherwise; if it is really missing, the daily check reports it.",
    ),
    "preflight.index": (
        "テーブル {table} にインデックス {subject} がありません。"
        "インデックスのスロットリングは検知できません。",
        "Table {table} has no index {subject}, so throttling of an index is not seen.",
    ),
    "preflight.index_do": (
        "{parameter}=… に正しい名前を指定してください。定期チェックはこの項目を確認しません。",
        "Give its name: {parameter}=…; no scheduled check looks for it.",
    ),
    "preflight.bucket": (
        "画像バケット {subject} がありません。バケットの確認はできません。",
        "The images bucket {subject} is not there, so nothing of it can be checked.",
    ),
    "preflight.bucket_do": (
        "名前が異なる場合は {parameter}=… を指定してください。ない場合は週次と月次のチェックが報告します。",
        "Give {parameter}=… if it is called otherwise; if it is really missing, the weekly check reports it.",
    ),
    "preflight.role": (
        "サービスのロール {subject} がありません。不足している権限の確認はできません。",
        "The service's role {subject} is not there, so missing rights cannot be looked up.",
    ),
    "preflight.role_do": (
        "{parameter}=… に関数のロールの名前を指定してください。ない場合は月次チェックが報告します。",
        "Give the name of the functions' role: {parameter}=…; the monthly check reports a missing one.",
    ),
    "preflight.policy": (
        "ロール {role} にインラインポリシー {subject} がありません（あるもの: {there}）。"
        "不足している権限の追加を提案できません。",
        "Role {role} has no inline policy {subject} (it has: {there}), so a missing right is not written "
        "into it.",
    ),
    "preflight.policy_do": (
        "設定ドキュメントの service_policy に正しい名前を登録してください。",
        "Put the right name into the settings document as service_policy.",
    ),
    "preflight.stack": (
        "サービスのスタック {subject} がありません。サービスのデプロイと障害の前後関係は確認できません。",
        "The service's stack {subject} is not there, so its deployments are not seen as a cause.",
    ),
    "preflight.stack_do": (
        "名前が異なる場合は {parameter}=… を指定してください。定期チェックはこの項目を確認しません。",
        "Give {parameter}=… if it is called otherwise; no scheduled check looks for it.",
    ),
    "preflight.log_group": (
        "ロググループ {subject} がありません。メトリクスフィルターを作成できないため、{switches} は off "
        "にします。",
        "Log group {subject} is not there, and no metric filter can be made on it. So these are off: "
        "{switches}.",
    ),
    "preflight.log_group_do": (
        "関数が一度実行されると作成されます。その後もう一度 preflight を実行し、"
        "表示されるコマンドでデプロイしてください。"
        "それまでは日次チェックが毎日報告します。",
        "The function's first run makes it; then run preflight again and deploy with its command. Until then "
        "the daily check names what is off.",
    ),
    "preflight.other_log_group": (
        "関数 {subject} のログは {group} に出力されています。/aws/lambda/{subject} の行だけを確認するため、"
        "エラーは検知できません。",
        "Function {subject} logs into {group}; only /aws/lambda/{subject} is read, so its errors are not "
        "seen.",
    ),
    "preflight.other_log_group_do": (
        "関数のログ設定を /aws/lambda/{subject} に戻してください。",
        "Let it log into /aws/lambda/{subject} again.",
    ),
    "preflight.no_metrics": (
        "名前空間 {subject} に直近 2 週間のメトリクスがありません。成功率や信頼度のアラームは発生しません。",
        "Namespace {subject} has had no metric for two weeks, so alarms on success and confidence cannot "
        "fire.",
    ),
    "preflight.no_metrics_do": (
        "名前が異なる場合は {parameter}=… を指定してください。まだ利用者がいない場合はこのままで構いません。",
        "Give {parameter}=… if it is called otherwise; without users yet, leave it so.",
    ),
    "preflight.no_variable": (
        "環境変数 {subject} がない関数: {names}。ロールアウトを 0% に戻す対処はできません。",
        "These functions do not have the variable {subject}: {names}. So the rollout cannot be set to 0 %.",
    ),
    "preflight.no_variable_do": (
        "サービス側でロールアウトの変数を追加してください。それまでは手順を通知します。",
        "The service's release has to bring it; until then on-call gets the manual's steps.",
    ),
    "preflight.readers": (
        "4 つの関数に環境変数 {subject} があります。コードが読み取るまでは、ロールアウトは変更されません。",
        "All four functions have the variable {subject}; the rollout is changed only once you say their "
        "code reads it.",
    ),
    "preflight.readers_do": (
        "コードが変数を読み取ることを確認してから、下の rollout_readers "
        "を設定ドキュメントに追加してください。",
        "Check that their code does, then add rollout_readers from below to the settings document.",
    ),
    "preflight.no_alias": (
        "エイリアスがない関数: {names}。プロビジョニング済み同時実行とエイリアスのロールバックはできません。",
        "No alias on {names}: no provisioned concurrency there, and no way back to the version before.",
    ),
    "preflight.no_alias_do": (
        "エイリアスを作成し、API Gateway からの呼び出しをエイリアスに向けてください。",
        "Make an alias, and have API Gateway call it.",
    ),
    "preflight.updates_refused": (
        "{subject} の関数は {end} から更新できません: {names}。設定を変更する対処はすべて拒否されます。",
        "Since {end} AWS refuses updates of functions on {subject}: {names}. Every remedy on them is "
        "refused.",
    ),
    "preflight.updates_refused_do": (
        "サポートされているランタイムに移行してください。",
        "Move them to a runtime that AWS supports.",
    ),
    "preflight.updates_until": (
        "{subject} の関数は {end} から更新できなくなります: {names}",
        "From {end} AWS refuses updates of functions on {subject}: {names}",
    ),
    "preflight.updates_until_do": (
        "それまでに新しいランタイムへ移行してください。以降は設定を変更する対処が拒否されます。",
        "Move them before; from then on remedies that change them are refused.",
    ),
    "preflight.updates_unknown": (
        "ランタイム {subject} の更新期限が分かりません: {names}",
        "Until when AWS updates functions on {subject} is not known here: {names}",
    ),
    "preflight.updates_unknown_do": (
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html を確認してください。",
        "See https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    ),
    "preflight.vpc": (
        "VPC 内の関数: {names}。EC2 の権限がないと更新が拒否されるかどうかは、AWS の文書に記載がありません。",
        "In a VPC: {names}. AWS does not document whether an update without rights on EC2 is refused there.",
    ),
    "preflight.vpc_do": (
        "auto にする前に、"
        "アラーム関数のロールで同じ値を一度書き戻して確認してください（docs/first-deployment.ja.md）。",
        "Before mode auto, write an unchanged value back under an alarm's role once "
        "(docs/first-deployment.md).",
    ),
    "preflight.different": (
        "メモリ、タイムアウト、VPC が FaceAuth の標準と異なる関数: {names}",
        "Memory, time-out or VPC are not FaceAuth's own on {names}",
    ),
    "preflight.different_do": (
        "意図した設定であれば、下の deployed_functions を設定ドキュメントに追加してください。"
        "追加するまで日次チェックが報告します。",
        "If that is meant so, add deployed_functions from below to the settings document; until then the "
        "daily check reports it.",
    ),
    "preflight.small_account": (
        "このアカウントの Lambda 同時実行数は {subject}、予約されていないものは {free} です。"
        "複数のアラームへの同時対応が遅れ、プロビジョニング済み同時実行は拒否されます。",
        "This account may run {subject} Lambda executions at once, {free} of them unreserved: several "
        "alarms at "
        "once are answered late, and provisioned concurrency is refused.",
    ),
    "preflight.small_account_do": (
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
        "--desired-value 1000 --region {region} で引き上げを申請してください。",
        "Ask for more: aws service-quotas request-service-quota-increase --service-code lambda "
        "--quota-code L-B99A9384 --desired-value 1000 --region {region}",
    ),
    "preflight.no_reserve": (
        "同時実行数の余りが {most} 未満のため、{subject} による予約は拒否されます。none にします。",
        "With less than {most} unreserved executions Lambda refuses a reservation. So {subject}=none.",
    ),
    "preflight.no_reserve_do": (
        "クォータの引き上げ後に {subject} を元に戻せます。",
        "{subject} can have its default once the quota is raised.",
    ),
    "preflight.too_many_reserved": (
        "同時実行数の余りが {most} 未満のため、{subject} による予約は拒否され、デプロイが失敗します。",
        "With less than {most} unreserved executions Lambda refuses what {subject} reserves, and the "
        "deployment fails.",
    ),
    "preflight.too_many_reserved_do": (
        "{subject}=none を指定するか、クォータを引き上げてください。",
        "Give {subject}=none, or have the quota raised.",
    ),
    "preflight.quota": (
        "{subject} の Face Liveness のクォータは毎秒 {quota} 回です（標準の設定は {usual}）。",
        "The quota of Face Liveness in {subject} is {quota} requests a second (the default setting is "
        "{usual}).",
    ),
    "preflight.quota_do": (
        "下の quota_per_second を設定ドキュメントに追加してください。",
        "Add quota_per_second from below to the settings document.",
    ),
    "preflight.quota_unknown": (
        "{subject} の Face Liveness のクォータを AWS が返さないため、公開されている標準値の毎秒 {quota} "
        "回とみなします。",
        "AWS tells no quota of Face Liveness for {subject}; the published default counts, {quota} requests "
        "a second.",
    ),
    "preflight.quota_unknown_do": (
        "引き上げ済みの場合は、設定ドキュメントの quota_per_second に登録してください。",
        "If it was raised, put quota_per_second into the settings document.",
    ),
    "preflight.unread": (
        "{subject} を実行できませんでした: {reason}",
        "{subject} did not answer: {reason}",
    ),
    "preflight.unread_do": (
        "liveness-ops preflight --policy が表示するポリシーを割り当ててください。見えないものは off "
        "のままです。",
        "Give yourself the policy of liveness-ops preflight --policy. What depends on it stays off.",
    ),
    "preflight.unread_variables": (
        "環境変数の名前を復号できない関数: {names}",
        "The names of the variables could not be decrypted for {names}",
    ),
    "preflight.unread_variables_do": (
        "関数の KMS キーに対する kms:Decrypt が必要です。",
        "It takes kms:Decrypt on the functions' KMS key.",
    ),
}
