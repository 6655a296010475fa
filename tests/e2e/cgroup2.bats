#!/usr/bin/env bats
# shellcheck disable=SC2034,SC2154 # bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# The unified hierarchy alone, as hosts of today have it: on a hybrid host what a container sees of it, its
# namespace and its mount are the same, but the controllers stay with version 1, so nothing is limited.

load hooks

setup_file()
{
    world_new cgroup2
    cgroups_note
    export WORLD_CGROUP=v2
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
}

teardown()
{
    reap
}

# lies [JQ-FILTER]: a runtime that lies so, or tells the truth, below a policy that sets no limits.
lies()
{
    liar runc "$@"
    policy '{"version": 1, "runtimes": ["/run/liar"], "rules": {"cgroups-path": "off", "pids-limit": "off",
        "oom-killer": "off"}}'
}

@test "cgroup2: the truth passes, and the container sees its own cgroup only, read-only" {
    lies
    bundle truth '.process.args = ["sh", "-c",
        "cat /proc/self/cgroup; grep /sys/fs/cgroup /proc/mounts; mkdir /sys/fs/cgroup/more || echo alive"]'
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] || fail "not started" || return 1
    grep -qx '0::/' <<<"$output" || fail "not the root of its own" || return 1
    grep -q '^cgroup /sys/fs/cgroup cgroup2 ro,' <<<"$output" || fail "not read-only" || return 1
    [[ $output == *alive ]] || fail "a cgroup was made" || return 1
    [ "$(verified .verdict)" = allowed ]
}

@test "cgroup2: a container without a cgroup namespace is given one" {
    lies
    bundle without '.process.args = ["sh", "-c", "cat /proc/self/cgroup"]
        | .linux.namespaces |= map(select(.type != "cgroup"))'
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] || fail "not started" || return 1
    grep -qx '0::/' <<<"$output" || fail "the host's tree is seen" || return 1
    [ "$(decision '.findings[] | select(.rule == "host-cgroup-namespace") | .outcome')" = tightened ]
    [ "$(verified .verdict)" = allowed ]
}

LIES='
host-cgroup-namespace|.linux.namespaces |= map(select(.type != "cgroup"))
cgroups-path|.linux.cgroupsPath = "/e2e-elsewhere"
mount-options|(.mounts[] \| select(.type == "cgroup")).options -= ["ro"]
mount-destination|.mounts |= map(select(.type != "cgroup"))
mount-destination|.mounts += [{"destination": "/more", "type": "cgroup", "source": "cgroup", "options": ["ro"]}]
mount-type|(.mounts[] \| select(.type == "cgroup")) += {"type": "bind", "source": "/sys/fs/cgroup", "options": ["bind", "ro", "nosuid", "noexec", "nodev"]}
masked-paths|.linux.maskedPaths -= ["/proc/keys"]
'

@test "cgroup2: every lie about it is found out before the container's first instruction" {
    local rule line at=0
    while IFS= read -r -u 9 line; do
        [ -n "$line" ] || continue
        rule=${line%%|*}
        line=${line#*|}
        at=$((at + 1))
        lies "${line//\\|/|}"
        bundle "lie$at" "$SPEAK"' | .linux.cgroupsPath = "/e2e-cgroup2/here"'
        caught "$rule" || fail "lie: $line" || return 1
    done 9<<<"$LIES"
    [ "$at" -eq 7 ]
}
