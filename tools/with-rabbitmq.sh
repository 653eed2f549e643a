#!/usr/bin/env bash
# Runs a command beside a RabbitMQ of its own.
#
#   tools/with-rabbitmq.sh swift test --skip-build --filter IntegrationTests
#
# The broker listens on loopback, on ports that were free, keeps its files in a temporary folder and does not run as
# root. The command finds it in TEST_HUB_URL, and in TEST_HUB_CTL a program that is rabbitmqctl for it; with
# WITH_MANAGEMENT=1 the broker also has its management API, in TEST_MANAGEMENT_URL, and its metrics, in TEST_METRICS_URL.
# Whatever happens, broker and folder are gone afterwards; the command's exit status is this script's.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: tools/with-rabbitmq.sh COMMAND [ARGUMENT…]" >&2; exit 64; }
server=/usr/lib/rabbitmq/bin/rabbitmq-server
[ -x "$server" ] || { echo "RabbitMQ is not installed: run tools/install-dependencies.sh rabbitmq" >&2; exit 69; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/rabbitmq.XXXXXX")
as_user=()
if [ "$(id -u)" = 0 ]; then
    # Debian's package brings the user. `setsid` makes the broker a process group of its own, to be ended as a whole.
    as_user=(setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups)
    chown rabbitmq:rabbitmq "$folder"
fi

broker=
command=
# Ends a process group: asks, waits up to five seconds, insists.
end_group() {
    [ -n "$1" ] || return 0
    kill -TERM -- "-$1" 2>/dev/null || return 0
    for _ in $(seq 50); do
        kill -0 -- "-$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- "-$1" 2>/dev/null || true
}
stop() {
    trap '' HUP INT TERM
    trap - EXIT
    end_group "$command"
    end_group "$broker"
    [ -z "${epmd_port:-}" ] || epmd -port "$epmd_port" -kill >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A port below the range that the kernel hands out, which nobody listens on right now.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

start() {
    local amqp_port=$1 dist_port=$2
    cat >"$folder/rabbitmq.conf" <<CONF
listeners.tcp.local = 127.0.0.1:$amqp_port
log.console = true
log.console.level = info
log.file = false
disk_free_limit.absolute = 50MB
CONF
    if [ "${WITH_MANAGEMENT:-}" = 1 ]; then
        echo '[rabbitmq_management,rabbitmq_prometheus].' >"$folder/enabled_plugins"
        cat >>"$folder/rabbitmq.conf" <<CONF
management.tcp.ip = 127.0.0.1
management.tcp.port = $management_port
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $metrics_port
CONF
    else
        echo '[].' >"$folder/enabled_plugins"
    fi
    local as_broker=(
        "${as_user[@]}" env
        HOME="$folder"
        ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1
        RABBITMQ_NODENAME="test-$$@localhost"
    )
    printf '#!/bin/bash\nexec %s/usr/lib/rabbitmq/bin/rabbitmqctl "$@"\n' "$(printf '%q ' "${as_broker[@]}")" >"$folder/rabbitmqctl"
    chmod 755 "$folder/rabbitmqctl"
    setsid "${as_broker[@]}" \
        RABBITMQ_DIST_PORT="$dist_port" \
        RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" \
        RABBITMQ_MNESIA_BASE="$folder/mnesia" \
        RABBITMQ_LOG_BASE="$folder/log" \
        RABBITMQ_PID_FILE="$folder/pid" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
        "$server" >"$folder/output" 2>&1 &
    broker=$!
    for _ in $(seq 600); do
        (exec 3<>"/dev/tcp/127.0.0.1/$amqp_port") 2>/dev/null && return 0
        kill -0 "$broker" 2>/dev/null || break
        sleep 0.1
    done
    return 1
}

# Another program may take a port between the look and the use: then once more with others.
for attempt in 1 2 3; do
    epmd_port=$(free_port)
    amqp_port=$(free_port)
    management_port=$(free_port)
    metrics_port=$(free_port)
    if start "$amqp_port" "$(free_port)"; then break; fi
    if [ "$attempt" = 3 ]; then
        echo "RabbitMQ did not start; it said:" >&2
        tail -n 40 "$folder/output" >&2
        exit 69
    fi
    kill -KILL -- "-$broker" 2>/dev/null || true
done

# Not in the foreground: bash runs a trap only when the foreground command has ended, and a signal must end that too.
# Job control gives the command a process group of its own; its input stays this script's.
status=0
set -m
export TEST_HUB_URL="amqp://guest:guest@127.0.0.1:$amqp_port/%2F" TEST_HUB_CTL="$folder/rabbitmqctl"
if [ "${WITH_MANAGEMENT:-}" = 1 ]; then
    export TEST_MANAGEMENT_URL="http://guest:guest@127.0.0.1:$management_port"
    export TEST_METRICS_URL="http://127.0.0.1:$metrics_port"
fi
"$@" <&0 &
command=$!
set +m
wait "$command" || status=$?
exit "$status"
