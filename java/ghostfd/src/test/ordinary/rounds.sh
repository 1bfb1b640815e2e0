# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by each kind of work, which is started as `bash NAME.sh FOLDER SECONDS`: works in FOLDER, which is its own, and
# does round after round until the time is over. Says READY, ROUND n and DONE; what else is said goes to FOLDER/log.

set -euo pipefail

cd "$1"
end=$((SECONDS + $2))
export HOME=$PWD

# Calls `round N` until the time is over.
work() {
    local n=0
    echo "READY pid=$$"
    while ((n == 0 || SECONDS < end)); do
        n=$((n + 1))
        round "$n" >>log 2>&1
        echo "ROUND $n"
        sleep 1
    done
    echo "DONE $n"
}

# Waits until the command succeeds, at most 30 seconds.
await() {
    local tries
    for ((tries = 0; tries < 150; tries++)); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.2
    done
    echo "gave up waiting for: $*" >>log
    return 1
}

# Ends a server of this work and waits for it.
stop() {
    kill -TERM "$1" 2>/dev/null || true
    wait "$1" || true
}
