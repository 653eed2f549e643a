#!/bin/sh
# Starts the service, after it has ended the one that runs: sh restart.sh [OPTION…] PROFILE…
cd "$(dirname "$0")"
state=${STATE_FOLDER:-state}
mkdir -p "$state"
[ ! -s "$state/service.pid" ] || kill "-${SIGNAL:-TERM}" "$(cat "$state/service.pid")" 2>/dev/null
(
    # Held by the service, and let go of by its end, however it ends.
    flock 9
    exec "${PYTHON:-python3}" service.py --data "$state/images.db" "$@"
) 9>>"$state/service.lock" >>"$state/service.log" 2>&1 </dev/null &
echo $! >"$state/service.pid"
