# SPDX-License-Identifier: Apache-2.0
# Pipelines whose producers are long gone while the consumer takes its time: an orphaned stdin that is no leak.
# usage: bash pipelines.sh SECONDS
seconds=$1

for _ in 1 2 3 4 5 6 7 8 9 10; do
    echo "left unread" | sleep "$seconds" &
    : | sleep "$seconds" &
done
# yes dies of SIGPIPE, head exits, and the last one has read all there is but keeps its stdin.
yes | head -n 1000 | { cat >/dev/null; sleep "$seconds"; } &
# A consumer that never execs, with children of its own coming and going.
seq 1 100000 | while read -r _; do sleep 0.2; done &
consumer=$!
# A slow consumer in the middle.
seq 1 1000 | (sleep "$seconds"; cat) | cat >/dev/null &
(exit 3) | (exit 4) | sleep "$seconds" &
# As ksh and zsh do by default: the last part runs in the shell that started the others, so the writer was its own child.
bash -O lastpipe -c 'seq 1 3 | { cat >/dev/null; sleep "$0"; }; :' "$seconds" &
bash -O lastpipe -c 'seq 1 3 | while read -r _; do sleep "$0"; done' "$seconds" &
output=$(echo substituted | cat)
read -r line < <(echo "substituted, $output")

echo "READY pid=$$ $line"
sleep "$seconds"
kill "$consumer"
wait
