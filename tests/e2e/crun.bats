#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# Plain crun behind seawall.

load proofs

setup_file()
{
    world_new crun
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=crun
    POLICY='{"version": 1, "runtimes": ["/usr/bin/crun", "/usr/sbin/crun", "/usr/local/bin/crun"]}'
    # crun refuses a hybrid cgroup hierarchy.
    export WORLD_CGROUP=v1
    policy "$POLICY"
}

teardown()
{
    reap
}

@test "crun: a plain container works, and is confined" { proof_plain_image; }

@test "crun: restricted: no root, a read-only root filesystem, a writable /tmp" { proof_restricted; }

@test "crun: a privileged container is refused" { proof_privileged; }

@test "crun: dangerous capabilities are taken away" { proof_capability; }

@test "crun: inheritable and ambient capabilities are emptied" { proof_inherited_capabilities; }

@test "crun: a missing or empty filter is replaced by one that filters" { proof_seccomp; }

@test "crun: the shields of /proc and /sys are put back" { proof_shields; }

@test "crun: host directories are refused, by whatever name" { proof_host_path; }

@test "crun: engine sockets are refused, and what holds them" { proof_host_socket; }

@test "crun: the host's namespaces are refused, left out or by path" { proof_host_namespaces; }

@test "crun: devices are refused, and all-devices rules narrowed" { proof_devices; }

@test "crun: sysctls of the host are refused" { proof_sysctl; }

@test "crun: a container without a limit of processes gets one" { proof_pids_limit; }

@test "crun: create, start, pause, kill and delete pass through" { proof_life; }

@test "crun: exec gets no more than the container" { proof_exec; }

@test "crun: exec gets no more than a container that gave things up" { proof_exec_of_less; }

@test "crun: exec hands on stdin, stdout and the exit code" { proof_exec_streams; }

@test "crun: update may lower a limit, not lift it" { proof_update; }

@test "crun: restore is refused" { proof_restore; }

@test "crun: a refusal is the last and only line of the runtime's log" { proof_runtime_log; }

@test "crun: audit mode changes and refuses nothing, and says what it would" { proof_audit_mode; }

@test "crun: audit mode hands on what it read of a pipe" { proof_audit_streams; }

@test "crun: each decision is one line, without secrets" { proof_decision_log; }

@test "crun: hardening twice is hardening once" { proof_twice; }

@test "crun: members that no rule names arrive as they were" { proof_lossless; }
