#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# postgresql: a cluster is made, started, asked, crashed and recovered.
set -eu
# shellcheck source=tests/software/inside/lib.sh
. /inside/lib.sh
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
export PGDATA=/tmp/cluster PGHOST=/tmp PGDATABASE=postgres

ask() { psql -qAtX -v ON_ERROR_STOP=1 -c "$1"; }

initdb --auth=trust --data-checksums >/tmp/initdb.log || { cat /tmp/initdb.log && exit 1; }
start="pg_ctl -w -t 60 -l /tmp/log start -o '-k /tmp'"
eval "$start" || { cat /tmp/log && exit 1; }
confined "$(head -n 1 "$PGDATA/postmaster.pid")"
is shared "$(ask 'show dynamic_shared_memory_type')" posix
ask 'create table numbers as select generate_series(1, 300000) as number'
ask 'create index on numbers (number)'
ask 'vacuum analyze numbers'
is index "$(ask 'select number from numbers where number = 4711')" 4711
parallel='set min_parallel_table_scan_size = 0; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;'
ask "$parallel explain (analyze) select sum(number) from numbers" | grep -Eq 'Workers Launched: [1-9]'
is sum "$(ask "$parallel select sum(number) from numbers")" 45000150000
is notified "$(ask 'select pg_advisory_lock(1); listen word; notify word' | grep -c .)" 1
pgbench -i -q >/dev/null 2>&1
pgbench -c 4 -j 2 -t 50 | grep 'number of failed transactions: 0'
is 'over TCP' "$(PGHOST=127.0.0.1 ask 'select 6 * 7')" 42

# A crash, and what the log brings back.
pg_ctl -w -m immediate stop
eval "$start" || { cat /tmp/log && exit 1; }
is recovered "$(ask 'select count(*) from numbers')" 300000
pg_ctl -w -m fast stop
if grep -E 'PANIC|Operation not permitted|Function not implemented' /tmp/log; then
    exit 1
fi
echo works
