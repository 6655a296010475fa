#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# Podman: with the precreate hook alone, with the wrapper alone, with both.

load hooks

setup_file()
{
    world_new podman
    cgroups_note
    mkdir -p "$WORLD"/run/{hooks.d,veto.d,no-hooks.d}
    definitions podman hooks.d
    definitions crio veto.d
    tar -C "$E2E/rootfs" -c . | WORLD_TIME=120 engine import - localhost/e2e
}

# definitions OF DIR: as "make install" writes them.
definitions()
{
    local file
    for file in "$BATS_TEST_DIRNAME/../../hooks/$1"/*.json; do
        sed "s|@LIBEXECDIR@|/usr/local/libexec|" "$file" >"$WORLD/run/$2/${file##*/}"
    done
}

# No daemon, no image of anybody else's, nothing of the host's: all of it lies in the world.
engine()
{
    world env -u DOCKER_CONFIG podman --storage-driver vfs --cgroup-manager cgroupfs --events-backend none "$@"
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"]}'
}

teardown()
{
    engine rm --all --force --time 0 >/dev/null 2>&1 || true
}

# podman_run WAY ARGS...: hook, wrapper, both, bare; veto: with CRI-O's definitions. This machine may not raise limits.
podman_run()
{
    local hooks=/run/no-hooks.d runtime=/usr/sbin/runc
    case $1 in hook | both) hooks=/run/hooks.d ;; veto*) hooks=/run/veto.d ;; esac
    case $1 in wrapper | both | veto-both) runtime=$SHIM ;; esac
    shift
    WORLD_TIME=60 run --separate-stderr engine --hooks-dir "$hooks" --runtime "$runtime" \
        run --rm --network "${NETWORK:-none}" --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@" </dev/null
}

@test "podman: what the kernel does not enforce is not started, and the reason shown" {
    LIAR=/run/lie/bin/runc
    liar runc '.process.noNewPrivileges = false'
    podman_run wrapper localhost/e2e sh -c 'echo alive'
    [ "$status" != 0 ] && [ -z "$output" ] || fail "it ran" || return 1
    [[ $stderr == *"seawall: rejected: no-new-privileges: "* ]] || fail "no reason" || return 1
    [ "$(verified .verdict)" = rejected ]
}

@test "podman: bare, a container is not hardened: there is something to prove" {
    podman_run bare localhost/e2e /probe
    [ "$status" = 0 ]
    expect NoNewPrivs 0
}

@test "podman: hardened by the precreate hook alone" {
    podman_run hook localhost/e2e /probe
    hardened
    [ "$(verified .verdict)" = allowed ]
    grep -q '"boundary":"precreate"' "$WORLD/log/seawall/decisions.jsonl"
    ! grep -q '"boundary":"create"' "$WORLD/log/seawall/decisions.jsonl"
}

@test "podman: hardened by the wrapper alone" {
    podman_run wrapper localhost/e2e /probe
    hardened
    ! grep -q '"boundary":"precreate"' "$WORLD/log/seawall/decisions.jsonl"
    grep -q '"boundary":"create"' "$WORLD/log/seawall/decisions.jsonl"
}

@test "podman: with both, the wrapper finds nothing left to do" {
    podman_run both localhost/e2e /probe
    hardened
    [ "$(jq -r 'select(.boundary == "precreate") | .verdict' "$WORLD/log/seawall/decisions.jsonl")" = tightened ]
    [ "$(jq -r 'select(.boundary == "create") | .verdict' "$WORLD/log/seawall/decisions.jsonl")" = allowed ]
    [ "$(jq -c 'select(.boundary == "create") | .findings' "$WORLD/log/seawall/decisions.jsonl" | grep -c tightened)" = 0 ]
    [ "$(verified .verdict)" = allowed ]
}

# What the user sees, whichever way it was refused.
@test "podman: a refusal shows its reason" {
    local way
    for way in hook wrapper both; do
        rm -f "$WORLD/log/seawall/decisions.jsonl"
        podman_run "$way" --volume /:/host localhost/e2e /probe
        [ "$status" = 126 ] && [ -z "$output" ] || fail "$way" || return 1
        [[ $stderr == *"seawall: rejected: host-path: "*"is the host's root"* ]] || fail "$way: no reason" || return 1
        jq -r 'select(.verdict == "rejected") | .findings[].rule' "$WORLD/log/seawall/decisions.jsonl" |
            grep -qx host-path || fail "$way: not recorded" || return 1
        podman_run "$way" --privileged localhost/e2e /probe
        [ "$status" = 126 ] && [[ $stderr == *"seawall: rejected: privileged: "* ]] || fail "$way: privileged" || return 1
    done
}

@test "podman: a precreate hook that cannot understand fails" {
    local input
    for input in '' '{' '[]' '{"root": {}}' "$(printf '{"ociVersion": "1.0.2", "ociVersion": "1.0.2"}')"; do
        run --separate-stderr world "$HOOK" precreate <<<"$input"
        said '^seawall: rejected: ' || fail "$input" || return 1
        [ -z "$output" ] || fail "$input: something came out" || return 1
    done
}

# The definition asks for nothing that a container could leave out.
@test "podman: no annotation, name or command line keeps the hook away" {
    local args
    for args in "--annotation io.seawall.verdict=allowed" "--annotation io.podman.annotations.privileged=TRUE" \
        "--security-opt no-new-privileges=false" "--security-opt seccomp=unconfined"; do
        # shellcheck disable=SC2086
        podman_run hook $args localhost/e2e /probe
        hardened || fail "$args" || return 1
    done
}

# CRI-O reads the same format without precreate: its definitions refuse what they would have to change.
@test "podman: CRI-O's definitions refuse what the wrapper has not hardened" {
    podman_run veto localhost/e2e /probe
    [ "$status" = 126 ] && [ -z "$output" ] || fail "started" || return 1
    [[ $stderr == *"seawall: rejected: no-new-privileges: "* ]] || fail "no reason" || return 1
    decided boundary createRuntime verdict rejected || return 1
    podman_run veto-both localhost/e2e /probe
    hardened
    decided boundary createRuntime verdict allowed
}

# Why the definition of precreate is not put where all engines look: Buildah does not know the stage, and
# CRI-O would not even start.
@test "podman: builds are not disturbed" {
    mkdir -p "$WORLD/run/context"
    printf 'FROM localhost/e2e\nCOPY Containerfile /\n' >"$WORLD/run/context/Containerfile"
    WORLD_TIME=60 run --separate-stderr engine --hooks-dir /run/hooks.d build --tag localhost/built /run/context
    [ "$status" = 0 ] || fail "build" || return 1
    podman_run hook localhost/built cat /Containerfile
    [[ $output == FROM* ]]
}

# What people use every day: no false alarm.
@test "podman: volumes, tmpfs, secrets, users, limits and read-only roots are verified and start" {
    local args way
    engine volume create e2e-volume >/dev/null
    echo hush | engine secret create e2e-secret - >/dev/null
    for way in hook wrapper both; do
        for args in "--volume e2e-volume:/data" "--volume e2e-volume:/data:ro" "--volume e2e-volume:/var/run/data" \
            "--tmpfs /scratch" "--tmpfs /run:rw,size=1m" "--secret e2e-secret" "--read-only" "--read-only --read-only-tmpfs=false" \
            "--user 1000:1000" "--group-add 2000" "--env A=b" "--workdir /tmp" "--hostname here" "--add-host a:1.2.3.4" \
            "--memory 64m" "--pids-limit 50" "--cpus 0.5" "--shm-size 1m" "--ipc private" "--uts private" "--no-hosts" \
            "--cap-drop all" "--cap-add NET_BIND_SERVICE" "--security-opt no-new-privileges" "--security-opt mask=/etc/group" \
            "--systemd false" "--log-driver none" "--stop-signal KILL" "--oom-score-adj 500" "--interactive" \
            "--uidmap 0:100000:5000"; do
            # shellcheck disable=SC2086
            podman_run "$way" $args localhost/e2e echo fine
            [ "$output" = fine ] || fail "$way: $args" || return 1
            [ "$(verified .verdict)" = allowed ] || fail "$way: $args: not verified" || return 1
            rm "$WORLD/log/seawall/decisions.jsonl"
        done
    done
    engine secret rm e2e-secret >/dev/null
}

@test "podman: a container that joins another one's network gets that one's hosts file" {
    local other
    other=$(WORLD_TIME=60 engine --hooks-dir /run/no-hooks.d --runtime "$SHIM" run --detach --network none \
        --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 localhost/e2e sleep 60)
    [ -n "$other" ] || fail "the first one did not start"
    NETWORK="container:$other" podman_run wrapper localhost/e2e test -s /etc/hosts
    [ "$status" = 0 ] || fail "the second one did not start"
}

# The layer is in Podman's storage as a container's root should be, but it is somebody else's.
@test "podman: --rootfs with another container's layer is refused, by wrapper and hook" {
    local layer way
    engine create --name e2e-other localhost/e2e /probe >/dev/null
    layer=$(world jq -r '.[] | select(.names[0] == "e2e-other") | .layer' \
        /var/lib/containers/storage/vfs-containers/containers.json)
    [ ${#layer} = 64 ]
    for way in wrapper hook; do
        podman_run "$way" --rootfs "/var/lib/containers/storage/vfs/dir/$layer" /probe
        [ "$status" != 0 ] || fail "$way: started" || return 1
        [ "$(decision '.findings[] | select(.outcome == "rejected") | .rule')" = root-path ]
        [[ $(decision '.findings[] | select(.outcome == "rejected") | .message') == *"another container's"* ]]
    done
}
