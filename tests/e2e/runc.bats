#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# Plain runc behind seawall.

load proofs

setup_file()
{
    world_new runc
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    POLICY='{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc", "/usr/local/bin/runc"]}'
    policy "$POLICY"
}

teardown()
{
    reap
}

@test "runc: a plain container works, and is confined" { proof_plain_image; }

@test "runc: restricted: no root, a read-only root filesystem, a writable /tmp" { proof_restricted; }

@test "runc: a privileged container is refused" { proof_privileged; }

@test "runc: dangerous capabilities are taken away" { proof_capability; }

@test "runc: inheritable and ambient capabilities are emptied" { proof_inherited_capabilities; }

@test "runc: a missing or empty filter is replaced by one that filters" { proof_seccomp; }

@test "runc: the shields of /proc and /sys are put back" { proof_shields; }

@test "runc: host directories are refused, by whatever name" { proof_host_path; }

@test "runc: engine sockets are refused, and what holds them" { proof_host_socket; }

@test "runc: the host's namespaces are refused, left out or by path" { proof_host_namespaces; }

@test "runc: devices are refused, and all-devices rules narrowed" { proof_devices; }

@test "runc: sysctls of the host are refused" { proof_sysctl; }

@test "runc: a container without a limit of processes gets one" { proof_pids_limit; }

@test "runc: create, start, pause, kill and delete pass through" { proof_life; }

@test "runc: exec gets no more than the container" { proof_exec; }

@test "runc: exec gets no more than a container that gave things up" { proof_exec_of_less; }

@test "runc: exec hands on stdin, stdout and the exit code" { proof_exec_streams; }

@test "runc: update may lower a limit, not lift it" { proof_update; }

@test "runc: restore is refused" { proof_restore; }

@test "runc: a refusal is the last and only line of the runtime's log" { proof_runtime_log; }

@test "runc: audit mode changes and refuses nothing, and says what it would" { proof_audit_mode; }

@test "runc: audit mode hands on what it read of a pipe" { proof_audit_streams; }

@test "runc: each decision is one line, without secrets" { proof_decision_log; }

@test "runc: hardening twice is hardening once" { proof_twice; }

@test "runc: members that no rule names arrive as they were" { proof_lossless; }

# musl asks for faccessat2 where flags are given, which kernels before 5.8 do not have.
@test "runc: an old kernel sees that there is no policy" {
    policy
    bundle old '.process.args = ["true"]'
    new_id
    world strace -qq -o /dev/null -e inject=faccessat2:error=ENOSYS "$SHIM" run --bundle "$BUNDLE" "$ID"
}

# Else whoever may ask for open files would choose not to be judged.
@test "runc: a descriptor that may not be handed on is no error of seawall's" {
    policy "$(jq -c '.on_error = "allow" | .rules = {"preserve-fds": "off"}' <<<"$POLICY")"
    bundle descriptor '.process.args = ["true"]'
    new_id
    run --separate-stderr world sh -c 'exec "$@" 3</etc' - "$SHIM" run --preserve-fds 1 --bundle "$BUNDLE" "$ID"
    said '^seawall: rejected: preserve-fds: --preserve-fds: descriptor 3 is no pipe or socket'
}

@test "runc: a full disk leaves no part of a decision in the log" {
    policy "$(jq -c '.log = {"path": "/run/small/log"}' <<<"$POLICY")"
    bundle full '.linux.namespaces |= map(select(.type != "pid"))'
    # shellcheck disable=SC2016 # for the inner shell
    run --separate-stderr world sh -c '
        mkdir -p /run/small && mount -t tmpfs -o size=8k tmpfs /run/small
        for _ in 1 2 3 4 5 6 7 8; do "$@"; done
        cat /run/small/log' - "$SHIM" run --bundle "$BUNDLE" e2e-full
    [[ $stderr == *"decision log /run/small/log: could only be written in part"* ]] || fail "the disk was not full"
    jq -e .verdict <<<"$output" >/dev/null || fail "a line is cut off"
}
