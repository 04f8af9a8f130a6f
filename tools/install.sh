#!/bin/sh
# Make or refresh .venv, then install Relais in it: sh tools/install.sh [EXTRA]
# When nothing changed this costs a few milliseconds: a stamp says what .venv was made from.
set -eu
cd "$(dirname "$0")/.."
extra=${1:-}
stamp=.venv/installed${extra:+-$extra}

say() { echo "relais: $*" >&2; }

# The requirements, the place (an editable install points at it) and the Python that they were installed for.
made_from() { { cat pyproject.toml; pwd; .venv/bin/python -V; } 2>&1 | cksum; }

find_python() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    say "Python 3.11 or newer is needed: install it, or name it (make run PYTHON=/path/to/python3)."
    exit 1
}

make_venv() {
    find_python
    "$python" -m venv --clear .venv && return
    say "$python cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt-get install python3-venv)."
    exit 1
}

[ "$(cat "$stamp" 2>/dev/null)" != "$(made_from)" ] || exit 0

say "installing into .venv (about a minute the first time)"
.venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
.venv/bin/python -m pip install -qq --no-input --disable-pip-version-check --editable ".${extra:+[$extra]}"
made_from >.venv/installed
[ -z "$extra" ] || made_from >"$stamp"
