#!/usr/bin/env bash
# A first deployment as a newcomer makes it: a fresh clone, an empty home directory, the local AWS.
# Prints each step with its wall time; ends with an error where a step fails. Called by `make first-deployment`.
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d "${TMPDIR:-/tmp}/first-deployment.XXXXXX")
trap 'rm -rf "$place"' EXIT
mkdir "$place/home"

# What a person's own configuration would bring along stays outside.
as_newcomer() {
	env $(env | sed -En 's/^(AWS_[A-Z_]*|SAM_[A-Z_]*|XDG_[A-Z_]*|VIRTUAL_ENV|MAKE[A-Z]*|MFLAGS)=.*/-u \1/p') \
		HOME="$place/home" SAM_CLI_TELEMETRY=0 "$@"
}

step() {
	local name=$1 begun=$SECONDS
	shift
	"$@" >"$place/log" 2>&1 || { tail -n 40 "$place/log" >&2; echo "FAILED: $name" >&2; exit 1; }
	printf '%6.1f s  %s\n' "$((SECONDS - begun))" "$name"
}

step 'git clone' git clone --quiet "$source" "$place/clone"
cd "$place/clone"
step 'make setup' as_newcomer make setup
as_newcomer .venv/bin/python -m rehearsal.first_deployment "$@"
printf '%6.1f s  in all\n' "$SECONDS"
