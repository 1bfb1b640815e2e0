#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# PostgreSQL with a log collector, archiving and parallel queries, under pgbench; on a unix socket in its own folder.

# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

programs=(/usr/lib/postgresql/*/bin)
PATH=${programs[-1]}:$PATH
# PostgreSQL does not run as root: the folder is given to the user that its package makes.
as=()
if ((EUID == 0)); then
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    chown postgres: .
fi
export PGHOST=$PWD PGUSER=work PGDATABASE=postgres PGDATA=$PWD/data
mkdir -p archive
if ((EUID == 0)); then chown postgres: archive; fi
"${as[@]}" initdb -U work -A trust -N >>log 2>&1
cat >>data/postgresql.conf <<CONF
listen_addresses = ''
unix_socket_directories = '$PWD'
logging_collector = on
log_rotation_age = 1min
log_connections = on
archive_mode = on
archive_timeout = 5
archive_command = 'cp %p $PWD/archive/%f'
max_parallel_workers_per_gather = 2
min_parallel_table_scan_size = 0
parallel_setup_cost = 0
autovacuum_naptime = 2
CONF
"${as[@]}" postgres >>log 2>&1 &
postgres=$!
trap 'stop "$postgres"' EXIT
await pg_isready
pgbench -q -i -s 1 >>log 2>&1

round() {
    pgbench -n -c 4 -j 2 -T 3 -R 200
    pgbench -n -c 4 -C -t 5 -S
    psql -qtc "COPY (SELECT * FROM pgbench_branches) TO PROGRAM 'sort | wc -l'"
    psql -qtc "SET max_parallel_workers_per_gather = 2; SELECT count(*), sum(abalance) FROM pgbench_accounts"
    psql -qtc "SELECT pg_switch_wal()" -c "VACUUM pgbench_tellers"
    pg_dump -t pgbench_branches | gzip | wc -c
    if (($1 % 3 == 0)); then psql -qtc "SELECT pg_reload_conf(), pg_rotate_logfile()"; fi
    rm -f archive/*
}

work
