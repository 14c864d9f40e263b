"""What `liveness-ops preflight` finds, and what to do about it."""

MESSAGES: dict[str, tuple[str, str]] = {
    "preflight.where": (
        "アカウント {account}、リージョン {region}、スタック {stack}（確認に使った ID: {who}）",
        "Account {account}, Region {region}, stack {stack} (as {who})",
    ),
    "preflight.found": (
        "見つかったもの: 関数 {functions}/{all_functions}（エイリアスあり {aliased}）、アラーム "
        "{alarms}/{all_alarms}、ロググループ {groups}/{all_groups}、テーブル {table}、インデックス "
        "{index}、バケット {bucket}、ロール {role}、スタック {service}、メトリクス {metrics}、Lambda "
        "同時実行数 {concurrent}（うち予約なし {free}）、Face Liveness の毎秒リクエスト数 {quota}",
        "Found: functions {functions}/{all_functions} ({aliased} with an alias), alarms "
        "{alarms}/{all_alarms}, log groups {groups}/{all_groups}, table {table}, index {index}, "
        "bucket {bucket}, role {role}, stack {service}, metrics {metrics}, Lambda concurrency {free} "
        "unreserved of {concurrent}, Face Liveness requests per second {quota}",
    ),
    "preflight.all_functions": (
        "{count} つの関数すべて",
        "all {count} functions",
    ),
    "preflight.starting": (
        "ローカル AWS を起動し、{world} のサービスを作成しています…",
        "Starting a local AWS with the service {world} …",
    ),
    "preflight.weight_blocks": (
        "【デプロイ不可】{said}",
        "[blocks] {said}",
    ),
    "preflight.weight_off": (
        "【動作しない】{said}",
        "[off] {said}",
    ),
    "preflight.weight_unread": (
        "【確認できない】{said}",
        "[unread] {said}",
    ),
    "preflight.weight_note": (
        "【参考】{said}",
        "[note] {said}",
    ),
    "preflight.todo": (
        "    → {todo}",
        "    → {todo}",
    ),
    "preflight.result_0": (
        "デプロイできます。動作しない項目はありません。",
        "Ready to deploy: everything was found.",
    ),
    "preflight.result_1": (
        "上記の【デプロイ不可】または【動作しない】項目を確認してください。",
        "Read the lines marked [blocks] or [off] above.",
    ),
    "preflight.result_2": (
        "確認できない項目があるため、この結果は完全ではありません。",
        "Some checks could not be made (see [unread] above), so this report is not complete.",
    ),
    "preflight.command": (
        "デプロイコマンド（{folder} で実行。質問はありません）:",
        "Command to deploy (run it in {folder}; it asks no questions):",
    ),
    "preflight.adoption": (
        "以前のスタックのテーブル、バケット、キューを取り込むコマンド（デプロイの前に一度だけ実行）:",
        "Command to import the old tables, bucket and queue (run it once, before the deployment):",
    ),
    "preflight.settings": (
        "デプロイ後に設定文書へ追加するキー（liveness-ops settings show {console} --json の document "
        "に加え、liveness-ops settings set ファイル {console} で登録）:",
        "Keys for the settings document. After the deployment add them to the document that "
        "liveness-ops settings show {console} --json prints, and set it with liveness-ops settings "
        "set FILE {console}:",
    ),
    "preflight.world_is_local": (
        "--world はローカル AWS 専用です。--local と一緒に指定してください。",
        "--world works only with --local.",
    ),
    "preflight.bad_stack": (
        "{stack} はスタック名に使えません（英字で始まり、英数字とハイフンのみ、128 文字以内）。",
        "{stack} is not a valid stack name: start with a letter, then letters, digits and hyphens, "
        "128 characters at most.",
    ),
    "preflight.bad_pair": (
        "{typed} は パラメーター=値 の形ではありません（例: OnCallEmail=ops@company.example）。",
        "{typed} does not have the form PARAMETER=VALUE, such as OnCallEmail=ops@company.example.",
    ),
    "preflight.bad_parameter": (
        "{parameter} というパラメーターはテンプレートにありません（近い名前: {like}）。",
        "The template has no parameter {parameter}; did you mean {like}?",
    ),
    "preflight.bad_value": (
        "{parameter} に {value} は指定できません（指定できる値: {takes}）。",
        "{parameter} does not accept {value}; accepted: {takes}",
    ),
    "preflight.nowhere": (
        "アカウント {account} の {subject} に顔認証サービスの関数、アラーム、テーブルがありません。",
        "Account {account} has nothing of the service in {subject}: no function, no alarm, no table.",
    ),
    "preflight.nowhere_do": (
        "--profile と --region を確認してください。名前が異なる場合は CreateFunctionName=… "
        "のように指定してください。",
        "Check --profile and --region. If the names differ, give them: CreateFunctionName=… and so on.",
    ),
    "preflight.elsewhere": (
        "アカウント {account} の {region} にはサービスがありません。プロファイルのリージョン "
        "{subject} にあります。",
        "The service is not in {region} of account {account}; it is in {subject}, the profile's Region.",
    ),
    "preflight.elsewhere_do": (
        "--region {subject} を指定してください。",
        "Give --region {subject}.",
    ),
    "preflight.no_address": (
        "通知先がありません。通知先のないスタックはテンプレートが拒否します。",
        "No address is given. The template refuses a stack whose messages reach no one.",
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
        "Name the first approver: {subject}={who}",
    ),
    "preflight.no_channel": (
        "SlackSecretArn がありますが {subject} がありません。テンプレートが拒否します。",
        "SlackSecretArn is given but {subject} is not; the template refuses that.",
    ),
    "preflight.no_channel_do": (
        "{subject}=… を指定してください（docs/slack.ja.md）。",
        "Give {subject}=… (docs/slack.md).",
    ),
    "preflight.no_secret": (
        "Slack のシークレット {subject} がありません。",
        "Slack's secret {subject} does not exist.",
    ),
    "preflight.no_secret_do": (
        "キー {keys} を持つシークレットをこのリージョンに作成してください（docs/slack.ja.md）。",
        "Create it in this Region, with the keys {keys} (docs/slack.md).",
    ),
    "preflight.secret_keys": (
        "Slack のシークレット {subject} にキー {keys} がないか、空です。",
        "Slack's secret {subject} has no value for {keys}.",
    ),
    "preflight.secret_keys_do": (
        "キー {keys} を追加してください（docs/slack.ja.md）。",
        "Add {keys} to the secret (docs/slack.md).",
    ),
    "preflight.long_name": (
        "スタック名 {subject} は長すぎます。関数 {name} が Lambda の上限 {limit} 文字を超えます。",
        "The stack name {subject} is too long: the function name {name} would exceed Lambda's "
        "{limit} characters.",
    ),
    "preflight.long_name_do": (
        "--stack に {most} 文字以内の名前を指定してください。",
        "Give --stack a name of at most {most} characters.",
    ),
    "preflight.taken": (
        "スタック {stack} が作成するリソースのうち {count} 件と同じ名前のリソースがすでにあります: {names}",
        "{count} resources that stack {stack} would create already exist under the same names: {names}",
    ),
    "preflight.taken_do": (
        "別の --stack を指定するか、不要であれば削除してからデプロイしてください。",
        "Choose another --stack, or delete them if they are not needed.",
    ),
    "preflight.broken_stack": (
        "スタック {subject} は {status} です。この状態では更新できません。",
        "Stack {subject} is in state {status} and cannot be updated.",
    ),
    "preflight.broken_stack_do": (
        "ROLLBACK_COMPLETE などの作成に失敗したスタックは aws cloudformation delete-stack "
        "--stack-name {subject} {where} で削除し、UPDATE_ROLLBACK_FAILED であれば "
        "continue-update-rollback を実行してください。",
        "After a failed creation, delete it: aws cloudformation delete-stack --stack-name {subject} "
        "{where}. After UPDATE_ROLLBACK_FAILED, use continue-update-rollback instead.",
    ),
    "preflight.busy_stack": (
        "スタック {subject} は処理中です（{status}）。",
        "Stack {subject} is being changed ({status}).",
    ),
    "preflight.busy_stack_do": (
        "処理の完了を待ってから、もう一度実行してください。",
        "Wait until that has ended, then run this again.",
    ),
    "preflight.foreign_stack": (
        "スタック {subject} はすでにありますが、Liveness Responder のスタックではありません。",
        "Stack {subject} exists but is not a stack of Liveness Responder.",
    ),
    "preflight.foreign_stack_do": (
        "--stack に別の名前を指定してください。",
        "Choose another --stack.",
    ),
    "preflight.stack_exists": (
        "スタック {subject} はデプロイ済みです（{status}）。",
        "Stack {subject} is already deployed ({status}).",
    ),
    "preflight.stack_exists_do": (
        "下のコマンドは更新です。パラメーターは現在の値のままです。",
        "The command below updates it and keeps the values of its parameters.",
    ),
    "preflight.second_stack": (
        "このリージョンではスタック {subject} がすでに同じアラームに対応しています。スタック {stack} "
        "もデプロイすると、両方が対応します。",
        "Stack {subject} already responds to the same alarms in this Region. With {stack}, both "
        "would respond.",
    ),
    "preflight.second_stack_do": (
        "更新する場合は --stack {subject} を指定してください。両方を使う場合は、片方を observe "
        "のままにしてください。",
        "To update it, give --stack {subject}. To run both, leave one of them in mode observe.",
    ),
    "preflight.old_resources": (
        "削除したスタック {subject} のテーブル、バケット、キューが {count} 件残っています: {names}",
        "{count} tables, buckets and queues of a deleted stack {subject} still exist: {names}",
    ),
    "preflight.old_resources_do": (
        "新しいスタックは空の状態から始まります。引き継ぐ場合は、デプロイの前に下のコマンドで"
        "取り込んでください。不要であれば、docs/first-deployment.ja.md の「アンインストール」の"
        "コマンドで削除してください。",
        "A new stack starts empty. To keep using them, run the command below before the deployment. "
        "If you do not need them, delete them with the commands in docs/first-deployment.md, "
        '"Uninstall".',
    ),
    "preflight.old_twice": (
        "削除したスタック {subject} のリソースが同じ種類で複数残っているため、取り込むコマンドを"
        "作成できません: {names}",
        "Several resources of one kind are left from deleted stacks {subject}, so the command that "
        "imports them cannot be given: {names}",
    ),
    "preflight.old_twice_do": (
        "引き継がないものを削除し、もう一度実行してください。引き継ぐものがなければ、このままデプロイ"
        "できます。",
        "Delete those that you do not want to keep, and run this again. If you want to keep none, "
        "you can deploy as it is.",
    ),
    "preflight.old_parameters": (
        "以前のスタック {subject} のパラメーターが SSM に残っていて、新しいスタックですぐに有効に"
        "なります: {names}",
        "SSM parameters of an earlier stack {subject} still exist and apply to the new stack at once: "
        "{names}",
    ),
    "preflight.old_parameters_do": (
        "モード（auto が残っていれば、すぐに変更を行います）、停止、設定文書の内容を確認してください。"
        "不要なものは aws ssm delete-parameter {where} --name 名前 で削除してください。",
        "Check the modes (with auto the stack makes changes at once), the stops and the settings "
        "document. Delete what you do not want: aws ssm delete-parameter {where} --name NAME",
    ),
    "preflight.old_logs": (
        "削除したスタック {subject} のロググループが {count} 件残っていて、スタックの作成が"
        "失敗します: {names}",
        "{count} log groups of a deleted stack {subject} still exist, so the stack cannot be created: "
        "{names}",
    ),
    "preflight.old_logs_do": (
        "スタックの削除後に関数が出力したログです。削除してください: {command}",
        "Functions wrote them after the deletion of the stack. Delete them: {command}",
    ),
    "preflight.long_pattern": (
        "アラーム名が長すぎるため、UnknownAlarm のイベントパターンが {length} 文字になります"
        "（EventBridge の上限は {limit} 文字）。最も長い名前: {subject}={name}",
        "The names of the alarms are too long: UnknownAlarm's event pattern has {length} characters, and "
        "EventBridge accepts {limit}. The longest name: {subject}={name}",
    ),
    "preflight.long_pattern_do": (
        "名前を合計 {over} 文字以上短くするか（-Corrected のあるアラームの名前は 2 回数えます）、"
        "EventBridge のクォータ「イベントパターンのサイズ」の引き上げを申請してください。",
        "Shorten the names by {over} characters in all (names of alarms with a -Corrected version count "
        'twice), or request a higher EventBridge quota "Event pattern size".',
    ),
    "preflight.new_parameters": (
        "デプロイ済みのスタック {subject} にないパラメーターが追加されます: {names}",
        "Parameters that the deployed stack {subject} does not have yet: {names}",
    ),
    "preflight.new_parameters_do": (
        "変更する場合は、コマンドに 名前=値 を指定してください（docs/parameters.md）。",
        "To change one, give NAME=VALUE (docs/parameters.md).",
    ),
    "preflight.switched_off": (
        "デプロイ済みのスタックでは {subject}=off です。今は on にできます。",
        "The deployed stack has {subject}=off, and it could be switched on now.",
    ),
    "preflight.switched_off_do": (
        "on にする場合は {subject}=on を指定してください。指定しなければ off のままです。",
        "To switch it on, give {subject}=on. Otherwise it stays off.",
    ),
    "preflight.alarms_taken": (
        "{switch} のアラームと同じ名前のアラームが別にあります: {names}。{switch}=off にします。",
        "Alarms with the names that {switch} would create already exist outside this stack: {names}. "
        "{switch} is set to off.",
    ),
    "preflight.alarms_taken_do": (
        "別のスタックのものであればこのままで構いません。不要であれば削除して、もう一度実行してください。",
        "If they belong to another stack, leave it so. If they are not needed, delete them and run "
        "this again.",
    ),
    "preflight.adopted": (
        "{subject} はありませんが、{like} があります。コマンドに {parameter}={like} を入れました。",
        "{subject} does not exist, but {like} does: the command contains {parameter}={like}.",
    ),
    "preflight.adopted_do": (
        "同じものかどうか確認し、違う場合は {parameter}=正しい名前 を指定してください。",
        "Check that this is the right one; if not, give {parameter}=NAME.",
    ),
    "preflight.alike": (
        "{subject} はありません。似た名前: {alike}",
        "{subject} does not exist. Similar names: {alike}",
    ),
    "preflight.alike_do": (
        "正しい名前を {parameter}=… で指定してください。",
        "Give the right name: {parameter}=…",
    ),
    "preflight.function": (
        "関数 {subject} がありません。この関数の確認と対処はできません。",
        "Function {subject} does not exist, so it can be neither checked nor changed.",
    ),
    "preflight.function_do": (
        "名前が異なる場合は {parameter}=… を指定してください。ない場合は日次チェックが毎日報告します。",
        "If it has another name, give {parameter}=…. If it is missing, the daily check reports it.",
    ),
    "preflight.alarm": (
        "アラーム {subject} がありません。"
        "このアラームで対応が始まることはありません（代わりのアラーム: {instead}）。",
        "Alarm {subject} does not exist, so it can start no response (in its place: {instead}).",
    ),
    "preflight.alarm_do": (
        "名前が異なる場合は {parameter}=… を指定してください。"
        "ない場合は日次チェックが作成コマンドを報告します。",
        "If it has another name, give {parameter}=…. If it is missing, the daily check reports it.",
    ),
    "preflight.table": (
        "セッションのテーブル {subject} がありません。テーブルの確認、オンデマンドへの切り替え、"
        "バックアップはできません。",
        "The sessions table {subject} does not exist, so it can be neither checked, switched to "
        "on-demand nor backed up.",
    ),
    "preflight.table_do": (
        "名前が異なる場合は {parameter}=… を指定してください。ない場合は日次チェックが毎日報告します。",
        "If it has another name, give {parameter}=…. If it is missing, the daily check reports it.",
    ),
    "preflight.index": (
        "テーブル {table} にインデックス {subject} がありません。"
        "インデックスのスロットリングは検知できません。",
        "Table {table} has no index {subject}, so throttling of the index is not detected.",
    ),
    "preflight.index_do": (
        "{parameter}=… に正しい名前を指定してください。ない場合は日次チェックが報告します。",
        "Give its name: {parameter}=…. If it is missing, the daily check reports it.",
    ),
    "preflight.bucket": (
        "画像バケット {subject} がありません。バケットの確認はできません。",
        "The images bucket {subject} does not exist, so it cannot be checked.",
    ),
    "preflight.bucket_do": (
        "名前が異なる場合は {parameter}=… を指定してください。ない場合は週次と月次のチェックが報告します。",
        "If it has another name, give {parameter}=…. If it is missing, the weekly and monthly "
        "checks report it.",
    ),
    "preflight.role": (
        "サービスのロール {subject} がありません。不足している権限の確認はできません。",
        "The service's role {subject} does not exist, so missing permissions cannot be detected.",
    ),
    "preflight.role_do": (
        "{parameter}=… に関数のロールの名前を指定してください。ない場合は月次チェックが報告します。",
        "Give the name of the functions' role: {parameter}=…. If it is missing, the monthly check "
        "reports it.",
    ),
    "preflight.policy": (
        "ロール {role} にインラインポリシー {subject} がありません（あるもの: {there}）。"
        "不足している権限の追加を提案できません。",
        "Role {role} has no inline policy {subject} (it has: {there}), so adding a missing "
        "permission cannot be proposed.",
    ),
    "preflight.policy_do": (
        "設定文書の service_policy に正しい名前を登録してください。",
        "Set service_policy in the settings document to the right name.",
    ),
    "preflight.stack": (
        "サービスのスタック {subject} がありません。サービスのデプロイと障害の前後関係は確認できません。",
        "The service's stack {subject} does not exist, so its deployments are not recognized as a cause.",
    ),
    "preflight.stack_do": (
        "名前が異なる場合は {parameter}=… を指定してください。ない場合は日次チェックが報告します。",
        "If it has another name, give {parameter}=…. If it is missing, the daily check reports it.",
    ),
    "preflight.log_group": (
        "ロググループ {subject} がありません。メトリクスフィルターを作成できないため、{switches} は "
        "off にします。",
        "Log group {subject} does not exist, so no metric filter can be created on it. Set to off: "
        "{switches}",
    ),
    "preflight.log_group_do": (
        "関数が一度実行されると作成されます。その後もう一度 preflight を実行し、"
        "表示されるコマンドでデプロイしてください。それまでは日次チェックが毎日報告します。",
        "The function's first run creates it. Then run preflight again and deploy with its command. "
        "Until then the daily check reports what is off.",
    ),
    "preflight.other_log_group": (
        "関数 {subject} のログは {group} に出力されています。読み取るのは /aws/lambda/{subject} "
        "だけのため、エラーを検知できません。",
        "Function {subject} logs to {group}, but only /aws/lambda/{subject} is read, so its errors "
        "are not detected.",
    ),
    "preflight.other_log_group_do": (
        "関数のログ設定を /aws/lambda/{subject} に戻してください。",
        "Set the function's log group back to /aws/lambda/{subject}.",
    ),
    "preflight.no_metrics": (
        "名前空間 {subject} に直近 2 週間のメトリクスがありません。成功率や信頼度のアラームは発生しません。",
        "Namespace {subject} has had no metrics for two weeks, so alarms on success and confidence "
        "cannot fire.",
    ),
    "preflight.no_metrics_do": (
        "名前が異なる場合は {parameter}=… を指定してください。まだ利用者がいない場合はこのままで構いません。",
        "If it has another name, give {parameter}=…. If there are no users yet, leave it so.",
    ),
    "preflight.no_variable": (
        "環境変数 {subject} がない関数: {names}。ロールアウトを 0% に戻す対処はできません。",
        "Functions without the variable {subject}: {names}. The rollout cannot be set to 0 %.",
    ),
    "preflight.no_variable_do": (
        "サービス側でロールアウトの変数を追加してください。それまでは手順を通知します。",
        "Add the variable in the service's code. Until then on-call gets the manual's steps.",
    ),
    "preflight.readers": (
        "4 つの関数に環境変数 {subject} があります。コードが読み取るまでは、ロールアウトは変更されません。",
        "All four functions have the variable {subject}. The rollout stays unchanged until you "
        "declare that their code reads it.",
    ),
    "preflight.readers_do": (
        "コードが変数を読み取ることを確認してから、下の rollout_readers を設定文書に追加してください。",
        "Check that the code reads it, then add rollout_readers from below to the settings document.",
    ),
    "preflight.no_alias": (
        "エイリアスがない関数: {names}。プロビジョニング済み同時実行数とエイリアスの巻き戻しは使えません。",
        "Functions without an alias: {names}. Provisioned concurrency and alias rollback are not possible.",
    ),
    "preflight.no_alias_do": (
        "エイリアスを作成し、API Gateway からの呼び出しをエイリアスに向けてください。",
        "Create an alias and let API Gateway call it.",
    ),
    "preflight.updates_refused": (
        "{subject} の関数は {end} から更新できません: {names}。設定を変更する対処はすべて拒否されます。",
        "Since {end} AWS refuses updates of functions on {subject}: {names}. Every remedy that "
        "changes them is refused.",
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
        "Move them to a newer runtime before that date; after it, remedies that change them are refused.",
    ),
    "preflight.updates_unknown": (
        "ランタイム {subject} の更新期限が分かりません: {names}",
        "It is not known until when AWS updates functions on {subject}: {names}",
    ),
    "preflight.updates_unknown_do": (
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html を確認してください。",
        "See https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    ),
    "preflight.vpc": (
        "VPC 内の関数: {names}。EC2 の権限がないと更新が拒否されるかどうかは、AWS の文書に記載がありません。",
        "Functions in a VPC: {names}. AWS does not document whether it refuses an update without EC2 "
        "permissions.",
    ),
    "preflight.vpc_do": (
        "auto にする前に、"
        "アラーム関数のロールで同じ値を一度書き戻して確認してください（docs/first-deployment.ja.md）"
        "。",
        "Before mode auto, try it once: write an unchanged value back with an alarm function's role "
        "(docs/first-deployment.md).",
    ),
    "preflight.different": (
        "メモリ、タイムアウト、VPC が FaceAuth の標準と異なる関数: {names}",
        "Functions whose memory, time-out or VPC differ from FaceAuth's defaults: {names}",
    ),
    "preflight.different_do": (
        "意図した設定であれば、下の deployed_functions を設定文書に追加してください。"
        "追加するまで日次チェックが報告します。",
        "If that is intended, add deployed_functions from below to the settings document; until then "
        "the daily check reports it.",
    ),
    "preflight.small_account": (
        "このアカウントの Lambda 同時実行数は {subject}、予約されていないものは {free} です。"
        "複数のアラームへの同時対応が遅れ、プロビジョニング済み同時実行は拒否されます。",
        "This account may run {subject} Lambda executions at once, {free} of them unreserved: "
        "several alarms at once are answered late, and provisioned concurrency is refused.",
    ),
    "preflight.small_account_do": (
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code "
        "L-B99A9384 --desired-value 1000 {where} で引き上げを申請してください。",
        "Request an increase: aws service-quotas request-service-quota-increase --service-code "
        "lambda --quota-code L-B99A9384 --desired-value 1000 {where}",
    ),
    "preflight.no_reserve": (
        "同時実行数の余りが {most} 未満のため、{subject} による予約は拒否されます。none にします。",
        "With fewer than {most} unreserved executions, AWS refuses a reservation. {subject} is set to none.",
    ),
    "preflight.no_reserve_do": (
        "クォータの引き上げ後に {subject} を元に戻せます。",
        "Once the quota is raised, set {subject} back.",
    ),
    "preflight.too_many_reserved": (
        "同時実行数の余りが {most} 未満のため、{subject} による予約は拒否され、デプロイが失敗します。",
        "With fewer than {most} unreserved executions, AWS refuses what {subject} reserves, and the "
        "deployment fails.",
    ),
    "preflight.too_many_reserved_do": (
        "{subject}=none を指定するか、クォータを引き上げてください。",
        "Give {subject}=none, or have the quota raised.",
    ),
    "preflight.quota": (
        "{subject} の Face Liveness のクォータは毎秒 {quota} 回です（標準の設定は {usual}）。",
        "The Face Liveness quota in {subject} is {quota} requests per second (default of the "
        "setting: {usual}).",
    ),
    "preflight.quota_do": (
        "下の quota_per_second を設定文書に追加してください。",
        "Add quota_per_second from below to the settings document.",
    ),
    "preflight.quota_unknown": (
        "{subject} の Face Liveness のクォータを AWS が返さないため、公開されている標準値の毎秒 "
        "{quota} 回とみなします。",
        "AWS returns no Face Liveness quota for {subject}; the published default is assumed, {quota} "
        "requests per second.",
    ),
    "preflight.quota_unknown_do": (
        "引き上げ済みの場合は、設定文書の quota_per_second に登録してください。",
        "If yours was raised, set quota_per_second in the settings document.",
    ),
    "preflight.unread": (
        "{subject} を実行できませんでした: {reason}",
        "{subject} failed: {reason}",
    ),
    "preflight.unread_do": (
        "liveness-ops preflight --policy が表示するポリシーを割り当ててください。見えないものは off "
        "のままです。",
        "Attach the policy that liveness-ops preflight --policy prints. Whatever cannot be read stays off.",
    ),
    "preflight.unread_variables": (
        "環境変数の名前を復号できない関数: {names}",
        "The variables of these functions could not be decrypted: {names}",
    ),
    "preflight.unread_variables_do": (
        "関数の KMS キーに対する kms:Decrypt が必要です。",
        "You need kms:Decrypt on the functions' KMS key.",
    ),
}
