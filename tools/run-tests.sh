#!/bin/sh
# Runs `swift test` with the given options, and adds what failed to .build/failed-tests, for `make test` to say once
# more at its very end: the lines of failures are far up in a log of a thousand tests, and many a CI keeps only its end.
set -u
log="$(mktemp)"
status="$(mktemp)"
trap 'rm -f "$log" "$status"' EXIT
{ "${SWIFT:-swift}" test "$@" 2>&1; echo $? >"$status"; } | tee "$log"
code="$(cat "$status")"
if [ "$code" -ne 0 ]; then
	{
		grep -aE '^(✘|↳|.*[Ff]atal error|error:)' "$log" | grep -av '^✘ Test run with' | head -n 60
		printf 'exit %s after: %s\n' "$code" "$(tail -n 1 "$log")"
	} >>.build/failed-tests
fi
exit "$code"
