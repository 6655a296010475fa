#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# Runtimes that lie: a config that is good before and after, and something else in the kernel.

load hooks

setup_file()
{
    world_new sabotage
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    mkdir -p "$WORLD/lib/docker/volumes/data/_data/more"
}

teardown()
{
    reap
}

@test "sabotage: the truth passes" {
    liar runc
    bundle truth "$SPEAK"
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] && [ "$output" = alive ] || fail "not started" || return 1
    [ "$(verified .verdict)" = allowed ]
}

@test "sabotage: runc: a lie is found out by the hook before the container's first instruction" {
    # all of them by "start", and by the hook of crun
    each_lie runc "$(sed -n '2,6p' <<<"$LIES")$LIES_BEFORE" caught
}

# crun calls the hook once the program runs: it is ended within the second that it sleeps for.
@test "sabotage: crun: every lie is found out and ended just after the start" {
    export WORLD_CGROUP=v1
    RUNTIME=crun
    each_lie crun "$LIES
seccomp|.annotations[\"run.oci.seccomp_bpf_data\"] = \"BgAAAAAA/38=\"" caught_slow
}

caught_slow()
{
    slowly
    caught "$1"
}

# slowly: $BUNDLE's program, in crun, runs for a second before it speaks.
slowly()
{
    jq '.process.args[2] |= "sleep 1; \(.)"' "$BUNDLE/config.json" >"$BUNDLE/slow"
    mv "$BUNDLE/slow" "$BUNDLE/config.json"
}

@test "sabotage: a descriptor of the host's root that is left open is found" {
    local runtime
    for runtime in runc crun; do
        liar "$runtime" .
        : >"$WORLD/run/lie/leak"
        RUNTIME=$runtime
        [ "$runtime" = runc ] || export WORLD_CGROUP=v1
        sabotaged "leak-$runtime"
        [ "$runtime" = runc ] || slowly
        caught host-path || fail "$runtime" || return 1
        verified '.findings[].message' | grep -q "fd/3 leads out" || fail "$runtime: message" || return 1
    done
}

@test "sabotage: crun: who is traced, or whose first thread ended, is verified like anybody" {
    local program
    export WORLD_CGROUP=v1
    RUNTIME=crun
    for program in traced threaded; do
        liar crun '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}]}'
        bundle "$program" '.process.args = ["/odd", "'"$program"'"]'
        "${CC:-cc}" -O1 -static -pthread -o "$BUNDLE/rootfs/odd" "$BATS_TEST_DIRNAME/sabotage/odd.c"
        caught seccomp || fail "$program" || return 1
    done
}

@test "sabotage: crun: a program that calls chroot is no liar" {
    export WORLD_CGROUP=v1
    RUNTIME=crun
    liar crun
    bundle chroot '.process.args = ["/odd", "chroot"]'
    "${CC:-cc}" -O1 -static -pthread -o "$BUNDLE/rootfs/odd" "$BATS_TEST_DIRNAME/sabotage/odd.c"
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] && [ "$output" = alive ] || fail "not let go" || return 1
    [ "$(verified .verdict)" = allowed ]
}

# The lie is the host's pid namespace: the first process is not the last.
@test "sabotage: crun: children in the host's pid namespace are ended, too" {
    local program
    export WORLD_CGROUP=v1
    RUNTIME=crun
    for program in fork leave; do
        liar crun '.linux.namespaces |= map(select(.type != "pid"))'
        bundle "$program" '.process.args = ["/odd", "'"$program"'"] | .linux.cgroupsPath = "/e2e-sabotage/forks"'
        "${CC:-cc}" -O1 -static -pthread -o "$BUNDLE/rootfs/odd" "$BATS_TEST_DIRNAME/sabotage/odd.c"
        new_id
        run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID" </dev/null
        [ "$(verified .verdict)" != allowed ] || fail "$program: let go" || return 1
        sleep 2.5
        [ ! -s "$BUNDLE/rootfs/tmp/alive" ] || fail "$program: a child runs on" || return 1
    done
}

@test "sabotage: crun: a program that ends at once is no liar" {
    local i
    export WORLD_CGROUP=v1
    RUNTIME=crun
    liar crun
    for i in {1..30}; do
        bundle "short$i" '.process.args = ["/bin/true"]'
        new_id
        run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
        [ "$status" = 0 ] && [ -z "$stderr" ] || fail "attempt $i" || return 1
        [ "$(verified .verdict)" = allowed ] || return 1
    done
}

@test "sabotage: verify: report tells and does not kill; off does not look" {
    liar runc '.process.noNewPrivileges = false'
    bundle report "$SPEAK"
    local verify
    for verify in report off; do
        policy "{\"version\": 1, \"runtimes\": [\"/run/liar\"], \"verify\": \"$verify\"}"
        new_id
        run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
        [ "$status" = 0 ] && [ "$output" = alive ] || fail "$verify: not started" || return 1
        [ "$verify" = off ] || [ "$(verified .verdict)" = rejected ] || return 1
    done
    decided boundary run
}

@test "sabotage: verify: report does not kill when verification itself fails" {
    export WORLD_CGROUP=v1
    RUNTIME=crun
    liar crun '.linux.namespaces |= map(select(.type != "pid"))'
    policy '{"version": 1, "runtimes": ["/run/liar"], "verify": "report", "rules": {"cgroups-path": "off"}}'
    bundle left '.process.args = ["/odd", "leave"] | .linux.cgroupsPath = "/e2e-sabotage/left"'
    "${CC:-cc}" -O1 -static -pthread -o "$BUNDLE/rootfs/odd" "$BATS_TEST_DIRNAME/sabotage/odd.c"
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID" </dev/null
    [ "$status" = 0 ] && [ "$(verified .verdict)" = error ] || fail "not told" || return 1
    sleep 2.5
    [ -s "$BUNDLE/rootfs/tmp/alive" ] || fail "its child was ended"
}

@test "sabotage: audit mode changes nothing, so nobody verifies" {
    liar runc '.process.noNewPrivileges = false'
    bundle audit "$SPEAK | .process.noNewPrivileges = true"
    policy '{"version": 1, "runtimes": ["/run/liar"], "mode": "audit"}'
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] && [ "$output" = alive ] || fail "not started" || return 1
    decided boundary run mode audit
}

# What is not in the config, and no lie: what the host has mounted below a source comes along, the
# container's own root among it.
@test "sabotage: the whole host, read-only, by an exemption, is no lie" {
    local runtime
    for runtime in runc crun; do
        liar "$runtime"
        RUNTIME=$runtime
        [ "$runtime" = runc ] || export WORLD_CGROUP=v1
        policy '{"version": 1, "runtimes": ["/run/liar"], "rules": {"host-path": "off", "host-socket": "off"}}'
        bundle "host-$runtime" "$SPEAK"' | .mounts += [{"destination": "/host", "type": "bind", "source": "/",
            "options": ["rbind", "ro", "rslave"]}]'
        new_id
        run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
        [ "$status" = 0 ] && [ "$output" = alive ] || fail "$runtime" || return 1
        [ "$(verified .verdict)" = allowed ]
    done
}
