#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# redis: values, scripts, both ways to save, and what it saved after a new start.
set -eu
# shellcheck source=tests/software/inside/lib.sh
. /inside/lib.sh

start()
{
    redis-server --dir "$dir" --appendonly yes --io-threads 2 --daemonize yes \
        --unixsocket "$dir/socket" --logfile "$dir/log" --pidfile "$dir/pid"
    until_true redis-cli ping
    confined "$(cat "$dir/pid")"
}

saved() { redis-cli info persistence | tr -d '\r' | grep -qx "$1"; }

dir=$(mktemp -d)
start
is set "$(redis-cli set key value)" OK
is get "$(redis-cli get key)" value
is 'get, unix socket' "$(redis-cli -s "$dir/socket" get key)" value
is script "$(redis-cli eval 'return redis.call("incrby", KEYS[1], ARGV[1])' 1 number 5)" 5
redis-benchmark -q -n 2000 -c 20 -t set,get,lpush,lpop
redis-cli bgsave
until_true saved rdb_bgsave_in_progress:0
until_true saved rdb_last_bgsave_status:ok
redis-cli bgrewriteaof
until_true saved aof_rewrite_in_progress:0
until_true saved aof_last_bgrewrite_status:ok
redis-cli shutdown
start
is 'get, after a new start' "$(redis-cli get key)" value
redis-cli shutdown nosave || true
echo works
