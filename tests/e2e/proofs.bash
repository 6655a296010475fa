# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # of jq; for those who load this; set by bats
# SPDX-License-Identifier: Apache-2.0
# What seawall promises in front of any runtime. Each proof first shows the danger with the runtime
# alone, so that it is known to look at something, and then that seawall takes it away.

load lib

# A program without a shell's needs as the container's first process.
SLEEP='.process.args = ["sleep", "60"]'

proof_plain_image()
{
    bundle plain
    bare
    expect NoNewPrivs 0 Seccomp 0 setuid_euid 0 socket_raw ok
    expect unshare_user ok try_keyctl ok
    has_cap CapEff NET_RAW

    behind
    hardened
    expect socket_raw EPERM
    lacks_cap CapBnd NET_RAW
    expect create_root ok # baseline leaves images their files; restricted does not
    decided verdict tightened boundary run
    jq -e '.process.noNewPrivileges and .linux.seccomp.defaultAction == "SCMP_ACT_ERRNO"' \
        "$BUNDLE/config.json" >/dev/null
}

proof_restricted()
{
    bundle restricted '.process.user = {uid: 1000, gid: 1000}'
    bare
    expect NoNewPrivs 0 CapBnd '*[1-9a-f]*'

    new_id
    run --separate-stderr world "$E2E/bin/seawall-runtime.restricted" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] || fail "the container did not run"
    expect NoNewPrivs 1 Seccomp 2 Uid '1000*' create_root "E@(ROFS|ACCES)"
    expect mount:/ '* ro,*' create_tmp ok
    capabilities_within 400
    decided profile restricted

    bundle root
    new_id
    run --separate-stderr world "$E2E/bin/seawall-runtime.restricted" run --bundle "$BUNDLE" "$ID"
    said '^seawall: rejected: .*user-root'
}

proof_privileged()
{
    # One capability less than all: this may run where root itself lacks it.
    bundle privileged '
        ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
         "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE",
         "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
         "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
         "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG",
         "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
         "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
         "CAP_AUDIT_READ"] as $all
        | .process.capabilities |= map_values($all)
        | .linux.resources.devices = [{allow: true, access: "rwm"}]
        | del(.linux.maskedPaths, .linux.readonlyPaths, .linux.seccomp)
        | .mounts |= map(if .type == "sysfs" or .type == "cgroup" then .options -= ["ro"] else . end)'
    bare
    has_cap CapEff SYS_ADMIN
    has_cap CapEff SYS_MODULE
    expect read_timer_list ok write_core_pattern ok mknod_disk ok
    expect unshare_mount ok

    rejected privileged
    decided verdict rejected
    decision '.findings[].rule' | grep -qx privileged
}

proof_capability()
{
    local cap
    for cap in SYS_ADMIN SYS_PTRACE SYS_MODULE NET_ADMIN; do
        bundle "cap-$cap" '.process.capabilities |= map_values(. + ["CAP_" + $cap])' --arg cap "$cap"
        bare
        has_cap CapEff "$cap" || return 1
        behind
        hardened || return 1
        lacks_cap CapBnd "$cap" || return 1
    done
}

proof_inherited_capabilities()
{
    bundle ambient '.process.user = {uid: 1000, gid: 1000}
        | .process.capabilities |= (.inheritable = .bounding | .ambient = .bounding)'
    bare
    expect CapAmb '*[1-9a-f]*'
    behind
    hardened
    expect CapInh 0000000000000000 CapAmb 0000000000000000
}

proof_seccomp()
{
    local name
    declare -A filter=(
        [missing]='del(.linux.seccomp)'
        [null]='.linux.seccomp = null'
        [empty]='.linux.seccomp = {}'
        [architectures]='.linux.seccomp = {architectures: ["SCMP_ARCH_X86_64"]}'
    )
    for name in "${!filter[@]}"; do
        bundle "seccomp-$name" "${filter[$name]}"
        if [ "$name" = missing ]; then
            bare
            expect Seccomp 0 try_keyctl ok clone_newuser ok || return 1
        fi
        behind
        hardened || fail "seccomp $name" || return 1
    done
}

proof_shields()
{
    bundle shields 'del(.linux.maskedPaths, .linux.readonlyPaths)'
    bare
    expect read_timer_list ok write_core_pattern ok
    behind
    hardened

    bundle shields-empty '.linux.maskedPaths = [] | .linux.readonlyPaths = ["/proc/bus"]'
    behind
    hardened
}

# refused_mount SOURCE RULE COMMAND...: shown to reach the host bare, and refused.
refused_mount()
{
    local source=$1 rule=$2
    shift 2
    rm -rf "$BATS_TEST_TMPDIR/mount"
    bundle mount '
        .mounts += [{destination: "/host", type: "bind", source: $source, options: ["rbind", "rw"]}]
        | .process.args = ($command | split(" "))' --arg source "$source" --arg command "$*"
    bare
    [ "$status" = 0 ] || fail "nothing to refuse: $source" || return 1
    rejected "$rule"
}

proof_host_path()
{
    refused_mount / host-path test -s /host/etc/passwd
    refused_mount /etc host-path test -s /host/passwd
    refused_mount /root host-path test -d /host
    refused_mount /var/lib/docker host-path test -d /host
    refused_mount /proc host-path test -e /host/1/status
    ln -sfn /etc "$BATS_TEST_TMPDIR/innocent"
    refused_mount "$BATS_TEST_TMPDIR/innocent" host-path test -s /host/passwd
    refused_mount /usr/../etc host-path test -s /host/passwd
}

proof_host_socket()
{
    mkdir -p "$WORLD/run/some"
    rm -f "$WORLD/run/docker.sock" "$WORLD/run/some/engine.sock"
    "$E2E/rootfs/probe" socket "$WORLD/run/docker.sock"
    "$E2E/rootfs/probe" socket "$WORLD/run/some/engine.sock"
    refused_mount /run/docker.sock host-socket test -S /host
    refused_mount /var/run/docker.sock host-socket test -S /host
    refused_mount /run/some/engine.sock host-socket test -S /host
    refused_mount /run/some host-path test -S /host/engine.sock
    # Who lets host directories pass has not let sockets pass.
    policy "$(jq -c '.rules = {"host-path": "audit"}' <<<"$POLICY")"
    mkdir -p "$BATS_TEST_TMPDIR/sockets/deep"
    "$E2E/rootfs/probe" socket "$BATS_TEST_TMPDIR/sockets/deep/engine.sock"
    refused_mount "$BATS_TEST_TMPDIR/sockets" host-socket test -S /host/deep/engine.sock
    refused_mount /run host-socket test -S /host/docker.sock
}

proof_host_namespaces()
{
    local name
    declare -A short=([pid]=pid [ipc]=ipc [network]=net [uts]=uts)
    for name in pid ipc network uts; do
        # A hostname belongs to a UTS namespace, and sysfs to a network namespace of one's own.
        bundle "host-$name" '.linux.namespaces |= map(select(.type != $type)) | del(.hostname)
            | .mounts |= map(select($type != "network" or .type != "sysfs"))' --arg type "$name"
        bare
        expect "ns_${short[$name]}" "$(host_namespace "${short[$name]}")" || return 1
        rejected "host-$name" || return 1

        bundle "host-$name-path" '(.linux.namespaces[] | select(.type == $type)).path = $path
            | del(.hostname) | .mounts |= map(select($type != "network" or .type != "sysfs"))' \
            --arg type "$name" --arg path "/proc/$$/ns/${short[$name]}"
        rejected "host-$name" || return 1
    done
}

proof_devices()
{
    # Both numbers are those of /dev/kmsg.
    bundle device '.linux.devices = [{path: "/dev/innocent", type: "c", major: 1, minor: 11, fileMode: 438}]
        | .linux.resources.devices = [{allow: true, access: "rwm"}]
        | .process.args = ["test", "-c", "/dev/innocent"]'
    bare
    [ "$status" = 0 ] || fail "nothing to refuse"
    rejected devices

    bundle device-cgroup '.linux.resources.devices = [{allow: true, access: "rwm"}]'
    bare
    expect mknod_fuse ok open_fuse "@(ok|ENXIO|ENODEV)"
    behind
    hardened
    [ "$(saw mknod_fuse)" = EPERM ] || expect open_fuse EPERM
}

proof_sysctl()
{
    bundle sysctl '.linux.sysctl = {"net.ipv4.ip_forward": "1"}
        | .process.args = ["cat", "/proc/sys/net/ipv4/ip_forward"]'
    bare
    [ "$output" = 1 ] || fail "nothing to refuse"
    rejected sysctls
}

# The whole life of a container, step by step as engines do it.
proof_life()
{
    bundle life "$SLEEP"
    new_id
    world "$SHIM" create --bundle "$BUNDLE" --pid-file "$BUNDLE/../pid" "$ID"
    [ "$(world "$SHIM" state "$ID" | jq -r .status)" = created ]
    kill -0 "$(cat "$BUNDLE/../pid")"
    world "$SHIM" start "$ID"
    [ "$(world "$SHIM" state "$ID" | jq -r .status)" = running ]
    world "$SHIM" list | grep -q "$ID"
    world "$SHIM" ps "$ID" >/dev/null
    world "$SHIM" pause "$ID"
    [ "$(world "$SHIM" state "$ID" | jq -r .status)" = paused ]
    world "$SHIM" resume "$ID"
    world "$SHIM" kill "$ID" KILL
    wait_for stopped
    world "$SHIM" delete "$ID"
    run world "$RUNTIME" state "$ID"
    [ "$status" != 0 ] || fail "the container is still there"
    world "$SHIM" --version | diff - <(world "$RUNTIME" --version)
}

# start_sleeper [JQ-FILTER]: a container behind seawall that waits, for exec and update.
start_sleeper()
{
    bundle sleeper "$SLEEP | ${1:-.}"
    new_id
    world "$SHIM" run --detach --bundle "$BUNDLE" "$ID" >/dev/null 2>"$BATS_TEST_TMPDIR/errors" </dev/null ||
        fail "$(cat "$BATS_TEST_TMPDIR/errors")"
}

# exec_process JQ-FILTER: its outcome on the container's own process, bare and behind.
exec_process()
{
    jq "$PLAIN | .process | .args = [\"/probe\"] | $1" "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/process.json"
}

proof_exec()
{
    start_sleeper
    exec_process '.capabilities |= map_values(. + ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]) | .noNewPrivileges = false'
    run --separate-stderr world "$RUNTIME" exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
    expect NoNewPrivs 0
    has_cap CapEff SYS_ADMIN

    local before
    before=$(sha256sum <"$BATS_TEST_TMPDIR/process.json")
    run --separate-stderr world "$SHIM" exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
    hardened
    [ "$before" = "$(sha256sum <"$BATS_TEST_TMPDIR/process.json")" ] || fail "process.json was changed"
    decided boundary exec

    # Typed by hand, without a file.
    run --separate-stderr world "$SHIM" exec "$ID" /probe
    hardened
    world "$SHIM" kill "$ID" KILL
}

proof_exec_of_less()
{
    start_sleeper '.process.capabilities |= map_values(["CAP_CHOWN"])'
    exec_process '.'
    run --separate-stderr world "$SHIM" exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
    [ "$status" = 0 ] || fail "exec did not run"
    capabilities_within 1
    expect NoNewPrivs 1 Seccomp 2
    world "$SHIM" kill "$ID" KILL
}

proof_exec_streams()
{
    start_sleeper
    exec_process '.args = ["sh", "-c", "cat; exit 7"]'
    run --separate-stderr world "$SHIM" exec --process "$BATS_TEST_TMPDIR/process.json" "$ID" <<<"through and back"
    [ "$output" = "through and back" ] || fail "stdin did not come through"
    [ "$status" = 7 ] || fail "the exit code was lost"
    world "$SHIM" kill "$ID" KILL
}

proof_update()
{
    local limit
    start_sleeper '.linux.resources.pids = {limit: 100}'
    limit=$(find /sys/fs/cgroup -path "*/$ID/pids.max" | head -n 1)
    [ "$(cat "$limit")" = 100 ]
    world "$SHIM" update --resources - "$ID" <<<'{"pids": {"limit": 50}}'
    [ "$(cat "$limit")" = 50 ] || fail "a stricter limit did not pass"
    run --separate-stderr world "$SHIM" update --resources - "$ID" <<<'{"pids": {"limit": -1}}'
    [ "$(cat "$limit")" != max ] || fail "the limit was lifted"
    world "$SHIM" kill "$ID" KILL
}

proof_pids_limit()
{
    bundle no-limit "$SLEEP | del(.linux.resources.pids)"
    new_id
    world "$SHIM" run --detach --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
    [ "$(cat "$(find /sys/fs/cgroup -path "*/$ID/pids.max" | head -n 1)")" = 4096 ] || fail "no limit"
    world "$SHIM" kill "$ID" KILL
}

proof_restore()
{
    bundle restore
    mkdir -p "$BATS_TEST_TMPDIR/image"
    run --separate-stderr world "$SHIM" restore --bundle "$BUNDLE" --image-path "$BATS_TEST_TMPDIR/image" e2e-restore
    said '^seawall: rejected: restore: '
}

# What engines read: the last line of the runtime's log, of level "error". Podman reads one line only, so
# in its log an older failure is cut off.
proof_runtime_log()
{
    local log
    for log in "$BATS_TEST_TMPDIR/log.json" "$BATS_TEST_TMPDIR/oci-log"; do
        bundle log '.linux.namespaces |= map(select(.type != "pid"))'
        echo '{"level":"error","msg":"left by another failure","time":"2026-01-01T00:00:00Z"}' >"$log"
        new_id
        run --separate-stderr world "$SHIM" --log "$log" --log-format json run --bundle "$BUNDLE" "$ID"
        said '^seawall: rejected: host-pid: /linux/namespaces' || return 1
        [ "$(tail -n 1 "$log" | jq -r .level)" = error ] || fail "$log: no error" || return 1
        [ "$(tail -n 1 "$log" | jq -r .msg)" = "$stderr" ] || fail "$log: another message" || return 1
        tail -n 1 "$log" | jq -e '.time | fromdateiso8601' >/dev/null || fail "$log: no time" || return 1
    done
    [ "$(wc -l <"$BATS_TEST_TMPDIR/oci-log")" = 1 ] || fail "Podman reads one line only"
}

proof_audit_mode()
{
    policy "$(jq -c '.mode = "audit"' <<<"$POLICY")"
    bundle audit '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"])'
    local before
    before=$(jq -S 'del(.annotations)' "$BUNDLE/config.json")
    behind
    [ "$status" = 0 ] || fail "audit mode refused"
    expect NoNewPrivs 0 Seccomp 0
    has_cap CapEff SYS_ADMIN
    diff <(jq -S 'del(.annotations)' "$BUNDLE/config.json") <(echo "$before")
    decided verdict allowed mode audit
    decision '.findings[] | select(.outcome == "audited") | .rule' | grep -qx capabilities
}

# dockerd gives the new limits on stdin: seawall reads them, and the runtime must read them too.
proof_audit_streams()
{
    local limit option
    policy "$(jq -c '.mode = "audit"' <<<"$POLICY")"
    start_sleeper '.linux.resources.pids = {limit: 100}'
    limit=$(find /sys/fs/cgroup -path "*/$ID/pids.max" | head -n 1)
    world "$SHIM" update --resources - "$ID" <<<'{"pids": {"limit": 50}}'
    [ "$(cat "$limit")" = 50 ] || fail "the new limit did not arrive"
    world "$SHIM" update --resources=- "$ID" <<<'{"pids": {"limit": 51}}'
    [ "$(cat "$limit")" = 51 ] || fail "the new limit did not arrive"
    for option in "--process " --process=; do
        # shellcheck disable=SC2086
        [ "$(jq '.process | .args = ["echo", "in"] | .terminal = false' "$BUNDLE/config.json" |
            world "$SHIM" exec ${option}/dev/stdin "$ID")" = in ] || fail "exec: $option" || return 1
    done
    world "$SHIM" kill "$ID" KILL
}

proof_decision_log()
{
    bundle secret '.process.env += ["PASSWORD=hunter2hunter2"] | .process.args = ["true", "swordfish"]'
    behind
    [ "$status" = 0 ] || fail "the container did not run"
    run cat "$WORLD/log/seawall/decisions.jsonl"
    [[ $output != *hunter2* && $output != *swordfish* ]] || fail "a secret was logged"
    [ "$(jq -rs 'map(.boundary) | join(" ")' <<<"$output")" = "run poststart" ] ||
        fail "expected one line a decision"
    output=$(head -n 1 <<<"$output")
    jq -e '.time and .version and .host and .boundary == "run" and .verdict == "tightened"
        and .mode == "enforce" and .profile == "baseline" and (.policy | length) >= 64
        and (.runtime | endswith($runtime)) and (.findings | length) > 0
        and (.config.before | length) >= 64 and (.config.after | length) >= 64
        and .config.before != .config.after and .duration_us >= 0' --arg runtime "$RUNTIME" <<<"$output" >/dev/null ||
        fail "the line lacks something"
    jq -e '.annotations["io.seawall.verdict"] == "tightened" and .annotations["io.seawall.version"]
        and .annotations["io.seawall.policy"]' "$BUNDLE/config.json" >/dev/null || fail "the annotations are missing"
}

proof_twice()
{
    bundle twice '.process.args = ["true"]'
    behind
    [ "$status" = 0 ] || fail "the container did not run"
    jq 'del(.annotations)' "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/once"
    behind
    [ "$status" = 0 ] || fail "the hardened config was refused"
    jq 'del(.annotations)' "$BUNDLE/config.json" | diff "$BATS_TEST_TMPDIR/once" - ||
        fail "hardening twice is not hardening once"
    decided verdict allowed
}

# What no rule names arrives as it was, to the last digit.
proof_lossless()
{
    bundle lossless '.process.args = ["true"] | .futureMember = {deep: [1, "é\u0001", null, 1.50]}
        | .process.rlimits = [{type: "RLIMIT_CORE", hard: 0, soft: 0}]'
    sed -i 's/"ociVersion"/"futureNumber": 18446744073709551615, "ociVersion"/' "$BUNDLE/config.json"
    behind
    [ "$status" = 0 ] || fail "the container did not run"
    grep -q '18446744073709551615' "$BUNDLE/config.json" || fail "a number lost digits"
    [ "$(jq -c .futureMember "$BUNDLE/config.json")" = '{"deep":[1,"é\u0001",null,1.50]}' ] ||
        [ "$(jq -c .futureMember "$BUNDLE/config.json")" = '{"deep":[1,"é\u0001",null,1.5]}' ] || fail "a member changed"
}
