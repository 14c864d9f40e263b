"""Steps of the manual for slow opening, throttling and denied calls, with what to paste for them."""

# ruff: noqa: E501 - a sentence is easier to review on one line

from responder.messages.catalogue.commands import LOGS, STATISTICS, only_if

_FUNCTION = "--region {region} --function-name {function}"
_RESERVED = (
    f"aws lambda get-function-concurrency {_FUNCTION} --query ReservedConcurrentExecutions --output text"
)

_STEPS: dict[str, tuple[str, str]] = {
    "creation_time": (
        "セッション作成時間を見る: p90 が 5 秒を超えているか。20 件未満なら p90 では判断しない。",
        "Look at how long sessions take to open: is the p90 above 5 s? Below 20 sessions it says nothing.",
    ),
    "index_throttling": (
        "インデックスのスロットリングも見る（テーブルの数字には含まれない）。INDEX はインデックス名（既定は EmployeeIdIndex）。",
        "Look at the index too (the table's figures do not hold it). INDEX is its name, by default EmployeeIdIndex.",
    ),
    "table_load": (
        "消費キャパシティとプロビジョニング値を比べる。余裕があるのにスロットリングするなら、一つのキーへの集中（ホットキー）を疑う。",
        "Compare consumed with provisioned capacity. Throttled although there is room: suspect one hot key.",
    ),
    "throttled_calls": (
        "Lambda がスロットリングした呼び出しを数える（Throttles）。このときログは一行も出ない。",
        "Count the calls that Lambda turned away (Throttles). They leave no line in the log.",
    ),
    "concurrency": (
        "同時実行数の上限を見る: 関数の予約値（0 なら誰かが止めている）と、アカウント全体の上限・使用数。",
        "Look at the limits: the function's reserved concurrency (0 means somebody stopped it), the account's limit and use.",
    ),
    "raise_concurrency_by_hand": (
        "関数の予約値が足りなければ上げる（N を置き換える）。アカウントの上限なら Service Quotas で引き上げを申請する。",
        "If its reserved concurrency is too low, raise it (put in N). If it is the account's limit, ask for more in Service Quotas.",
    ),
    "lift_reservation": (
        "止めた人が了承したら、予約を解除する（デプロイ時は予約なし）。停止は失われ、関数はすぐにすべての要求を受ける。",
        "Once the person who stopped it agrees, remove the reservation (as deployed nothing is reserved). "
        "The stop is lost: the function takes every request at once.",
    ),
    "put_reservation_back": (
        "止めた人が了承したら、以前の予約値に戻す（コマンドの値は CloudTrail による）。停止は失われる。",
        "Once the person who stopped it agrees, put the earlier reservation back (the command has the value that "
        "CloudTrail shows). The stop is lost.",
    ),
    "denied_logs": (
        "拒否された呼び出しを見る: どの操作が、何を理由に拒否されたか（オブジェクトキーは共有しない）。",
        "Look at the denied calls: which action, and why (do not share object keys).",
    ),
    "bucket_access": (
        "バケットポリシーとパブリックアクセスブロックを見る。権限は広げず、差分を開発チームに提案する。",
        "Look at the bucket policy and the public access block. Widen nothing; propose the difference to the developers.",
    ),
}
_TABLE = "--namespace AWS/DynamoDB --metric-name"
_COMMANDS: dict[str, str] = {
    "creation_time": "\n".join(
        STATISTICS.replace("--period 300", "--period 3600")
        + f"--namespace {{namespace}} --metric-name SessionCreationTime {statistics}"
        # AWS takes percentiles and other statistics in two requests only.
        for statistics in ("--extended-statistics p90", "--statistics SampleCount Maximum")
    ),
    "index_throttling": (
        f'for m in ReadThrottleEvents WriteThrottleEvents; do {STATISTICS}{_TABLE} "$m" \\\n'
        "  --dimensions Name=TableName,Value={table} Name=GlobalSecondaryIndexName,Value=INDEX --statistics Sum; done"
    ),
    "table_load": (
        f"for m in ConsumedReadCapacityUnits ConsumedWriteCapacityUnits ProvisionedReadCapacityUnits "
        f'ProvisionedWriteCapacityUnits; do {STATISTICS}{_TABLE} "$m" \\\n'
        "  --dimensions Name=TableName,Value={table} --statistics Sum Maximum; done"
    ),
    "throttled_calls": (
        f"{STATISTICS}--namespace AWS/Lambda --metric-name Throttles --statistics Sum \\\n"
        "  --dimensions Name=FunctionName,Value={function}"
    ),
    "concurrency": """\
aws lambda get-function-concurrency --region {region} --function-name {function}
aws lambda get-account-settings --region {region} --query AccountLimit""",
    "raise_concurrency_by_hand": """\
aws lambda put-function-concurrency --region {region} --function-name {function} \\
  --reserved-concurrent-executions N""",
    "lift_reservation": only_if(_RESERVED, "= 0", f"aws lambda delete-function-concurrency {_FUNCTION}"),
    "put_reservation_back": only_if(
        _RESERVED,
        "= 0",
        f"aws lambda put-function-concurrency {_FUNCTION} --reserved-concurrent-executions {{reserved}}",
    ),
    "denied_logs": LOGS + """'"AccessDenied"'; done""",
    "bucket_access": """\
aws s3api get-bucket-policy --bucket {bucket} --query Policy --output text
aws s3api get-public-access-block --bucket {bucket}""",
}

MESSAGES: dict[str, tuple[str, str]] = {
    **{f"step.{name}": words for name, words in _STEPS.items()},
    **{f"command.{name}": (form, form) for name, form in _COMMANDS.items()},
}
