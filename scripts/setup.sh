#!/bin/sh
# Makes .venv: sh scripts/setup.sh [--dev]. Does nothing when it is up to date already.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
mark=.venv/.setup

say() { printf '%s\n' "$*" >&2; }
stop() { say "setup: $*"; exit 1; }

# debian PACKAGE: installs it when this is Debian and we are root, else fails.
debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "Installing the Debian package $1 ..."
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1"; } >/dev/null
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_new_enough "$PYTHON" || stop "PYTHON=$PYTHON is not Python 3.11 or newer."
        python=$PYTHON
        return
    fi
    for python in python3.11 python3 python3.12 python3.13; do
        if is_new_enough "$python"; then return; fi
    done
    stop "Triage needs Python 3.11 or newer and found none;" \
        "install it (Debian: apt-get install python3) or name it: make PYTHON=/path/to/python3.11"
}

# A folder .venv that was copied or half made, or whose Python has gone, is made anew.
environment_works() {
    grep -qsF -- "-m venv $here/.venv" .venv/pyvenv.cfg &&
        is_new_enough .venv/bin/python
}

make_environment() {
    find_python
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        debian "$package" ||
            stop "$python cannot make environments yet: run 'sudo apt-get install $package' once."
    fi
    say "Making the environment .venv with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv "$here/.venv"
}

install_packages() {
    if [ "$1" = dev ]; then set -- -r requirements-dev.txt; else set --; fi
    say "Installing the pinned Python packages (a minute or two, once) ..."
    .venv/bin/python -m pip install -qq --disable-pip-version-check \
        --require-hashes -r requirements.txt "$@" ||
        stop "pip could not install the packages: see its message above."
    .venv/bin/python -m pip install -qq --disable-pip-version-check \
        --no-index --no-deps --no-build-isolation --editable . ||
        stop "pip could not install Triage itself: see its message above."
}

# libmagic tells file types; the wheel pylibmagic brings an older copy for where it is missing.
check_libmagic() {
    .venv/bin/python -c 'import ctypes; ctypes.CDLL("libmagic.so.1")' 2>/dev/null ||
        debian libmagic1 ||
        say "Using the libmagic of a wheel; 'sudo apt-get install libmagic1' brings a newer one."
}

kind=run
[ "${1:-}" = --dev ] && kind=dev
wanted="$kind $(cat requirements.txt requirements-dev.txt pyproject.toml | sha256sum | cut -c1-64)"
if grep -qsxF "$wanted" "$mark" && environment_works; then exit 0; fi
if [ "$kind" = run ] && grep -qsxF "dev${wanted#run}" "$mark" && environment_works; then exit 0; fi

environment_works && .venv/bin/python -m pip --version >/dev/null 2>&1 || make_environment
install_packages "$kind"
check_libmagic
printf '%s\n' "$wanted" >"$mark"
