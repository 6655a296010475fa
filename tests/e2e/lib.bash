# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # of jq; for those who load this; set by bats
# SPDX-License-Identifier: Apache-2.0
# Worlds, bundles, and what is asserted about them.

bats_require_minimum_version 1.5.0

SHIM=$E2E/bin/seawall-runtime
SEAWALL=$E2E/bin/seawall

# --- Worlds: see world.sh -----------------------------------------------------------------------

# Makes this file's world; the engine's files in it are gone with it.
world_new()
{
    WORLD=$E2E/$1
    export WORLD
    mkdir -p "$WORLD"/run "$WORLD"/etc/{seawall,docker} "$WORLD"/log/seawall \
        "$WORLD"/lib/{seawall,docker,containers,containerd,kubelet} \
        "$WORLD"/points/etc/{seawall,docker} "$WORLD"/points/log/seawall \
        "$WORLD"/points/lib/{seawall,docker,containers,containerd,kubelet}
    hook_install
}

# As "make install" does: whatever starts is verified.
hook_install()
{
    mkdir -p "$WORLD"/points/local/{bin,libexec/seawall}
    cp "$SEAWALL_BUILD/seawall" "$WORLD/points/local/bin/"
    cp "$SEAWALL_BUILD/seawall-hook" "$WORLD/points/local/libexec/seawall/"
}

# Everything has its time: a hang is a failure with a name.
world()
{
    timeout --kill-after=5 "${WORLD_TIME:-30}" "$BATS_TEST_DIRNAME/world.sh" "$WORLD" "$@"
}

# policy JSON: the installed policy of this world; without an argument there is none.
policy()
{
    rm -rf "$WORLD"/etc/seawall/* "$WORLD"/log/seawall/*
    [ $# = 0 ] || printf '%s\n' "$1" >"$WORLD/etc/seawall/policy.json"
}

# decision FILTER: what jq makes of the last line of the decision log, the hook's verifications aside.
decision()
{
    grep -v '"boundary":"poststart"' "$WORLD/log/seawall/decisions.jsonl" | tail -n 1 | jq -r "$1"
}

# decided {KEY VALUE}...: the last line says so.
decided()
{
    local value
    while [ $# -gt 1 ]; do
        value=$(decision ".$1")
        [ "$value" = "$2" ] || fail "decision log: $1: found '$value', expected '$2'" || return 1
        shift 2
    done
}

# Directories below the cgroup hierarchies that were not there before: engines leave their parents.
cgroups_note()
{
    find /sys/fs/cgroup -mindepth 1 -type d | sort >"$E2E/cgroups"
}

cgroups_tidy()
{
    find /sys/fs/cgroup -mindepth 1 -type d | sort | comm -13 "$E2E/cgroups" - | sort -r |
        while read -r dir; do
            rmdir "$dir" 2>/dev/null || true
        done
}

# --- Bundles ------------------------------------------------------------------------------------

# What Docker gives a plain container, without the things that seawall is to add.
PLAIN='
    ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW",
     "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
     "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE"] as $caps
    | .process.terminal = false | .process.args = ["/probe"] | .root.readonly = false
    | del(.process.noNewPrivileges, .process.rlimits, .linux.seccomp)
    | .process.capabilities = {bounding: $caps, effective: $caps, permitted: $caps}'

# bundle NAME [JQ-FILTER [JQ-ARGS...]]: sets BUNDLE, its config.json edited.
bundle()
{
    local filter=${2:-.}
    BUNDLE=$BATS_TEST_TMPDIR/$1
    [ -d "$BUNDLE" ] || mkdir -p "$BUNDLE/rootfs"
    cp -a "$E2E/rootfs/." "$BUNDLE/rootfs/"
    rm -f "$BUNDLE/config.json"
    (cd "$BUNDLE" && runc spec)
    shift
    [ $# = 0 ] || shift
    jq "$PLAIN | $filter" "$BUNDLE/config.json" "$@" >"$BUNDLE/edited"
    mv "$BUNDLE/edited" "$BUNDLE/config.json"
}

# A container id that no other run on this machine uses.
new_id()
{
    ID=e2e-$BASHPID-$RANDOM$RANDOM
}

# Ends whatever a test left behind; never fails.
reap()
{
    local id
    for id in $(world "$RUNTIME" list -q 2>/dev/null); do
        world "$RUNTIME" delete --force "$id" 2>/dev/null || true
    done
}

# --- What was seen ------------------------------------------------------------------------------

fail()
{
    printf '%s\n' "$@" >&2
    printf 'status: %s\noutput: %s\nstderr: %s\n' "${status:-}" "$(head -n 12 <<<"${output:-}")" "${stderr:-}" >&2
    return 1
}

# saw KEY: its value in the probe's $output.
saw()
{
    printf '%s\n' "$output" | sed -n "s|^$1=||p" | head -n 1 | tr -d '\r'
}

# expect {KEY GLOB}...: the probe saw that. Pairs, because set -e is blind to the left of "&&".
expect()
{
    local value
    while [ $# -gt 1 ]; do
        value=$(saw "$1")
        # shellcheck disable=SC2053
        [[ $value == $2 ]] || fail "$1: found '$value', expected '$2'" || return 1
        shift 2
    done
}

# The host's own namespace of a type, as the probe prints it and expect matches it.
host_namespace()
{
    printf '%q' "$(readlink "/proc/self/ns/$1")"
}

# has_cap and lacks_cap SET NAME: what the probe's capability set holds.
cap_bit()
{
    declare -A number=([CHOWN]=0 [NET_ADMIN]=12 [NET_RAW]=13 [SYS_MODULE]=16 [SYS_PTRACE]=19 [SYS_ADMIN]=21)
    local bits
    bits=$(saw "$1")
    [ -n "$bits" ] || return 1
    echo $(((16#$bits >> ${number[$2]}) & 1))
}

has_cap()
{
    [ "$(cap_bit "$1" "$2")" = 1 ] || fail "CAP_$2 is not in $1: there is nothing to take away"
}

lacks_cap()
{
    [ "$(cap_bit "$1" "$2")" = 0 ] || fail "CAP_$2 is still in $1"
}

# capabilities_within BITS: no set of the probe's process goes beyond BITS (hexadecimal).
capabilities_within()
{
    local set bits
    for set in CapInh CapPrm CapEff CapBnd CapAmb; do
        bits=$(saw "$set")
        [ -n "$bits" ] || fail "no $set in what the probe saw" || return 1
        ((!(16#$bits & ~16#$1))) || fail "$set: found $bits, expected nothing beyond $1" || return 1
    done
}

# What baseline promises of every container, whatever was asked for. The capabilities are those of the
# Pod Security Standards' baseline.
BASELINE_CAPS=00000000a80405fb
hardened()
{
    [ "$status" = 0 ] || fail "the container did not run" || return 1
    expect NoNewPrivs 1 Seccomp 2 setuid_euid 1000 && capabilities_within "$BASELINE_CAPS" &&
        filtered && shielded
}

# The filter is one that filters: calls that need no capability are answered by it alone.
filtered()
{
    local call
    for call in try_keyctl try_add_key try_bpf try_perf_event_open try_userfaultfd \
        try_io_uring_setup try_open_by_handle_at unshare_user clone_newuser try_mount; do
        expect "$call" "E@(PERM|NOSYS|ACCES)" || return 1
    done
}

# The shields over /proc and /sys stand.
shielded()
{
    expect read_timer_list empty read_keys empty read_kcore "@(empty|ENOENT)" \
        write_core_pattern "E@(ROFS|ACCES)" write_sysrq "E@(ROFS|NOENT|ACCES)"
}

# One clear line on stderr that matches the extended regular expression, exit 1.
said()
{
    [ "$status" = 1 ] || fail "expected exit 1" || return 1
    [ "$(printf '%s\n' "$stderr" | wc -l)" = 1 ] || fail "expected one line on stderr" || return 1
    printf '%s\n' "$stderr" | grep -Eq "$1" || fail "expected on stderr: $1"
}

# rejected RULE: $BUNDLE is refused for that reason, its file untouched, nothing started.
rejected()
{
    local before
    before=$(sha256sum <"$BUNDLE/config.json")
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    said "^seawall: rejected: (.*; )?$1: " || return 1
    [ -z "$output" ] || fail "something ran" || return 1
    [ "$before" = "$(sha256sum <"$BUNDLE/config.json")" ] || fail "config.json was changed" || return 1
    if world "$RUNTIME" state "$ID" >/dev/null 2>&1; then
        fail "a container exists"
        return 1
    fi
    [ "$(find "$BUNDLE" -maxdepth 1 -type f | wc -l)" = 1 ] || fail "a file was left in the bundle"
}

# wait_for STATUS: the container $ID gets there in good time.
wait_for()
{
    local try
    for try in {1..50}; do
        [ "$(world "$RUNTIME" state "$ID" | jq -r .status)" != "$1" ] || return 0
        sleep 0.1
    done
    fail "the container is not $1 after $try tries"
}

# bare and behind: run $BUNDLE with the runtime alone, and through seawall.
bare()
{
    new_id
    run --separate-stderr world "$RUNTIME" run --bundle "$BUNDLE" "$ID"
}

behind()
{
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
}
