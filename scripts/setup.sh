#!/bin/sh
# Usage: scripts/setup.sh requirements.txt | requirements-dev.txt
# Makes .venv and installs the pinned packages, unless a stamp says that these very files are installed already.
set -eu
cd "$(dirname "$0")/.."

wanted=$1
py=.venv/bin/python

say() { printf '%s\n' "$@" >&2; }

# A version manager may put a `python3.12` on the PATH that only prints an error: ask each one to run.
works() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
has_pip() { works "$py" && "$py" -c 'import pip' >/dev/null 2>&1; }

fingerprint() {
    "$py" - "$@" <<'PYTHON'
import hashlib, sys
digest = hashlib.sha256(sys.version.encode())
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        digest.update(file.read())
print(digest.hexdigest())
PYTHON
}

read_stamps() {
    run_stamp=.venv/.stamp-$(fingerprint requirements.txt)
    dev_stamp=.venv/.stamp-$(fingerprint requirements.txt requirements-dev.txt)
    case $wanted in requirements.txt) stamp=$run_stamp ;; *) stamp=$dev_stamp ;; esac
}

find_python() {
    lacks_venv=
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3.13 python3.12 python3.11 python3; fi
    for candidate in "$@"; do
        works "$candidate" || continue
        if makes_venvs "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
        lacks_venv=$candidate
    done
    if [ -n "$lacks_venv" ]; then
        version=$("$lacks_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$lacks_venv cannot make virtual environments: its ensurepip module is missing." \
            "On Debian and Ubuntu: sudo apt install python$version-venv" \
            "Then run the same make command again."
    else
        say "Crossover needs Python 3.11 or newer; none of these is: $*." \
            "Install one (https://www.python.org/downloads/, or on Debian and Ubuntu: sudo apt install python3 python3-venv)," \
            "or name it: make run PYTHON=/path/to/python3.12"
    fi
    return 1
}

if [ -e .venv/.incomplete ]; then
    say "The last set-up was interrupted: starting .venv afresh."
    rm -rf .venv
elif [ -e .venv ] && ! has_pip; then
    say ".venv has no working Python 3.11 or newer with pip: starting it afresh."
    rm -rf .venv
fi

if [ ! -e .venv ]; then
    python=$(find_python) || exit 1
    mkdir .venv
    : >.venv/.incomplete
    say "Making .venv with $("$python" --version 2>&1)."
    "$python" -m venv .venv || { say "$python -m venv .venv failed; its message is above."; exit 1; }
fi

read_stamps
if [ -e "$stamp" ]; then
    exit 0
fi

say "Installing the packages of $wanted (once; a minute or two)."
: >.venv/.incomplete
if ! "$py" -m pip install --quiet --no-input --disable-pip-version-check -r "$wanted"; then
    # pip gathers everything before it changes anything, so an environment that worked still does.
    for old in .venv/.stamp-*; do [ ! -e "$old" ] || rm -f .venv/.incomplete; done
    say "" \
        "The packages of $wanted could not be installed; pip's message is above." \
        "This needs the Python Package Index (pypi.org) once: check the network, or a proxy (HTTPS_PROXY)" \
        "or a mirror (PIP_INDEX_URL), then run the same make command again."
    exit 1
fi
rm -f .venv/.stamp-*
: >"$run_stamp"
: >"$stamp"
rm -f .venv/.incomplete
