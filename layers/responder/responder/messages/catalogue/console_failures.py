"""What failed, as a person sees it from a terminal; and where the local AWS is."""

MESSAGES: dict[str, tuple[str, str]] = {
    # --- failures
    "ops.failures": ("処理できなかったもの（{stack}）", "What failed in {stack}"),
    "ops.no_failures": ("処理できなかったものはありません。", "Nothing has failed."),
    "ops.failures_hint": (
        "もう一度判断させる: --redrive 番号。不要なものを消す: --discard 番号",
        "To decide again: --redrive N. To take out what is not needed: --discard N",
    ),
    "ops.one_of": (
        "--redrive、--all、--discard は、どれか 1 つだけ指定してください。何もしていません。",
        "Only one of --redrive, --all and --discard at a time. Nothing was done.",
    ),
    "ops.several_failures": ("1 つに決まりません: {ids}", "Not one alone: {ids}"),
    "ops.discard_by_id": (
        "--yes を付けて消すときは、番号ではなく ID（--json の id）を指定してください。何もしていません。",
        "With --yes name what to discard by its id (id of --json), not by its number. Nothing was done.",
    ),
    "ops.discard_open": (
        "{n}: インシデント {incident} は対応中です。--redrive でもう一度判断させることもできます。",
        "{n}: the incident {incident} is open; --redrive would have it decided again.",
    ),
    "ops.ask_discard": (
        "{count} 件を判断せずに消しますか。元には戻せません",
        "Discard them (messages: {count}) without a decision? It cannot be undone",
    ),
    "ops.discarded": (
        "{n}: {person} が消しました（{queue}、{id}）。",
        "{n}: discarded by {person} ({queue}, {id}).",
    ),
    "ops.discard_failed": (
        "消せなかったものがあり、キューに残っています: {problems}",
        "Some were not discarded and stay in their queue: {problems}",
    ),
    "ops.unseen": (
        "ほかに約 {count} 件を別の人が読んでいます。少し待ってもう一度実行してください。",
        "About {count} more are being read by somebody else; look again in a minute.",
    ),
    "ops.col_n": ("番号", "N"),
    "ops.col_queue": ("キュー", "Queue"),
    "ops.col_came": ("届いた時刻", "Came"),
    "ops.col_what": ("内容", "What"),
    "ops.col_function": ("関数", "Function"),
    "ops.col_error": ("エラー", "Error"),
    "ops.what_alarm": ("{alarm} が {state}（{at}）", "{alarm} went {state} at {at}"),
    "ops.what_command": ("コマンド {order}", "the command {order}"),
    "ops.what_follow_up": ("インシデントの追跡", "following an incident"),
    "ops.what_round": ("ウォッチドッグの巡回", "a round of the watchdog"),
    "ops.what_check": ("定期チェック", "a scheduled check"),
    "ops.what_message": ("届かなかった通知", "a message that did not arrive"),
    "ops.what_button": ("Slack のボタン操作", "a button pressed in Slack"),
    "ops.what_unknown": ("読めない内容", "cannot be read"),
    "ops.no_failure": (
        "{wanted} は一覧にありません（または 1 つに決まりません）。",
        "{wanted} is not in the list, or not one alone.",
    ),
    "ops.not_open": (
        "{n}: 対応中のインシデントがないため、再判断を送れません。アラームの現在の状態を確認してください。",
        "{n}: no incident of it is open, so nothing can be decided again. Look at the alarm as it is now.",
    ),
    "ops.row_unread": (
        "{n}: 記録 {row} が壊れていて状況が分からないため、再判断を送りません。"
        "その行を直すか削除してから実行してください。",
        "{n}: the record {row} is broken, so how its alarm stands is not known; nothing is decided again. "
        "Mend or delete that row first.",
    ),
    "ops.went_by_mail": (
        "{n}: Slack には出ていませんが、メールでは届いています。確認後、--discard で消してください。",
        "{n}: it is missing in Slack, but went out by e-mail. Once seen, take it out with --discard.",
    ),
    "ops.not_mailed": (
        "{n}: メールで届けられませんでした。宛先を確認してください。"
        "内容は liveness-ops incidents と show で確認し、--discard で消してください。",
        "{n}: no mail server took it. Check the address; liveness-ops incidents and show tell what it was "
        "about. Once seen, take it out with --discard.",
    ),
    "ops.run_by_hand": (
        "{n}: 定期実行に再判断はありません。次のコマンドで今すぐ実行し、"
        "確認後、--discard で消してください。\n{command}",
        "{n}: a run on schedule is nothing to decide. Make it now, then take this out with --discard.\n"
        "{command}",
    ),
    "ops.next_run": (
        "{n}: 定期実行に再判断はありません。次回は予定どおり実行されます。"
        "確認後、--discard で消してください。",
        "{n}: a run on schedule is nothing to decide; the next one comes by itself. "
        "Once seen, take it out with --discard.",
    ),
    "ops.next_round": (
        "{n}: ウォッチドッグの次の巡回は 5 分以内です。"
        "liveness-ops incidents で確認後、--discard で消してください。",
        "{n}: the watchdog makes its next round within five minutes. See that it did with "
        "liveness-ops incidents, then take it out with --discard.",
    ),
    "ops.letter_unreadable": (
        "{n}: 読めないため判断できず、キューに残ります。"
        "SQS のキュー（{queue}）でメッセージ {id} を確認してください。不要なら --discard で消せます。",
        "{n}: it cannot be read, so nothing can be decided; it stays. Look at the message {id} of the queue "
        "{queue} in SQS. If nobody needs it, take it out with --discard.",
    ),
    "ops.no_function": (
        "{n}: 再判断する関数が分かりません。アラームの現在の状態を確認してください。",
        "{n}: which function decides again is not known. Look at the alarm as it is now.",
    ),
    "ops.nothing_redriven": (
        "再判断は送っていません。メッセージはキューに残っています。",
        "Nothing was decided again; the messages stay in their queues.",
    ),
    "ops.ask_redrive": (
        "{incidents} を最新の証拠で判断し直しますか（{count} 件）。条件を満たせば自動で実行されます",
        "Decide again on fresh evidence for {incidents} (messages: {count})? It acts where guards allow it",
    ),
    "ops.redriven": ("{incident} を判断し直しました: {results}", "Decided again for {incident}: {results}"),
    "ops.redrive_failed": (
        "再判断できなかったものがあり、キューに残っています: {problems}",
        "Some were not decided again and stay in their queue: {problems}",
    ),
    "ops.not_removed": (
        "{n}: 再判断は済みましたが、キューから消せませんでした（{call}）。",
        "{n}: decided again, but still in its queue ({call}).",
    ),
    # --- the local AWS
    "ops.not_local": (
        "--local が使うのはこの端末の AWS だけです。{url} は違います。何もしていません。",
        "--local is for an AWS on this machine; {url} is none. Nothing was done.",
    ),
    "ops.none_local": (
        "この端末で動いているローカル AWS がありません。",
        "No local AWS runs on this machine.",
    ),
    "ops.several_local": (
        "ローカル AWS が複数動いています。--endpoint-url で指定してください: {urls}",
        "Several local AWS run here. Name one with --endpoint-url: {urls}",
    ),
}
