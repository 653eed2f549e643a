#!/bin/sh
# Runs `swift test` with the given options; after a red run says once more at the end what failed, since the
# lines of failures are far up in a log of a thousand tests (and many a CI keeps only its end).
set -u
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
status="$(mktemp)"
{ "${SWIFT:-swift}" test "$@" 2>&1; echo $? >"$status"; } | tee "$log"
code="$(cat "$status")"; rm -f "$status"
if [ "$code" -ne 0 ]; then
	printf '\n== What failed ==\n'
	grep -aE '^(✘|↳|.*[Ff]atal error|error:)' "$log" | grep -av '^✘ Test run with' | head -n 200
	tail -n 1 "$log"
fi
exit "$code"
