#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Process pools of all start methods, and subprocesses under asyncio; one program that works all the time, and short ones.

here=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

python3 "$here/workers.py" steady "$2" >>log 2>&1 &
steady=$!
trap 'stop "$steady"' EXIT

round() {
    kill -0 "$steady" || ((SECONDS >= end))
    python3 "$here/workers.py" pools
    python3 "$here/workers.py" subprocesses
    python3 -c "print(1)" | cat
}

work
