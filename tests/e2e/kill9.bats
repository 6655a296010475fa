#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The shim is killed, or one system call fails, at every point of its short life, one after the other.
# config.json is then the old one or the new one to the byte, and a retry starts the container and leaves
# nothing behind.

load lib

setup_file()
{
    world_new kill9
}

setup()
{
    RUNTIME=runc
    # A runtime that only tells that it was called.
    printf '#!/bin/sh\necho "$@" >>/run/called\nexit 0\n' >"$WORLD/run/tattle"
    chmod 755 "$WORLD/run/tattle"
    policy '{"version": 1, "runtimes": ["/run/tattle"]}'
    bundle victim '.process.args = ["true"]'
    mv "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/old"
    OLD=$BATS_TEST_TMPDIR/old
    NEW=$BATS_TEST_TMPDIR/new
    TRACE=$BATS_TEST_TMPDIR/trace
}

# start [STRACE-OPTIONS...]: the shim on the config that stands there, traced.
start()
{
    rm -f "$WORLD/run/called"
    run --separate-stderr world strace -qq -e signal=none -o "$TRACE" "$@" \
        "$SHIM" create --bundle "$BUNDLE" --pid-file "$BUNDLE/../pid" victim
}

# Lines "NAME N": the N-th call of that name, for all calls from the shim's first to the runtime's start.
calls()
{
    sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' <(sed '1d; /^execve(/q' "$TRACE") |
        awk '{ print $1, ++seen[$1] + ($1 == "execve") }'
}

# A complete run on the old config: what the new one is, and which calls are made.
rehearse()
{
    cp -p "$OLD" "$BUNDLE/config.json"
    start
    [ "$status" = 0 ] || fail "the rehearsal failed"
    [ -e "$WORLD/run/called" ] || fail "the runtime was not called"
    mv "$BUNDLE/config.json" "$NEW"
    if cmp -s "$OLD" "$NEW"; then
        fail "nothing was changed, so nothing is tested"
    fi
    calls >"$BATS_TEST_TMPDIR/calls"
    grep -q '^rename' "$BATS_TEST_TMPDIR/calls" || fail "no rename among the calls"
}

whole()
{
    cmp -s "$BUNDLE/config.json" "$OLD" || cmp -s "$BUNDLE/config.json" "$NEW" ||
        fail "$1: config.json is neither the old nor the new one"
}

# The retry after what happened in $1 ends like a first run.
retried()
{
    start
    [ "$status" = 0 ] || fail "$1: the retry failed" || return 1
    cmp "$BUNDLE/config.json" "$NEW" || fail "$1: after the retry config.json is not the new one" || return 1
    [ "$(find "$BUNDLE" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' ')" = "config.json rootfs " ] ||
        fail "$1: a file survived the retry: $(ls -A "$BUNDLE")" || return 1
    [ "$(stat -c '%a %u %g' "$BUNDLE/config.json")" = "$(stat -c '%a %u %g' "$OLD")" ] ||
        fail "$1: owner or mode changed"
}

@test "kill -9 at any system call leaves config.json old or new, and a retry cleans up" {
    local name n count=0 old=0
    rehearse
    while read -r name n; do
        cp -p "$OLD" "$BUNDLE/config.json"
        start --inject="$name:signal=KILL:when=$n"
        [ "$status" = 137 ] || fail "$name $n: not killed" || return 1
        [ ! -e "$WORLD/run/called" ] || fail "$name $n: killed too late" || return 1
        whole "$name $n" || return 1
        ! cmp -s "$BUNDLE/config.json" "$OLD" || old=$((old + 1))
        retried "$name $n" || return 1
        count=$((count + 1))
    done <"$BATS_TEST_TMPDIR/calls"
    echo "# killed at $count system calls: $old times the old config stood there, $((count - old)) times the new" >&3
    [ "$old" -gt 10 ]
    [ "$count" -gt "$old" ]
}

@test "a failure of any system call never starts an unhardened container" {
    local name n count=0 started=0
    rehearse
    while read -r name n; do
        case $name in exit*) continue ;; esac
        cp -p "$OLD" "$BUNDLE/config.json"
        start --inject="$name:error=EIO:when=$n"
        whole "$name $n" || return 1
        if [ -e "$WORLD/run/called" ]; then
            cmp -s "$BUNDLE/config.json" "$NEW" || fail "$name $n: started with the old config" || return 1
            started=$((started + 1))
        else
            [ "$status" != 0 ] || fail "$name $n: exit 0, but nothing started" || return 1
            [ -n "$stderr" ] || fail "$name $n: not a word on stderr" || return 1
        fi
        retried "$name $n" || return 1
        count=$((count + 1))
    done <"$BATS_TEST_TMPDIR/calls"
    echo "# failed $count system calls: $((count - started)) times nothing started, $started times hardened all the same" >&3
    [ "$count" -gt "$started" ]
}

@test "kill -9 during exec leaves process.json as it was and no copy of it" {
    local name n count=0 before
    cp -p "$OLD" "$BUNDLE/config.json"
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"]}'
    jq '.process.args = ["sleep", "60"]' "$OLD" >"$BUNDLE/config.json"
    new_id
    world "$SHIM" run --detach --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
    policy '{"version": 1, "runtimes": ["/run/tattle"]}'
    jq .process "$OLD" >"$BATS_TEST_TMPDIR/process.json"
    before=$(sha256sum <"$BATS_TEST_TMPDIR/process.json")
    run --separate-stderr world strace -qq -e signal=none -o "$TRACE" \
        "$SHIM" exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
    [ "$status" = 0 ] || fail "the rehearsal failed"
    calls >"$BATS_TEST_TMPDIR/calls"
    find "$WORLD/run" "$BATS_TEST_TMPDIR" "$BUNDLE" -maxdepth 1 | sort >"$BATS_RUN_TMPDIR/files"
    while read -r name n; do
        run --separate-stderr world strace -qq -e signal=none -o "$TRACE" --inject="$name:signal=KILL:when=$n" \
            "$SHIM" exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
        [ "$status" = 137 ] || fail "$name $n: not killed" || return 1
        [ "$before" = "$(sha256sum <"$BATS_TEST_TMPDIR/process.json")" ] || fail "$name $n: process.json changed" || return 1
        count=$((count + 1))
    done <"$BATS_TEST_TMPDIR/calls"
    find "$WORLD/run" "$BATS_TEST_TMPDIR" "$BUNDLE" -maxdepth 1 | sort | diff "$BATS_RUN_TMPDIR/files" -
    echo "# killed at $count system calls of exec" >&3
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"]}'
    reap
}
