#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Redis with an append-only file and a replica, under redis-benchmark: saves and rewrites in children, synchronises the
# replica through a pipe. PORT is a free port of the loopback interface, for the replica's connection.

# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

mkdir -p main replica
(cd main && exec redis-server --bind 127.0.0.1 --port "$PORT" --unixsocket "$PWD/redis.sock" --appendonly yes \
    --save 5 1 --repl-diskless-sync yes --repl-diskless-sync-delay 0) >>log 2>&1 &
main=$!
(cd replica && exec redis-server --port 0 --unixsocket "$PWD/redis.sock" --replicaof 127.0.0.1 "$PORT") >>log 2>&1 &
replica=$!
trap 'stop "$replica"; stop "$main"' EXIT
await redis-cli -s main/redis.sock ping
await redis-cli -s replica/redis.sock ping

round() {
    redis-benchmark -s main/redis.sock -q -n 4000 -c 20 -t set,get,lpush,hset -r 1000
    redis-benchmark -h 127.0.0.1 -p "$PORT" -q -n 2000 -c 20 -t incr
    redis-cli -s main/redis.sock eval 'return redis.call("dbsize")' 0
    case $(($1 % 3)) in
        0) redis-cli -s main/redis.sock bgrewriteaof ;;
        1) redis-cli -s main/redis.sock bgsave ;;
        2)
            redis-cli -s replica/redis.sock replicaof no one
            redis-cli -s replica/redis.sock replicaof 127.0.0.1 "$PORT"
            ;;
    esac
}

work
