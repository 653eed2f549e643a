#!/usr/bin/env bash
# Puts the clients into a Python environment under .build/foreign, and unpacks the source packages that hold their tests.
# Everything is pinned with its hash. Does nothing where it is there already.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=Tests/Foreign
target=.build/foreign
stamp=$(cat "$here/requirements.txt" "$here/sources.txt" "$here/install.sh" | sha256sum)
[ "$(cat "$target/stamp" 2>/dev/null)" != "$stamp" ] || exit 0

echo "Installing the clients into $target …" >&2
rm -rf "$target"
mkdir -p "$target/sources" "$target/packages"
python3 -m venv "$target/environment"
pip=("$target/environment/bin/python" -m pip --quiet --disable-pip-version-check)
"${pip[@]}" install --require-hashes -r "$here/requirements.txt"
# pip asks each package for its metadata, so the packages' build tools are fetched beside them, by pip, for that moment.
names=$(sed -n 's/^\([a-z-]*\)==.*/\1/p' "$here/sources.txt" | paste -sd,)
"${pip[@]}" download --require-hashes --no-deps --no-binary "$names" -d "$target/packages" -r "$here/sources.txt"
for package in "$target"/packages/*.tar.gz; do tar -xzf "$package" -C "$target/sources"; done
echo "$stamp" >"$target/stamp"
