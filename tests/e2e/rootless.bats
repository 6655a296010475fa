#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# Rootless Podman: what holds of it, and what its user decides. docs/rootless.md is about this.

load hooks

# A user that the world alone knows.
NAME=e2e-rootless
NUMBER=54321

setup_file()
{
    world_new rootless
    cgroups_note
    (cat /etc/passwd && echo "$NAME:x:$NUMBER:$NUMBER::/home/$NAME:/bin/sh") >"$WORLD/points/etc/passwd"
    (cat /etc/group && echo "$NAME:x:$NUMBER:") >"$WORLD/points/etc/group"
    echo "$NAME:5432100:65536" | tee "$WORLD/points/etc/subuid" >"$WORLD/points/etc/subgid"
    chmod 755 "$BATS_RUN_TMPDIR" "$E2E"
    mkdir -p "$WORLD/home/$NAME" "$WORLD/run/user/$NUMBER" "$WORLD/run/hooks.d"
    chown -R "$NUMBER:$NUMBER" "$WORLD/home/$NAME" "$WORLD/run/user/$NUMBER"
    sed "s|@LIBEXECDIR@|/usr/local/libexec|" "$BATS_TEST_DIRNAME/../../hooks/podman/seawall-precreate.json" \
        >"$WORLD/run/hooks.d/seawall-precreate.json"
    tar -C "$E2E/rootfs" -c . | WORLD_TIME=120 engine import - localhost/e2e
}

# Podman leaves a process that keeps its user namespace.
teardown_file()
{
    local pid
    for pid in $(pgrep -u "$NUMBER"); do
        kill -KILL "$pid" 2>/dev/null || true
    done
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"]}'
}

engine()
{
    world sh -c 'mount --bind "$WORLD/home" /home && exec "$@"' sh setpriv --reuid "$NUMBER" --regid "$NUMBER" --clear-groups env -i PATH="$PATH" HOME="/home/$NAME" \
        USER="$NAME" XDG_RUNTIME_DIR="/run/user/$NUMBER" sh -c 'cd "$HOME" && exec podman "$@"' sh \
        --storage-driver vfs --cgroup-manager cgroupfs --events-backend none "$@"
}

# podman_run GLOBAL-OPTIONS... -- ARGS...
podman_run()
{
    local globals=()
    while [ "$1" != -- ]; do
        globals+=("$1")
        shift
    done
    shift
    WORLD_TIME=60 run --separate-stderr engine "${globals[@]}" run --rm --network none --ulimit nofile=1024:1024 \
        --ulimit nproc=1024:1024 "$@" </dev/null
}

@test "rootless: bare, a container is not hardened: there is something to prove" {
    podman_run --runtime /usr/sbin/runc -- localhost/e2e /probe
    [ "$status" = 0 ]
    expect NoNewPrivs 0
}

@test "rootless: the wrapper hardens" {
    podman_run --runtime "$SHIM" -- localhost/e2e /probe
    hardened
}

# Where there is no cgroup (rootless on version 1) nothing in the config says which container it is of, and
# so not which files of the engine's are its own.
@test "rootless: the precreate hook hardens, or says why it cannot" {
    podman_run --runtime /usr/sbin/runc --hooks-dir /run/hooks.d -- localhost/e2e /probe
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        hardened
    else
        [ "$status" = 126 ] && [[ $stderr == *"seawall: rejected: host-path: "*"/userdata/"* ]]
    fi
}

@test "rootless: what is dangerous is refused with its reason" {
    podman_run --runtime "$SHIM" -- --volume /etc:/host localhost/e2e /probe
    [ "$status" = 126 ] && [[ $stderr == *"seawall: rejected: host-path: "* ]] || fail "host path" || return 1
    podman_run --runtime "$SHIM" -- --privileged localhost/e2e /probe
    [ "$status" = 126 ] && [[ $stderr == *"seawall: rejected: "* ]] || fail "privileged"
}

# The log is root's; what the user's own start decided is on stderr alone.
@test "rootless: the decision log stays root's" {
    podman_run --runtime "$SHIM" -- localhost/e2e /probe
    [ ! -e "$WORLD/log/seawall/decisions.jsonl" ]
}

@test "rootless: a runtime that lies is found out" {
    liar runc '.process.noNewPrivileges = false'
    chmod 755 "$WORLD/run/liar"
    chmod 777 "$WORLD/run/lie"
    podman_run --runtime "$SHIM" -- localhost/e2e echo alive
    [ "$status" != 0 ] && [[ $output != *alive* ]] || fail "let go" || return 1
    [[ $stderr == *"seawall: rejected: no-new-privileges: "* ]] || fail "no reason"
}

# Not a hole in seawall but what rootless means: the engine is the user's own program.
@test "rootless: its user may leave seawall out" {
    podman_run --runtime /usr/sbin/runc --hooks-dir /run -- localhost/e2e /probe
    [ "$status" = 0 ]
    expect NoNewPrivs 0
}
