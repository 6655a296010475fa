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

# What is taken away or added behind seawall's back, and the rule that names it.
LIES='
no-new-privileges|.process.noNewPrivileges = false
seccomp|del(.linux.seccomp)
seccomp|.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}]}
seccomp|.linux.seccomp.syscalls += [{"names": ["keyctl"], "action": "SCMP_ACT_ALLOW"}]
capabilities|.process.capabilities.bounding += ["CAP_SYS_ADMIN"]
capabilities|.process.capabilities |= map_values(. + ["CAP_NET_ADMIN"])
masked-paths|.linux.maskedPaths -= ["/proc/keys"]
masked-paths|.linux.maskedPaths -= ["/sys/firmware"]
readonly-paths|.linux.readonlyPaths -= ["/proc/sys"]
host-pid|.linux.namespaces |= map(select(.type != "pid"))
host-network|.linux.namespaces |= map(select(.type != "network"))
host-ipc|.linux.namespaces |= map(select(.type != "ipc"))
host-uts|.linux.namespaces |= map(select(.type != "uts")) \| del(.hostname)
host-path|(.mounts[] \| select(.destination == "/data")).source = "/etc"
mount-options|(.mounts[] \| select(.destination == "/data")).options -= ["ro", "rro"]
mount-options|(.mounts[] \| select(.destination == "/dev/shm")).options -= ["nosuid"]
mount-options|(.mounts[] \| select(.destination == "/sys")).options -= ["ro"]
mount-propagation|.linux.rootfsPropagation = "shared" \| (.mounts[] \| select(.destination == "/data")).options += ["rshared"]
mount-destination|.mounts += [{"destination": "/more", "type": "bind", "source": "/etc", "options": ["rbind", "ro"]}]
mount-destination|.mounts += [{"destination": "/dev/more", "type": "bind", "source": "/etc", "options": ["rbind", "ro"]}]
mount-destination|.mounts += [{"destination": "/data/more", "type": "bind", "source": "/etc", "options": ["rbind", "ro"]}]
mount-destination|.mounts |= map(select(.destination != "/dev/mqueue"))
mount-type|(.mounts[] \| select(.destination == "/dev/mqueue")) += {"type": "tmpfs", "source": "tmpfs"}
mount-type|(.mounts[] \| select(.destination == "/proc")) += {"type": "bind", "source": "/proc", "options": ["bind", "nosuid", "noexec", "nodev"]}
mount-type|(.mounts[] \| select(.destination == "/sys")) += {"type": "bind", "source": "/sys", "options": ["bind", "nosuid", "noexec", "nodev", "ro"]}
mount-type|(.mounts[] \| select(.destination == "/dev/pts")) += {"type": "bind", "source": "/dev/pts", "options": ["bind", "nosuid", "noexec"]}
mount-type|(.mounts[] \| select(.destination == "/dev/shm")) += {"type": "bind", "source": "/dev/shm", "options": ["bind", "nosuid", "nodev", "noexec"]}
masked-paths|.linux.maskedPaths -= ["/sys/firmware"] \| .mounts += [{"destination": "/sys/firmware", "type": "bind", "source": "/dev", "options": ["bind"]}]
mount-destination|.mounts += [{"destination": "/sys/fs/cgroup/pids", "type": "bind", "source": "/sys/fs/cgroup/pids", "options": ["bind", "rw"]}]
host-path|.mounts += [{"destination": "/data", "type": "bind", "source": "/etc", "options": ["rbind", "ro"]}]
root-path|.root.path = "/run/lie/root"
rlimits|.process.rlimits |= map(.hard += 1)
oom-score|.process.oomScoreAdj = 0
cgroups-path|.linux.cgroupsPath = "/e2e-elsewhere"
'

# A bundle with something of everything that is lied about.
sabotaged()
{
    bundle "$1" "$SPEAK"' | .process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 512, "hard": 512}]
        | .process.oomScoreAdj = 500 | .linux.cgroupsPath = "/e2e-sabotage/here"
        | .linux.namespaces |= map(select(.type != "cgroup"))
        | .mounts += [{"destination": "/data", "type": "bind",
            "source": "/var/lib/docker/volumes/data/_data", "options": ["rbind", "ro"]}]'
}

# Of a program that runs already these may be its own doing: it was given the capabilities for it.
LIES_BEFORE='
devices|.linux.devices += [{"path": "/dev/more", "type": "b", "major": 7, "minor": 7}]
user-range|.process.user.uid = 1234
user-groups|.process.user.additionalGids = [6]
capabilities|.process.capabilities.inheritable = ["CAP_CHOWN"]
'

@test "sabotage: the truth passes" {
    liar runc
    bundle truth "$SPEAK"
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] && [ "$output" = alive ] || fail "not started" || return 1
    [ "$(verified .verdict)" = allowed ]
}

@test "sabotage: runc: every lie is found out before the container's first instruction" {
    local rule lie line at=0
    while IFS= read -r -u 9 line; do
        [ -n "$line" ] || continue
        rule=${line%%|*}
        lie=${line#*|}
        at=$((at + 1))
        liar runc "${lie//\\|/|}"
        mkdir -p "$WORLD/run/lie/root"
        cp -a "$E2E/rootfs/." "$WORLD/run/lie/root/"
        sabotaged "lie$at"
        caught "$rule" || fail "lie: $line" || return 1
    done 9<<<"$LIES$LIES_BEFORE"
    [ "$at" -gt 25 ]
}

# crun calls the hook once the program runs: it is ended within the second that it sleeps for.
@test "sabotage: crun: every lie is found out and ended just after the start" {
    local rule lie line at=0
    export WORLD_CGROUP=v1
    RUNTIME=crun
    while IFS= read -r -u 9 line; do
        [ -n "$line" ] || continue
        rule=${line%%|*}
        lie=${line#*|}
        at=$((at + 1))
        liar crun "${lie//\\|/|}"
        mkdir -p "$WORLD/run/lie/root"
        cp -a "$E2E/rootfs/." "$WORLD/run/lie/root/"
        sabotaged "lie$at"
        slowly
        caught "$rule" || fail "lie: $line" || return 1
    done 9<<<"$LIES
seccomp|.annotations[\"run.oci.seccomp_bpf_data\"] = \"BgAAAAAA/38=\""
    [ "$at" -gt 25 ]
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
