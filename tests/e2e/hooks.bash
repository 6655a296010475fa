# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # of jq; for those who load this; set by bats
# SPDX-License-Identifier: Apache-2.0
# The verifying hook, installed in a world, and runtimes that lie.

load lib

HOOK=/usr/local/libexec/seawall/seawall-hook

# verified FILTER: what jq makes of the last line that the hook wrote after a start.
verified()
{
    grep '"boundary":"poststart"' "$WORLD/log/seawall/decisions.jsonl" | tail -n 1 | jq -r "$1"
}

hook_remove()
{
    rm -rf "$WORLD/points/local"
}

# liar RUNTIME [JQ-FILTER]: from now on the runtime lies so; without a filter it tells the truth. It is called
# $LIAR: whoever is called runc is verified at "start", others by the hook.
LIAR=/run/liar
liar()
{
    mkdir -p "$WORLD/run/lie" "$WORLD${LIAR%/*}"
    rm -f "$WORLD"/run/lie/{leak,hookless}
    cp "$BATS_TEST_DIRNAME/sabotage/liar" "$WORLD$LIAR"
    command -v "$1" >"$WORLD/run/lie/runtime"
    printf '%s\n' "${2:-}" >"$WORLD/run/lie/filter"
    [ -n "${2:-}" ] || : >"$WORLD/run/lie/filter"
    policy '{"version": 1, "runtimes": ["'"$LIAR"'"], "rules": {"cgroups-path": "off",
        "host-path": {"allow": ["/var/lib/docker/volumes/data"]}}}'
}

# Who says "alive" was not stopped. The file is written first: not even that may happen.
SPEAK='.process.args = ["sh", "-c", "echo 1 >/tmp/alive; echo alive"] | .process.cwd = "/"'

# caught RULE: $BUNDLE is started, and ended for that reason before its program.
caught()
{
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID" 9>&- </dev/null
    [ "$status" != 0 ] || fail "the container was let go" || return 1
    [[ $output != *alive* ]] || fail "its program ran" || return 1
    [ ! -e "$BUNDLE/rootfs/tmp/alive" ] || fail "its program wrote a file" || return 1
    verified '.findings[] | select(.outcome == "rejected") | .rule' | grep -qx "$1" ||
        fail "expected a finding of $1: $(verified '.findings')" || return 1
    [ "$(verified .verdict)" = rejected ] || fail "the verdict is $(verified .verdict)" || return 1
    cmp -s "$BUNDLE/config.json" "$WORLD/run/lie/good" || fail "the good config was not put back"
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

# each_lie RUNTIME LIES COMMAND: tells them one after the other, and calls COMMAND with the rule that names each.
each_lie()
{
    local rule lie line at=0
    while IFS= read -r -u 9 line; do
        [ -n "$line" ] || continue
        rule=${line%%|*}
        lie=${line#*|}
        at=$((at + 1))
        liar "$1" "${lie//\\|/|}"
        mkdir -p "$WORLD/run/lie/root"
        cp -a "$E2E/rootfs/." "$WORLD/run/lie/root/"
        sabotaged "lie$at"
        "$3" "$rule" || fail "lie: $line" || return 1
    done 9<<<"$2"
    [ "$at" -gt 0 ] && [ "$at" = "$(grep -c '|' <<<"$2")" ] || fail "not every lie was told"
}
