"""What a person can paste, by the name of its step. Each keeps what it does not mean to change,
and stops where it cannot be sure. The same in both languages."""

# ruff: noqa: E501 - a command is easier to review on one line

HOUR = "--start-time $(date -u -d '1 hour ago' +%FT%TZ) --end-time $(date -u +%FT%TZ)"
STATISTICS = f"aws cloudwatch get-metric-statistics --region {{region}} --period 300 \\\n  {HOUR} \\\n  "
LOGS = """\
for g in {groups}; do aws logs filter-log-events --region {region} --log-group-name "$g" --max-items 50 \\
  --start-time $(date -u -d '1 hour ago' +%s)000 \\
  --filter-pattern """
CONFIGURATION = "aws lambda get-function-configuration --region {region} --output json --function-name"
CONFIGURE = "aws lambda update-function-configuration --region {region} --function-name"


def only_if(read: str, test: str, change: str) -> str:
    """The change, only while what `read` prints still passes the test of the shell for which it was made."""
    otherwise = "echo 'Changed since this message: nothing was done'; false"
    return f'if [ "$({read})" {test} ]; then {change}; else {otherwise}; fi'


MEMORY = f"{CONFIGURATION} {{function}} --query MemorySize"

COMMANDS: dict[str, str] = {
    "success_rate": (
        f"for m in SuccessCount FailureCount; do {STATISTICS}"
        '--namespace {namespace} --metric-name "$m" --statistics Sum; done'
    ),
    "confidence": (
        f"{STATISTICS}--namespace {{namespace}} --metric-name ConfidenceScore "
        "--statistics Average Minimum SampleCount"
    ),
    "durations": (
        f"{STATISTICS}--namespace AWS/Lambda --metric-name Duration --extended-statistics p50 p99 \\\n"
        "  --dimensions Name=FunctionName,Value={function}"
    ),
    "table_throttling": (
        f"for m in ReadThrottleEvents WriteThrottleEvents; do {STATISTICS}"
        '--namespace AWS/DynamoDB --metric-name "$m" \\\n  --dimensions Name=TableName,Value={table} --statistics Sum; done'
    ),
    "error_logs": LOGS + """'?ERROR ?"Task timed out" ?"Runtime exited"'; done""",
    "failure_reasons": LOGS
    + """'?"Liveness verification failed" ?"Session not found" ?"Session expired"'; done""",
    "check_environment": CONFIGURATION
    + """ {function} --query \\
  '{{state:State,update:LastUpdateStatus,modified:LastModified,names:keys(Environment.Variables)}}'""",
    "check_endpoint_route": CONFIGURATION
    + """ {function} --query VpcConfig
aws ec2 describe-nat-gateways --region {region} --query 'NatGateways[].[NatGatewayId,State,SubnetId]' --output table
aws ec2 describe-vpc-endpoints --region {region} \\
  --query 'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled]' --output table""",
    "check_credentials": CONFIGURATION
    + """ {function} --query '{{role:Role,names:keys(Environment.Variables)}}'
aws iam get-role --role-name {role} --query Role.AssumeRolePolicyDocument""",
    "check_permissions": """\
aws iam get-role-policy --role-name {role} --policy-name {policy}
aws iam list-attached-role-policies --role-name {role}""",
    "restore_table": "liveness-ops restore-table --to {table} --region {region}",
    "wait_for_table": """\
aws dynamodb describe-table --region {region} --table-name {table} \\
  --query 'Table.[TableStatus,BillingModeSummary.BillingMode,GlobalSecondaryIndexes[].[IndexName,IndexStatus]]'""",
    "restore_index": """\
aws dynamodb update-table --region {region} --table-name {table} \\
  --attribute-definitions AttributeName=employee_id,AttributeType=S --global-secondary-index-updates \\
  '[{{"Create":{{"IndexName":"EmployeeIdIndex","KeySchema":[{{"AttributeName":"employee_id","KeyType":"HASH"}}],"Projection":{{"ProjectionType":"ALL"}}}}}}]'""",
    "restore_bucket": "aws s3api head-bucket --region {region} --bucket {bucket}",
    "restore_object": "liveness-ops restore-object KEY --region {region}",
    "restore_key": """\
aws kms describe-key --region {region} --key-id KEY --query 'KeyMetadata.[KeyState,DeletionDate]'
aws kms cancel-key-deletion --region {region} --key-id KEY
aws kms enable-key --region {region} --key-id KEY""",
    "restore_role": "aws iam get-role --role-name {role} --query Role.Arn",
    "alarm_state": (
        "aws cloudwatch describe-alarms --region {region} --alarm-name-prefix FaceAuth- --state-value ALARM"
    ),
    "rollout_by_hand": f"""\
for f in {{functions}}; do
  c=$({CONFIGURATION} "$f") || continue
  jq -e '.Environment.Variables.{{variable}}' <<<"$c" >/dev/null || {{{{ echo "$f: skipped"; continue; }}}}
  {CONFIGURE} "$f" \\
    --revision-id "$(jq -r .RevisionId <<<"$c")" --query Environment.Variables.{{variable}} \\
    --environment "$(jq -c '{{{{Variables: (.Environment.Variables + {{{{{{variable}}: "0"}}}})}}}}' <<<"$c")"
done""",
    "repair_environment_by_hand": f"""\
c=$({CONFIGURATION} {{function}})
jq -e .Environment.Variables <<<"$c" >/dev/null && {CONFIGURE} {{function}} \\
  --revision-id "$(jq -r .RevisionId <<<"$c")" --query LastUpdateStatus --environment "$(jq -c \\
  --arg k NAME --arg v VALUE '{{{{Variables: (.Environment.Variables + {{{{($k): $v}}}})}}}}' <<<"$c")\"""",
    "export_variables": f"""\
(umask 077; {CONFIGURATION} {{function}} \\
  --query '[RevisionId,Environment]' > {{function}}-before.json)""",
    "memory_by_hand": only_if(
        MEMORY, "-lt {memory}", f"{CONFIGURE} {{function}} --memory-size {{memory}} --query LastUpdateStatus"
    ),
    "capacity_by_hand": """\
aws dynamodb describe-table --region {region} --table-name {table} --query \\
  'Table.[TableStatus,BillingModeSummary,ProvisionedThroughput,GlobalSecondaryIndexes[].ProvisionedThroughput]'
aws dynamodb update-table --region {region} --table-name {table} --billing-mode PAY_PER_REQUEST""",
    "provisioned_by_hand": """\
aws lambda put-provisioned-concurrency-config --region {region} --function-name {function} \\
  --qualifier ALIAS --provisioned-concurrent-executions {concurrency}""",
    "make_alias": """\
v=$(aws lambda publish-version --region {region} --function-name {function} --query Version --output text)
aws lambda create-alias --region {region} --function-name {function} --name live --function-version "$v\"""",
}

MESSAGES: dict[str, tuple[str, str]] = {f"command.{name}": (form, form) for name, form in COMMANDS.items()}
