#!/bin/sh
# Pins requirements*.in, with hashes. uv lives in a throw-away environment, not in .venv.
# Keeps the versions that are pinned already; 'sh scripts/lock.sh --upgrade' takes new ones.
set -eu
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet 'uv>=0.13,<0.14'
for name in requirements requirements-dev; do
    "$place/venv/bin/uv" pip compile --quiet --generate-hashes --no-header --python-version 3.11 \
        --output-file "$name.txt" "$@" "$name.in"
done
