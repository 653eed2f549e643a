#!/usr/bin/env bash
# Gathers the files of PngSuite that packages carry: Go's source (Debian) and pypng (PyPI).
#
#   tools/fetch-pngsuite.sh FOLDER
set -euo pipefail
folder=$1
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && apt-get download -qq golang-1.19-src && dpkg -x golang-1.19-src_*.deb go)
find "$work/go" -path '*/image/png/testdata/pngsuite/*.png' -exec cp {} "$folder" \;
python3 -m pip download -q --no-deps --no-binary :all: --dest "$work" pypng==0.20220715.0
tar -xzf "$work"/pypng-*.tar.gz -C "$work"
PYTHONPATH="$(echo "$work"/pypng-*/code)" python3 - "$folder" <<'PYTHON'
import pathlib
import sys

import pngsuite

for name, data in pngsuite.png.items():
    (pathlib.Path(sys.argv[1]) / f"{name}.png").write_bytes(data)
PYTHON
ls "$folder" | wc -l
