#!/usr/bin/env bash
# Installs the Debian packages that are missing, and says what it does.
#
#   tools/install-dependencies.sh          what building and running needs
#   tools/install-dependencies.sh rabbitmq  what `make test-rabbitmq` needs as well
#   tools/install-dependencies.sh foreign   what `make test-foreign` needs as well
#   tools/install-dependencies.sh examples  what `make test-examples` needs as well
#   tools/install-dependencies.sh pages     what `make test-pages` needs as well
#   tools/install-dependencies.sh spec      what `make check-spec` needs, and nothing else
#
# Does nothing, and asks for no rights, where everything is there already.
set -euo pipefail

packages=(librabbitmq-dev libpng-dev libgd-dev libsqlite3-dev pkg-config)
case "${1:-}" in
"") ;;
rabbitmq) packages+=(rabbitmq-server) ;;
foreign) packages+=(python3 python3-venv amqp-tools openssl ca-certificates) ;;
examples) packages+=(python3 python3-pika python3-pytest curl) ;;
pages) packages+=(python3 python3-pika chromium) ;;
spec) packages=(python3 python3-yaml python3-jsonschema) ;;
*)
    echo "install-dependencies.sh: unknown group '$1'; known: rabbitmq, foreign, examples, pages, spec" >&2
    exit 64
    ;;
esac

missing=()
for package in "${packages[@]}"; do
    # pkg-config may be there as pkgconf; the program counts, not the package.
    if [ "$package" = pkg-config ] && command -v pkg-config >/dev/null; then continue; fi
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "These Debian packages are missing: ${missing[*]}" >&2
        echo "Install them as root: apt-get install ${missing[*]}" >&2
        exit 69
    fi
    as_root=(sudo)
fi

# A freshly installed rabbitmq-server would start a service of the system's own. Nobody asked for that.
policy=/usr/sbin/policy-rc.d
if [[ " ${missing[*]} " == *" rabbitmq-server "* ]] && [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

echo "Installing ${missing[*]} …" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
