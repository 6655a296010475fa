#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# The shim is killed, or a system call fails, at every point of its short life, one after the other: see
# interrupt.sh. config.json is then the old one or the new one to the byte, no runtime was given anything
# but the new one, and a retry leaves nothing behind.

load lib

setup_file()
{
    world_new kill9
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    RUNC='{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc", "/usr/local/bin/runc"]}'
    TATTLE='{"version": 1, "runtimes": ["/run/tattle"]}'
    # A runtime that only tells that it was called.
    printf '#!/bin/sh\necho "$@" >>/run/called\n' >"$WORLD/run/tattle"
    chmod 755 "$WORLD/run/tattle"
    policy "$TATTLE"
}

teardown()
{
    policy "$RUNC"
    reap
}

# interrupted HOW FILE ARGUMENTS...: what interrupt.sh saw of the shim.
interrupted()
{
    local how=$1 file=$2
    shift 2
    cp -p "$file" "$BATS_TEST_TMPDIR/old"
    export WORLD_TIME=90 FILE=$file CALLED=/run/called SEAWALL
    run --separate-stderr world \
        "$BATS_TEST_DIRNAME/interrupt.sh" "$how" "$BATS_TEST_TMPDIR" "$SHIM" "$@"
    [ "$status" = 0 ] || fail "interrupted" || return 1
    echo "# $how: $output" >&3
}

@test "kill -9 at any system call leaves config.json old or new, and a retry cleans up" {
    bundle victim '.process.args = ["true"]'
    interrupted kill "$BUNDLE/config.json" create --bundle "$BUNDLE" --pid-file /run/pid e2e-victim
    # Both were seen, or this proved nothing.
    [[ $output != *" old=0 "* && $output != *" new=0 "* && $output != *" retries=0"* ]] || fail "not interrupted"
}

@test "a failure of any system call never starts an unhardened container" {
    bundle victim '.process.args = ["true"]'
    interrupted fail "$BUNDLE/config.json" create --bundle "$BUNDLE" --pid-file /run/pid e2e-victim
}

@test "kill -9 or a failure during exec leaves process.json as it was and no copy of it" {
    bundle victim '.process.args = ["sleep", "60"]'
    new_id
    policy "$RUNC"
    world "$SHIM" run --detach --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
    policy "$TATTLE"
    mkdir "$BATS_TEST_TMPDIR/exec"
    jq '.process | .noNewPrivileges = false' "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/exec/process.json"
    interrupted kill "$BATS_TEST_TMPDIR/exec/process.json" exec --process "$BATS_TEST_TMPDIR/exec/process.json" "$ID"
    [[ $output == *"new=0 "* ]] || fail "process.json was changed"
    interrupted fail "$BATS_TEST_TMPDIR/exec/process.json" exec --process "$BATS_TEST_TMPDIR/exec/process.json" "$ID"
}
